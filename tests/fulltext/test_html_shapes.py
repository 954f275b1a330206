"""What LaTeXML writes for each part of a paper, and the blocks that it becomes."""

import pytest

from tests.fulltext.outline import outline
from tests.fulltext.pages import cell, convert_article, equation_row, group, item, math, paragraph, table

LONG = "This paragraph is in a box that was drawn around it, and it is long enough to be prose."


def error(name: str) -> str:
    """Return what LaTeXML makes of what it does not know."""
    return f'<span class="ltx_ERROR undefined">{name}</span>'


def drawing(content: str) -> str:
    return (
        '<svg class="ltx_picture"><g><foreignObject><span class="ltx_foreignobject_content">'
        f"{content}</span></foreignObject></g></svg>"
    )


TEXT = {
    "comment in TeX": (paragraph(math("x+%\ny\\%z")), ["$x+y\\%z$"]),
    "definition of a color": (
        paragraph(math("\\definecolor[named]{pgfstrokecolor}{rgb}{0,0,0}\\displaystyle x")),
        ["$x$"],
    ),
    "formula that was not understood": (
        paragraph('a <math class="ltx_math_unparsed" alttext="[x" display="inline"><mi>x</mi></math> b'),
        ["a $[x$ b"],
    ),
    "formula without alternative text": (
        paragraph(
            '<math class="ltx_Math"><semantics><mi>x</mi><annotation encoding="application/x-llamapun">X</annotation>'
            '<annotation encoding="application/x-tex">x_{1}</annotation></semantics></math>'
        ),
        ["$x_{1}$"],
    ),
    "formula of MathJax": (
        paragraph(
            'Let <span class="ltx_Math"><span class="mjx-math" aria-label="\\textbf{y}"><span>y</span></span></span> be'
        ),
        ["Let $\\textbf{y}$ be"],
    ),
    "formula of KaTeX": (
        paragraph(
            '<span class="ltx_Math"><span class="katex"><span class="katex-mathml"><math><semantics><mi>y</mi>'
            '<annotation encoding="application/x-tex">y^{2}</annotation></semantics></math></span>'
            "<span>y2</span></span></span>"
        ),
        ["$y^{2}$"],
    ),
    "styles": (
        paragraph(
            '<span class="ltx_text ltx_font_bold">b<span class="ltx_text ltx_font_italic">bi</span></span>'
            '<em class="ltx_emph ltx_font_italic">i</em><code class="ltx_verbatim ltx_font_typewriter">c</code>'
            '<sup class="ltx_sup">up</sup><span class="ltx_text ltx_font_smallcaps">s</span>'
            '<span class="ltx_text ltx_font_bold">x<span class="ltx_text ltx_font_medium">y</span></span>'
        ),
        ["{b:b}{bi:bi}{i:i}{c:c}{^:up}{s:s}{b:x}y"],
    ),
    "white space": (
        "<div class='ltx_para'><p class='ltx_p'>  one \n two\u00a0three\u00a0 \u00a0four <b> five</b></p></div>",
        ["one two three four {b:five}"],
    ),
    "blanks at the end": (paragraph("one\u2003\u2003"), ["one"]),
    "line end": (paragraph('one<br class="ltx_break"> two'), ["one⏎two"]),
    "invisible text": (
        paragraph('<span class="ltx_text ltx_phantom"><span style="visibility:hidden">0</span></span>1.5'),
        ["1.5"],
    ),
    "buttons of the page": (paragraph('Text<button class="sr-only button">Report issue</button>'), ["Text"]),
    "macro that was not understood": (
        paragraph('phases<span class="ltx_ERROR undefined">\\ucite</span>writer2025small.'),
        ["phases{e:\\ucite}writer2025small."],
    ),
    "only macros": (
        paragraph('<span class="ltx_ERROR undefined">\\theme</span>') + paragraph("rose"),
        ["rose"],
    ),
    "unknown environment": (
        paragraph(f"Asked: {error('{mdframed}')} <b>Question 1:</b> Can it?") + paragraph("It can."),
        ["Asked: {b:Question 1:} Can it?", "It can."],
    ),
    "unknown environment around paragraphs": (
        error("{spverbatim}") + paragraph("How secure is it?"),
        ["How secure is it?"],
    ),
    "arguments of an unknown environment": (
        paragraph("one") + error("{CJK*}") + paragraph("UTF8gbsn") + paragraph("two3"),
        ["one", "two3"],
    ),
    "arguments of unknown macros": (
        error("\\reportnumber") + paragraph("001 ") + paragraph("1999"),
        ["1999"],
    ),
    "rest of a command": (
        error("\\ExplSyntaxOn")
        + paragraph(f"_set:nn  stm / title   nologo {error(chr(92) + 'Off')}")
        + paragraph("a"),
        ["a"],
    ),
    "text after unknown macros": (
        error("\\theme")
        + paragraph("rose")
        + error("\\page")
        + paragraph("https://a.org/1")
        + error("\\mail")
        + paragraph("a1@b.org")
        + error("{box}")
        + paragraph("In 1999, we did."),
        ["rose", "https://a.org/1", "a1@b.org", "In 1999, we did."],
    ),
    "citation without reference": (
        paragraph('(<cite class="ltx_cite"><span class="ltx_ref ltx_missing_citation">?</span></cite>)'),
        ["(?)"],
    ),
    "text outside of paragraphs": ("loose text<div>more</div>", ["loose text", "more"]),
    "picture in a sentence": (
        paragraph('an <img src="2501.01234v2/icon.png" alt="icon" class="ltx_graphics"> icon'),
        ["an !icon(https://arxiv.org/html/2501.01234v2/icon.png) icon"],
    ),
    "box in a sentence": (
        paragraph(
            'a <span class="ltx_inline-block ltx_transformed_outer"><span class="ltx_transformed_inner"><span'
            ' class="ltx_p">raised</span></span></span> word'
        ),
        ["a raised word"],
    ),
    "quotation": ('<blockquote class="ltx_quote"><p class="ltx_p">Said.</p></blockquote>', ["quote > Said."]),
    "box of a package for boxes": (
        paragraph(drawing(f'<span class="ltx_p">{LONG}</span><ul class="ltx_itemize">{item("Point")}</ul>')),
        [f"box > {LONG}", "box > item • > Point"],
    ),
    "labels of a drawing": (
        paragraph(drawing(math("k_{1}")) + drawing("out")),
        ["box > $k_{1}$", "box > out"],
    ),
    "frame": (
        '<div class="ltx_para ltx_framed ltx_framed_rectangle"><p class="ltx_p">One <span class="ltx_text ltx_framed'
        ' ltx_framed_rectangle">framed</span> word.</p></div>',
        ["box > One framed word."],
    ),
    "theorem and proof": (
        '<div id="Thm1" class="ltx_theorem"><h6 class="ltx_title ltx_runin ltx_title_theorem"><span'
        ' class="ltx_tag ltx_tag_theorem">Theorem 1</span> (Small).</h6><div class="ltx_para"><p class="ltx_p">True.'
        '</p></div></div><div class="ltx_proof"><h6 class="ltx_title ltx_runin ltx_title_proof">Proof.</h6>'
        '<div class="ltx_para"><p class="ltx_p">Clear.</p></div></div>',
        [
            "theorem > ###### Theorem 1: (Small).",
            "theorem > True.",
            "proof > ###### Proof.",
            "proof > Clear.",
        ],
    ),
    "headings": (
        '<section id="S2" class="ltx_section"><h2 class="ltx_title ltx_title_section"><span class="ltx_tag'
        f' ltx_tag_section">2. </span>On {math("n")}</h2><section class="ltx_subsection"><h3 class="ltx_title'
        ' ltx_title_subsection"><span class="ltx_tag">2.1 </span>Part</h3><section class="ltx_paragraph"><h4 class="'
        'ltx_title ltx_title_paragraph">Run in.</h4><div class="ltx_para"><p class="ltx_p">Text</p></div></section>'
        '</section></section><section id="A1" class="ltx_appendix"><h2 class="ltx_title ltx_title_appendix"><span'
        ' class="ltx_tag ltx_tag_appendix">Appendix A </span>Proofs</h2></section>',
        ["# 2: On $n$", "## 2.1: Part", "##### Run in.", "Text", "appendix > # A: Proofs"],
    ),
    "keywords": (
        '<div class="ltx_keywords"><h6 class="ltx_title ltx_title_keywords">Keywords: </h6>small, model</div>',
        ["##### Keywords:", "small, model"],
    ),
}

LISTS = {
    "items with paragraphs": (
        f'<ol class="ltx_enumerate">{item(paragraph("One") + paragraph("more"), "1.")}{item("Two", "2.")}</ol>',
        ["item 1. > One", "item 1. > more", "item 2. > Two"],
    ),
    "lists in lists": (
        f'<ul class="ltx_itemize">{item("Out<ul>" + item("In", "–") + "</ul>")}</ul>',
        ["item • > Out", "item • > item – > In"],
    ),
    "items without marks": ("<ol><li>One</li><li>Two</li></ol>", ["item 1. > One", "item 2. > Two"]),
    "formula as mark": (
        '<ul class="ltx_itemize">' + item("One", math("\\bullet")) + "</ul>",
        ["item • > One"],
    ),
    "term as mark": (
        f'<ul class="ltx_itemize">{item(paragraph("A page."), "<b>Long document:</b>")}</ul>',
        ["item > {b:Long document:} A page."],
    ),
    "descriptions": (
        '<dl class="ltx_description"><dt class="ltx_item"><span class="ltx_tag ltx_tag_item">Small model</span></dt>'
        '<dd class="ltx_item"><div class="ltx_para"><p class="ltx_p">Few.</p></div></dd><dt>Alone</dt></dl>',
        ["item > {b:Small model} Few.", "item > Alone"],
    ),
    "table in a list": (
        f'<ul class="ltx_itemize">{item(paragraph("See") + table([cell("a"), cell("b")]))}</ul>',
        ["item • > See", "item • > table a | b"],
    ),
    "list in a table": (
        table([cell('<ul class="ltx_itemize">' + item("x") + item("y") + "</ul>"), cell("z")]),
        ["table • x⏎• y | z"],
    ),
    "contents": (
        '<nav class="ltx_TOC"><ol class="ltx_toclist"><li class="ltx_tocentry"><a href="#S1" class="ltx_ref">1 Idea</a>'
        "</li></ol></nav>",
        ["item > [1 Idea](#S1)"],
    ),
}

EQUATIONS = {
    "one": (
        f'<table id="S1.E1" class="ltx_equation">{equation_row("x=1", number="1")}</table>',
        ["equation x=1 (1)"],
    ),
    "aligned by row": (
        group(equation_row("a", "=b", number="1"), equation_row("", "=c", number="2")),
        ["equation a & =b (1) ; & =c (2)"],
    ),
    "first column empty": (group(equation_row("", "a"), equation_row("", "b")), ["equation a ; b"]),
    "number on the left": (group(equation_row("a", "=b", number="4", is_left=True)), ["equation a & =b (4)"]),
    "number for three rows": (
        group(equation_row("a", number="5", rows=3), equation_row("b"), equation_row("c")),
        ["equation a ; b (5) ; c"],
    ),
    "several columns": (group(equation_row("a", "=b", "c", "=d")), ["equation a & =b & c & =d"]),
    "number without a mark": (
        f'<table class="ltx_equationgroup"><tr><td>{math("a")}</td><td>(A.1)</td></tr></table>',
        ["equation a (A.1)"],
    ),
    "prose between rows": (
        group(
            equation_row("a", number="1"),
            '<tr><td class="ltx_align_left" colspan="3">and thus</td></tr>',
            equation_row("b", number="2"),
        ),
        ["equation a (1)", "and thus", "equation b (2)"],
    ),
    "words in a row": (
        group(f'<tr><td class="ltx_td ltx_eqn_cell">{math("x")} for all {math("y")}</td></tr>'),
        ["equation x\\text{ for all }y"],
    ),
    "displayed without a table": (paragraph(f"so {math('x', 'block')} holds"), ["so", "equation x", "holds"]),
}


@pytest.mark.parametrize(("body", "expected"), [*TEXT.values()], ids=[*TEXT])
def test_text(body, expected):
    assert outline(convert_article(body)) == expected


@pytest.mark.parametrize(("body", "expected"), [*LISTS.values()], ids=[*LISTS])
def test_lists(body, expected):
    assert outline(convert_article(body)) == expected


@pytest.mark.parametrize(("body", "expected"), [*EQUATIONS.values()], ids=[*EQUATIONS])
def test_equations(body, expected):
    assert outline(convert_article(body)) == expected
