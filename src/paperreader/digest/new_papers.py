"""Which papers are new: since a day, or since the last digest."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar
from zlib import crc32

from msgspec import Struct

from paperreader.checked_values import calendar_day, checked_item
from paperreader.errors import StorageError
from paperreader.library import Library, TablePosition

_MAX_OLDER_IN_A_ROW = 100
"""A rewritten line has the older date of its paper. This many in a row mean that all earlier papers are older."""


_REMEMBERED_PAPERS = 1000
"""Covered papers that are recognized if they get another row."""

_Value = TypeVar("_Value")


class DigestPosition(Struct, frozen=True):
    """Which papers of a library the last digest covered. In the state file, `day` is a key next to those of `end`."""

    end: TablePosition
    day: str
    """The ISO day (UTC) of the digest: papers added later are new in any case."""
    covered: frozenset[str] = frozenset()
    """Hashes of ids and aliases of the last papers that it covered: an undone import, or another id, gives them new
    rows.
    """

    def to_json(self) -> dict[str, Any]:
        """Convert to the object in the state file; `from_json` is the inverse."""
        return {**self.end.to_json(), "day": self.day, "covered": "".join(sorted(self.covered))}

    def is_of_another_copy(self, library: Library) -> bool:
        """Return whether the digest certainly covered other papers than those of this folder, under the same UUID."""
        return self.end.generation == library.table.generation and not self.end.is_in(library.table)

    @classmethod
    def from_json(cls, value: Any) -> DigestPosition | None:
        """Convert from an object in the state file; None if it is not valid."""
        end = TablePosition.from_json(value)
        day = checked_item(value, "day", calendar_day) if isinstance(value, dict) else None
        if end is None or day is None:
            return None
        covered = value.get("covered")
        text = covered if isinstance(covered, str) else ""
        return cls(
            end, day.isoformat(), frozenset(text[start : start + 8] for start in range(0, len(text), 8))
        )


def position_at(library: Library, day: str) -> DigestPosition:
    """Return a position that covers everything in the library, on that ISO day."""
    latest = _latest_first(library, library.table.paper)
    papers = (paper for _, paper in itertools.islice(latest, _REMEMBERED_PAPERS))
    covered = frozenset(_hash(id) for paper in papers for id in (paper.id, *paper.aliases))
    return DigestPosition(TablePosition.end_of(library.table), day, covered)


def best_position(library: Library, positions: Sequence[DigestPosition]) -> DigestPosition | None:
    """Return the position of what was sent from this folder, else the first one; None without any.

    There are several if the library was copied, or restored from a backup.
    """
    own = [position for position in positions if position.end.is_in(library.table)]
    if own:
        return max(own, key=lambda position: position.end.rows)
    return positions[0] if positions else None


def rows_since_position(library: Library, position: DigestPosition) -> Sequence[int]:
    """Return the rows of the papers added since a digest."""
    table = library.table
    first = position.end.first_new_row(table)
    if first is None:
        return rows_added_since(library, position.day)
    rows = [row for row in range(max(first, 0), table.size) if table.is_live(row)]
    if position.is_of_another_copy(library) or not position.covered:
        return rows
    return [row for row in rows if not _is_covered(library, row, position.covered)]


def _is_covered(library: Library, row: int, covered: frozenset[str]) -> bool:
    try:
        paper = library.table.paper(row)
    except StorageError:
        return False  # `check` reports it
    return any(_hash(id) in covered for id in (paper.id, *paper.aliases))


def _hash(id: str) -> str:
    return f"{crc32(id.encode()):08x}"


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


def _latest_first(library: Library, value_of: Callable[[int], _Value]) -> Iterator[tuple[int, _Value]]:
    """Yield rows and a value of each, last added first. Damaged lines are skipped."""
    table = library.table
    for row in range(table.size - 1, -1, -1):
        if table.is_live(row):
            try:
                yield row, value_of(row)
            except StorageError:  # `check` reports it
                continue
