"""The file `papers.jsonl` of a library folder and its row table: open them, detect changes, create writers."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader.catalog.journal.format import JournalHeader, read_header
from paperreader.catalog.marked_ids import MarkedIds
from paperreader.catalog.row_table.encoding import RowTableDamaged
from paperreader.catalog.row_table.format import RowTable
from paperreader.catalog.row_table.loader import (
    ROW_TABLE_FILE_NAME,
    ReadProgress,
    committed_bytes,
    load_row_table,
    rebuild_equal_table,
    up_to_date_builder,
    write_built_table,
)
from paperreader.catalog.row_table.stored_table import Rebuild, StoredRowTable
from paperreader.catalog.row_table.table import NO_FILE, CatalogTable, FileSignature, signature_from_stat
from paperreader.errors import StorageError
from paperreader.storage import open_regular_file, os_error_message
from paperreader.sync_copies import CONFLICT_MARKERS, ends_with_conflict, recently_written

if TYPE_CHECKING:
    from paperreader.catalog.journal.undo_records import OperationId
    from paperreader.catalog.row_table.builder import RowTableBuilder
    from paperreader.catalog.write.writer import CatalogWriter, OnRowsAdded

PAPERS_FILE_NAME = "papers.jsonl"

BULK_IMPORT_BYTES, BULK_IMPORT_SECONDS = 4 << 20, 3.0
"""At least this many bytes (about 2,500 papers) beyond the row table, written at most this many seconds ago, are a
large import of another process.
"""


class CatalogFile:
    """The catalog of one library folder on disk.

    Reading takes no lock and creates nothing in the folder; the row table is written to the cache folder.
    """

    def __init__(self, folder: Path, cache_root: Callable[[str], Path], marks: MarkedIds) -> None:
        """Set the paths; nothing is opened yet.

        Args:
            folder: the library folder.
            cache_root: returns the cache folder for the UUID of a library.
        """
        self.path = folder / PAPERS_FILE_NAME
        self._cache_root = cache_root
        self._marks = marks
        self._last_operation_id = 0
        self.uuid = ""
        """The UUID of the library; empty until the catalog was opened or created."""
        self.warnings: list[str] = []
        """Damage found so far. The code that shows the warnings clears the list."""

    def open(self, progress: ReadProgress | None = None) -> CatalogTable:
        """Open the catalog as it is now. See `Catalog.open`."""
        try:
            descriptor = open_regular_file(self.path)
        except FileNotFoundError:
            return CatalogTable()
        except OSError as error:
            raise self._read_error(error) from error
        try:
            table = self._open_table(descriptor, progress)
        except OSError as error:
            os.close(descriptor)
            raise self._read_error(error) from error
        except BaseException:
            os.close(descriptor)
            raise
        if table is None:
            os.close(descriptor)
            return CatalogTable()
        return table

    def bytes_to_read(self) -> int:
        """Return how many bytes `open` has to read. See `Catalog.bytes_to_read`."""
        try:
            with os.fdopen(open_regular_file(self.path), "rb") as file:
                size = os.fstat(file.fileno()).st_size
                header = read_header(file.fileno())
                if header is None:
                    return 0
                table = load_row_table(file.fileno(), header, self.row_table_path(header.uuid))
                return size - table.header.version.committed
        except RowTableDamaged:
            return size
        except OSError:
            return 0  # `open` reports the error

    def signature(self) -> FileSignature:
        """Return what identifies the present content of the file.

        Raises:
            StorageError: the file cannot be accessed.
        """
        try:
            return signature_from_stat(self.path.stat())
        except FileNotFoundError:
            return NO_FILE
        except OSError as error:
            raise self._read_error(error) from error

    def exists(self) -> bool:
        """Return whether there is a catalog.

        Raises:
            StorageError: the disk cannot be read.
        """
        return self.signature() != NO_FILE

    def is_bulk_import_running(self, table: CatalogTable) -> bool:
        """Return whether the file is far ahead of `table` and of the stored row table, and still growing."""
        try:
            stat = self.path.stat()
        except OSError:
            return False
        is_recent = abs(time.time() - stat.st_mtime) <= BULK_IMPORT_SECONDS
        if stat.st_size - table.version.committed < BULK_IMPORT_BYTES or not is_recent:
            return False
        # The table of an empty library has no UUID, but this process may have created the catalog since.
        stored = committed_bytes(self.row_table_path(table.version.uuid or self.uuid))
        return stat.st_size - stored >= BULK_IMPORT_BYTES

    def has_git_conflict(self) -> bool:
        """Return whether the file ends with a conflict marker of git."""
        return ends_with_conflict(self.path)

    def is_no_catalog(self, table: CatalogTable) -> bool:
        """Return whether another program has replaced the file behind `table` by one that is no catalog.

        Raises:
            StorageError: the file cannot be read, or a newer version wrote it.
        """
        try:
            with os.fdopen(open_regular_file(self.path), "rb") as file:
                if not len(table) or signature_from_stat(os.fstat(file.fileno()))[:2] == table.signature[:2]:
                    return False
                header = read_header(file.fileno())
                return header is None or header.damaged
        except FileNotFoundError:
            return False
        except OSError as error:
            raise self._read_error(error) from error

    def is_being_replaced(self, table: CatalogTable) -> bool:
        """Return whether another program may not have finished replacing the file behind `table`."""
        return recently_written(self.path) and self.is_no_catalog(table)

    def writer(self, on_rows_added: OnRowsAdded | None = None) -> CatalogWriter:
        """Return a writer for one operation.

        Raises:
            StorageError: git has left conflict markers in the file, which cannot be resolved.
        """
        from paperreader.catalog.git_conflict import split_git_conflict
        from paperreader.catalog.write.writer import CatalogWriter  # loads the merging code

        if self.has_git_conflict():
            split_git_conflict(self.path)
        return CatalogWriter(
            self.path,
            self.row_table_path,
            self._record_warnings,
            self.warnings.append,
            self._marks,
            on_rows_added,
        )

    def new_operation_id(self) -> OperationId:
        """Return the current time (UTC milliseconds), or a later one if that was returned before."""
        self._last_operation_id = max(self._last_operation_id + 1, time.time_ns() // 1_000_000)
        return self._last_operation_id

    def cache_path(self, name: str) -> Path:
        """Return the path of a derived file of this catalog, which has to exist."""
        if not self.uuid:
            self.open()
        return self._cache_root(self.uuid) / name

    def row_table_path(self, uuid: str) -> Path:
        """Return the path of the row table of the library with that UUID."""
        return self._cache_root(uuid) / ROW_TABLE_FILE_NAME

    def _open_table(self, descriptor: int, progress: ReadProgress | None) -> CatalogTable | None:
        signature = signature_from_stat(os.fstat(descriptor))
        header = read_header(descriptor)
        if header is None:
            return None
        self.uuid = header.uuid
        path = self.row_table_path(header.uuid)
        rebuild = partial(rebuild_equal_table, descriptor, header, path, self._record_warnings)
        row_table = self._current_row_table(descriptor, header, path, signature, rebuild)
        if row_table is None:
            row_table = self._updated_row_table(descriptor, header, path, progress, rebuild)
        return CatalogTable(row_table, descriptor, signature)

    def _current_row_table(
        self, descriptor: int, header: JournalHeader, path: Path, signature: FileSignature, rebuild: Rebuild
    ) -> RowTable | StoredRowTable | None:
        """Return the stored row table if it needs no update."""
        try:
            table = load_row_table(descriptor, header, path, rebuild)
        except RowTableDamaged:
            return None
        return table if table.header.version.committed == signature[2] else None

    def _updated_row_table(
        self,
        descriptor: int,
        header: JournalHeader,
        path: Path,
        progress: ReadProgress | None,
        rebuild: Rebuild,
    ) -> RowTable | StoredRowTable:
        builder, reason = up_to_date_builder(descriptor, header, path, progress, rebuild)
        self._record_warnings(builder, reason)
        if header.damaged:
            self.warnings.append("The first line of papers.jsonl is damaged. The next import repairs it.")
        if builder.has_changes or reason:
            return write_built_table(path, builder)
        return builder.initial

    def _record_warnings(self, builder: RowTableBuilder, reason: str) -> None:
        """Add warnings about what was wrong when the row table was updated."""
        self.uuid = builder.header.version.uuid
        if reason:
            self.warnings.append(f"The row table was rebuilt from papers.jsonl, because {reason}.")
        # Markers of git hold no papers, and are resolved in the next step.
        damaged = [line for line in builder.damaged_lines if not line.data.startswith(CONFLICT_MARKERS)]
        if damaged:
            from paperreader.catalog.quarantine import quarantine_lines

            self.warnings.append(quarantine_lines(self.path.parent, damaged))
        if builder.dropped_values:
            self.warnings.append(builder.dropped_values.message(str(self.path)))

    def _read_error(self, error: OSError) -> StorageError:
        return StorageError(f"Cannot read {self.path}: {os_error_message(error)}.")
