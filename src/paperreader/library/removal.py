"""Removing papers from the catalog, and undoing a removal."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from paperreader.catalog.journal.undo_records import last_removal, removed_records
from paperreader.errors import NotFound
from paperreader.library.inbox.deleted_papers import delete_papers, last_deleted, restore_papers
from paperreader.library.lookup import resolve_row
from paperreader.library.maintenance import MaintenanceService
from paperreader.library.stores import Stores


class RemovalService:
    """Removes papers. Their other marks stay in the notebook, and the index is updated afterwards."""

    def __init__(self, stores: Stores, maintenance: MaintenanceService) -> None:
        self._stores = stores
        self._maintenance = maintenance

    def remove(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Remove papers and return their ids. They are marked as deleted, so that no fetch adds them again.

        Raises:
            NotFound, Ambiguous: one of the ids does not identify a paper; nothing was removed.
            StorageError: the catalog cannot be written.
        """
        table = self._stores.table
        papers = [table.paper(resolve_row(table, text)) for text in ids]

        def remove() -> tuple[str, ...]:
            removed = self._stores.catalog.remove([paper.id for paper in papers]).ids
            delete_papers(self._stores, [(paper.id, paper.title) for paper in papers])
            return removed

        return self._apply(remove)

    def remove_source(self, name: str) -> tuple[str, ...]:
        """Remove the records of one source and return the ids of the papers that were removed or changed.

        Raises:
            NotFound: no paper came from that source.
            StorageError: the catalog cannot be written.
        """
        ids = self._apply(lambda: self._stores.catalog.remove_source(name).ids)
        if not ids:
            raise NotFound(f"No paper came from a source named {name}. `paperreader show ID` lists sources.")
        return ids

    def undo(self) -> tuple[str, ...]:
        """Restore the papers that were removed or deleted last, and return their ids; empty if there are none.

        Raises:
            StorageError: the catalog cannot be written.
        """

        def undo() -> tuple[str, ...]:
            deleted_at, deleted = last_deleted(self._stores)
            report = self._stores.catalog.undo_removal(after=deleted_at)
            ids = report.ids if report else deleted
            restore_papers(self._stores, ids)
            return ids

        return self._apply(undo)

    def _apply(self, change: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        with self._stores.io_lock:
            ids = change()
            self._stores.refresh()
        if ids:
            self._maintenance.update_index_after_write()
        return ids


def restorable_ids(stores: Stores) -> set[str]:
    """Return the ids of the papers that undoing the last removal brings back."""
    if not stores.table.size:
        return set()
    with stores.table.open_descriptor() as descriptor:
        lines = last_removal(descriptor)
    found: set[str] = set()
    for line in lines:
        try:
            found.update(removed_records(line)[1])
        except ValueError:
            continue  # damaged: nothing can be brought back with it
    return found
