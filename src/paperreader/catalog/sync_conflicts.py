"""Other versions of the catalog: conflict copies next to it, both sides of a git merge, or a file that was replaced."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from paperreader import sync_copies
from paperreader.catalog.git_conflict import split_git_conflict
from paperreader.catalog.journal.format import CATALOG_LOCK_NAME, read_header
from paperreader.catalog.journal.positioned_io import read_at
from paperreader.catalog.journal.undo_records import OperationId
from paperreader.catalog.other_catalog import OtherCatalog
from paperreader.catalog.quarantine import copy_catalog
from paperreader.catalog.row_table.table import CatalogTable
from paperreader.catalog.write.writer import CatalogWriter
from paperreader.errors import LockTimeout, StorageError
from paperreader.storage import atomic_writer, lock, open_regular_file, os_error_message
from paperreader.system.file_status import path_exists

_COPY_BYTES = 1 << 20


class CatalogConflicts:
    """The conflict copies of one catalog, as file synchronization programs leave them."""

    def __init__(self, path: Path, open_writer: Callable[[], CatalogWriter]) -> None:
        self._path = path
        self._open_writer = open_writer
        self._skipped: dict[Path, tuple[int, int]] = {}
        """Size and modification time of copies that were reported because they cannot be merged, or not now."""

    def merge_all(self, operation_id: OperationId, max_bytes: int | None) -> list[str]:
        """Merge every copy and rename it. Return a message for each; one that cannot be merged is reported once.

        Args:
            operation_id: the id of the import that the merge counts as.
            max_bytes: a copy with more new bytes than this is left for later; None for no limit.

        Raises:
            StorageError: the folder cannot be listed.
        """
        messages = []
        if (max_bytes is None or sync_copies.ends_with_conflict(self._path)) and (
            split := self._split_git_conflict()
        ):
            messages += split
            max_bytes = None
        for copy in sync_copies.conflict_copies(self._path):
            try:
                status = copy.stat()
            except OSError:
                continue  # another process has just renamed it
            signature = (status.st_size, status.st_mtime_ns)
            if max_bytes is not None and self._skipped.get(copy) == signature:
                continue
            try:
                messages.append(self._merge_copy(copy, operation_id, max_bytes))
            except LockTimeout:
                continue  # another process is importing; the next call tries again
            except StorageError as error:
                self._skipped[copy] = signature
                messages.append(f"{copy.name} cannot be merged into the library: {error}")
        return messages

    def restore_replaced(self, table: CatalogTable, operation_id: OperationId) -> list[str]:
        """Add what a running reader knows to the file that replaced the one it has open, or put that one back.

        Returns a message if papers were missing, else an empty list.

        Raises:
            StorageError: the file cannot be read or written.
        """
        with table.open_descriptor() as descriptor:
            if not _is_catalog(self._path):
                return [self._put_back(descriptor)]
            with self._open_writer() as writer:
                report = OtherCatalog(descriptor, self._path).merge_into(writer, operation_id)
        if not report.has_changes:
            return []
        count = "1 missing paper was" if report.new == 1 else f"{report.new:,} missing papers were"
        return [f"{self._path} was replaced by another program. {count} restored."]

    def _put_back(self, descriptor: int) -> str:
        """Write the open catalog in place of a file that is no catalog, which is kept under another name."""
        with lock(self._path.parent / CATALOG_LOCK_NAME):
            copy = copy_catalog(self._path)
            with atomic_writer(self._path) as file:
                offset = 0
                while block := read_at(descriptor, _COPY_BYTES, offset):
                    file.write(block)
                    offset += len(block)
        return (
            f"{self._path} was replaced by a file that is no catalog. The papers were restored, and that file was kept "
            f"as {copy.name}."
        )

    def _split_git_conflict(self) -> list[str]:
        if not path_exists(self._path):
            return []
        try:
            copy = split_git_conflict(self._path)
        except LockTimeout:
            return []  # another process is writing; the next call tries again
        except StorageError as error:
            if self._path in self._skipped:
                return []
            self._skipped[self._path] = (0, 0)
            return [f"The git conflict markers in {self._path.name} cannot be resolved: {error}"]
        return [] if copy is None else [f"{self._path.name} had git conflict markers. Both sides are merged."]

    def _merge_copy(self, copy: Path, operation_id: OperationId, max_bytes: int | None) -> str:
        if not path_exists(self._path):
            return self._use_as_catalog(copy)
        try:
            descriptor = open_regular_file(copy)
        except OSError as error:
            raise StorageError(f"{os_error_message(error)}.") from error
        try:
            other = OtherCatalog(descriptor, self._path)
            if max_bytes is not None and other.new_bytes > max_bytes:
                raise StorageError(
                    "it is too large to merge now. Run `paperreader check --repair` to merge it."
                )
            with self._open_writer() as writer:
                report = other.merge_into(writer, operation_id)
        finally:
            os.close(descriptor)
        renamed = sync_copies.quarantine_merged_copy(copy)
        return f"{copy.name} was merged into the library: {report}. It was renamed to {renamed.name}."

    def _use_as_catalog(self, copy: Path) -> str:
        try:
            copy.rename(self._path)
        except OSError as error:
            raise StorageError(f"Cannot rename {copy}: {os_error_message(error)}.") from error
        return f"{self._path} was missing. It was replaced by {copy.name}."


def _is_catalog(path: Path) -> bool:
    """Return whether a file has the first line of a catalog.

    Raises:
        StorageError: it cannot be read, or a newer version wrote it.
    """
    try:
        with os.fdopen(open_regular_file(path), "rb") as file:
            header = read_header(file.fileno())
    except OSError as error:
        raise StorageError(f"Cannot read {path}: {os_error_message(error)}.") from error
    return header is not None and not header.damaged
