"""A whole page: what it is, what it says about itself, and that its words and links are kept."""

import os
import re
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser

from paperreader.fulltext import Footnote, Heading, NotAFullText, Paragraph, Reference
from paperreader.fulltext.html import convert_page
from tests.examples import endurance
from tests.fulltext.page_words import invented_words, lost_words, page_words
from tests.fulltext.pages import article_page, convert_article, math, paragraph

SMALL = f"""<div class="ltx_authors"><span class="ltx_creator ltx_role_author">
<span class="ltx_personname">Ada Writer
</span><span class="ltx_author_notes"><span class="ltx_contact ltx_role_affiliation">
<span class="ltx_contact_name">Affiliation: </span>University of Somewhere</span></span></span></div>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6>
<p class="ltx_p">We add a number.</p></div>
<section id="S1" class="ltx_section"><h2 class="ltx_title ltx_title_section">
<span class="ltx_tag ltx_tag_section">1 </span>Idea</h2>
<div id="S1.p1" class="ltx_para"><p class="ltx_p">We add {math("b_{i}")} to
it<span id="footnote1" class="ltx_note ltx_role_footnote"><sup class="ltx_note_mark">1</sup><span
class="ltx_note_outer"><span class="ltx_note_content"><sup class="ltx_note_mark">1</sup><span
class="ltx_tag ltx_tag_note">1</span>Once.</span></span></span>, as <cite class="ltx_cite">(<a
href="#bib.bib1" class="ltx_ref">Writer, 2025</a>)</cite> did in Section <a href="#S1" class="ltx_ref">1</a>.</p>
</div></section>
<section id="bib" class="ltx_bibliography"><h2 class="ltx_title ltx_title_bibliography">References</h2>
<ul class="ltx_biblist"><li id="bib.bib1" class="ltx_bibitem"><span
class="ltx_tag ltx_tag_bibitem">Writer (2025)</span><span class="ltx_bibblock">Ada
Writer.</span> <span class="ltx_bibblock">A smaller model.</span>
<span class="ltx_bibblock">arXiv:2501.01234, 2025.</span></li></ul></section>"""

WATERMARK = (
    '<div id="watermark-tr">arXiv:2501.01234v2 [cs.SD] 01 Aug 2025</div>'
    '<a id="license-tr" href="https://example.org">License: CC BY 4.0</a>'
)


def test_small_page_becomes_a_document():
    document = convert_article(SMALL, url="", after=WATERMARK)
    assert (document.arxiv, document.version, document.date) == ("2501.01234", 2, "2025-08-01")
    assert document.license == "CC BY 4.0"
    assert document.source == "arxiv-html"
    assert not document.is_cut
    assert ["".join(piece.text for piece in line) for line in document.authors] == [
        "Ada Writer",
        "University of Somewhere",
    ]
    assert [type(block) for block in document.blocks] == [
        *(Heading, Paragraph, Heading, Paragraph, Footnote, Heading, Reference)
    ]
    abstract, _, section, text, note, _, reference = document.blocks
    assert abstract.inside[0].kind == "abstract"
    assert (section.number, section.level, section.content[0].text) == ("1", 1, "Idea")
    assert [(piece.text, piece.kind, piece.target) for piece in text.content] == [
        ("We add ", "text", ""),
        ("b_{i}", "math", ""),
        (" to it", "text", ""),
        ("1", "text", "#footnote1"),
        (", as (", "text", ""),
        ("Writer, 2025", "text", "#bib.bib1"),
        (") did in Section ", "text", ""),
        ("1", "text", "#S1"),
        (".", "text", ""),
    ]
    assert (note.mark, note.content[0].text, note.anchors) == ("1", "Once.", ("footnote1",))
    assert (reference.label, reference.ids) == ("Writer (2025)", ("arxiv:2501.01234",))
    assert reference.content[0].text == "Ada Writer. A smaller model. arXiv:2501.01234, 2025."
    assert [document.anchors[name] for name in ("S1", "footnote1", "bib.bib1")] == [2, 4, 6]


ABSTRACT_PAGE = (
    '<html><head><meta name="citation_arxiv_id" content="2501.01234"></head><body><h1>A Small Model</h1>'
    '<blockquote class="abstract">We add.</blockquote></body></html>'
)
OTHER_PAGES = {
    "abstract page": (ABSTRACT_PAGE, "abstract page"),
    "error": ("<html><head><title>404 Not Found</title></head><body><p>No</p></body></html>", "error page"),
    "no HTML": ("<html><body><h1>No HTML for '2501.01234'</h1><p>Sorry</p></body></html>", "error page"),
    "native": (
        "<html><title>Proceedings</title><body><h1>Talk</h1><p>Text</p></body></html>",
        "not made from TeX",
    ),
    "bibliography": ('<body><ul><li class="ltx_bibitem">Writer</li></ul></body>', "only a bibliography"),
    "part": ('<body><p class="ltx_p">Text</p></body>', "only a part"),
    "empty": ("", "empty"),
    "nothing but a title": (article_page("").decode(), "no text"),
}


@pytest.mark.parametrize(("page", "reason"), OTHER_PAGES.values(), ids=OTHER_PAGES)
def test_other_pages_are_refused_with_a_reason(page, reason):
    with pytest.raises(NotAFullText, match=reason):
        convert_page(page.encode())


def test_cut_page_keeps_what_was_read():
    page = article_page(SMALL + paragraph("The end."))
    cut = page[: page.index(b"did in Section")]
    document = convert_page(cut)
    assert document.is_cut
    assert "Writer, 2025" in [piece.text for piece in document.blocks[3].content]


@pytest.mark.parametrize(
    ("opening", "closing"), [("<b>", ""), ("<div>", ""), ("<b>", "</i>"), ("<path/>", ""), ("<x-y>", "")]
)
def test_deeply_nested_page_is_refused(opening, closing):
    count = 200_000 if opening != "<path/>" else 200
    page = article_page((opening + closing) * count + paragraph("Text"))
    if opening == "<path/>":
        assert convert_page(page).blocks
    else:
        with pytest.raises(NotAFullText, match="inside each other"):
            convert_page(page)


def test_tags_in_scripts_and_comments_are_not_nested():
    tags = "<b>" * 2000
    document = convert_article(
        f"<script>{tags}</script><!-- {tags} --><style>{tags}</style>" + paragraph("Text")
    )
    assert len(document.blocks) == 1


def test_many_formulas_with_less_than_are_not_nested():
    document = convert_article(
        "".join(f'<p class="ltx_p"><math alttext="a<b_{{{n}}}">x</math></p>' for n in range(1500))
    )
    assert len(document.blocks) == 1500


def real_pages() -> list[Path]:
    folder = os.environ.get("PAPERREADER_TEST_DATA", "")
    paths = sorted(Path(folder, "fulltext").glob("*.html")) if folder else []
    return [
        path for path in paths if "latexml" in path.name or "engrafo" in path.name or "arxiv" in path.name
    ]


_NAMED_ID = re.compile(r"arxiv[:.]\s?[0-9]{4}\.[0-9]{4}|/abs/[0-9]{4}\.|\b10\.[0-9]{4,9}/\S", re.IGNORECASE)


@pytest.mark.skipif(not real_pages(), reason="needs the real pages")
@pytest.mark.parametrize(
    "path",
    [path if number % 3 == 0 else endurance(path) for number, path in enumerate(real_pages())],
    ids=lambda path: path.name,
)
def test_real_page_keeps_words_links_and_references(path):
    text = path.read_text()
    document = convert_page(text.encode())
    words = page_words(text)
    assert lost_words(words, document).total() <= 0.005 * words.total()
    assert invented_words(words, document).total() <= 0.001 * words.total()
    assert not document.is_cut
    root = LexborHTMLParser(text).root
    targets = {link.attributes["href"].partition("#")[2] for link in root.css(".ltx_document a[href*='#']")}
    ids = {node.attributes["id"] for node in root.css(".ltx_document [id]")}
    assert targets & ids <= document.anchors.keys()
    identified = {
        anchor for block in document.blocks for anchor in block.anchors if getattr(block, "ids", ())
    }
    named = {
        node.attributes["id"] for node in root.css("li.ltx_bibitem") if _NAMED_ID.search(node.html or "")
    }
    assert len(named & identified) >= 0.99 * len(named)
