"""Layout of full texts."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from paperreader.fulltext import (
    ASCII_GLYPHS,
    HEAD,
    Caption,
    Cell,
    Code,
    CodeLine,
    Container,
    Document,
    Equation,
    EquationRow,
    Figure,
    Heading,
    Image,
    LayoutOptions,
    Line,
    Paragraph,
    Piece,
    Place,
    Reference,
    Row,
    Table,
    block_text,
    document_contents,
    equation_source,
    find_anchor,
    head_text,
    layout_around,
    layout_document,
    references_to,
    section_at,
    table_csv,
    target_blocks,
    target_kind,
)
from paperreader.fulltext.layout.formulas import inline_math
from paperreader.text.cell_width import cell_width
from paperreader.text.sanitize import clean_output
from paperreader.text.tex_display import formula_to_unicode
from tests.examples import examples
from tests.fulltext.sample_paper import PAPER, RESULTS_TABLE


def text_of(line: Line) -> str:
    return "".join(span.text for span in line.spans)


def shown(document: Document, **options) -> list[str]:
    return [text_of(line).rstrip() for line in layout_document(document, LayoutOptions(**options)).lines]


def document_of(*blocks) -> Document:
    return Document(title=(), blocks=blocks, source="arxiv-html")


def body(*blocks, **options) -> list[str]:
    """Return the lines of blocks, without title and facts."""
    layout = layout_document(document_of(*blocks), LayoutOptions(**options), 0)
    return [text_of(line).rstrip() for line in layout.lines]


@pytest.mark.parametrize("width", [20, 40, 76, 80])
def test_running_text_fits_the_width_and_the_rest_scrolls(width):
    for line in layout_document(PAPER, LayoutOptions(width=width, max_width=width)).lines:
        assert cell_width(text_of(line)) <= max(width, line.width)
        assert line.fixed <= line.width


@pytest.mark.parametrize("width", [20, 41, 80, 200])
@pytest.mark.parametrize("raw", [False, True])
def test_spans_show_the_part_of_the_text_that_they_name(width, raw):
    texts = {index: block_text(block) for index, block in enumerate(PAPER.blocks)} | {HEAD: head_text(PAPER)}
    covered: dict[int, set[int]] = {index: set() for index in texts}
    for line in layout_document(PAPER, LayoutOptions(width=width, max_width=width, raw=raw)).lines:
        for span in (span for span in line.spans if span.start >= 0):
            if len(span.text) == span.end - span.start:
                part = texts[line.block][span.start : span.end]
                assert span.text == part or span.role == "math", (span, part)
            covered[line.block].update(range(span.start, span.end))
    for index, text in texts.items():
        hidden = {text[at] for at in range(len(text)) if at not in covered[index]}
        assert hidden <= set(" \n\t"), (index, hidden)


@pytest.mark.parametrize("widths", [(80, 33), (40, 200), (76, 20)])
def test_places_survive_a_change_of_width(widths):
    first, second = (layout_document(PAPER, LayoutOptions(width=width, max_width=width)) for width in widths)
    for number in range(len(first.lines)):
        place = first.place_at(number)
        found = second.lines[second.line_at(place)]
        assert found.block == place.block
        assert found.offset <= place.offset


LONG = r"\alpha_{1} + " * 9_000
"""A formula of 100 kB."""


@pytest.mark.parametrize(
    "block",
    [
        Paragraph(content=(Piece("We see "), Piece(LONG, "math"), Piece(" here."))),
        Equation(rows=(EquationRow(cells=(LONG,), number="(4)"),)),
    ],
    ids=["in a line", "displayed"],
)
def test_of_a_very_long_formula_the_beginning_is_shown_and_all_of_it_as_tex(block):
    document = document_of(block, Paragraph(content=(Piece("After it."),)))
    unicode, tex = (layout_document(document, LayoutOptions(raw=raw), 0) for raw in (False, True))
    shown = " ".join(" ".join(text_of(line).split()) for line in unicode.lines)
    assert "a formula of 117 kB, too long to be shown" in shown and shown.endswith("After it.")
    assert len(unicode.lines) < 12 and len(tex.lines) > 1000
    for number, line in enumerate(tex.lines):
        there = unicode.lines[unicode.line_at(tex.place_at(number))]
        assert there.block == line.block


def test_tex_of_a_long_displayed_formula_is_wrapped_and_keeps_its_number():
    tex = r"x = \frac{a}{b} + " * 12
    lines = body(Equation(rows=(EquationRow(cells=(tex,), number="(3)"),)), raw=True, width=60)
    assert len(lines) > 3 and all(len(line) <= 60 for line in lines)
    assert lines[0].endswith("(3)")
    assert "".join("".join(lines).replace("(3)", "").split()) == tex.replace(" ", "")


def test_tex_without_blanks_is_not_broken_inside_a_command():
    tex = r"\operatorname{Sigmoid}\left(\mathbf{u}\right)" * 6
    lines = [line.strip() for line in body(Equation(rows=(EquationRow(cells=(tex,)),)), raw=True, width=44)]
    assert len(lines) > 5 and "".join(lines) == tex
    assert not any(before[-1].isalnum() and after[0].isalnum() for before, after in pairwise(lines))


@pytest.mark.parametrize(
    ("alternative", "options", "line"),
    [
        ("", {"why_no_pictures": "ASCII"}, "Figure 3  x1.png  (picture not shown: ASCII)"),
        ("A map", {"why_no_pictures": "ASCII"}, "A map  x1.png  (picture not shown: ASCII)"),
        ("Refer to caption", {"picture_rows": 2}, "Picture  x1.png"),
    ],
)
def test_the_line_in_place_of_a_picture_names_the_figure(alternative, options, line):
    inside = (Container("float", 1),)
    figure = Figure(
        images=(Image(alternative=alternative, address="https://a.example/x1.png"),), inside=inside
    )
    part = Caption(label="(a)", content=(Piece("A part."),), of="figure", inside=inside)
    caption = Caption(label="Figure 3", content=(Piece("Rivers."),), of="figure", inside=inside)
    assert line in [each.strip() for each in body(figure, part, caption, **options)]
    alone = body(replace(figure, inside=()), **options)
    assert alone[0].strip() == line.replace("Figure 3", "Picture")


def test_lines_of_a_document_are_in_the_order_of_its_text():
    lines = layout_document(PAPER, LayoutOptions(width=60, max_width=60)).lines
    places = [(line.block, line.offset) for line in lines]
    assert places == sorted(places)


@pytest.mark.parametrize("block", [HEAD, 0, 12, len(PAPER.blocks) - 1, 10_000])
def test_a_part_of_a_document_is_laid_out_as_in_the_whole(block):
    options = LayoutOptions(width=72, max_width=72)
    whole = layout_document(PAPER, options)
    part = layout_around(PAPER, options, Place(block, 0), before=10, after=30)
    start = next(number for number, line in enumerate(whole.lines) if line.block == part.first)
    assert part.lines == whole.lines[start : start + len(part.lines)]
    at = whole.line_at(Place(block, 0)) - start
    assert at >= 10 or part.first == HEAD
    assert len(part.lines) - at >= 30 or part.end == len(PAPER.blocks)


def test_displayed_formulas_have_their_numbers_at_the_right_edge():
    lines = body(
        Equation(rows=(EquationRow(("a", "=b"), "(1)"), EquationRow(("c+d", "=e"), "(2)"))), width=40
    )
    assert lines == ["        a = b                        (1)", "    c + d = e                        (2)"]


def test_formulas_are_shown_as_tex_when_asked_for():
    text = "\n".join(shown(PAPER, raw=True))
    assert r"\ddot{\theta}+\frac{g}{l}" in text
    assert r"$10^{-6}$" in text
    assert "10⁻⁶" in "\n".join(shown(PAPER))


def test_lists_have_markers_and_hanging_indents():
    outer, inner = Container("item", 1, "•"), Container("item", 2, "(a)")
    lines = body(
        Paragraph(content=(Piece("one two three four"),), inside=(outer,)),
        Paragraph(content=(Piece("five"),), inside=(outer, inner)),
        Paragraph(content=(Piece("six"),), inside=(Container("item", 3, "10."),)),
        width=20,
    )
    assert lines == ["  • one two three", "    four", "      (a) five", "  10. six"]


def test_theorems_have_a_bar_and_quotations_an_indent():
    theorem = (Container("theorem", 1),)
    lines = body(
        Heading(content=(Piece("(Ada)"),), level=6, number="Theorem 1", inside=theorem),
        Paragraph(content=(Piece("All is well."),), inside=theorem),
        Paragraph(content=(Piece("In two parts."),), inside=theorem),
        Paragraph(content=(Piece("Said Ada."),), inside=(Container("quote", 2),)),
    )
    assert lines == ["│ Theorem 1 (Ada)", "│ All is well.", "│", "│ In two parts.", "", "    Said Ada."]


def test_tables_have_rules_alignment_and_spanning_cells():
    assert body(RESULTS_TABLE, width=50, max_width=50) == [
        "──────────────────────────────────────────────────",
        "Model         Training                 Error (%)",
        "                                      clean  noisy",
        "──────────────────────────────────────────────────",
        "Clock, small  one week on one device    4.1    9.7",
        "Clock, large  one month on eight        2.9   -6.5",
        "              devices",
        "Sundial       none; it needs the sun    0.8   61.0",
        "              and a wall that faces",
        "              south all year",
        "──────────────────────────────────────────────────",
    ]


def test_cells_that_span_rows_leave_their_place_empty():
    def cell(text, **named):
        return Cell(((Piece(text),),), **named)

    table = Table(
        rows=(
            Row((cell("a", rows=2, rules="r"), cell("b"), cell("c"))),
            Row((cell("d", rules="b"), cell("e"))),
            Row((cell("f", columns=2, align="r"), cell("g"))),
        )
    )
    assert body(table) == ["a │ b  c", "  │ d  e", "  │ ─", "    f  g"]
    assert table_csv(table) == "a,b,c\n,d,e\nf,,g\n"


def test_a_wide_table_keeps_its_width_and_its_first_column():
    row = Row(tuple(Cell(((Piece(f"column {number}"),),)) for number in range(500)))
    layout = layout_document(document_of(Table(rows=(row,))), LayoutOptions(), 0)
    (line,) = layout.lines
    assert line.width == cell_width(text_of(line)) > 4000
    assert line.fixed == len("column 0  ")


def test_ascii_layout_has_no_other_decoration():
    options = LayoutOptions(width=70, max_width=70, glyphs=ASCII_GLYPHS)
    for line in layout_document(PAPER, options).lines:
        assert all(span.text.isascii() for span in line.spans if span.start < 0)


def test_no_blank_or_comma_of_a_citation_precedes_punctuation():
    pieces = [
        Piece("("),
        Piece("wri25 ", target="#bib1"),
        Piece("; "),
        Piece("ada24, ", target="#bib1"),
        Piece("), as "),
        Piece("ada24 ", target="#bib1"),
        Piece("says, "),
        Piece("."),
    ]
    paragraph = Paragraph(content=tuple(pieces))
    reference = Reference(label="", content=(Piece("Ada"),), anchors=("bib1",))
    layout = layout_document(document_of(paragraph, reference), LayoutOptions(), 0)
    assert text_of(layout.lines[0]) == "(wri25; ada24), as ada24 says, ."
    assert block_text(paragraph) == "(wri25; ada24), as ada24 says, ."
    spans = [span for span in layout.lines[0].spans if span.target]
    assert [block_text(paragraph)[span.start : span.end] for span in spans] == ["wri25", "ada24", "ada24 "]


def test_code_keeps_its_blanks_and_is_not_wrapped():
    code = Code(lines=(CodeLine((Piece("if  x:\tpass"),)), CodeLine((Piece("  " + "y" * 100),))))
    assert body(code, width=40) == ["  if  x:  pass", "    " + "y" * 100]


def test_contents_list_sections_figures_tables_algorithms_and_theorems():
    contents = document_contents(PAPER)
    assert [(entry.kind, entry.label, entry.text, entry.level) for entry in contents] == [
        ("section", "1", "Introduction", 1),
        ("section", "2", "Method", 1),
        ("section", "2.1", "How a Pendulum Swings", 2),
        ("theorem", "Theorem 1", "(Swinging)", 1),
        ("figure", "Figure 1", contents[4].text, 1),
        ("algorithm", "Algorithm 1", "Keeping time", 1),
        ("section", "3", "Results", 1),
        ("table", "Table 1", "Errors of clocks, smaller is better.", 1),
        ("table", "Table 2", "Swings in each hour of a day.", 1),
        ("section", "", "References", 1),
    ]
    method = contents[1]
    assert section_at(contents, method.block) == method
    assert section_at(contents, method.block - 1) == contents[0]
    assert section_at(contents, HEAD) is None


@pytest.mark.parametrize(
    ("anchor", "kind", "contains"),
    [
        ("bib.bib2", "reference", "Wheels that count"),
        ("footnote1", "footnote", "watch"),
        ("S2.E3", "equation", "√"),
        ("S2.F1", "figure", "Figure 1"),
        ("S3.T1", "table", "Table 1"),
        ("alg1", "algorithm", "Algorithm 1"),
        ("S2.SS1", "section", "How a Pendulum Swings"),
        ("Thm1", "theorem", "Every pendulum"),
    ],
)
def test_links_lead_to_what_they_name(anchor, kind, contains):
    place = find_anchor(PAPER, anchor)
    assert place is not None
    assert target_kind(PAPER, place) == kind
    assert contains in "\n".join(block_text(PAPER.blocks[index]) for index in target_blocks(PAPER, place))


def test_an_anchor_of_a_row_leads_to_the_row():
    place = find_anchor(PAPER, "S2.E3")
    assert place is not None
    layout = layout_document(PAPER, LayoutOptions())
    assert "(3)" in text_of(layout.lines[layout.line_at(place)])
    assert find_anchor(PAPER, "nowhere") is None


def test_references_know_where_they_are_cited():
    cited = find_anchor(PAPER, "bib.bib2")
    assert cited is not None
    (block,) = references_to(PAPER, cited.block)
    assert "A clock is a machine" in block_text(PAPER.blocks[block])


def test_links_without_a_target_are_text():
    paragraph = Paragraph(
        content=(
            Piece("a", target="#nowhere"),
            Piece("b", target="javascript:alert(1)"),
            Piece("c", target="file:///etc/passwd"),
            Piece("d", target="https://clocks.example/"),
            Piece("e", target="#S1"),
        ),
        anchors=("S1",),
    )
    lines = layout_document(document_of(paragraph), LayoutOptions(), 0).lines
    assert [span.text for line in lines for span in line.spans if span.target] == ["d", "e"]


def test_equations_and_tables_are_copied_in_their_languages():
    equation = Equation(rows=(EquationRow(("x", "=y")), EquationRow(("z", "=1"))))
    assert equation_source(equation) == "x & =y \\\\\nz & =1"
    assert table_csv(RESULTS_TABLE).splitlines()[
        3
    ] == "Clock, large,one month on eight devices,2.9,-6.5".replace("Clock, large", '"Clock, large"')


pieces = st.builds(
    Piece,
    st.text(max_size=30),
    st.sampled_from(["text", "math", "image"]),
    st.sampled_from(["", "b", "i", "c", "^", "_", "e"]),
    st.sampled_from(["", "#S1", "https://clocks.example/"]),
)
contents = st.lists(pieces, max_size=5).map(tuple)
containers = st.lists(
    st.builds(
        Container,
        st.sampled_from(["item", "quote", "theorem", "box", "float"]),
        st.integers(0, 5),
        st.text(max_size=5),
    ),
    max_size=30,
).map(tuple)
cells = st.builds(
    Cell,
    st.lists(contents, max_size=2).map(tuple),
    st.integers(-1, 4),
    st.integers(-1, 4),
    st.sampled_from(["", "l", "c", "r"]),
    st.booleans(),
    st.text("tblr", max_size=2),
)
blocks = st.one_of(
    st.builds(Paragraph, content=contents, inside=containers),
    st.builds(
        Heading, content=contents, level=st.integers(0, 7), number=st.text(max_size=5), inside=containers
    ),
    st.builds(
        Equation,
        rows=st.lists(
            st.builds(
                EquationRow, st.lists(st.text(max_size=20), max_size=4).map(tuple), st.text(max_size=5)
            ),
            max_size=3,
        ).map(tuple),
    ),
    st.builds(
        Code,
        lines=st.lists(
            st.builds(CodeLine, contents, st.text(max_size=3), st.integers(-1, 50)), max_size=4
        ).map(tuple),
        is_algorithm=st.booleans(),
    ),
    st.builds(
        Table, rows=st.lists(st.builds(Row, st.lists(cells, max_size=5).map(tuple)), max_size=4).map(tuple)
    ),
    st.builds(Reference, label=st.text(max_size=12), content=contents),
)


@examples(25)
@given(st.lists(blocks, max_size=6), st.integers(1, 100), st.booleans())
def test_any_document_is_laid_out_without_control_characters(found, width, raw):
    document = document_of(*found)
    layout = layout_document(document, LayoutOptions(width=width, max_width=width, raw=raw))
    for line in layout.lines:
        text = text_of(line)
        assert clean_output(text) == text
        assert "\n" not in text
        if not line.width:
            assert cell_width(text) <= max(width, 24), (width, text)
    places = [(line.block, line.offset) for line in layout.lines]
    assert places == sorted(places)
    for block, index in ((block, index) for index, block in enumerate(found)):
        text = block_text(block)
        for line in layout.lines:
            for span in line.spans if line.block == index else ():
                assert span.end <= len(text)


@pytest.mark.parametrize(
    ("groups", "names", "fixed"),
    [
        (("English", "", "", ""), ("Reading", "Spelling", "Grammar", "Style"), len("English  Spelling  ")),
        (("English", "Code", "Math", "Maps"), ("Reading", "Spelling", "Grammar", "Style"), len("English  ")),
        (("(A)", "", "", ""), ("16", "32", "64", "128"), len("(A)  ")),
        (("English", "", "", ""), ("Reading-and-understanding-of-long-texts",) * 4, len("English  ")),
    ],
    ids=["groups", "every row has a name", "numbers", "too wide for both"],
)
def test_the_names_of_the_rows_of_a_group_stay_with_that_of_the_group(groups, names, fixed):
    rows = tuple(
        Row(tuple(Cell(((Piece(text),),)) for text in (group, name, *("12.3456",) * 12)))
        for group, name in zip(groups, names, strict=True)
    )
    layout = layout_document(document_of(Table(rows=rows)), LayoutOptions(width=60, max_width=60), 0)
    assert {line.fixed for line in layout.lines if line.width} == {fixed}


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        ("T=26", "T = 26"),
        (r"x=(x_{1},\ldots,x_{n})\in\mathbb{R}^{d_{k}\times n}", "x = (x₁,…,xₙ) ∈ ℝ^(dₖ×n)"),
        (r"P(x_{i}=1)\leq y<z, a:=b", "P(xᵢ=1) ≤ y < z, a := b"),
        (r"f:A\to\mathbb{R}, n!, G_{X\to Y}", "f:A → ℝ, n!, G_(X→Y)"),
        (r"\sim 10", "∼10"),
        ("=0,", "=0,"),
        (r"U_{\rightarrow}, x^{=}, b=", "U_→, x⁼, b="),
        (r"a \neq b", "a ≠ b"),
        (
            r"x\overset{+}{\leftarrow}{- y}, a \overset{\text{def}}{=} b, x\to_{n}y",
            "x ←⁺ - y, a =ᵈᵉᶠ b, x →ₙ y",
        ),
    ],
)
def test_relations_of_formulas_in_a_line_have_blanks_except_in_brackets(tex, shown):
    layout = layout_document(document_of(Paragraph(content=(Piece(tex, "math"),))), LayoutOptions(), 0)
    assert text_of(layout.lines[0]) == shown


@given(st.text(alphabet="ab1=<∈→([{)]}_^ :!,", max_size=20))
def test_blanks_are_all_that_is_added_around_relations(tex):
    assert inline_math(tex).replace(" ", "") == formula_to_unicode(tex).replace(" ", "") or not tex.strip()
