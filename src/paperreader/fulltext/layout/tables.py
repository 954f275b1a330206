"""Layout of tables: aligned columns, rules, and cells with several lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from paperreader.fulltext.document import Table
from paperreader.fulltext.layout.flow import Flow, IsTarget
from paperreader.fulltext.layout.lines import LayoutOptions, Line, Span
from paperreader.fulltext.layout.table_grid import PlacedCell, column_widths, place_cells
from paperreader.text.cell_width import cell_width

GAP = 2
"""Blanks between two columns."""

MAX_FIXED_SHARE_OF_TWO = 0.6
"""Share of the width that two columns with names of rows may take, so that they stay when the others are scrolled."""

Rows = Sequence[Sequence[PlacedCell]]


def layout_table(
    table: Table, block: int, options: LayoutOptions, room: int, is_target: IsTarget
) -> list[Line]:
    """Return the lines of a table, which may be wider than `room`."""
    rows = place_cells(table, lambda at: Flow(raw=options.raw, is_target=is_target, start=at))
    count = max((cell.end for row in rows for cell in row), default=0)
    if not count:
        return []
    return _TableLayout(rows, count, block, options, room).lines()


class _TableLayout:
    """Lays out one table."""

    def __init__(self, rows: Rows, count: int, block: int, options: LayoutOptions, room: int) -> None:
        self._rows, self._count, self._block, self._options = rows, count, block, options
        self._bars = _vertical_rules(rows, count)
        self._gaps = [0, *(GAP + 1 if bar else GAP for bar in self._bars[1:])]
        self._widths = column_widths(rows, self._gaps, room)
        self._starts = _column_starts(self._widths, self._gaps)
        self._total = self._starts[-1] + self._widths[-1]
        self._width = self._total if self._total > options.width else 0
        self._fixed = self._fixed_cells() if self._width else 0
        self._stops = tuple(start for start in self._starts if start >= self._fixed) if self._width else ()

    def lines(self) -> list[Line]:
        """Return all lines."""
        result: list[Line] = []
        offset = 0
        rules = _horizontal_rules(self._rows, self._count)
        for number, row in enumerate(self._rows):
            result += self._rule(rules[number], offset)
            for line in self._row_lines(row):
                offset = max(offset, min((span.start for span in line if span.start >= 0), default=0))
                result.append(self._line(line, offset))
        return [*result, *self._rule(rules[-1], offset)]

    def _fixed_cells(self) -> int:
        """Return the cells that stay when the table is scrolled sideways: the columns that name the rows."""
        starts = [*self._starts[1:], self._total]
        if _is_grouped(self._rows) and starts[1] <= self._options.width * MAX_FIXED_SHARE_OF_TWO:
            return starts[1]
        return starts[0] if starts[0] <= self._options.width // 2 else 0

    def _line(self, spans: Sequence[Span], offset: int) -> Line:
        return Line(tuple(spans), self._block, offset, self._width, self._fixed, self._stops)

    def _rule(self, columns: frozenset[int], offset: int) -> Iterator[Line]:
        """Yield the horizontal rule over some columns; nothing for none."""
        if not columns:
            return
        glyphs, parts = self._options.glyphs, []
        for column in range(self._count):
            line = glyphs.horizontal if column in columns else " "
            if column:
                joined = column in columns and column - 1 in columns
                gap = glyphs.horizontal if joined else " "
                crossing = glyphs.crossing if joined else glyphs.vertical
                parts.append(gap + crossing + gap if self._bars[column] else gap * GAP)
            parts.append(line * self._widths[column])
        yield self._line([Span("".join(parts), "rule")], offset)

    def _row_lines(self, row: Sequence[PlacedCell]) -> Iterator[list[Span]]:
        """Yield the lines of a row."""
        widths = [
            self._starts[cell.end - 1] + self._widths[cell.end - 1] - self._starts[cell.column]
            for cell in row
        ]
        texts = [list(cell.flow.lines(width)) for cell, width in zip(row, widths, strict=True)]
        for number in range(max(map(len, texts), default=1)):
            spans: list[Span] = []
            used = 0
            for cell, width, lines in zip(row, widths, texts, strict=True):
                content = lines[number] if number < len(lines) else ()
                used = self._add_gap(spans, used, cell.column)
                used += _add_aligned(spans, content, cell, width)
            self._add_gap(spans, used, self._count)
            yield spans

    def _add_gap(self, spans: list[Span], used: int, column: int) -> int:
        """Add blanks and vertical rules up to a column; return the cells that are used then."""
        end = self._starts[column] if column < self._count else self._total
        for at in range(1, self._count):
            bar = self._starts[at] - self._gaps[at] + 1
            if self._bars[at] and used <= bar < end:
                spans += [Span(" " * (bar - used)), Span(self._options.glyphs.vertical, "rule")]
                used = bar + 1
        if end > used:
            spans.append(Span(" " * (end - used)))
        return max(end, used)


def _add_aligned(spans: list[Span], content: Sequence[Span], cell: PlacedCell, width: int) -> int:
    """Add a line of a cell; return its cells."""
    size = sum(cell_width(span.text) for span in content)
    free = max(0, width - size)
    align = cell.cell.align or ("c" if cell.columns > 1 else "l")
    before = {"r": free, "c": free // 2}.get(align, 0)
    if before:
        spans.append(Span(" " * before))
    spans += content
    return before + size


def _is_grouped(rows: Rows) -> bool:
    """Return whether the first column names groups of rows, and the second one the rows."""
    texts: tuple[list[str], list[str]] = ([], [])
    for row in rows:
        for cell in row:
            if cell.column < len(texts) and cell.columns == 1 and cell.flow.shown.strip():
                texts[cell.column].append(cell.flow.shown)
    groups, names = texts
    named = [text for text in names if re.search(r"[^\W\d_]{2}", text)]
    return len(rows) > 2 and 2 * len(groups) <= len(named) and 2 * len(named) > len(rows)


def _column_starts(widths: Sequence[int], gaps: Sequence[int]) -> list[int]:
    starts, at = [], 0
    for width, gap in zip(widths, gaps, strict=True):
        starts.append(at + gap)
        at += gap + width
    return starts


def _vertical_rules(rows: Rows, count: int) -> list[bool]:
    """Return, for each column, whether there is a rule before it. Those at the sides of the table are left out."""
    bars = [False] * (count + 1)
    for cell in (cell for row in rows for cell in row):
        bars[cell.column] |= "l" in cell.cell.rules
        bars[cell.end] |= "r" in cell.cell.rules
    return [False, *bars[1:count]]


def _horizontal_rules(rows: Rows, count: int) -> list[frozenset[int]]:
    """Return the columns that have a rule above each row, and below the last one.

    A table without rules has one below its header.
    """
    rules: list[set[int]] = [set() for _ in range(len(rows) + 1)]
    for number, row in enumerate(rows):
        for cell in row:
            columns = range(cell.column, cell.end)
            if "t" in cell.cell.rules:
                rules[number].update(columns)
            if "b" in cell.cell.rules:
                rules[min(len(rows), number + max(1, cell.cell.rows))].update(columns)
    if not any(rules):
        headers = [number for number, row in enumerate(rows) if row and all(c.cell.is_header for c in row)]
        if headers and headers[-1] + 1 < len(rows):
            rules[headers[-1] + 1].update(range(count))
    return [frozenset(columns) for columns in rules]
