"""Figures, tables, notes, listings, references and links of pages made by LaTeXML."""

import base64

import pytest

from paperreader.fulltext import Figure, Table
from tests.fulltext.outline import outline
from tests.fulltext.pages import cell, convert_article, math, note, paragraph, table


def figure(content: str, caption: str = "", kind: str = "figure", name: str = "S1.F1") -> str:
    caption = f'<figcaption class="ltx_caption">{caption}</figcaption>' if caption else ""
    return f'<figure id="{name}" class="ltx_{kind}">{content}{caption}</figure>'


def image(name: str, alternative: str = "Refer to caption") -> str:
    return f'<img src="2501.01234v2/{name}" class="ltx_graphics" width="238" height="88" alt="{alternative}">'


def tag(text: str, kind: str = "figure") -> str:
    return f'<span class="ltx_tag ltx_tag_{kind}">{text}</span>'


IMAGES = "https://arxiv.org/html/2501.01234v2"

FLOATS = {
    "figure": (
        figure(image("x1.png"), tag("Figure 1: ") + f"With {math('x')}."),
        [f"float > figure ({IMAGES}/x1.png)", "float > caption of figure Figure 1: With $x$."],
    ),
    "figure that is an object": (
        figure(
            '<object type="image/svg+xml" data="2501.01234v2/g.svg" width="238"></object>', tag("Figure 2: ")
        ),
        [f"float > figure ({IMAGES}/g.svg)", "float > caption of figure Figure 2: "],
    ),
    "figure that was lost": (
        figure("", tag("Figure 3: ") + "Lost."),
        ["float > caption of figure Figure 3: Lost."],
    ),
    "panels": (
        figure(
            figure(image("a.png"), tag("(a) ") + "Left.", name="f1")
            + figure(image("b.png"), "(b) Right.", name="f2"),
            tag("Figure 4: ") + "Both.",
        ),
        [
            f"float > float > figure ({IMAGES}/a.png)",
            "float > float > caption of figure (a): Left.",
            f"float > float > figure ({IMAGES}/b.png)",
            "float > float > caption of figure (b): Right.",
            "float > caption of figure Figure 4: Both.",
        ],
    ),
    "pictures next to each other": (
        figure(f'<div class="ltx_flex_figure"><div>{image("a.png")}</div><div>{image("b.png")}</div></div>'),
        [f"float > figure ({IMAGES}/a.png) ({IMAGES}/b.png)"],
    ),
    "pictures in a table": (
        figure(table([cell(image("a.png")), cell(image("b.png"))])),
        [f"float > figure ({IMAGES}/a.png) ({IMAGES}/b.png)"],
    ),
    "figures in a table for layout": (
        figure(f"<table><tr><td>{figure(image('a.png'), 'Left')}</td><td>text</td></tr></table>"),
        [
            f"float > float > figure ({IMAGES}/a.png)",
            "float > float > caption of figure : Left",
            "float > text",
        ],
    ),
    "picture without an address": (paragraph("a") + '<img alt="[Uncaptioned image]">', ["a"]),
    "table": (
        figure(table([cell("a"), cell("b")]), tag("Table 1: ", "table") + "Data.", kind="table"),
        ["float > table a | b", "float > caption of table Table 1: Data."],
    ),
    "captions without marked labels": (
        figure(image("x1.png"), "Figure 1: A cat.")
        + '<figure class="ltx_float"><figcaption>Algorithm 2: Add</figcaption>x</figure>',
        [
            f"float > figure ({IMAGES}/x1.png)",
            "float > caption of figure Figure 1: A cat.",
            "float > caption of algorithm Algorithm 2: Add",
            "float > x",
        ],
    ),
    "algorithm": (
        '<figure id="alg1" class="ltx_float ltx_float_algorithm"><figcaption class="ltx_caption">'
        + tag("Algorithm 1 ", "float")
        + 'Add</figcaption><div class="ltx_listing ltx_listing"><div class="ltx_listingline">'
        + tag("1:", "listingline")
        + '\u00a0<b>for</b> all <b>do</b></div><div class="ltx_listingline">'
        + tag("2:", "listingline")
        + f"\u00a0\u00a0\u00a0 add {math('x')}\n  twice</div></div></figure>",
        [
            "float > caption of algorithm Algorithm 1: Add",
            "float > algorithm 1.{b:for} all {b:do} / 2.>add $x$ twice",
        ],
    ),
}

CODE = "def f(x):\n    return ' '\n\n"
CODE_LINES = (
    '<div class="ltx_listing_data"><a href="data:text/plain;base64,'
    + base64.b64encode(CODE.encode()).decode()
    + '" download="">⬇</a></div><div class="ltx_listingline">'
    '<span class="ltx_text ltx_lst_keyword ltx_font_bold">def</span>'
    '<span class="ltx_text ltx_lst_space"> </span><span class="ltx_text ltx_lst_identifier">f</span>(x):\n</div>'
    '<div class="ltx_listingline"><span class="ltx_text ltx_lst_space">    </span>return ’␣’</div>'
)

LISTINGS = {
    "code with a caption": (
        '<figure id="LST1" class="ltx_float ltx_lstlisting"><figcaption class="ltx_caption">'
        + tag("Listing 1: ", "lstlisting")
        + f'Adding.</figcaption><div class="ltx_listing ltx_lst_language_C ltx_lstlisting">{CODE_LINES}</div></figure>',
        ["float > caption of listing Listing 1: Adding.", "float > code C {b:def} f(x): /     return ' '"],
    ),
    "code": (
        f'<div class="ltx_listing ltx_lst_language_Python ltx_lstlisting">{CODE_LINES}</div>',
        ["code Python {b:def} f(x): /     return ' '"],
    ),
    "code that is indented as a whole": (
        '<div class="ltx_lstlisting"><div class="ltx_listingline">  <b>if</b> x:</div><div class="ltx_listingline">'
        '<span class="ltx_lst_space">    </span>y</div><div class="ltx_listingline"></div></div>',
        ["code {b:if} x: /   y / "],
    ),
    "verbatim": ("<pre class='ltx_verbatim'>\na\n  b\n</pre>", ["code a /   b"]),
    "listing in a line of a listing": (
        '<div class="ltx_listing ltx_listing"><div class="ltx_listingline"><span class="ltx_text"><span'
        ' class="ltx_listing"><span class="ltx_listingline">' + tag("1:", "listingline") + "Input</span>"
        '<span class="ltx_listingline">'
        + tag("2:", "listingline")
        + "Output</span></span></span></div></div>",
        ["algorithm 1.Input / 2.Output"],
    ),
    "algorithm with composed indents": (
        '<div class="ltx_listing">'
        + "".join(
            f'<div class="ltx_listingline">{tag(f"{number}:", "listingline")}\n   <span>{blanks}</span>'
            f" <b>{word}</b></div>"
            for number, blanks, word in (
                *((1, "", "for"), (2, "\u2003\u2002\u200a", "if"), (3, "\u2003\u2002\u200a" * 2, "add")),
                *((4, "\u2003\u2002", "end"), (5, "\u200a", "end")),
            )
        )
        + "</div>",
        ["algorithm 1.{b:for} / 2.>{b:if} / 3.>>{b:add} / 4.>{b:end} / 5.{b:end}"],
    ),
    "algorithm without indents": (
        '<div class="ltx_listing">'
        + "".join(
            f'<div class="ltx_listingline"><b>{word}</b> {rest}</div>'
            for word, rest in (
                ("for", "x"),
                ("if", "y"),
                ("add", ""),
                ("else", ""),
                ("end", "if"),
                ("end", "for"),
            )
        )
        + "</div>",
        ["algorithm {b:for} x / >{b:if} y / >>{b:add} / >{b:else} / >{b:end} if / {b:end} for"],
    ),
}

NOTES = {
    "footnote": (
        paragraph("Text" + note("1", 'One. <span class="ltx_p">Two.</span>') + " goes on."),
        ["Text[{^:1}](#fn1) goes on.", "note 1: One.⏎Two."],
    ),
    "footnote in a heading": (
        f'<h2 class="ltx_title ltx_title_section">Idea{note("1", "Mine.")}</h2>',
        ["# Idea[{^:1}](#fn1)", "note 1: Mine."],
    ),
    "footnote in a table": (
        table([cell(f"a{note('a', 'Rounded.')}"), cell("b")]),
        ["table a[{^:a}](#fn1) | b", "note a: Rounded."],
    ),
    "footnote in a footnote": (
        paragraph(f"Text{note('1', 'One' + note('2', 'Two', name='fn2'))}"),
        ["Text[{^:1}](#fn1)", "note 1: One[{^:2}](#fn2)", "note 2: Two"],
    ),
    "second mark of a footnote": (
        paragraph(f"Text{note('1', 'One.')} and{note('1', '', 'footnotemark', 'fnx')} too"),
        ["Text[{^:1}](#fn1) and[{^:1}](#fn1) too", "note 1: One."],
    ),
    "mark before its text": (
        paragraph(f"Text{note('1', '', 'footnotemark', 'fnx')}")
        + paragraph(note("1", "Later.", "footnotetext", "fn9")),
        ["Text[{^:1}](#fn9)", "note 1: Later."],
    ),
    "mark without a note": (paragraph(f"Text{note('7', '', 'footnotemark')}"), ["Text{^:7}"]),
    "note of the converter": (paragraph(f"Text{note('†', 'Now.', 'thanks', kind='thanks')}"), None),
    "note with a name": (paragraph(f"Text{note('†', 'Science', 'journal', kind='journal')}"), None),
}
NOTES["note of the converter"] = (NOTES["note of the converter"][0], ["Text[{^:†}](#fn1)", "note †: Now."])
NOTES["note with a name"] = (NOTES["note with a name"][0], ["Text[{^:†}](#fn1)", "note †: journal: Science"])

CELLS = {
    "paragraphs": (cell('<span class="ltx_p">One</span><span class="ltx_p">Two</span>'), "One⏎Two"),
    "line end": (cell('One<br class="ltx_break">Two'), "One⏎Two"),
    "table": (cell(table([cell("One")], [cell("Two")])), "One⏎Two"),
    "formula": (cell(math("x")), "$x$"),
    "displayed formula": (cell(math("x", "block") + "text"), "$x$⏎text"),
    "code": (cell("<pre>a\n b</pre>"), "a⏎ b"),
    "picture and text": (cell(image("x.png", "Cat") + " cat"), f"!Cat({IMAGES}/x.png) cat"),
    "empty": (cell(" "), ""),
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [*FLOATS.values(), *LISTINGS.values(), *NOTES.values()],
    ids=[*FLOATS, *LISTINGS, *NOTES],
)
def test_parts(body, expected):
    assert outline(convert_article(body)) == expected


@pytest.mark.parametrize(("content", "expected"), CELLS.values(), ids=CELLS)
def test_cells(content, expected):
    assert outline(convert_article(table([content, cell("end")]))) == [f"table {expected} | end"]


def test_table_has_spans_rules_and_alignment():
    (found,) = convert_article(
        '<span class="ltx_tabular"><span class="ltx_thead"><span class="ltx_tr">'
        '<span class="ltx_td ltx_th ltx_th_column ltx_align_left ltx_border_tt ltx_border_r">Name</span></span></span>'
        '<span class="ltx_tr"><span class="ltx_td ltx_align_center ltx_border_bb" colspan="2" rowspan="3">x</span>'
        "</span>"
        '<span class="ltx_tr"><span class="ltx_td" colspan="x" rowspan="99999">y</span></span></span>'
    ).blocks
    assert isinstance(found, Table)
    cells = [row.cells[0] for row in found.rows]
    assert [(cell.columns, cell.rows, cell.align, cell.rules, cell.is_header) for cell in cells] == [
        (1, 1, "l", "tr", True),
        (2, 3, "c", "b", False),
        (1, 1000, "", "", False),
    ]


def test_figure_knows_the_size_of_its_picture():
    (found,) = convert_article(figure(image("x1.png", "A cat"))).blocks
    assert isinstance(found, Figure)
    assert (found.images[0].width, found.images[0].height, found.images[0].alternative) == (238, 88, "A cat")
