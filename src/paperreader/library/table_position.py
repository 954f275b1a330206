"""A position in a catalog: where it ended at some time. Found again in copies, backups and compacted catalogs.

One UUID may belong to several folders with different papers: a copy, or a backup that was restored. A number of rows
alone would then count papers as known that were never there. So a position also has some papers before it, with their
rows, and only counts as far as they match.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

from msgspec import Struct

from paperreader.checked_values import checked, checked_item, row_number
from paperreader.errors import StorageError

_CONSECUTIVE_PAPERS = 8
"""This many papers before a position are remembered. The distances of further ones grow: 16, 32, 64 … rows."""


class _Table(Protocol):
    @property
    def generation(self) -> int: ...
    @property
    def size(self) -> int: ...
    def is_live(self, row: int) -> bool: ...
    def id_of(self, row: int) -> str: ...
    def row_of(self, id: str) -> int | None: ...


class TablePosition(Struct, frozen=True):
    """The end of a catalog at some time. The fields are keys in `state.json`."""

    generation: int
    rows: int
    """In that generation, the number of rows."""
    last: tuple[str, ...] = ()
    """Ids of papers before the position, the last one first."""
    at: tuple[int, ...] = ()
    """The rows of these papers. Empty in a position stored by an earlier version."""

    @classmethod
    def end_of(cls, table: _Table) -> TablePosition:
        """Return the position at the end of a table."""
        return cls.before_row(table, table.size)

    @classmethod
    def before_row(cls, table: _Table, row: int) -> TablePosition:
        """Return the position before a row of a table."""
        papers = list(_papers_backwards(table, row - 1))
        return cls(table.generation, row, tuple(id for _, id in papers), tuple(each for each, _ in papers))

    @classmethod
    def from_json(cls, value: Any) -> TablePosition | None:
        """Convert from an object in `state.json`; None if it is not valid."""
        if not isinstance(value, dict):
            return None
        generation, rows = (checked_item(value, name, row_number) for name in ("generation", "rows"))
        if generation is None or rows is None:
            return None
        last, at = value.get("last"), value.get("at")
        ids = tuple(id for id in last if isinstance(id, str)) if isinstance(last, list) else ()
        rows_of_ids = (checked("at", each, row_number, None) for each in (at if isinstance(at, list) else ()))
        numbers = tuple(row for row in rows_of_ids if row is not None)
        return cls(generation, rows, ids, numbers if len(numbers) == len(ids) else ())

    def to_json(self) -> dict[str, Any]:
        """Convert to an object of `state.json`; `from_json` is the inverse."""
        return {
            "generation": self.generation,
            "rows": self.rows,
            "last": list(self.last),
            "at": list(self.at),
        }

    def is_in(self, table: _Table) -> bool:
        """Return whether the table has this position: everything before it is there and in the same rows.

        A compacted catalog does not count, because its rows have other numbers.
        """
        if self.generation != table.generation or self.rows > table.size:
            return False
        near = list(zip(self.last, self.at, strict=False))[:_CONSECUTIVE_PAPERS]
        # A paper that was removed since contradicts nothing.
        return all(_id_at(table, row) == id for id, row in near if table.is_live(row))

    def first_new_row(self, table: _Table) -> int | None:
        """Return the row from which on papers were added after this position; None if that is unknown.

        In a table that does not have this position, some papers before it may count as new, but none is skipped.
        """
        if self.rows == 0:
            return 0
        if self.is_in(table):
            return self.rows
        if self.generation == table.generation and self.at:
            rows = [row for id, row in zip(self.last, self.at, strict=True) if _id_at(table, row) == id]
        else:  # the order of rows is the same, but not their numbers
            found = ((table.row_of(id), id) for id in self.last)
            # Aliases do not count: they may lead to a new row.
            rows = [row for row, id in found if row is not None and _id_at(table, row) == id]
        return max(rows, default=-1) + 1 or None


def _papers_backwards(table: _Table, row: int) -> Iterator[tuple[int, str]]:
    """Yield rows and ids of the last papers up to a row, and of some before at growing distances."""
    count, distance = 0, 1
    while row >= 0:
        if id := _id_at(table, row):
            yield row, id
            count += 1
            if count >= _CONSECUTIVE_PAPERS:
                distance *= 2
            row -= distance
        else:
            row -= 1  # not live, or damaged


def _id_at(table: _Table, row: int) -> str:
    """Return the id of the paper at a row; empty if there is none."""
    try:
        return table.id_of(row) if table.is_live(row) else ""
    except StorageError:
        return ""  # the line is damaged, which `check` reports
