"""Pages of arXiv saved as HTML, announcement mails, and responses of OAI-PMH."""

from __future__ import annotations

import base64
import quopri
from pathlib import Path

import pytest

from tests.importers.import_helpers import import_clean, import_paths, import_text

ABSTRACT_PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>[2607.11111] Lanterns &amp; Corridors</title>
<link rel="canonical" href="https://arxiv.org/abs/2607.11111"/>
<meta name="citation_title" content="Lanterns &amp; Corridors: $O(n)$ Lamps" />
<meta name="citation_author" content="River, Ada van" />
<meta name="citation_author" content="Lee, Bo" /><meta name="citation_date" content="2026/07/15" />
<meta name="citation_online_date" content="2026/09/02" /><meta name="citation_arxiv_id" content="2607.11111" />
<script>var title = "<h1 class='title'>Not This</h1>";</script></head><body>
<h1 class="title mathjax"><span class="descriptor">Title:</span>Lanterns &amp; Corridors: $O(n)$ Lamps</h1>
<div class="authors"><span class="descriptor">Authors:</span>
<a href="/a">Ada van River</a>, <a href="/b">Bo Lee</a> (1 and 2)</div>
<blockquote class="abstract mathjax"><span class="descriptor">Abstract:</span>We light $n&lt;9$ lamps. Code is at
 <a href="https://github.com/lanternlab/corridors" class="link-external">this https URL</a>.</blockquote>
<table><tr><td class="tablecell label">Comments:</td><td class="tablecell comments mathjax">9 pages, page at
<a href="https://lanternlab.github.io/corridors/">this https URL</a></td></tr>
<tr><td class="tablecell subjects"><span class="primary-subject">Machine Learning (cs.LG)</span>; Optics
(physics.optics)</td></tr><tr><td class="tablecell jref">Journal of Lamps 7 (2026) 1-9</td></tr>
<tr><td class="tablecell arxivdoi"><a href="https://doi.org/10.48550/arXiv.2607.11111">https://doi.org/10.48550/arXiv.2607.11111</a></td></tr>
<tr><td class="tablecell doi"><a href="https://doi.org/10.1234/lamps.7">https://doi.org/10.1234/lamps.7</a></td>
</tr></table></body></html>"""


def test_abstract_page():
    (record,) = import_clean(ABSTRACT_PAGE)
    assert (record.title, record.arxiv, record.doi) == (
        "Lanterns & Corridors: $O(n)$ Lamps",
        "2607.11111",
        "10.1234/lamps.7",
    )
    assert record.authors == ("Ada van River", "Bo Lee")
    assert record.abstract == "We light $n<9$ lamps. Code is at https://github.com/lanternlab/corridors."
    assert (record.published, record.journal) == ("2026-07-15", "Journal of Lamps")
    assert (record.volume, record.pages) == ("7", "1--9")
    assert [link.url for link in record.links] == [
        "https://github.com/lanternlab/corridors",
        "https://lanternlab.github.io/corridors/",
    ]
    assert record.source.kind == "arxiv-abstract"
    assert record.categories == ("cs.LG", "physics.optics")


def entry(number: int, id: str, title: str, mark: str = "", abstract: str = "") -> str:
    below = f"<p class='mathjax'>{abstract}</p>" if abstract else ""
    return f"""<dt><a name='item{number}'>[{number}]</a>
 <a href ="/abs/{id}" title="Abstract" id="{id}">arXiv:{id}</a> {mark}
 [<a href="/pdf/{id}" title="Download PDF">pdf</a>]</dt>
<dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span> {title}</div>
<div class='list-authors'><a href="x">Ada River</a>, <a href="y">Bo Lee</a></div>
<div class='list-comments mathjax'><span class='descriptor'>Comments:</span> 9 pages</div>
<div class='list-subjects'><span class='descriptor'>Subjects:</span> Machine Learning (cs.LG)</div>{below}</div>
</dd>"""


NEW_LISTING = f"""<html><body><div id='dlpage'><h1>Machine Learning</h1>
<h3>Showing new listings for Friday, 24 July 2026</h3><dl id='articles'>
<h3>New submissions (showing 1 of 1 entries)</h3>
{entry(1, "2607.11111", "Lanterns &lt; Lamps", abstract="We light $n$ lamps.")}
<h3>Cross submissions (showing 1 of 1 entries)</h3>
{entry(2, "2606.22222", "Sediment", "(cross-list from physics.geo-ph)")}
<h3>Replacement submissions (showing 1 of 1 entries)</h3>{entry(3, "2503.33333", "Rivers", "(replaced)")}</dl>
</div></body></html>"""


def test_listing_of_a_day_dates_only_new_papers_by_it():
    records = import_clean(NEW_LISTING)
    assert [(record.title, record.arxiv, record.published) for record in records] == [
        ("Lanterns < Lamps", "2607.11111", "2026-07-24"),
        ("Sediment", "2606.22222", "2026-06"),
        ("Rivers", "2503.33333", "2025-03"),
    ]
    assert {record.authors for record in records} == {("Ada River", "Bo Lee")}
    assert {record.categories for record in records} == {("cs.LG",)}
    assert [record.abstract for record in records] == ["We light $n$ lamps.", "", ""]


def test_search_result():
    page = """<html><body><ol><li class="arxiv-result"><div class="is-marginless">
<p class="list-title is-inline-block"><a href="https://arxiv.org/abs/2607.11111">arXiv:2607.11111</a></p>
<div class="tags"><span class="tag is-small is-link tooltip" data-tooltip="Machine Learning">cs.LG</span></div></div>
<p class="title is-5 mathjax">Lanterns in a <span class="search-hit mathjax">Corridor</span></p>
<p class="authors"><span class="search-hit">Authors:</span> <a href="x">Ada River</a>, <a href="y">Bo Lee</a></p>
<p class="abstract mathjax"><span class="has-text-black-bis has-text-weight-semibold">Abstract</span>:
<span class="abstract-short has-text-grey-dark mathjax" id="s">We light&hellip; <a onclick="x">More</a></span>
<span class="abstract-full has-text-grey-dark mathjax" style="display: none;">We light lamps.
<a onclick="y">&#9651; Less</a></span></p>
<p class="is-size-7"><span>Submitted</span> 15 July, 2026; <span>originally announced</span> July 2026.</p></li>
</ol></body></html>"""
    (record,) = import_clean(page)
    assert (record.title, record.arxiv, record.published) == (
        "Lanterns in a Corridor",
        "2607.11111",
        "2026-07-15",
    )
    assert (record.authors, record.abstract) == (("Ada River", "Bo Lee"), "We light lamps.")
    assert record.categories == ("cs.LG",)


def full_text(authors: str, head: str = "", foot: str = "") -> str:
    return f"""<!DOCTYPE html><html><head>{head}</head><body><article class="ltx_document">
<h1 class="ltx_title ltx_title_document">Lanterns for <math alttext="n^{{2}}%
+1" display="inline"><semantics><mi>n</mi></semantics></math> Halls<span class="ltx_note ltx_role_thanks">
<sup>1</sup>Thanks.</span></h1>
<div class="ltx_authors"><span class="ltx_creator ltx_role_author"><span class="ltx_personname">{authors}</span>
</span></div>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6>
<p class="ltx_p">We light lamps.</p></div>
<section><p>Other words, and https://arxiv.org/abs/1701.00001.</p></section></article>{foot}</body></html>"""


@pytest.mark.parametrize(
    ("authors", "names"),
    [
        ("Ada River, Bo Lee <br class='ltx_break'>and Cy Hill", None),
        ("Ada River, <br class='ltx_break'>Bo Lee and Cy Hill", ("Ada River", "Bo Lee", "Cy Hill")),
        ("Ada River<sup>1</sup>", ("Ada River",)),
        ("Ada River<br class='ltx_break'>Institute of Lamps", ()),
        ("Ada River, University of Halls", ()),
        ("Ada River <span class='ltx_text'>ada@lamps.example</span>", ()),
        ("Ada River  Bo Lee  Cy Hill  Di Ray", ()),
    ],
)
def test_full_text_has_names_only_if_nothing_else_is_among_them(authors, names):
    (record,) = import_clean(full_text(authors, '<base href="/html/2607.11111v2/">'))
    assert record.authors == (names or ())
    assert (record.title, record.abstract) == ("Lanterns for $n^{2}+1$ Halls", "We light lamps.")
    assert (record.arxiv, record.published) == ("2607.11111", "2026-07")


@pytest.mark.parametrize(
    ("head", "foot", "name"),
    [
        ("", '<div id="watermark-tr">arXiv:2607.11111v1 [cs.SD] 01 Jul 2026</div>', "page.html"),
        ('<link rel="canonical" href="https://ar5iv.labs.arxiv.org/html/2607.11111">', "", "page.html"),
        (
            "<!--\n Page saved with SingleFile \n url: https://arxiv.org/html/2607.11111v3 \n-->",
            "",
            "page.html",
        ),
        ("", "", "2607.11111v2.html"),
    ],
)
def test_full_text_is_identified_by_what_the_page_states_about_itself(head, foot, name):
    (record,) = import_clean(full_text("Ada River", head, foot), name)
    assert record.arxiv == "2607.11111"


def test_full_text_without_id_is_reported():
    (record,), (problem,) = import_text(full_text("Ada River"))
    assert record.arxiv == ""
    assert "does not state its arXiv id" in problem.message


MAIL = r"""------------------------------------------------------------------------------
 Submissions to:
Machine Learning
 received from  Tue  14 Jul 26 18:00:00 GMT  to  Wed 15 Jul 26 18:00:00 GMT
------------------------------------------------------------------------------
\\
arXiv:2607.11111
Date: Wed, 15 Jul 2026 08:01:02 GMT   (120kb,D)

Title: Lanterns in a Corridor: How Few Lamps
  Suffice
Authors: Ada van River (1), Bo Lee (1 and 2) ((1) Institute of Lamps, (2) Halls,
  and Co.)
Categories: cs.LG math.CO
Comments: Code at https://github.com/lanternlab/corridors
DOI: 10.1234/lamps.7
License: http://creativecommons.org/licenses/by/4.0/
\\
  We light lamps in the na\"{\i}ve way
and count them.
\\ ( https://arxiv.org/abs/2607.11111 ,  120kb)
------------------------------------------------------------------------------
%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-%-
------------------------------------------------------------------------------
\\
arXiv:hep-th/0601001 (*cross-listing*)
Date: Wed, 15 Jul 2026 08:01:02 GMT   (10kb)

Title: Sediment
Authors: Cy Hill
Categories: hep-th
\\
  Rivers.
\\ ( https://arxiv.org/abs/hep-th/0601001 ,  10kb)
%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--%%--
\\
arXiv:2503.33333
replaced with revised version Wed, 15 Jul 2026 09:00:00 GMT   (99kb)

Title: Halls
Authors: Di Ray
\\ ( https://arxiv.org/abs/2503.33333 ,  99kb)
%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---%%%---
"""
HEADERS = "From: no-reply@arxiv.org (cs)\nTo: ada@lamps.example\nSubject: cs daily\nMIME-Version: 1.0\n"


def mail(encoding: str, body: bytes) -> bytes:
    head = f"{HEADERS}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
    return head.encode() + body


def mailbox(body: str) -> bytes:
    first = mail("8bit", body.encode())
    other = b"From: someone@example.org\nTo: ada@lamps.example\nSubject: Tea?\n\nAt nine.\n"
    return (
        b"From MAILER Wed Jul 15 10:00:00 2026\n"
        + other
        + b"\nFrom MAILER Wed Jul 15 11:00:00 2026\n"
        + first
    )


@pytest.mark.parametrize(
    "data",
    [
        MAIL.encode(),
        MAIL.replace("\n", "\r\n").encode(),
        "".join(f"> {line}\n" for line in MAIL.split("\n")).encode(),
        mail("8bit", MAIL.encode()),
        mail("quoted-printable", quopri.encodestring(MAIL.encode())),
        mail("base64", base64.encodebytes(MAIL.encode())),
        mailbox(MAIL),
    ],
    ids=["text", "crlf", "quoted", "8bit", "quoted-printable", "base64", "mbox"],
)
def test_announcement_mail(data):
    records = import_clean(data)
    assert [(record.title, record.arxiv, record.published, record.authors) for record in records] == [
        (
            "Lanterns in a Corridor: How Few Lamps Suffice",
            "2607.11111",
            "2026-07-15",
            ("Ada van River", "Bo Lee"),
        ),
        ("Sediment", "hep-th/0601001", "2006-01", ("Cy Hill",)),
        ("Halls", "2503.33333", "2025-03", ("Di Ray",)),
    ]
    assert records[0].abstract == 'We light lamps in the na\\"{\\i}ve way\nand count them.'
    assert (records[0].doi, records[2].abstract) == ("10.1234/lamps.7", "")
    assert records[0].categories == ("cs.LG", "math.CO")
    assert [link.url for link in records[0].links] == ["https://github.com/lanternlab/corridors"]


def test_mail_without_announcements_is_refused():
    records, (problem,) = import_text(mail("8bit", b"Your paper was announced.\n"))
    assert records == []
    assert "without announcements" in problem.message


def oai(records: str) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2026-07-20T00:00:00Z</responseDate>
<ListRecords>{records}<resumptionToken>6|1001</resumptionToken></ListRecords></OAI-PMH>"""


def oai_record(metadata: str, id: str = "2607.11111") -> str:
    header = f"<header><identifier>oai:arXiv.org:{id}</identifier><datestamp>2026-09-02</datestamp></header>"
    return f"<record>{header}<metadata>{metadata}</metadata></record>"


ARXIV = """<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>2607.11111</id><created>2026-07-15</created>
<updated>2026-09-02</updated>
<authors><author><keyname>River</keyname><forenames>Ada van</forenames><affiliation>Halls</affiliation></author>
<author><keyname>Lee</keyname><forenames>Bo</forenames><suffix>Jr</suffix></author></authors><title>Lanterns
  in a Corridor</title><categories>cs.LG</categories><comments>at https://github.com/lanternlab/corridors</comments>
<journal-ref>Journal of Lamps 7</journal-ref><doi>10.1234/lamps.7</doi><abstract>  We light lamps.
</abstract></arXiv>"""
RAW = """<arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/"><id>2607.11111</id><submitter>Ada</submitter>
<version version="v1">
<date>Wed, 15 Jul 2026 08:01:02 GMT</date><size>9kb</size></version><version version="v2">
<date>Wed, 2 Sep 2026 08:01:02 GMT</date></version>
<title>Lanterns in a Corridor</title><authors>Ada van River (Halls), Bo Lee Jr</authors><categories>cs.LG</categories>
<comments>at https://github.com/lanternlab/corridors</comments><journal-ref>Journal of Lamps 7</journal-ref>
<doi>10.1234/lamps.7</doi>
<abstract>We light lamps.</abstract></arXivRaw>"""
DUBLIN_CORE = """<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>Lanterns in a Corridor</dc:title><dc:creator>River, Ada van</dc:creator><dc:creator>Lee, Bo, Jr</dc:creator>
<dc:description>We light lamps.</dc:description>
<dc:description>Comment: at https://github.com/lanternlab/corridors</dc:description>
<dc:date>2026-07-15</dc:date><dc:date>2026-09-02</dc:date>
<dc:identifier>http://arxiv.org/abs/2607.11111</dc:identifier>
<dc:identifier>doi:10.1234/lamps.7</dc:identifier></oai_dc:dc>"""


@pytest.mark.parametrize("metadata", [ARXIV, RAW, DUBLIN_CORE], ids=["arXiv", "arXivRaw", "oai_dc"])
def test_oai_response(metadata):
    (record,) = import_clean(oai(oai_record(metadata)))
    assert " ".join(record.title.split()) == "Lanterns in a Corridor"
    assert (record.abstract, record.arxiv, record.doi) == ("We light lamps.", "2607.11111", "10.1234/lamps.7")
    assert record.authors in (("Ada van River", "Bo Lee Jr"), ("Ada van River", "Bo Lee, Jr"))
    assert record.published == "2026-07-15"
    assert record.categories == (() if metadata is DUBLIN_CORE else ("cs.LG",))
    assert [link.url for link in record.links] == ["https://github.com/lanternlab/corridors"]


def test_oai_created_date_of_a_later_version_is_not_that_of_the_paper():
    metadata = ARXIV.replace("2607.11111", "2503.33333")
    (record,) = import_clean(oai(oai_record(metadata, "2503.33333")))
    assert record.published == "2025-03"


def test_oai_errors_and_deleted_records_are_reported():
    deleted = (
        '<record><header status="deleted"><identifier>oai:arXiv.org:2607.1</identifier></header></record>'
    )
    records, (problem,) = import_text(oai(deleted + oai_record(ARXIV) + deleted))
    assert len(records) == 1
    assert "2 deleted records" in problem.message
    error = '<error code="noRecordsMatch">No records.</error>'
    records, (problem,) = import_text(
        f'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">{error}</OAI-PMH>'
    )
    assert (records, problem.message) == ([], "arXiv returned an error: No records.")


def test_saved_page_of_a_single_paper_of_hugging_face():
    props = (
        '{"comments":[{"id":"1","type":"comment"}],"paper":{"id":"2607.11111","authors":[{"name":"Ada River"}],'
        '"title":"Lanterns in a Corridor","summary":"We light lamps.","upvotes":44,'
        '"publishedAt":"2026-07-15T00:00:00.000Z",'
        '"githubRepo":"https://github.com/lanternlab/corridors"}}'
    ).replace('"', "&quot;")
    page = f'<!doctype html><html><body><div data-target="PaperContent" data-props="{props}"></div></body></html>'
    (record,) = import_clean(page)
    assert (record.title, record.arxiv, record.votes, record.authors) == (
        "Lanterns in a Corridor",
        "2607.11111",
        44,
        ("Ada River",),
    )
    assert (record.published, record.repo) == ("2026-07-15", "https://github.com/lanternlab/corridors")


@pytest.mark.endurance
def test_real_pages(real_data: Path):
    records, _ = import_paths(real_data / "fulltext")
    titles = {record.arxiv or record.title for record in records if record.source.kind.startswith("arxiv")}
    assert {"2508.16190", "2508.08468", "2501.11120", "Mistral 7B"} <= titles
