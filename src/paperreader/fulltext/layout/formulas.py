"""Formulas as text: the only module of the layout that knows how TeX is shown."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from paperreader.text.sanitize import single_line
from paperreader.text.tex.formula_line import to_script
from paperreader.text.tex.layout.box import Box
from paperreader.text.tex.layout.formula import layout_formula
from paperreader.text.tex_display import formula_to_unicode

MAX_FORMULA_LENGTH = 20_000
"""Longer formulas are shown as they are: nobody reads them, and converting them takes time."""


@lru_cache(maxsize=8192)
def inline_math(tex: str) -> str:
    """Return a formula as one line of Unicode. What has no form there stays TeX."""
    if len(tex) > MAX_FORMULA_LENGTH:
        return single_line(tex)
    return single_line(formula_to_unicode(tex)) or single_line(tex)


def display_math(rows: Sequence[Sequence[str]], width: int) -> list[Box]:
    """Return the lines of each row of a displayed formula, whose columns are aligned.

    Args:
        rows: TeX of the cells of each row.
        width: cells into which the lines should fit; a line that cannot be broken is longer.
    """
    if sum(len(cell) for row in rows for cell in row) > MAX_FORMULA_LENGTH:
        return [Box.of_text(inline_math(" ".join(row))) for row in rows]
    return layout_formula(rows, width)


def superscript(sign: str, text: str) -> str:
    """Return a text as superscript (`^`) or subscript (`_`); a mark such as a dagger stays as it is."""
    return to_script(sign, text) if any(map(str.isalnum, text)) else text
