"""Which papers have a newer version at arXiv than the one that the user has bookmarked, read or marked as seen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Set
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from paperreader.catalog import CatalogTable
from paperreader.catalog.merge.versions import version_history
from paperreader.errors import StorageError
from paperreader.models import REVISED_FLAG, CatalogVersion, Mark, VersionHistory

if TYPE_CHECKING:
    from paperreader.library.stores import Stores

_DAY_LENGTH = len("2026-11-12")
_SECOND_LENGTH = len("2026-11-12T10:30:00")


class _Found(NamedTuple):
    version: CatalogVersion
    marks: Mapping[int, Mark]
    histories: Mapping[int, VersionHistory]


class VersionUpdates:
    """Found once for each state of catalog and marks. May be used from several threads."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._histories: tuple[CatalogVersion | None, dict[int, VersionHistory | None]] = (None, {})
        self._found: _Found | None = None

    def of(self, table: CatalogTable) -> Mapping[int, VersionHistory]:
        """Return the papers of a table with a newer version, by their rows. Reads their lines: for a worker."""
        marks, found = self._stores.live_marks.by_row, self._found
        if found is None or found.marks is not marks or found.version != table.version:
            found = self._found = _Found(table.version, marks, dict(self._find(table, marks)))
        return found.histories

    def has_any(self, table: CatalogTable) -> bool:
        """Return whether a paper of a table that is listed has a newer version. For a worker."""
        marks = self._stores.live_marks.by_row
        return any(marks[row].is_listed for row in self.of(table) if row in marks)

    def rows_for(self, query: str, table: CatalogTable) -> Set[int]:
        """Return the rows of those papers if a query may ask for them."""
        return self.of(table).keys() if "is:" in query.casefold() else frozenset()

    def _find(self, table: CatalogTable, marks: Mapping[int, Mark]) -> Iterator[tuple[int, VersionHistory]]:
        if self._histories[0] != table.version:
            self._histories = (table.version, {})
        histories = self._histories[1]
        for row, mark in marks.items():
            if not table.flags(row) & REVISED_FLAG or not mark.last_looked_at or not table.is_live(row):
                continue
            if row not in histories:
                histories[row] = None
                with suppress(StorageError):  # a damaged line, which `check` reports
                    histories[row] = history_of(table, row)
            if (history := histories[row]) is not None and is_unseen(history, mark):
                yield row, history


def history_of(table: CatalogTable, row: int) -> VersionHistory | None:
    """Return the versions of the paper at a row; None if no earlier one is known. Reads its line: for a worker.

    Raises:
        StorageError: the line is damaged.
    """
    return version_history(table.paper_records(row)) if table.flags(row) & REVISED_FLAG else None


def is_unseen(history: VersionHistory, mark: Mark) -> bool:
    """Return whether the latest version was added after the user has bookmarked or read the paper, and is not marked as
    seen.
    """
    if not mark.last_looked_at or mark.seen_version[0] >= history.latest.number:
        return False
    looked_at = dt.datetime.fromtimestamp(mark.last_looked_at / 1000, dt.UTC).isoformat()
    length = _SECOND_LENGTH if len(history.noticed) >= _SECOND_LENGTH else _DAY_LENGTH
    return history.noticed[:length] > looked_at[:length]
