"""Lay out displayed formulas in two dimensions."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.text.tex.environments import split_rows
from paperreader.text.tex.layout.box import EMPTY, Box, beside, stack, table, with_gaps
from paperreader.text.tex.layout.parts import Part, join_aligned, join_parts
from paperreader.text.tex.layout.structures import FormulaLayout
from paperreader.text.tex.scanner import brace_pairs
from paperreader.text.tex_display import formula_to_unicode, prepare_formula

MAX_LAID_OUT_LENGTH = 20_000
"""Characters of a formula that is laid out in two dimensions; a longer one is written on one line."""

_INDENT = 4
"""Cells of the continuation of a formula that is broken."""

_GAP = 4
"""Cells between two formulas in a line."""


def layout_formula(rows: Sequence[Sequence[str]], width: int) -> list[Box]:
    """Lay out a displayed formula.

    Args:
        rows: TeX of the cells of each line, aligned at their ends and starts in turn, as in `align`.
        width: cells that a line should have at most.

    Returns:
        One box for each row. It is wider than `width` only if the formula cannot be broken.
    """
    laid_out = [[_parts(cell) for cell in row] for row in rows]
    boxes = [join_aligned(row) for row in laid_out]
    aligned = table(boxes, _alignment(boxes), gap=0)
    if all(box.width <= width for box in aligned):
        return aligned
    rows_of_parts = [[part for cell in row for part in cell] for row in laid_out]
    return [_broken(row, width, continues=index > 0) for index, row in enumerate(rows_of_parts)]


def split_formula(tex: str) -> list[list[str]]:
    r"""Split a formula into lines and cells, where it has `\\` and `&` outside of environments."""
    text = prepare_formula(tex)
    spans = split_rows(text, 0, len(text), brace_pairs(text))
    return [[text[start:end] for start, end in row] for row in spans]


def _parts(tex: str) -> list[Part]:
    text = prepare_formula(tex)
    if len(text) > MAX_LAID_OUT_LENGTH:
        return [Part(Box.of_text(formula_to_unicode(text)))]
    return FormulaLayout(text).layout()


def _alignment(rows: Sequence[Sequence[Box]]) -> str:
    columns = max(map(len, rows), default=0)
    return "l" if columns <= 1 else "rl" * (columns // 2 + 1)


def _broken(parts: Sequence[Part], width: int, *, continues: bool) -> Box:
    """Break a formula before relations and operators, so that its lines fit.

    One that `continues` the row above it, because it begins with a relation or an operator, is indented as well.
    """
    lines: list[list[Part]] = [[]]
    first_indent = _INDENT if continues and parts and parts[0].is_sign else 0
    used = 0
    for group in _breakable_groups(parts):
        needed = join_parts(group).width
        room = width - (_INDENT if len(lines) > 1 else first_indent)
        if lines[-1] and used + needed > room:
            lines.append([])
            used = 0
        lines[-1].extend(group)
        used += needed
    boxes = [
        beside((Box.of_text(" " * (_INDENT if index else first_indent)), _line_of(line)))
        for index, line in enumerate(lines)
        if line
    ]
    return stack(with_gaps(boxes), 0, "l") if boxes else EMPTY


def _line_of(parts: Sequence[Part]) -> Box:
    """Return the parts of a line, without the blank before a relation or an operator at its start."""
    first = parts[0]
    if first.is_sign and first.box.is_line:
        first = first._replace(box=Box.of_text(first.box.lines[0].lstrip()))
    return join_parts([first, *parts[1:]])


def _breakable_groups(parts: Sequence[Part]) -> list[list[Part]]:
    groups: list[list[Part]] = [[]]
    for part in parts:
        if part.can_break and groups[-1]:
            groups.append([])
        groups[-1].append(part)
    return [group for group in groups if group]
