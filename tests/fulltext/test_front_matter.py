"""Authors, editions, and what stands around the text of a page."""

from itertools import product
from string import ascii_lowercase

import pytest

from paperreader.fulltext import HEAD, LayoutOptions, Piece, head_text, layout_document
from paperreader.fulltext.html import convert_page
from paperreader.fulltext.layout.authors import is_name_line
from tests.fulltext.outline import outline, show
from tests.fulltext.pages import URL, article_page, convert_article, note, paragraph

CONTACT = '<span class="ltx_contact ltx_role_affiliation"><span class="ltx_contact_name">Affiliation: </span>{}</span>'


def creator(name: str, notes: str = "") -> str:
    notes = f'<span class="ltx_author_notes">{notes}</span>' if notes else ""
    return (
        f'<span class="ltx_creator ltx_role_author"><span class="ltx_personname">{name}</span>{notes}</span>'
        '<span class="ltx_author_before">  </span>'
    )


AUTHORS = {
    "names": (creator("Ada Writer\n") + creator("Bo Reader\n"), ["Ada Writer", "Bo Reader"]),
    "affiliations": (
        creator("Ada Writer", CONTACT.format("University of Somewhere") + CONTACT.format("Elsewhere")),
        ["Ada Writer", "University of Somewhere", "Elsewhere"],
    ),
    "all in one field": (
        creator(
            '<b>Ada Writer</b><sup class="ltx_sup">1</sup>\u00a0 Bo Reader<br>University &amp; Company<br>a@b.org'
        ),
        ["{b:Ada Writer}{^:1} Bo Reader", "University & Company", "a@b.org"],
    ),
    "icons and distances": (
        creator('<a href="https://orcid.org/1"><object data="orcid.svg"></object> Ada Writer</a>')
        + creator("Bo Reader", CONTACT.format("[3pt]\nUniversity")),
        ["[Ada Writer](https://orcid.org/1)", "Bo Reader", "University"],
    ),
    "names of addresses": (
        creator("Ada Writer", CONTACT.format("a@b.org").replace("Affiliation", "Correspondence to")),
        ["Ada Writer", "Correspondence to: a@b.org"],
    ),
    "words between names": (
        creator("Ada Writer").replace("  </span>", " and </span>") + creator("Bo Reader"),
        ["Ada Writer", "Bo Reader"],
    ),
    "commands between names": (
        creator(
            'Ada Writer<br>Lab A <span class="ltx_ERROR undefined">\\AND</span>Bo Reader<br>Lab B &amp;Cy Editor'
        ),
        ["Ada Writer", "Lab A", "Bo Reader", "Lab B", "Cy Editor"],
    ),
}


@pytest.mark.parametrize(("authors", "expected"), AUTHORS.values(), ids=AUTHORS)
def test_authors(authors, expected):
    document = convert_article(f'<div class="ltx_authors">{authors}</div>{paragraph("Text")}')
    assert [show(line) for line in document.authors] == expected


def test_notes_of_authors_and_title_come_first():
    authors = (
        f'<div class="ltx_authors">{creator("Ada" + note("†", "Equal.", "thanks", kind="thanks"))}</div>'
    )
    document = convert_article(authors + paragraph("Text"))
    assert [show(line) for line in document.authors] == ["Ada[{^:†}](#fn1)"]
    assert outline(document) == ["note †: Equal.", "Text"]


MARK = '<div id="watermark-tr">arXiv:{} [cs.SD] 01 Aug 2025</div>'
CANONICAL = '<link rel="canonical" href="https://arxiv.org/html/2501.01234v4">'

EDITIONS = [
    # URL, head, after the article, id, version, date
    ("", "", MARK.format("2501.01234v2"), "2501.01234", 2, "2025-08-01"),
    ("", "", MARK.format("hep-th/9901001v1"), "hep-th/9901001", 1, "2025-08-01"),
    ("https://arxiv.org/html/2501.99999", "", MARK.format("2501.01234"), "2501.01234", 0, "2025-08-01"),
    (URL, "", "", "2501.01234", 2, ""),
    ("https://arxiv.org/html/hep-th/9901001v3", "", "", "hep-th/9901001", 3, ""),
    ("https://ar5iv.labs.arxiv.org/html/2501.01234", "", "", "2501.01234", 0, ""),
    ("", '<base href="/html/2501.01234v1/">', "", "2501.01234", 1, ""),
    ("https://arxiv.org/html/2501.01234", '<base href="/html/2501.01234v1/">', "", "2501.01234", 1, ""),
    ("https://arxiv.org/html/2501.01234", '<base href="/html/2501.99999v1/">', "", "2501.01234", 0, ""),
    ("", CANONICAL, "", "2501.01234", 4, ""),
    ("", "", "", "", 0, ""),
    ("https://example.org/html/page", "", MARK.format("not-an-id"), "", 0, ""),
]


@pytest.mark.parametrize(("url", "head", "after", "arxiv", "version", "date"), EDITIONS)
def test_edition(url, head, after, arxiv, version, date):
    document = convert_article(paragraph("Text"), url=url, head=head, after=after)
    assert (document.arxiv, document.version, document.date) == (arxiv, version, date)


@pytest.mark.parametrize(
    ("url", "source"), [(URL, "arxiv-html"), ("https://ar5iv.org/html/2501.01234", "ar5iv-html")]
)
def test_source(url, source):
    assert convert_article(paragraph("Text"), url=url).source == source


def test_text_before_the_title_is_kept():
    page = article_page(paragraph("Text")).replace(
        b'<h1 class="ltx_title', b'<p>Rose</p><h1 class="ltx_title'
    )
    document = convert_page(page)
    assert outline(document) == ["Rose", "Text"]
    assert show(document.title) == "A Small Model"


def test_paper_without_a_title_has_that_of_the_window():
    page = article_page(paragraph("Text")).replace(b"ltx_title_document", b"ltx_title_other")
    assert show(convert_page(page).title) == "A Small Model"


def many_authors(count: int = 8) -> str:
    notes = CONTACT.format("University of Somewhere") + CONTACT.format("{}@b.org")
    names = ("".join(pair) for pair in product(ascii_lowercase, repeat=2))
    return "".join(
        creator(f"Ada W{name}", notes.format(name)) for name, _ in zip(names, range(count), strict=False)
    )


def head(document, hint="a shows the rest", width=60):
    """Return the lines below the title and before the first block."""
    layout = layout_document(
        document, LayoutOptions(width=width, max_width=width, authors_hint=hint), HEAD, 0
    )
    return ["".join(span.text for span in line.spans) for line in layout.lines if line.spans][1:]


def test_only_the_names_of_many_authors_are_shown_unless_all_are_wanted():
    document = convert_article(f'<div class="ltx_authors">{many_authors()}</div>{paragraph("Text")}')
    names = [f"Ada Wa{letter}" for letter in "abcdefgh"]
    shown = head(document)
    assert shown[-2] == "a shows the rest" and len(shown) <= 5
    assert ", ".join(names) == " ".join(shown[:-2])
    everything = head(document, "")
    assert [line for line in everything if line in names] == names and "ad@b.org" in everything
    assert head_text(document).split("\n")[1:4] == ["Ada Waa", "University of Somewhere", "aa@b.org"]
    few = convert_article(f'<div class="ltx_authors">{many_authors(2)}</div>{paragraph("Text")}')
    assert "ab@b.org" in head(few)


@pytest.mark.parametrize("width", [12, 30, 80, 200])
@pytest.mark.parametrize("count", [3, 8, 60])
def test_names_keep_their_places_and_fit(width, count):
    document = convert_article(f'<div class="ltx_authors">{many_authors(count)}</div>{paragraph("Text")}')
    options = LayoutOptions(width=width, max_width=width, authors_hint="a shows the rest")
    text = head_text(document)
    lines = layout_document(document, options, HEAD, 0).lines
    for span in (span for line in lines for span in line.spans if span.start >= 0):
        assert text[span.start : span.end] == span.text
    assert all(sum(len(span.text) for span in line.spans) <= width for line in lines)
    assert [line.offset for line in lines] == sorted(line.offset for line in lines)


def test_addresses_are_shown_once():
    authors = creator("Ada Writer", CONTACT.format("Lab, Somewhere; a@b.org") + CONTACT.format("a@b.org"))
    document = convert_article(f'<div class="ltx_authors">{authors}</div>{paragraph("Text")}')
    assert head(document)[:2] == ["Ada Writer", "Lab, Somewhere; a@b.org"] and len(head(document)) == 3
    assert len(document.authors) == 3


NAME_LINES = {
    "Ada Writer": True,
    "Ludwig van der Berg and Ana de la Cruz": True,
    "王小明": True,
    "DeepSeek-AI": True,
    "Ada Writer, Bo Reader, Cy Editor": True,
    "Google Brain": False,
    "Department of Mathematics": False,
    "a@b.org": False,
    "Orlando, FL 32816": False,
    "Equal contribution. Listing order is random.": False,
    "https://example.org": False,
    "0000-0002-3723-6960": False,
    "": False,
}


@pytest.mark.parametrize(("line", "expected"), NAME_LINES.items())
def test_lines_with_names(line, expected):
    assert is_name_line((Piece(line),) if line else ()) == expected


def test_brackets_that_tex_leaves_are_no_authors():
    authors = creator("Ada Writer<br>[<br>]") + creator("Bo Reader")
    document = convert_article(f'<div class="ltx_authors">{authors}</div>{paragraph("Text")}')
    assert [show(line) for line in document.authors] == ["Ada Writer", "Bo Reader"]
