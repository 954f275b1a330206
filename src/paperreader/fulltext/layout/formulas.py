"""Formulas as text: the only module of the layout that knows how TeX is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from paperreader.text.cell_width import cell_width, wrap_anywhere
from paperreader.text.sanitize import single_line
from paperreader.text.tex.formula_line import to_script
from paperreader.text.tex.layout.box import Box
from paperreader.text.tex.layout.formula import layout_formula
from paperreader.text.tex.relations import space_relations
from paperreader.text.tex_display import formula_to_unicode

_TOKEN = re.compile(r"\\?\w+|\\?.")

MAX_FORMULA_LENGTH = 20_000
"""Of longer formulas only the beginning of the TeX is shown: nobody reads them, and converting them takes time."""

_SHOWN_LENGTH = 200
"""Characters that are shown of a formula that is too long."""


@lru_cache(maxsize=8192)
def inline_math(tex: str) -> str:
    """Return a formula as one line of Unicode. What has no form there stays TeX."""
    if len(tex) > MAX_FORMULA_LENGTH:
        return _beginning(tex)
    return space_relations(single_line(formula_to_unicode(tex))) or single_line(tex)


def _beginning(tex: str) -> str:
    return f"{single_line(tex[:_SHOWN_LENGTH])}… (a formula of {len(tex) // 1000} kB, too long to be shown)"


def is_too_long(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a displayed formula is so long that it is shown as TeX."""
    return sum(len(cell) for row in rows for cell in row) > MAX_FORMULA_LENGTH


def display_math(rows: Sequence[Sequence[str]], width: int) -> list[Box]:
    """Return the lines of each row of a displayed formula that is not too long, whose columns are aligned.

    Args:
        rows: TeX of the cells of each row.
        width: cells into which the lines should fit; a line that cannot be broken is longer.
    """
    return layout_formula(rows, width)


def source_box(cells: Sequence[str], width: int, *, is_whole: bool = True) -> Box:
    """Return the TeX of a row of a displayed formula as lines of at most `width` cells.

    They end at blanks, else between commands, words and signs. Unless it `is_whole`, one that is too long is cut.
    """
    lines = [""]
    tex = " & ".join(cells)
    text = single_line(tex) if is_whole or len(tex) <= MAX_FORMULA_LENGTH else _beginning(tex)
    for word in text.split(" "):
        blank = " " if lines[-1] else ""
        for piece in _pieces(word, width):
            if lines[-1] and cell_width(lines[-1] + blank + piece) > width:
                lines.append(piece)
            else:
                lines[-1] += blank + piece
            blank = ""
    return Box(tuple(lines))


def _pieces(word: str, width: int) -> list[str]:
    """Return the parts of a word that are not broken."""
    if cell_width(word) <= width:
        return [word]
    return [part for token in _TOKEN.findall(word) for part in wrap_anywhere(token, width)]


def superscript(sign: str, text: str) -> str:
    """Return a text as superscript (`^`) or subscript (`_`); a mark such as a dagger stays as it is."""
    return to_script(sign, text) if any(map(str.isalnum, text)) else text
