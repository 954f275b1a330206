"""Deleted papers: a fetch does not add them again, an import of a file brings them back, and after a while they go."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from paperreader.library.stores import Stores
from paperreader.library.types import Update
from paperreader.models import ImportedEntry, MarkChange
from paperreader.text.ids import slug_id

DAYS_UNTIL_REMOVAL = 7
"""A paper that was deleted in the reader is removed from the catalog this long afterwards, when the reader is idle."""

_DAY_MS = 24 * 60 * 60 * 1000


class DeletedPapers:
    """The deleted papers among the entries of one import or fetch.

    Args:
        stores: the stores of the library.
    """

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._ids = frozenset(id for id, mark in stores.notebook.load().items() if mark.is_deleted)
        self._met: set[str] = set()
        self.skipped = 0
        """How many entries `skip` has left out."""

    def skip(self, entries: Iterable[ImportedEntry]) -> Iterator[ImportedEntry]:
        """Yield the entries, except for papers that were deleted and are not in the catalog any more."""
        for entry in entries:
            if self._ids and (id := _entry_id(entry)) in self._ids and self._stores.table.row_of(id) is None:
                self.skipped += 1
            else:
                yield entry

    def watch(self, entries: Iterable[ImportedEntry]) -> Iterator[ImportedEntry]:
        """Yield the entries, and remember the deleted papers among them for `restore`."""
        for entry in entries:
            if self._ids:
                id = _entry_id(entry)
                row = self._stores.table.row_of(id)
                self._met |= self._ids & {id, id if row is None else self._stores.table.id_of(row)}
            yield entry

    def restore(self) -> None:
        """Bring the papers back that `watch` has met.

        Raises:
            StorageError: the notebook cannot be written.
        """
        restore_papers(self._stores, self._met)


def delete_papers(stores: Stores, papers: Iterable[tuple[str, str]]) -> None:
    """Mark papers, given by id and title, as deleted.

    Raises:
        StorageError: the notebook cannot be written.
    """
    _save(stores, [MarkChange(id, title, deleted=True) for id, title in papers])


def restore_papers(stores: Stores, ids: Iterable[str]) -> None:
    """Mark those papers that are deleted as not deleted.

    Raises:
        StorageError: the notebook cannot be written.
    """
    marks = stores.notebook.load()
    _save(stores, [MarkChange(id, deleted=False) for id in ids if id in marks and marks[id].is_deleted])


def last_deleted(stores: Stores) -> tuple[int, tuple[str, ...]]:
    """Return when papers that are still in the catalog were last deleted (UTC milliseconds), and their ids."""
    marks, table = stores.notebook.load(), stores.table
    times = {
        id: mark.deleted[1] for id, mark in marks.items() if mark.is_deleted and table.row_of(id) is not None
    }
    last = max(times.values(), default=0)
    return last, tuple(id for id, when in times.items() if when == last)


def papers_to_remove(stores: Stores) -> list[str]:
    """Return the ids of the papers that were deleted long enough ago to be removed from the catalog."""
    table, latest = stores.table, time.time_ns() // 1_000_000 - DAYS_UNTIL_REMOVAL * _DAY_MS
    return [
        table.id_of(row)
        for row, mark in stores.live_marks.by_row.items()
        if mark.is_deleted and mark.deleted[1] <= latest and table.is_live(row)
    ]


def _entry_id(entry: ImportedEntry) -> str:
    record = entry.records[0]
    return record.arxiv or slug_id(record.title, record.abstract)


def _save(stores: Stores, changes: list[MarkChange]) -> None:
    if changes:
        stores.apply_update(Update(notebook=stores.notebook.save(changes).marks))
