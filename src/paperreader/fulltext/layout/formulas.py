"""Formulas as text: the only module of the layout that knows how TeX is shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from paperreader.text.cell_width import cell_width
from paperreader.text.sanitize import sanitize, single_line
from paperreader.text.tex.converter import Converter
from paperreader.text.tex.formula_line import to_script

MAX_FORMULA_LENGTH = 20_000
"""Longer formulas are shown as they are: nobody reads them, and converting them takes time."""

_BREAK = re.compile(r" (?=[=≤≥<>≈∼≃≅≡∝→←⇒⇔∈+−±∓-] )")
"""Where a long formula may be broken."""

_RELATION = re.compile(r"[=≤≥<>≈∼≃≅≡∝→←⇒⇔∈⊂⊆:]")

_INDENT = 4
"""Cells before the continuation of a broken formula."""


@lru_cache(maxsize=8192)
def inline_math(tex: str) -> str:
    """Return a formula as one line of Unicode. What has no form there stays TeX."""
    source = single_line(tex)
    if len(source) > MAX_FORMULA_LENGTH:
        return source
    shown = Converter(source).convert_formula(0, len(source), 0)
    return single_line(sanitize(shown)) or source


def display_math(rows: Sequence[Sequence[str]], width: int) -> list[list[str]]:
    """Return the lines of each row of a displayed formula, whose columns are aligned.

    Args:
        rows: TeX of the cells of each row.
        width: cells into which the lines should fit; a line that cannot be broken is longer.
    """
    if len(rows) == 1 or all(len(row) == 1 for row in rows):
        return [_broken(inline_math(" ".join(row)), width) for row in rows]
    table = [[_cell(tex, column) for column, tex in enumerate(row)] for row in rows]
    columns = max(map(len, table))
    widths = [
        max((cell_width(row[at]) for row in table if at < len(row)), default=0) for at in range(columns)
    ]
    return [_broken(_aligned(row, widths), width) for row in table]


def superscript(sign: str, text: str) -> str:
    """Return a text as superscript (`^`) or subscript (`_`); a mark such as a dagger stays as it is."""
    return to_script(sign, text) if any(map(str.isalnum, text)) else text


def _cell(tex: str, column: int) -> str:
    shown = inline_math(tex)
    is_relation = column % 2 and _RELATION.match(shown)
    return f" {shown[0]} {shown[1:].lstrip()}".rstrip() if is_relation else shown


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    """Return the cells next to each other: the first of each pair ends where the second begins."""
    line = ""
    for column, text in enumerate(row):
        room = " " * (widths[column] - cell_width(text))
        if column and not column % 2:
            line += "  "
        line += text + room if column % 2 else room + text
    return line.rstrip()


def _broken(shown: str, width: int) -> list[str]:
    """Return a formula in lines, broken before relations and operators."""
    if cell_width(shown) <= width:
        return [shown]
    lines = [""]
    for part in _BREAK.split(shown):
        joined = f"{lines[-1]} {part}" if lines[-1].strip() else lines[-1] + part
        if cell_width(joined) > width and lines[-1].strip():
            lines.append(" " * _INDENT + part)
        else:
            lines[-1] = joined
    return lines
