"""Where the pages of a full text begin."""

from __future__ import annotations

from itertools import takewhile

import pytest

from paperreader.fulltext import (
    Caption,
    Cell,
    Code,
    CodeLine,
    Container,
    Document,
    Equation,
    EquationRow,
    Figure,
    Image,
    LayoutOptions,
    Piece,
    Row,
    Table,
    layout_document,
    page_above,
    page_below,
)
from tests.fulltext.sample_paper import PAPER

HEIGHT = 12

CASES = r"f(x)=\begin{cases}0,&x<0,\\1,&x=0,\\2,&x=1,\\3,&x>1.\end{cases}"


def text(lines: int) -> Code:
    return Code(lines=tuple(CodeLine((Piece(f"line {number}"),)) for number in range(lines)))


def cut_document(before: int, *blocks) -> Document:
    return Document(title=(Piece("T"),), source="arxiv-html", blocks=(text(before), *blocks, text(40)))


FLOAT = (Container("float", 1),)
TABLE = Table(inside=FLOAT, rows=tuple(Row((Cell(((Piece(f"row {n}"),),)),)) for n in range(5)))
CAPTION = Caption(inside=FLOAT, label="Table 1", of="table", content=(Piece("Rows."),))
PICTURE = Figure(images=(Image("https://arxiv.example/html/1/x1.png", "", 64, 48),))
WHOLE = {
    "formula": (Equation(rows=(EquationRow((CASES,)),)),),
    "table with its caption": (CAPTION, TABLE),
    "picture": (PICTURE,),
}


def shown_together(layout, block_numbers):
    lines = [
        number for number, line in enumerate(layout.lines) if line.block in block_numbers and line.offset >= 0
    ]
    return range(lines[0], lines[-1] + 1)


@pytest.mark.parametrize("blocks", WHOLE.values(), ids=WHOLE)
@pytest.mark.parametrize("before", range(2, 24))
def test_what_fits_on_a_page_is_seen_as_a_whole(blocks, before):
    document = cut_document(before, *blocks)
    layout = layout_document(document, LayoutOptions(picture_rows=6))
    whole = shown_together(layout, range(1, 1 + len(blocks)))
    assert len(whole) > 3
    end = len(layout.lines) - HEIGHT
    assert end > whole.stop
    below = list(takewhile(lambda top: top < end, accumulated(page_below, layout, document, 0)))
    above = list(takewhile(lambda top: top, accumulated(page_above, layout, document, end)))
    for tops in (below, [*above, 0]):
        assert any(top <= whole.start and whole.stop <= top + HEIGHT for top in tops), tops


def accumulated(step, layout, document, top):
    while True:
        yield top
        top = step(layout, document, top, HEIGHT)


@pytest.mark.parametrize("height", [1, 2, 5, 22, 38])
@pytest.mark.parametrize("width", [30, 77])
def test_pages_show_every_line_and_get_on(width, height):
    layout = layout_document(PAPER, LayoutOptions(width=width, max_width=width, picture_rows=height))
    top, seen = 0, set(range(height))
    while top + height < len(layout.lines):
        below = page_below(layout, PAPER, top, height)
        assert top < below <= top + max(1, height)
        top = below
        seen |= set(range(top, top + height))
    assert seen >= set(range(len(layout.lines)))
    while top:
        above = page_above(layout, PAPER, top, height)
        assert max(0, top - max(1, height - 1)) <= above < top
        top = above
