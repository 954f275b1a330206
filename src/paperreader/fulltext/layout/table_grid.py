"""The cells of a table in rows and columns: where each one is, and how wide the columns are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from paperreader.fulltext.document import Cell, Table
from paperreader.fulltext.layout.flow import Flow
from paperreader.text.cell_width import cell_width

MAX_COLUMNS = 1000
"""Further columns are not shown."""

MIN_COLUMN_WIDTH = 12
"""Cells to which a column of running text is made narrower at most."""

MIN_WORDS = 3
"""Words of a cell with running text. Numbers and names are not broken: their table is scrolled sideways instead."""

_WORD = re.compile(r"[^\W\d_]{2,}")

MAX_COLUMN_WIDTH = 40
"""Cells of a column of a table that is scrolled sideways."""


@dataclass(frozen=True)
class PlacedCell:
    """A cell and its place."""

    column: int
    columns: int
    cell: Cell
    flow: Flow
    natural_width: int
    """Cells of its longest line."""

    @property
    def end(self) -> int:
        """The column after it."""
        return self.column + self.columns


def place_cells(table: Table, new_flow: Callable[[int], Flow]) -> list[list[PlacedCell]]:
    """Return the cells of each row. `new_flow` makes an empty text that starts at an offset.

    The text of a table is that of its cells, each after a tab or, at the start of a row, after a newline.
    """
    occupied: dict[int, int] = {}
    """How many further rows each column is covered by a cell above."""
    offset = 0
    rows: list[list[PlacedCell]] = []
    for row in table.rows:
        placed, column = [], 0
        covered, occupied = occupied, {at: left - 1 for at, left in occupied.items() if left > 1}
        for cell in row.cells:
            while column in covered:
                column += 1
            if column >= MAX_COLUMNS:
                break
            columns = max(1, min(cell.columns, MAX_COLUMNS - column))
            flow = _cell_flow(cell, new_flow(offset))
            offset = flow.end + 1
            longest = max(map(cell_width, flow.shown.split("\n")))
            placed.append(PlacedCell(column, columns, cell, flow, longest))
            if cell.rows > 1:
                occupied |= dict.fromkeys(range(column, column + columns), cell.rows - 1)
            column += columns
        rows.append(placed)
    return rows


def _cell_flow(cell: Cell, flow: Flow) -> Flow:
    for number, text in enumerate(cell.content):
        if number:
            flow.add("\n")
        flow.add_pieces(text, style="b" if cell.is_header else "")
    return flow


def column_widths(rows: Sequence[Sequence[PlacedCell]], gaps: Sequence[int], room: int) -> list[int]:
    """Return the width of each column: as its content, narrower where the table would not fit into `room` cells.

    Only columns of running text are made narrower. If that is not enough, the table is wider than `room`.
    `gaps` are the cells before each column.
    """
    count = len(gaps)
    widths = [0] * count
    for cell in (cell for row in rows for cell in row if cell.columns == 1):
        widths[cell.column] = max(widths[cell.column], cell.natural_width)
    for cell in (cell for row in rows for cell in row if cell.columns > 1):
        missing = cell.natural_width - _width(widths, gaps, cell.column, cell.end)
        if 0 < missing <= room:
            for at in range(cell.column, cell.end):
                widths[at] += missing // cell.columns + (at - cell.column < missing % cell.columns)
    total = _width(widths, gaps, 0, count)
    if total <= room:
        return widths
    least = _least_widths(rows, widths)
    free = room - (total - sum(widths))
    limit = _highest_limit(widths, least, free)
    limited = [max(low, min(width, limit)) for width, low in zip(widths, least, strict=True)]
    free -= sum(limited)
    for at, width in enumerate(widths):
        if width > limited[at] and free > 0:
            limited[at] += 1
            free -= 1
    return limited


def _least_widths(rows: Sequence[Sequence[PlacedCell]], widths: Sequence[int]) -> list[int]:
    """Return to which width each column can be made narrower: those without running text not at all."""
    least = list(widths)
    for cell in (cell for row in rows for cell in row if cell.columns == 1):
        if len(_WORD.findall(cell.flow.shown)) >= MIN_WORDS:
            least[cell.column] = min(widths[cell.column], MIN_COLUMN_WIDTH)
    return least


def _width(widths: Sequence[int], gaps: Sequence[int], first: int, end: int) -> int:
    """Return the cells of some columns, with the gaps between them."""
    return sum(widths[first:end]) + sum(gaps[first + 1 : end])


def _highest_limit(widths: Sequence[int], least: Sequence[int], room: int) -> int:
    """Return the largest width to which the columns can be limited so that they fit."""

    def total(limit: int) -> int:
        return sum(max(low, min(width, limit)) for width, low in zip(widths, least, strict=True))

    low, high = MIN_COLUMN_WIDTH, max(widths)
    if total(low) > room:
        return MAX_COLUMN_WIDTH
    while low < high:
        middle = (low + high + 1) // 2
        if total(middle) <= room:
            low = middle
        else:
            high = middle - 1
    return low


def row_texts(table: Table) -> list[list[str]]:
    """Return the text of each cell, in its column; empty where a cell above or at the left covers the place."""
    rows = place_cells(table, lambda offset: Flow(start=offset))
    columns = max((cell.end for row in rows for cell in row), default=0)
    texts = []
    for row in rows:
        line = [""] * columns
        for cell in row:
            line[cell.column] = cell.flow.text.replace("\n", " ")
        texts.append(line)
    return texts
