"""Merge another version of the catalog: a conflict copy, one side of a git merge, or a file that was replaced.

What one version removed and the other does not know stays removed, unless the other has imported it later.
"""

from __future__ import annotations

import os
from collections import Counter
from functools import partial
from pathlib import Path

from msgspec import Struct

from paperreader.catalog.journal.format import COMMIT_PREFIX, JournalHeader, in_batches, read_header
from paperreader.catalog.journal.positioned_io import read_at
from paperreader.catalog.journal.record_history import read_history
from paperreader.catalog.journal.undo_records import OperationId
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.row_table.format import RowTable, RowTableHeader
from paperreader.catalog.write.additions import add_prepared
from paperreader.catalog.write.changes import AddPolicy
from paperreader.catalog.write.operations import ids_with_keys, remove_batch
from paperreader.catalog.write.prepared_entry import prepare_entry
from paperreader.catalog.write.types import AddOutcome
from paperreader.catalog.write.writer import CatalogWriter
from paperreader.errors import StorageError
from paperreader.models import CatalogVersion
from paperreader.storage import open_regular_file, os_error_message

_READ_BYTES = 1 << 20
_COMMIT_SEARCH_BYTES = 4 << 20
"""Bytes before a difference in which the end of a chunk is searched for; a chunk is about 1.5 MB long."""


class MergeReport(Struct, frozen=True):
    """How many papers a merge added, changed and removed."""

    new: int
    merged: int
    removed: int

    @property
    def has_changes(self) -> bool:
        return bool(self.new or self.merged or self.removed)

    def __str__(self) -> str:
        removed = f", {self.removed:,} removed" if self.removed else ""
        return f"{self.new:,} papers new, {self.merged:,} merged{removed}"


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

    def merge_into(self, writer: CatalogWriter, operation_id: OperationId) -> MergeReport:
        """Add the papers after the first difference, as an import with that id, and remove what was removed there.

        Raises:
            StorageError: the catalog cannot be written.
        """
        version = CatalogVersion(self._header.uuid, self._header.generation, self._divergence, 0)
        other = RowTableBuilder(self._descriptor, self._header, RowTable(RowTableHeader(version, 0, 0)))
        other.apply_new_chunks()
        history = writer.write_chunk(lambda builder: ([], read_history(builder.descriptor)))
        history.merge(read_history(self._descriptor))
        removed_keys = history.removed_keys()
        counts: Counter[AddOutcome] = Counter()
        for batch in in_batches(other.live_rows()):
            papers = map(other.merged_paper, batch)
            entries = [prepare_entry(one.records, "", (one.paper.id, *one.paper.aliases)) for one in papers]
            operation = partial(
                add_prepared,
                entries=entries,
                policy=AddPolicy(removed_keys=removed_keys),
                operation_id=operation_id,
            )
            for outcome, _ in writer.change(operation):
                counts[outcome] += 1
        removed = _remove_records(writer, removed_keys, operation_id)
        report = MergeReport(counts["new"], counts["merged"] + counts["split"], removed)
        if report.has_changes:
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


def _remove_records(writer: CatalogWriter, keys: frozenset[str], operation_id: OperationId) -> int:
    """Remove the records with those source keys, and return how many papers are gone."""
    ids = writer.write_chunk(lambda builder: ([], ids_with_keys(builder, keys))) if keys else []
    removed = 0
    for batch in in_batches(ids):
        operation = partial(
            remove_batch,
            ids=batch,
            selected_ids=frozenset(ids),
            is_removed_source=lambda source: source.key in keys,
            operation_id=operation_id,
        )
        _, gone = writer.change(operation)
        removed += gone
    return removed
