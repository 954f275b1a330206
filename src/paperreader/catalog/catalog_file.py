"""The catalog of a library folder as it is on disk: opened, followed, and written to by one writer at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.catalog.journal.format import JournalHeader, read_header
from paperreader.catalog.row_table.format import RowTable, RowTableDamaged
from paperreader.catalog.row_table.loader import (
    ROW_TABLE_FILE_NAME,
    committed_bytes,
    load_row_table,
    write_row_table,
)
from paperreader.catalog.row_table.table import NO_FILE, CatalogTable, FileSignature, signature_from_stat
from paperreader.errors import StorageError
from paperreader.storage import open_regular_file, os_error_message
from paperreader.sync_copies import conflict_copies

if TYPE_CHECKING:
    from paperreader.catalog.row_table.builder import RowTableBuilder
    from paperreader.catalog.sync_conflicts import CatalogConflicts
    from paperreader.catalog.write.operations import AddReport
    from paperreader.catalog.write.writer import CatalogWriter, OnRowsAdded

PAPERS_FILE_NAME = "papers.jsonl"

BULK_IMPORT_BYTES, BULK_IMPORT_SECONDS = 4 << 20, 3.0
"""So many bytes (about 2,500 papers) that were written within so many seconds are somebody's large import."""


class CatalogFile:
    """The papers of one library folder, and what other programs do to them."""

    def __init__(self, folder: Path, cache_root: Callable[[str], Path] = paths.cache_folder) -> None:
        self._folder = folder
        self._path = folder / PAPERS_FILE_NAME
        self._cache_root = cache_root
        self._uncommitted_signature: FileSignature = NO_FILE
        self._last_operation_id = 0
        self._conflicts: CatalogConflicts | None = None
        self.uuid = ""
        """The library's own; empty while there is no catalog."""
        self.warnings: list[str] = []
        """What the reader should be told, one sentence each; whoever tells it clears the list."""

    def open(self, progress: Callable[[int, int], None] | None = None) -> CatalogTable:
        """The catalog as it is now; an empty table when there is none yet.

        A row table that is missing, damaged or does not fit is made anew (seconds for 100,000 papers), one that is
        only behind is caught up. `progress` is told how many bytes of how many are read; `behind` tells beforehand.

        Raises:
            StorageError: the catalog cannot be read, or a newer version wrote it.
        """
        try:
            descriptor = open_regular_file(self._path)
        except FileNotFoundError:
            return CatalogTable()
        except OSError as error:
            raise StorageError(f"Cannot read {self._path}: {os_error_message(error)}.") from error
        try:
            table = self._open_table(descriptor, progress)
        except OSError as error:
            os.close(descriptor)
            raise StorageError(f"Cannot read {self._path}: {os_error_message(error)}.") from error
        except BaseException:
            os.close(descriptor)
            raise
        if table is None:
            os.close(descriptor)
            return CatalogTable()
        return table

    def bytes_to_read(self) -> int:
        """How many bytes of the catalog `open` will have to read because no row table covers them; 0 means at once.

        Raises:
            StorageError: a newer version wrote the catalog.
        """
        try:
            with os.fdopen(open_regular_file(self._path), "rb") as file:
                size = os.fstat(file.fileno()).st_size
                header = read_header(file.fileno())
                if header is None:
                    return 0
                rows = load_row_table(file.fileno(), header, self._rows_path(header.uuid))
                return size - rows.header.stamp.committed
        except RowTableDamaged:
            return size
        except OSError:
            return 0  # `open` has the words for it

    def poll(self, table: CatalogTable) -> CatalogTable | None:
        """A fresh table if the catalog has changed since that one was opened, else None. Cheap when it has not.

        While another process is pouring in papers by the thousand, nothing is fresh before it has finished: it leaves
        a row table behind that costs nothing to open, where following it would cost whole seconds.

        Raises:
            StorageError: the catalog has changed and cannot be read.
        """
        try:
            signature = signature_from_stat(self._path.stat())
        except FileNotFoundError:
            signature = NO_FILE
        except OSError as error:
            raise StorageError(f"Cannot read {self._path}: {os_error_message(error)}.") from error
        if signature in (table.signature, self._uncommitted_signature) or self._bulk_import_running(table):
            return None
        fresh = self.open()
        if table.has_diverged_from(fresh):
            self._restore_lost_records(table)
            fresh = self.open()
        if fresh.version == table.version and fresh.damaged_lines == table.damaged_lines:
            self._uncommitted_signature = (
                signature  # somebody is in the middle of writing, or was interrupted there
            )
            return None
        return fresh

    def merge_conflict_copies(self, max_bytes: int | None = None) -> list[str]:
        """Merge conflict copies that lie beside the catalog, and set them aside; a sentence for each.

        With `limit`, only those that hold at most so many bytes of news; those that have to stay are told once.

        Raises:
            StorageError: the folder cannot be listed.
        """
        if not conflict_copies(self._path):
            return []
        from paperreader.catalog.sync_conflicts import CatalogConflicts

        if self._conflicts is None:
            self._conflicts = CatalogConflicts(self._path)
        return self._conflicts.merge_all(self._run_write, self._operation_id(), max_bytes)

    def _run_write(self, operation: Callable[[CatalogWriter], AddReport]) -> AddReport:
        with self._writer() as writer:
            return operation(writer)

    def _restore_lost_records(self, table: CatalogTable) -> None:
        """Add what another program lost when it put an older or another machine's file in the place of ours."""
        from paperreader.catalog.sync_conflicts import OtherCatalog

        with table.open_descriptor() as descriptor:
            report = self._run_write(
                partial(OtherCatalog(descriptor, self._path).merge_into, at=self._operation_id())
            )
        if report.new or report.merged:
            count = "1 paper was" if report.new == 1 else f"{report.new:,} papers were"
            self.warnings.append(
                f"{self._path} was replaced by a file in which {count} missing; all is back."
            )

    def _operation_id(self) -> int:
        """Now, in UTC milliseconds, for an act that has to be told from every other one."""
        self._last_operation_id = max(self._last_operation_id + 1, time.time_ns() // 1_000_000)
        return self._last_operation_id

    def _bulk_import_running(self, table: CatalogTable) -> bool:
        """Whether the catalog is far ahead of every row table, and still growing."""
        try:
            stat = self._path.stat()
        except OSError:
            return False
        if (
            stat.st_size - table.version.committed < BULK_IMPORT_BYTES
            or abs(time.time() - stat.st_mtime) > BULK_IMPORT_SECONDS
        ):
            return False
        # The table of a library that was empty names none, and this very process may have filled it since.
        return (
            stat.st_size - committed_bytes(self._rows_path(table.version.uuid or self.uuid))
            >= BULK_IMPORT_BYTES
        )

    def _open_table(
        self, descriptor: int, progress: Callable[[int, int], None] | None
    ) -> CatalogTable | None:
        signature = signature_from_stat(os.fstat(descriptor))
        header = read_header(descriptor)
        if header is None:
            return None
        self.uuid = header.uuid
        path = self._rows_path(header.uuid)
        rows = self._current_row_table(descriptor, header, path, signature)
        return CatalogTable(
            rows or self._updated_row_table(descriptor, header, path, progress), descriptor, signature
        )

    def _current_row_table(
        self, descriptor: int, header: JournalHeader, path: Path, signature: FileSignature
    ) -> RowTable | None:
        """The row table as it stands in the cache, if nothing has to be done to it."""
        try:
            rows = load_row_table(descriptor, header, path)
        except RowTableDamaged:
            return None
        return rows if rows.header.stamp.committed == signature[2] else None

    def _updated_row_table(
        self, descriptor: int, header: JournalHeader, path: Path, progress: Callable[[int, int], None] | None
    ) -> RowTable:
        from paperreader.catalog.row_table.catchup import (
            up_to_date_builder,  # and with it all that merging needs
        )

        draft, why = up_to_date_builder(descriptor, header, path, progress)
        self._record_warnings(draft, why)
        if header.damaged:
            self.warnings.append("The first line of papers.jsonl is damaged; the next import writes it anew.")
        return write_row_table(path, draft.build()) if draft.has_changes or why else draft.base

    def _writer(self, on_rows_added: OnRowsAdded | None = None) -> CatalogWriter:
        from paperreader.catalog.write.writer import CatalogWriter

        return CatalogWriter(self._path, self._rows_path, self._record_warnings, on_rows_added)

    def _rows_path(self, uuid: str) -> Path:
        return self._cache_root(uuid) / ROW_TABLE_FILE_NAME

    def _record_warnings(self, draft: RowTableBuilder, why: str) -> None:
        """Put into `notices` what was found wrong while the row table was brought up to date."""
        self.uuid = draft.header.stamp.uuid
        if why:
            self.warnings.append(f"The row table was made anew from papers.jsonl, because {why}.")
        if draft.damaged_lines:
            from paperreader.catalog import verify

            self.warnings.append(verify.quarantine_lines(self._folder, draft.damaged_lines))
