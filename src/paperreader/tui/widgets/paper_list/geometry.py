"""Where the papers of a list stand: positions and lines, and finding one among a hundred thousand."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from itertools import chain

from msgspec import Struct


class ListGeometry(Struct, frozen=True):
    """A list of `count` papers of `height` lines each, with one rule line before the paper at `rule_at`, if any."""

    count: int = 0
    row_height: int = 1
    separator_at: int | None = None

    @property
    def total_lines(self) -> int:
        """How many lines there are."""
        return self.count * self.row_height + (self.separator_at is not None)

    def first_line(self, position: int) -> int:
        """The first line of the paper at `position`."""
        return position * self.row_height + (self.separator_at is not None and position >= self.separator_at)

    def position_at(self, line: int) -> tuple[int, int] | None:
        """The paper's position and which of its lines stands there; None for the rule and outside the list."""
        if not 0 <= line < self.total_lines:
            return None
        if self.separator_at is not None and line >= self.separator_at * self.row_height:
            if line == self.separator_at * self.row_height:
                return None
            line -= 1
        return divmod(line, self.row_height)

    def is_separator(self, line: int) -> bool:
        """Whether the rule stands there."""
        return self.separator_at is not None and line == self.separator_at * self.row_height

    def first_complete(self, line: int) -> int:
        """The position of the first paper that begins at `line` or below it; `count` when none does."""
        place = self.position_at(line)
        if place is None:
            return min(self.separator_at or 0, self.count) if self.is_separator(line) else self.count
        return place[0] + (place[1] > 0)


def index_of_row(rows: Sequence[int], row: int, near: int = 0) -> int | None:
    """Where `row` stands in `rows`; looks around `near` first, then through everything without a Python loop."""
    for at in chain((near,), range(max(0, near - 32), min(len(rows), near + 32))):
        if 0 <= at < len(rows) and rows[at] == row:
            return at
    if isinstance(rows, memoryview):
        return _index_in_memoryview(rows, row)
    try:
        return int(rows.index(row))
    except ValueError:
        return None


def find_change(start: int, end: int, changed: Callable[[int], bool]) -> int | None:
    """The first position from `start` towards `end` (exclusive; either direction) where `changed` turns true.

    Looks at a logarithmic number of places, so `changed` should stay true beyond the first.
    """
    step = 1 if end > start else -1
    length = (end - start) * step
    reach = 1
    while reach <= length and not changed(start + (reach - 1) * step):
        reach *= 2
    if reach > length and (length <= 0 or not changed(end - step)):
        return None
    low, high = reach // 2, min(reach, length) - 1
    while low < high:
        middle = (low + high) // 2
        if changed(start + middle * step):
            high = middle
        else:
            low = middle + 1
    return start + low * step


def _index_in_memoryview(rows: memoryview, row: int) -> int | None:
    try:
        wanted = struct.pack(rows.format, row)
    except struct.error:
        return None
    data = rows.tobytes()
    found = data.find(wanted)
    while found >= 0 and found % rows.itemsize:
        found = data.find(wanted, found + 1)
    return None if found < 0 else found // rows.itemsize
