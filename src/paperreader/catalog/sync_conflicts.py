"""Merge other versions of the catalog: conflict copies next to it, or a file that another program has replaced."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

from paperreader import sync_copies
from paperreader.catalog.journal.format import COMMIT_PREFIX, JournalHeader, read_header
from paperreader.catalog.journal.positioned_io import read_at
from paperreader.catalog.journal.undo_records import OperationId
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.row_table.format import RowTable, RowTableHeader
from paperreader.catalog.write.changes import AddOutcome
from paperreader.catalog.write.operations import AddReport, add_prepared, in_batches
from paperreader.catalog.write.prepared_entry import prepare_entry
from paperreader.catalog.write.writer import CatalogWriter
from paperreader.errors import LockTimeout, StorageError
from paperreader.models import CatalogVersion
from paperreader.storage import open_regular_file, os_error_message

_READ_BYTES = 1 << 20
_COMMIT_SEARCH_BYTES = 4 << 20
"""Bytes before a difference in which the end of a chunk is searched for; a chunk is about 1.5 MB long."""


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

    def _merge_copy(self, copy: Path, operation_id: OperationId, max_bytes: int | None) -> str:
        if not self._path.exists():
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
        return (
            f"{copy.name} was merged into the library: {report.new:,} papers new, {report.merged:,} merged. "
            f"It was renamed to {renamed.name}."
        )

    def _use_as_catalog(self, copy: Path) -> str:
        try:
            copy.rename(self._path)
        except OSError as error:
            raise StorageError(f"Cannot rename {copy}: {os_error_message(error)}.") from error
        return f"{self._path} was missing. It was replaced by {copy.name}."


class OtherCatalog:
    """An open file that holds another version of the catalog at `path`."""

    def __init__(self, descriptor: int, path: Path) -> None:
        """Find out where the two files begin to differ.

        Raises:
            StorageError: the open file is no catalog, or one of a newer version.
        """
        self._descriptor, self._path = descriptor, path
        header = read_header(descriptor)
        if header is None or header.damaged:
            raise StorageError("it is not a catalog.")
        self._header = header
        self._divergence = self._divergence_offset(header)

    @property
    def new_bytes(self) -> int:
        """Number of bytes from the first difference on."""
        return os.fstat(self._descriptor).st_size - self._divergence

    def merge_into(self, writer: CatalogWriter, operation_id: OperationId) -> AddReport:
        """Add the papers after the first difference, as an import with that id, which can be undone.

        Raises:
            StorageError: the catalog cannot be written.
        """
        version = CatalogVersion(self._header.uuid, self._header.generation, self._divergence, 0)
        builder = RowTableBuilder(self._descriptor, self._header, RowTable(RowTableHeader(version, 0, 0)))
        builder.apply_new_chunks()
        counts: Counter[AddOutcome] = Counter()
        for batch in in_batches(builder.live_rows()):
            papers = map(builder.merged_paper, batch)
            entries = [prepare_entry(one.records, "", (one.paper.id, *one.paper.aliases)) for one in papers]
            operation = partial(add_prepared, entries=entries, operation_id=operation_id)
            for outcome, _ in writer.write_chunk(operation):
                counts[outcome] += 1
        report = AddReport.from_counts(counts, {})
        if report.new or report.merged:
            writer.finish()
        return report

    def _divergence_offset(self, header: JournalHeader) -> int:
        """Return the end of the last chunk that both files have, or of the header line where they share none."""
        try:
            own = open_regular_file(self._path)
        except OSError as error:
            raise StorageError(f"Cannot read {self._path}: {os_error_message(error)}.") from error
        try:
            common = _common_prefix_length(own, self._descriptor)
        finally:
            os.close(own)
        length = min(common, _COMMIT_SEARCH_BYTES)
        block = read_at(self._descriptor, length, common - length)
        line_end = block.rfind(b"\n", 0, block.rfind(b"\n") + 1)
        while line_end > 0:
            previous_end = block.rfind(b"\n", 0, line_end)
            if block.startswith(COMMIT_PREFIX, previous_end + 1) and previous_end >= 0:
                return common - length + line_end + 1
            line_end = previous_end
        return header.length


def _common_prefix_length(one: int, other: int) -> int:
    """Return how many bytes two open files have in common at their beginnings."""
    offset = 0
    while (block := read_at(one, _READ_BYTES, offset)) and block == read_at(other, len(block), offset):
        offset += len(block)
    rest = read_at(other, len(block), offset)
    return offset + next(
        (index for index, pair in enumerate(zip(block, rest, strict=False)) if pair[0] != pair[1]),
        min(len(block), len(rest)),
    )
