"""Full texts as Markdown, JSON and plain text."""

from __future__ import annotations

import json

import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from paperreader.fulltext import (
    Caption,
    Cell,
    Code,
    CodeLine,
    Container,
    Equation,
    EquationRow,
    Figure,
    Footnote,
    Heading,
    Image,
    Paragraph,
    Piece,
    Reference,
    Row,
    Table,
    document_to_json,
    render_markdown,
    render_plain,
)
from tests.fulltext.documents import document, hostile_document, text
from tests.fulltext.test_document import DOCUMENT
from tests.hostile.hostile_input import INVISIBLE, MARKUP
from tests.pages import HOSTILE

FIRST, SECOND = Container("item", 1, "•"), Container("item", 2, "2.")
QUOTE = Container("quote", 3)


BLOCKS = {
    "heading": (Heading(content=text("Idea"), level=1, number="1"), "## 1 Idea"),
    "deep heading": (Heading(content=text("Idea"), level=4), "##### Idea"),
    "heading in a line": (Heading(content=text("Idea"), level=5), "**Idea**"),
    "styles": (
        Paragraph(
            content=text("a ", Piece("bold ", style="b"), Piece("x", style="^"), Piece("f`(x)", style="c"))
        ),
        "a **bold** <sup>x</sup>``f`(x)``",
    ),
    "formula": (Paragraph(content=text("we add ", Piece("b_{i}<2", "math"), ".")), r"we add $b_{i}\lt 2$."),
    "formula with dollars": (Paragraph(content=text(Piece(r"\text{$x$}", "math"))), r"`\text{$x$}`"),
    "link": (
        Paragraph(content=text(Piece("code", target="https://example.org/a_b"))),
        "[code](<https://example.org/a_b>)",
    ),
    "hostile link": (Paragraph(content=text(Piece("code", target="javascript:alert(1)"))), "code"),
    "markup in text": (Paragraph(content=text("<b>*a*</b> [x](y)")), r"\<b\>\*a\*\</b\> \[x\](y)"),
    "equation": (Equation(rows=(EquationRow(("x=1",), "(3)"),)), "$$\nx=1 \\tag*{(3)}\n$$"),
    "aligned": (
        Equation(rows=(EquationRow(("x", "=1")), EquationRow(("", "=2")))),
        "$$\n\\begin{aligned}\nx & =1 \\\\\n & =2 \\\\\n\\end{aligned}\n$$",
    ),
    "code": (
        Code(lines=(CodeLine(text("if x:  ")), CodeLine(text("    ```"))), language="python"),
        "````python\nif x:\n    ```\n````",
    ),
    "algorithm": (
        Code(lines=(CodeLine(text("for ", Piece("i", "math")), "1", 1),), is_algorithm=True),
        "```\n1   for i\n```",
    ),
    "table": (
        Table(
            rows=(
                Row((Cell((text("a|b"),), is_header=True), Cell(columns=2))),
                Row((Cell((text("1"), text("2"))),)),
            )
        ),
        "| a\\|b |  |  |\n| --- | --- | --- |\n| 1 <br> 2 |  |  |",
    ),
    "figure": (
        Figure(images=(Image("https://arxiv.org/html/x.png", "A bend"),)),
        "![A bend](<https://arxiv.org/html/x.png>)",
    ),
    "figure without address": (Figure(images=(Image("file:///x", ""),)), "Image"),
    "caption": (Caption(label="Figure 1", content=text("A bend.")), "**Figure 1:** A bend."),
    "reference": (Reference(label="[3]", content=text("Writer, 2025")), r"\[3\] Writer, 2025"),
    "quotation": (Paragraph(content=text("a"), inside=(QUOTE,)), "> a"),
}


@pytest.mark.parametrize(("block", "expected"), BLOCKS.values(), ids=BLOCKS.keys())
def test_a_block_is_markdown(block, expected):
    lines = list(render_markdown(document(block)))
    assert lines[0] == "# River Bends"
    assert "\n".join(lines[2:]) == expected


def test_items_of_lists_are_indented_and_marked_once():
    blocks = [
        Paragraph(content=text("one"), inside=(FIRST,)),
        Paragraph(content=text("more"), inside=(FIRST,)),
        Paragraph(content=text("deeper"), inside=(FIRST, SECOND)),
        Paragraph(content=text("after")),
    ]
    assert list(render_markdown(document(*blocks)))[1:] == [
        "",
        "- one",
        "",
        "  more",
        "",
        "  2. deeper",
        "",
        "after",
    ]


def test_a_footnote_is_referred_to_by_its_name():
    blocks = [
        Paragraph(content=text("See", Piece("1", style="^", target="#footnote1"), ".")),
        Footnote(mark="1", content=text("Once."), anchors=("footnote1",)),
    ]
    assert list(render_markdown(document(*blocks)))[2:] == ["See[^1].", "", "[^1]: Once."]


@pytest.mark.parametrize("source", ["pdf", "huggingface"])
def test_incomplete_sources_are_labelled(source):
    shown = "\n".join(render_markdown(document(source=source, arxiv="2611.00001", version=2)))
    assert "arXiv:2611.00001v2" in shown.replace("\\", "") and "incomplete" in shown


@pytest.mark.parametrize(
    "sign",
    [HOSTILE, MARKUP, INVISIBLE, "a\nb\rc\u2028d", "<script>alert(1)</script>", "[x](javascript:x)"],
    ids=ascii,
)
def test_nothing_in_a_document_is_markup_or_ends_a_line(sign):
    lines = list(render_markdown(hostile_document(sign)))
    assert not any("\n" in line or "\r" in line for line in lines)
    html = MarkdownIt("commonmark", {"html": True}).enable("table").render("\n".join(lines))
    assert "<script" not in html and 'href="javascript' not in html
    for line in render_plain(hostile_document(sign), 40):
        assert "\n" not in line and "\r" not in line and "\x1b" not in line
    json.dumps(document_to_json(hostile_document(sign)))


def test_json_has_plain_texts_and_tex():
    found = document_to_json(replace(DOCUMENT, arxiv="2611.00001", version=1))
    assert (found["arxiv"], found["version"], found["title"]) == ("2611.00001", 1, "A Small $x^2$")
    heading, paragraph, equation, code, table, reference = found["blocks"]
    assert heading == {
        "kind": "heading",
        "anchors": ["S1"],
        "inside": [],
        "text": "Idea",
        "level": 1,
        "number": "1",
    }
    assert (paragraph["inside"], paragraph["links"]) == (["item"], [{"text": "[1]", "target": "#bib.bib1"}])
    assert equation["rows"] == [{"tex": ["x", "=y"], "number": "(1)"}]
    assert (code["lines"], code["algorithm"]) == (["return x"], True)
    assert table["rows"] == [["BLEU"]]
    assert (reference["ids"], reference["label"]) == (["arxiv:2501.01234"], "[1]")


def test_plain_text_is_what_the_reader_shows():
    lines = list(render_plain(DOCUMENT, 40))
    assert any("A Small x²" in line for line in lines)
    assert all(len(line) <= 40 for line in lines)
