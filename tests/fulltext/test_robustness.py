"""Pages that nobody wrote: damaged, hostile and random ones are converted or refused, and keep their words."""

import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.fulltext import Document, NotAFullText
from paperreader.fulltext.html import convert_page
from paperreader.fulltext.lines import block_lines
from tests.examples import examples
from tests.fulltext.pages import article_page, cell, equation_row, group, item, math, note, paragraph, table

ELEMENTS = [
    ("div", ""),
    ("p", "ltx_p"),
    ("span", "ltx_text ltx_font_bold"),
    ("span", "ltx_inline-block"),
    ("span", "ltx_p"),
    ("section", "ltx_section"),
    ("section", "ltx_appendix"),
    ("h2", "ltx_title ltx_title_section"),
    ("h6", "ltx_title ltx_title_theorem"),
    ("h1", "ltx_title ltx_title_document"),
    ("span", "ltx_tag ltx_tag_section"),
    ("figure", "ltx_figure"),
    ("figcaption", "ltx_caption"),
    ("ul", "ltx_itemize"),
    ("li", "ltx_item"),
    ("span", "ltx_tag ltx_tag_item"),
    ("dl", ""),
    ("dt", ""),
    ("dd", ""),
    ("table", "ltx_tabular"),
    ("span", "ltx_tabular"),
    ("span", "ltx_tbody"),
    ("span", "ltx_tr"),
    ("span", "ltx_td"),
    ("tr", ""),
    ("td", ""),
    ("table", "ltx_equation"),
    ("table", "ltx_equationgroup"),
    ("span", "ltx_note ltx_role_footnote"),
    ("span", "ltx_note_content"),
    ("div", "ltx_listing"),
    ("div", "ltx_listing ltx_lstlisting"),
    ("div", "ltx_listingline"),
    ("pre", ""),
    ("blockquote", "ltx_quote"),
    ("div", "ltx_theorem"),
    ("div", "ltx_abstract"),
    ("div", "ltx_authors"),
    ("span", "ltx_creator"),
    ("li", "ltx_bibitem"),
    ("span", "ltx_bibblock"),
    ("a", "ltx_ref"),
    ("svg", "ltx_picture"),
    ("foreignObject", ""),
    ("math", "ltx_Math"),
    ("span", "ltx_Math"),
    ("span", "ltx_ERROR"),
    ("sup", "ltx_note_mark"),
]


HIDING = re.compile(r"ltx_ERROR|ltx_note_mark|ltx_picture|ltx_tag|Math|dt")
"""Elements whose text may be left out: errors alone, second marks, drawings without text elements, formulas."""
KEEPING = [element for element in ELEMENTS if not HIDING.search(" ".join(element))]


def random_article(seed: int, elements: list[tuple[str, str]]) -> tuple[str, list[str]]:
    """Return the content of an article, whose elements are not closed in order, and the words in it."""
    chooser = random.Random(seed)
    words: list[str] = []
    parts: list[str] = []
    opened: list[str] = []
    for number in range(chooser.randrange(60)):
        action = chooser.random()
        if action < 0.45:
            tag, names = chooser.choice(elements)
            parts.append(f'<{tag} class="{names}" id="i{number}">')
            opened.append(tag)
        elif action < 0.7 and opened:
            parts.append(f"</{opened.pop()}>")
        else:
            words.append(f"word{number}x")
            parts.append(f" word{number}x ")
    return "".join(parts), words


def convert_random(seed: int, elements: list[tuple[str, str]]) -> tuple[Document, list[str]]:
    content, words = random_article(seed, elements)
    # Nothing is around the article that a wrong end tag could close.
    page = f'<article class="ltx_document">{paragraph("begin")}{content}{paragraph("end")}</article>'
    return convert_page(page.encode()), words


def all_text(document: Document) -> str:
    lines = [
        document.title,
        *document.authors,
        *(line for block in document.blocks for line in block_lines(block)),
    ]
    marks = {container.marker for block in document.blocks for container in block.inside}
    return " ".join("".join(piece.text for piece in line) for line in lines) + " ".join(marks)


@examples(25)
@given(st.integers(0, 2**32))
def test_random_pages_are_converted(seed):
    assert "begin" in all_text(convert_random(seed, ELEMENTS)[0])


@examples(50)
@given(st.integers(0, 2**32))
def test_random_pages_keep_their_words(seed):
    document, words = convert_random(seed, KEEPING)
    text = all_text(document)
    assert [word for word in (*words, "end") if word not in text] == []


WHOLE = article_page(
    paragraph(f"A formula {math('x^2')} and a note{note('1', 'Small.')}.", "S1.p1")
    + group(equation_row("a", "=b", number="1"), equation_row("", "=c"))
    + table([cell("one"), cell("two", colspan=2)], [cell(table([cell("three")]))])
    + f'<ul class="ltx_itemize">{item("four")}{item(paragraph("five"), "term of an item")}</ul>'
    + '<figure class="ltx_figure"><img src="x.png"><figcaption class="ltx_caption">six</figcaption></figure>'
)


DAMAGE = [b"", b"<", b">", b'"', b"</div>", b"\0", b"&", b"\xff\xfe"]


@examples(25)
@given(st.data())
def test_damaged_pages_are_converted_or_refused(data):
    page = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(page)))
        length = data.draw(st.integers(0, 40))
        page[at : at + length] = data.draw(st.sampled_from(DAMAGE))
    try:
        document = convert_page(bytes(page))
    except NotAFullText:
        return
    assert document.blocks


@examples(15)
@given(st.integers(0, len(WHOLE)))
def test_cut_pages_say_so(length):
    try:
        document = convert_page(WHOLE[:length])
    except NotAFullText:
        return
    assert document.is_cut == (b"</article" not in WHOLE[:length])


def nested(opening: str, closing: str, depth: int) -> str:
    return opening * depth + "core" + closing * depth


NESTED = {
    "div": nested("<div>", "</div>", 900),
    "style": nested('<span class="ltx_font_bold">', "</span>", 900),
    "figures": nested("<figure>", "</figure>", 900),
    "lists": nested("<ul><li>", "</li></ul>", 450),
    "tables": nested("<table><tr><td>", "</td></tr></table>", 300),
    "tabulars": nested(
        '<span class="ltx_tabular"><span class="ltx_tr"><span class="ltx_td">', "</span>" * 3, 300
    ),
    "groups of rows": '<span class="ltx_tabular">'
    + nested('<span class="ltx_tbody">', "</span>", 900)
    + "</span>",
    "listings": nested('<div class="ltx_listing"><div class="ltx_listingline">', "</div></div>", 450),
    "code": nested('<div class="ltx_lstlisting"><div class="ltx_listingline">', "</div></div>", 450),
    "line of code": '<div class="ltx_lstlisting"><div class="ltx_listingline">'
    + nested("<b>", "</b>", 900)
    + "</div></div>",
    "footnotes": nested('<span class="ltx_note"><span class="ltx_note_content">', "</span></span>", 450),
    "headings": nested('<div class="ltx_title">', "</div>", 900),
    "captions": nested('<div class="ltx_caption">', "</div>", 900),
    "references": nested('<div class="ltx_bibitem">', "</div>", 900),
    "authors": '<div class="ltx_authors">'
    + nested('<span class="ltx_creator">', "</span>", 900)
    + "</div><p>x</p>",
    "drawings": nested("<svg><foreignObject>", "</foreignObject></svg>", 450),
    "formulas": nested("<math>", "</math>", 900),
    "equations": nested('<span class="ltx_equation">', "</span>", 900),
    "links": nested("<object>", "</object>", 900) + "core",
}


@pytest.mark.parametrize("content", NESTED.values(), ids=NESTED)
def test_nested_elements_are_no_problem(content):
    assert "core" in all_text(convert_page(article_page(content + paragraph("end"))))


LARGE = {
    "columns": (table([cell(str(column)) for column in range(500)]), 1),
    "formula": (paragraph(math("x_{1}+" * 16_000)), 1),
    "flat": ("<p>text</p>" * 20_000, 20_000),
    "null characters": (paragraph("a\0b" * 1000), 1),
    "entities": (paragraph("&amp;&lt;&nosuch;&#0;&#x110000;" * 5000), 1),
    "attributes": (paragraph(f"<span {' '.join(f'a{n}=1' for n in range(2000))}>text</span>"), 1),
    "links to nowhere": (paragraph('<a href="#x">y</a>' * 5000), 1),
    "same ids": ('<p id="x">text</p>' * 5000 + '<a href="#x">y</a>', 5001),
    "footnotes": (paragraph("a" + note("1", "text") * 1000), 1001),
    "items": ("<ul>" + "<li>x</li>" * 5000 + "</ul>", 5000),
    "rows": ("<table>" + "<tr><td>x</td></tr>" * 5000 + "</table>", 1),
    "tags never closed": ("<b>" * 900 + "text", 1),
    "empty elements": ("<span></span>" * 20_000 + "text", 1),
}


@pytest.mark.parametrize(("content", "blocks"), LARGE.values(), ids=LARGE)
def test_large_pages_are_converted(content, blocks):
    assert len(convert_page(article_page(content)).blocks) == blocks
