"""Pages that browsers save as MHTML, and Hugging Face pages without the data of their scripts."""

from __future__ import annotations

import gzip
import html
import json
import quopri
from base64 import encodebytes

import pytest

from tests.importers.hf_renderings import Item
from tests.importers.import_helpers import import_clean, import_text
from tests.importers.test_arxiv_pages import ABSTRACT_PAGE, NEW_LISTING, full_text
from tests.importers.test_huggingface import FIRST, LATER

ABSTRACT = "We ask how few lamps light a corridor of many doors. " * 4
ITEMS = (
    Item("2407.11111", "Lanterns in a Corridor: <think> & [M]asked $L_2$ Walks", ABSTRACT.strip(), votes=94),
    Item("2407.22222", "Models", votes=0, organization="Institute of Rivers"),
    Item("2408.00003", "فوانيس في الممر", votes=1203),
)


def article(item: Item, site: str = "", *, logged_in: bool = False) -> str:
    """Return a card as the site shows it; a saved page has absolute URLs."""
    vote = (
        f'<input type="checkbox" class="peer hidden"><svg></svg><div class="leading-none">{item.votes}</div>'
    )
    if not logged_in:
        vote = f'<a href="{site}/login?next=%2Fpapers%2F{item.id}"><div>{vote}</div></a>'
    abstract = f'<p class="line-clamp-3">{html.escape(item.abstract)}</p>' if item.abstract else ""
    return f"""<article class="relative flex flex-col overflow-hidden rounded-xl border">
<a class="block h-24" href="{site}/papers/{item.id}"><img src="x.png" alt=""></a>
<div class="flex items-center">Submitted by <img src="a.svg"> akhaliq</div>
<div class="flex">{vote}<div class="w-full"><h3 class="mb-1 text-lg/6"><a href="{site}/papers/{item.id}"
 class="line-clamp-3">{html.escape(item.title)}</a></h3>{abstract}
<div><span>{item.organization}</span>·<ul><li>{item.authors} authors</li></ul>
<a href="{site}/papers/{item.id}#community"><svg></svg> 5</a></div></div></div></article>"""


def listing(items=ITEMS, site: str = "", day: str = "Aug 1", **more: bool) -> str:
    """Return a page of papers as the browser holds it after its scripts were run."""
    cards = "\n".join(article(item, site, **more) for item in items)
    return f"""<!DOCTYPE html><html class=""><head><title>Daily Papers - Hugging Face</title></head><body>
<nav><a href="{site}/models">Models</a><a href="{site}/login">Log In</a></nav><main><p>new</p>
<p>Get trending papers in your email inbox once a day!</p><h1>Daily Papers</h1><h2>by AK and the research community</h2>
<div><time>{day}</time></div><section>{cards}</section><a href="{site}/papers/date/2024-07-31">Previous</a></main>
<footer>Company © Hugging Face</footer></body></html>"""


@pytest.mark.parametrize(
    "site", ["", "https://huggingface.co", "https://web.archive.org/web/2024/https://huggingface.co"]
)
@pytest.mark.parametrize("logged_in", [False, True])
def test_papers_of_a_page_without_its_data(site, logged_in):
    records = import_clean(listing(site=site, logged_in=logged_in), "page.html")
    assert [(record.arxiv, record.title, record.abstract, record.votes) for record in records] == [
        (item.id, item.title, item.abstract, item.votes) for item in ITEMS
    ]
    assert {record.source.date for record in records} == {"2024-08-01"}
    assert {record.source.kind for record in records} == {"capture"}


def test_other_forms_of_such_a_page():
    page = listing()
    titles = [item.title for item in ITEMS]
    attribute = '<div data-target="DailyPapers" class="contents">'
    for text in (
        page.replace("<main>", f"<main>{attribute}"),
        page[page.index("<main>") : page.index("<footer>")],
        page.replace("<article", "<div").replace("</article", "</div"),
        page.replace("h3", "h2"),
        page.replace("\n", "\r\n"),
        page.replace("\n", "\r"),
        page.replace("<article", "<ARTICLE").replace("h3", "H3").replace("href", "HREF"),
        page.partition("<footer>")[0],
    ):
        assert [record.title for record in import_clean(text)] == titles
    (record, *_) = import_clean(
        f"<!-- saved from url=(0045)https://huggingface.co/papers/date/2024-08-02 -->{page}"
    )
    assert (record.source.date, record.source.is_date_assumed) == ("2024-08-02", False)


def test_page_with_a_paper_without_title_or_of_another_kind_is_refused():
    page = listing()
    start = page.index("<h3", page.index("2407.22222"))
    end = page.index("</h3>", start)
    for text, words in (
        (page[:start] + page[end:], "without 1 of the 3 titles"),
        (listing(()).replace("<main>", '<main data-target="DailyPapers">'), "without its papers"),
        (
            '<html><head><title>Paper page - Lamps</title><link rel="canonical" href="https://huggingface.co/papers/2407.11111">'
            "</head><body><h1>Lamps</h1></body></html>",
            "paperreader add 2407.11111",
        ),
        (
            '<html><title>My Blog</title><h3><a href="https://huggingface.co/papers/2407.11111">x</a></h3></html>',
            "not of",
        ),
    ):
        records, (problem,) = import_text(text)
        assert records == []
        assert words in problem.message


def props_page() -> str:
    props = html.escape(json.dumps({"date": "2024-05-27T00:00:00.000Z", "dailyPapers": [FIRST, LATER]}))
    return f'<!DOCTYPE html><html><div data-target="DailyPapers" data-props="{props}"></div></html>'


def mhtml(
    page: str, transfer: str, address: str = "https://huggingface.co/papers", charset: str = ""
) -> bytes:
    """Return a page as Chromium saves it."""
    data = page.encode(charset or "utf-8")
    encoded = {
        "quoted-printable": lambda: quopri.encodestring(data),
        "base64": lambda: encodebytes(data),
        "binary": lambda: data,
    }[transfer]()
    declared = f"; charset={charset}" if charset else ""
    head = f"""From: <Saved by Blink>
Snapshot-Content-Location: {address}
Subject: Daily Papers - Hugging Face
Date: Sat, 3 Aug 2024 10:12:13 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----MultipartBoundary--abc----"


------MultipartBoundary--abc----
Content-Type: text/html{declared}
Content-ID: <frame-1@mhtml.blink>
Content-Transfer-Encoding: {transfer}
Content-Location: {address}

"""
    tail = b"""
------MultipartBoundary--abc----
Content-Type: text/css
Content-Transfer-Encoding: quoted-printable

h1 { color: red }
------MultipartBoundary--abc----
Content-Type: text/html

<html><body>A frame</body></html>
------MultipartBoundary--abc------
"""
    return head.encode() + encoded + tail


PAGES = {
    "Daily Papers": props_page(),
    "Daily Papers without data": listing(site="https://huggingface.co"),
    "abstract": ABSTRACT_PAGE,
    "listing": NEW_LISTING,
    "full text": full_text(
        "Ada Lantern", '<link rel="canonical" href="https://arxiv.org/html/2607.11111v1">'
    ),
}


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64", "binary"])
@pytest.mark.parametrize("page", PAGES)
def test_page_saved_as_mhtml_is_that_page(page, transfer):
    expected, _ = import_text(PAGES[page], "page")
    data = mhtml(PAGES[page], transfer)
    assert expected
    for content in (data, data.replace(b"\n", b"\r\n"), gzip.compress(data), b"\xef\xbb\xbf\n" + data):
        if transfer == "binary" and b"\r\n" in content:
            continue
        records, _ = import_text(content, "page")
        assert [(one.title, one.arxiv, one.authors, one.abstract) for one in records] == [
            (one.title, one.arxiv, one.authors, one.abstract) for one in expected
        ]


def test_mhtml_states_when_and_where_it_was_saved():
    data = mhtml(listing(day=""), "quoted-printable", "https://huggingface.co/papers/date/2024-08-02")
    records = import_clean(data, "page.mhtml")
    assert {(record.source.date, record.observed) for record in records} == {("2024-08-02", "2024-08-03")}


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
def test_mhtml_in_another_encoding(charset):
    records = import_clean(mhtml(listing(), "base64", charset=charset))
    assert [record.title for record in records] == [item.title for item in ITEMS]


def test_damaged_and_other_mhtml_is_refused():
    data = mhtml(listing(), "quoted-printable")
    assert [record.title for record in import_clean(data[: data.index(b"<footer>")])] == [
        item.title for item in ITEMS
    ]
    for text, words in (
        (
            mhtml("<html><body>Cakes</body></html>", "base64", "https://cakes.example"),
            "a web page, but none of arXiv",
        ),
        (data.replace(b"text/html", b"text/plain"), "without HTML"),
        (data[:300], "without HTML"),
    ):
        records, (problem,) = import_text(text)
        assert records == []
        assert words in problem.message
