"""Which papers are new: since a day, or since the last digest."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct, to_builtins

from paperreader.errors import StorageError
from paperreader.library import Library

_REMEMBERED_IDS = 5
"""Ids of the last papers in a position, in case rows are renumbered."""

_MAX_OLDER_IN_A_ROW = 100
"""A rewritten line has the older date of its paper. This many in a row mean that all earlier papers are older."""


class DigestPosition(Struct, frozen=True):
    """Which papers of a library the last digest covered. The fields are keys in the state file."""

    generation: int
    rows: int
    """In that generation, every row from here on is new."""
    last: tuple[str, ...]
    """The ids of the last covered papers, newest first."""
    day: str
    """The ISO day (UTC) of the digest: papers added later are new in any case."""

    def to_json(self) -> dict[str, Any]:
        """Convert to the object in the state file; `from_json` is the inverse."""
        return {**to_builtins(self), "last": list(self.last)}

    @classmethod
    def from_json(cls, value: Any) -> DigestPosition | None:
        """Convert from an object in the state file; None if it is not valid."""
        if not isinstance(value, dict):
            return None
        generation, rows, last, day = (value.get(name) for name in ("generation", "rows", "last", "day"))
        if type(generation) is not int or type(rows) is not int or not isinstance(day, str):
            return None
        ids = tuple(id for id in last if isinstance(id, str)) if isinstance(last, list) else ()
        return cls(generation, rows, ids, day)


def position_at(library: Library, day: str) -> DigestPosition:
    """Return a position that covers everything in the library, on that ISO day."""
    table = library.table
    ids = _latest_first(library, lambda row: table.paper(row).id)
    last = tuple(id for _, id in itertools.islice(ids, _REMEMBERED_IDS))
    return DigestPosition(table.generation, table.size, last, day)


def rows_since_position(library: Library, position: DigestPosition) -> Sequence[int]:
    """Return the rows of the papers added since a digest."""
    table = library.table
    if position.generation == table.generation:
        return _live_rows_from(library, position.rows)
    # The catalog was compacted: rows have the same order, but other numbers.
    covered = [row for id in position.last if (row := table.row_of(id)) is not None]
    return _live_rows_from(library, max(covered) + 1) if covered else rows_added_since(library, position.day)


def rows_since_day(library: Library, day: str) -> Sequence[int]:
    """Return the rows of the papers that the reader shows under that ISO day or a later one, newest first."""
    table = library.table
    return list(itertools.takewhile(lambda row: table.day(row) >= day, table.newest))


def rows_added_since(library: Library, day: str) -> Sequence[int]:
    """Return the rows of the papers added to the library on that ISO day (UTC) or later.

    Rows are in the order in which papers were added, so only the end of the library is read.
    """
    rows: list[int] = []
    older = 0
    for row, added in _latest_first(library, library.table.added):
        older = 0 if added >= day else older + 1
        if older == 0:
            rows.append(row)
        elif older == _MAX_OLDER_IN_A_ROW:
            break
    return rows


def _latest_first(library: Library, value_of: Callable[[int], str]) -> Iterator[tuple[int, str]]:
    """Yield rows and a value of each, last added first. Damaged lines are skipped."""
    table = library.table
    for row in range(table.size - 1, -1, -1):
        if table.is_live(row):
            try:
                yield row, value_of(row)
            except StorageError:  # `check` reports it
                continue


def _live_rows_from(library: Library, first: int) -> Sequence[int]:
    table = library.table
    return [row for row in range(max(first, 0), table.size) if table.is_live(row)]
