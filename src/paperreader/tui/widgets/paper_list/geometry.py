"""Geometry of the paper list: positions and lines, and fast searches among 100,000 papers."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from msgspec import Struct

from paperreader.models import Mark


class ListGeometry(Struct, frozen=True):
    """`count` papers of `row_height` lines each, with a separator line above the paper at `separator_at`, if any."""

    count: int = 0
    row_height: int = 1
    separator_at: int | None = None

    @property
    def total_lines(self) -> int:
        """Number of lines, with the separator."""
        return self.count * self.row_height + (self.separator_at is not None)

    def first_line(self, position: int) -> int:
        """Return the first line of the paper at `position`."""
        return position * self.row_height + (self.separator_at is not None and position >= self.separator_at)

    def position_at(self, line: int) -> tuple[int, int] | None:
        """Return position and line number within the row; None for the separator and outside the list."""
        if not 0 <= line < self.total_lines:
            return None
        if self.separator_at is not None and line >= self.separator_at * self.row_height:
            if line == self.separator_at * self.row_height:
                return None
            line -= 1
        return divmod(line, self.row_height)

    def is_separator(self, line: int) -> bool:
        """Return whether `line` is the separator."""
        return self.separator_at is not None and line == self.separator_at * self.row_height

    def first_complete(self, line: int) -> int:
        """Return the position of the first paper that starts at or below `line`; `count` when none does."""
        place = self.position_at(line)
        if place is None:
            return min(self.separator_at or 0, self.count) if self.is_separator(line) else self.count
        return place[0] + (place[1] > 0)


def index_of_row(rows: Sequence[int], row: int, near: int = 0) -> int | None:
    """Return the index of `row` in `rows`. Checks around `near` first, then everything without a Python loop."""
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
    """Return the first position from `start` towards `end` (exclusive; either direction) where `changed` is true.

    Calls `changed` a logarithmic number of times, so it has to stay true beyond the first such position.
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


def find_day(rows: Sequence[int], day: Callable[[int], str], position: int, direction: int) -> int | None:
    """Return the first position of the next day (1), or of this day, then of the previous one (-1).

    Args:
        rows: rows in date order.
        day: returns the day of a row.
        position: where the search starts.
        direction: 1 or -1.
    """
    if direction > 0:
        current = day(rows[position])
        return find_change(position + 1, len(rows), lambda at: day(rows[at]) != current)
    if position == 0:
        return None
    target = day(rows[position - 1])
    before = find_change(position - 1, -1, lambda at: day(rows[at]) != target)
    return 0 if before is None else before + 1


def find_unread(rows: Sequence[int], marks: Mapping[int, Mark], position: int, direction: int) -> int | None:
    """Return the position of the next (1) or previous (-1) unread paper."""
    end = len(rows) if direction > 0 else -1
    for candidate in range(position + direction, end, direction):
        mark = marks.get(rows[candidate])
        if mark is None or not mark.is_read:
            return candidate
    return None


def _index_in_memoryview(rows: memoryview, row: int) -> int | None:
    try:
        packed = struct.pack(rows.format, row)
    except struct.error:
        return None
    data = rows.tobytes()
    offset = data.find(packed)
    while offset >= 0 and offset % rows.itemsize:
        offset = data.find(packed, offset + 1)
    return None if offset < 0 else offset // rows.itemsize
