"""Which papers are new: since a day, since the last digest, or lately."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct, to_builtins

from paperreader.errors import StorageError
from paperreader.library import Library

_REMEMBERED_IDS = 5
"""Papers that a cursor knows by their ids, should rows be numbered anew."""

_MAX_OLDER_IN_A_ROW = 100
"""A paper whose line was written anew may be older than those before it; so many are not."""


class DigestPosition(Struct, frozen=True):
    """How far the papers of a library have been told."""

    generation: int
    rows: int
    """Of that generation, every row from here on is new."""
    last: tuple[str, ...]
    """The ids of the last papers before that, the newest first."""
    day: str
    """The ISO day (UTC) on which it was taken: what came in later is new in any case."""

    def to_json(self) -> dict[str, Any]:
        """The cursor as the state keeps it."""
        return {**to_builtins(self), "last": list(self.last)}

    @classmethod
    def from_json(cls, value: Any) -> DigestPosition | None:
        """The inverse of `to_json`; None for anything that is no cursor."""
        if not isinstance(value, dict):
            return None
        generation, rows, last, day = (value.get(name) for name in ("generation", "rows", "last", "day"))
        if type(generation) is not int or type(rows) is not int or not isinstance(day, str):
            return None
        ids = tuple(id for id in last if isinstance(id, str)) if isinstance(last, list) else ()
        return cls(generation, rows, ids, day)


def position_at(library: Library, day: str) -> DigestPosition:
    """Everything that is in the library now has been told, on that day."""
    table = library.table
    ids = _latest_first(library, lambda row: table.paper(row).id)
    last = tuple(id for _, id in itertools.islice(ids, _REMEMBERED_IDS))
    return DigestPosition(table.generation, table.size, last, day)


def rows_since_position(library: Library, position: DigestPosition) -> Sequence[int]:
    """The rows of the papers that came in since."""
    table = library.table
    if position.generation == table.generation:
        return _live_rows_from(library, position.rows)
    # The catalog was written anew: rows keep their sequence, and get other numbers.
    known = [row for id in position.last if (row := table.row_of(id)) is not None]
    return _live_rows_from(library, max(known) + 1) if known else rows_added_since(library, position.day)


def rows_since_day(library: Library, day: str) -> Sequence[int]:
    """The rows of the papers that are shown under that ISO day or a later one, newest first."""
    table = library.table
    return list(itertools.takewhile(lambda row: table.day(row) >= day, table.newest))


def rows_added_since(library: Library, day: str) -> Sequence[int]:
    """The rows of the papers that came into the library on that ISO day (UTC) or later.

    Rows stand in the order in which papers came, so only the end of the library is read.
    """
    found: list[int] = []
    older = 0
    for row, added in _latest_first(library, library.table.added):
        older = 0 if added >= day else older + 1
        if older == 0:
            found.append(row)
        elif older == _MAX_OLDER_IN_A_ROW:
            break
    return found


def _latest_first(library: Library, value_of: Callable[[int], str]) -> Iterator[tuple[int, str]]:
    """The rows of papers with what is told of each, the last that came first. A damaged line is passed over."""
    table = library.table
    for row in range(table.size - 1, -1, -1):
        if table.is_live(row):
            try:
                yield row, value_of(row)
            except StorageError:  # `check` tells of it, and there is nothing of it to be told here
                continue


def _live_rows_from(library: Library, first: int) -> Sequence[int]:
    table = library.table
    return [row for row in range(max(first, 0), table.size) if table.is_live(row)]
