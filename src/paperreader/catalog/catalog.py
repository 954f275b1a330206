"""The catalog of a library folder: open it, notice changes, add and remove papers, check and repair."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.catalog.catalog_file import CatalogFile
from paperreader.catalog.import_marks import ImportMarks
from paperreader.catalog.marked_ids import MarkedIds
from paperreader.catalog.mixtures import Mixtures
from paperreader.catalog.row_table.table import NO_FILE, CatalogTable, FileSignature
from paperreader.errors import StorageError
from paperreader.models import ImportedEntry, Problem, Source
from paperreader.sync_copies import conflict_copies

if TYPE_CHECKING:
    from paperreader.catalog.journal.undo_records import OperationId
    from paperreader.catalog.row_table.loader import ReadProgress
    from paperreader.catalog.sync_conflicts import CatalogConflicts
    from paperreader.catalog.write.import_undo import UndoneImport
    from paperreader.catalog.write.operations import AddReport, RemoveReport
    from paperreader.catalog.write.writer import OnRowsAdded


class Catalog:
    """The papers of one library folder.

    Reading takes no lock and creates nothing in the folder; the row table is written to the cache folder.
    """

    def __init__(
        self,
        folder: Path,
        cache_root: Callable[[str], Path] = paths.cache_folder,
        marks: MarkedIds | None = None,
    ) -> None:
        """Set the paths of a library; nothing is opened yet. `cache_root` returns the cache folder for a UUID.

        Ids in the notebook (`marks`) stay with the papers that were shown under them.
        """
        self._file = CatalogFile(folder, cache_root, marks or MarkedIds())
        self._mixtures = Mixtures(self._file)
        self._vanished: CatalogTable | None = None
        """The table of a file that is missing now, in case it comes back without some of its papers."""
        self.import_marks = ImportMarks(self._file)
        self._uncommitted_signature: FileSignature | None = None
        """The last state of the file in which it differed from an open table, but only in uncommitted bytes."""

    @property
    def uuid(self) -> str:
        """The UUID of the library; empty until the catalog was opened or created."""
        return self._file.uuid

    @property
    def warnings(self) -> list[str]:
        """Damage found and repaired so far. The code that shows the warnings clears the list."""
        return self._file.warnings

    def open(self, progress: ReadProgress | None = None) -> CatalogTable:
        """Open the catalog as it is now. Return an empty table if there is none yet.

        A row table that is missing, damaged or of another catalog is rebuilt (seconds for 100,000 papers), one that
        covers only the beginning is updated. `progress` is called with the bytes read and all bytes;
        `bytes_to_read` returns the total in advance.

        Raises:
            StorageError: the catalog cannot be read, or a newer version wrote it.
        """
        return self._file.open(progress)

    def bytes_to_read(self) -> int:
        """Return how many bytes of the catalog `open` has to read, because no row table covers them.

        Raises:
            StorageError: a newer version wrote the catalog.
        """
        return self._file.bytes_to_read()

    def poll(self, table: CatalogTable) -> CatalogTable | None:
        """Open the catalog again if it has changed since `table` was opened, else return None. Cheap without a change.

        While another process imports thousands of papers, this returns None until the import has finished: it leaves
        a row table that can be opened at once, while updating one after each chunk would take seconds each time.

        Raises:
            StorageError: the catalog has changed and cannot be read.
        """
        signature = self._file.signature()
        if signature in (table.signature, self._uncommitted_signature):
            return None
        if self._file.is_bulk_import_running(table) or self._file.is_being_replaced(table):
            return None
        fresh = self._restored(table)
        if fresh.version == table.version and fresh.damaged_lines == table.damaged_lines:
            self._uncommitted_signature = signature  # another process is writing, or was interrupted
            recovered = self.recover_end(fresh)
            return None if recovered is fresh else recovered
        return fresh

    def recover_end(self, table: CatalogTable) -> CatalogTable:
        """Add the papers of a chunk whose end is missing, and return the new table.

        Returns `table` if there is none, or another process is writing it, or the folder cannot be written.
        """
        if table.signature[2] <= table.version.committed or not table.generation:
            return table
        try:
            if self._file.has_git_conflict():
                self.warnings.extend(self.merge_conflict_copies())
            with self._file.writer() as writer:
                writer.recover()
        except StorageError:
            return table  # the next import tries again, and `check` reports it
        fresh = self.open()
        return table if fresh.version == table.version else fresh

    # Adding and removing

    def add(
        self,
        entries: Iterable[ImportedEntry],
        *,
        date_given: bool = False,
        progress: Callable[[int], None] | None = None,
        today: dt.date | None = None,
        on_rows_added: OnRowsAdded | None = None,
        operation_id: OperationId | None = None,
    ) -> AddReport:
        """Add entries in chunks of about 1,000, each of them durable when the next one begins.

        Adding what is there already changes nothing, so an interrupted import is completed by repeating it.

        Args:
            date_given: whether the listing days of the entries replace the stored ones of the same sources.
            progress: called after each chunk with the number of entries so far.
            today: the day (UTC) on which new papers count as added.
            on_rows_added: called with the new rows of each chunk as soon as they are written.
            operation_id: the id of an import that this continues (see `new_operation_id`).

        Raises:
            StorageError: the catalog cannot be written; finished chunks stay.
            LockTimeout: another process holds the lock for too long.
        """
        from paperreader.catalog.write.operations import add_entries

        added = (today or dt.datetime.now(dt.UTC).date()).isoformat()
        with self._mixtures.writer(on_rows_added) as writer:
            return add_entries(
                writer,
                entries,
                today=added,
                date_given=date_given,
                progress=progress,
                operation_id=self.new_operation_id() if operation_id is None else operation_id,
            )

    def new_operation_id(self) -> OperationId:
        """Return an id for an import of several calls of `add`, which is undone as a whole."""
        return self._file.new_operation_id()

    def remove(self, ids: Sequence[str]) -> RemoveReport:
        """Remove papers by exact id, with all their records. Other ids are ignored.

        Raises:
            StorageError: the catalog cannot be written.
        """
        return self._remove(list(dict.fromkeys(ids)), lambda source: True)

    def remove_source(self, name: str) -> RemoveReport:
        """Remove the records of all sources with that name (a file name or an address).

        Papers without another source are removed; the others are merged again from their other sources.

        Raises:
            StorageError: the catalog cannot be written.
        """
        from paperreader.json_codec import to_json_line

        table = self.open()
        encoded_name = to_json_line(name).encode()
        candidates = (row for row in table.newest if encoded_name in table.line(row))
        ids = [
            paper.id
            for paper in map(table.paper, candidates)
            if any(source.name == name for source in paper.sources)
        ]
        return self._remove(ids, lambda source: source.name == name)

    def undo_removal(self, *, after: OperationId = 0) -> RemoveReport | None:
        """Undo the last removal that was not undone yet, if it was made after that time. Return None if there is none.

        Raises:
            StorageError: the catalog cannot be written.
        """
        from paperreader.catalog.write.operations import undo_removal

        if not self._file.exists():
            return None
        with self._mixtures.writer() as writer:
            return undo_removal(writer, after)

    def undo_import(self) -> UndoneImport | None:
        """Undo the last import that was not undone yet. Return None if there is none.

        Papers that it added are removed, papers that it changed become what they were. Ids that only this import
        introduced are dropped, except marked ones: they become aliases of what remains, so that no mark loses its
        paper.

        Raises:
            StorageError: the catalog cannot be written; calling again continues where this stopped.
        """
        from paperreader.catalog.write.import_undo import undo_import

        if not self._file.exists():
            return None
        with self._mixtures.writer() as writer:
            return undo_import(writer)

    # Maintenance

    def merge_conflict_copies(self, max_bytes: int | None = None) -> list[str]:
        """Merge conflict copies next to the catalog, and rename them. Return a message for each.

        A copy with more than `max_bytes` new bytes is left for later, and like any that cannot be merged reported
        once.

        Raises:
            StorageError: the folder cannot be listed.
        """
        has_versions = conflict_copies(self._file.path) or self._file.has_git_conflict()
        if max_bytes is not None and not has_versions:
            return []
        return self._conflicts.merge_all(self._file.new_operation_id(), max_bytes)

    def compact(self) -> None:
        """Rewrite the catalog without its dead and damaged lines.

        Raises:
            StorageError: nothing was changed.
        """
        if self._file.exists():
            with self._file.writer() as writer:
                writer.compact()

    def verify(self) -> list[Problem]:
        """Read the catalog and its row table from beginning to end, and return everything that is wrong.

        Raises:
            StorageError: the catalog cannot be read at all.
        """
        from paperreader.catalog.repair import find_problems

        return find_problems(self._file)

    def repair(self, *, force: bool = False) -> list[str]:
        """Merge conflict copies, remove damaged lines, rebuild the row table, and split papers that mix several works.
        Return a message for each repair. Damaged lines are copied before they are removed.

        Args:
            force: remove damaged lines even if they are more than a few.

        Raises:
            RepairRefused: they are, without `force`; nothing was changed.
            StorageError: the catalog cannot be written.
        """
        from paperreader.catalog.repair import repair_catalog

        return repair_catalog(self._file, self.merge_conflict_copies, force=force)

    @cached_property
    def _conflicts(self) -> CatalogConflicts:
        from paperreader.catalog.sync_conflicts import CatalogConflicts

        return CatalogConflicts(self._file.path, self._file.writer)

    def _remove(self, ids: Sequence[str], is_removed_source: Callable[[Source], bool]) -> RemoveReport:
        from paperreader.catalog.write.operations import RemoveReport, remove_papers

        if not self._file.exists():
            return RemoveReport((), 0)
        with self._mixtures.writer() as writer:
            return remove_papers(writer, ids, is_removed_source, self._file.new_operation_id())

    def _restored(self, table: CatalogTable) -> CatalogTable:
        """Open the catalog, after adding what was lost if another program has replaced the file behind `table`."""
        if self._file.signature() == NO_FILE:
            self._vanished = table
            return self.open()
        from paperreader.catalog.divergence import has_diverged

        known, self._vanished = self._vanished or table, None
        if self._file.is_no_catalog(known) or has_diverged(known, self.open()):
            self.warnings.extend(self._conflicts.restore_replaced(known, self._file.new_operation_id()))
        return self.open()
