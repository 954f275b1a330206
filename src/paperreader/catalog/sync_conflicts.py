"""Another version of the catalog taken in: a conflict copy beside it, or one whose place another file has taken."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from paperreader import sync_copies
from paperreader.catalog.journal.format import COMMIT_PREFIX, JournalHeader, read_at, read_header
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.row_table.format import RowTable, RowTableHeader
from paperreader.catalog.write.changes import AddOutcome, prepare_entry
from paperreader.catalog.write.operations import AddReport, add_prepared, in_batches
from paperreader.catalog.write.writer import CatalogWriter
from paperreader.errors import LockTimeout, StorageError
from paperreader.models import CatalogVersion
from paperreader.storage import open_regular_file, os_error_message

_READ_BYTES = 1 << 20
_COMMIT_SEARCH_BYTES = 4 << 20
"""Bytes before a difference in which the end of a chunk is looked for; a chunk is about 1.5 MB long."""

RunWrite = Callable[[Callable[[CatalogWriter], AddReport]], AddReport]
"""Opens a writer, has something done with it, and closes it."""


class CatalogConflicts:
    """The conflict copies of one catalog, as programs that keep folders in step leave them."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._skipped: dict[Path, tuple[int, int]] = {}
        """Those that cannot be taken in, or not now, and were told of: by size and modification time."""

    def merge_all(self, run_write: RunWrite, operation_id: int, max_bytes: int | None) -> list[str]:
        """Merge every copy and set it aside; a sentence for each, once also for those that have to stay.

        Args:
            act: writes to the catalog.
            at: the moment of the import that it counts as.
            limit: bytes of news up to which a copy is merged; None for any number.

        Raises:
            StorageError: the folder cannot be listed.
        """
        told = []
        for copy in sync_copies.conflict_copies(self._path):
            try:
                status = copy.stat()
            except OSError:
                continue  # another process has just set it aside
            look = (status.st_size, status.st_mtime_ns)
            if max_bytes is not None and self._skipped.get(copy) == look:
                continue
            try:
                told.append(self._merge_copy(copy, run_write, operation_id, max_bytes))
            except LockTimeout:
                continue  # somebody is importing; the next look tries again
            except StorageError as error:
                self._skipped[copy] = look
                told.append(f"{copy.name} cannot be merged into the library: {error}")
        return told

    def _merge_copy(self, copy: Path, run_write: RunWrite, operation_id: int, max_bytes: int | None) -> str:
        if not self._path.exists():
            return self._use_as_catalog(copy)
        try:
            descriptor = open_regular_file(copy)
        except OSError as error:
            raise StorageError(f"{os_error_message(error)}.") from error
        try:
            other = OtherCatalog(descriptor, self._path)
            if max_bytes is not None and other.new_bytes > max_bytes:
                raise StorageError("it holds much that is new; `paperreader check --repair` takes the time.")
            report = run_write(partial(other.merge_into, at=operation_id))
        finally:
            os.close(descriptor)
        aside = sync_copies.quarantine_merged_copy(copy)
        return (
            f"{copy.name} was merged into the library: {report.new:,} papers new, {report.merged:,} merged. "
            f"It is called {aside.name} now."
        )

    def _use_as_catalog(self, copy: Path) -> str:
        try:
            copy.rename(self._path)
        except OSError as error:
            raise StorageError(f"Cannot rename {copy}: {os_error_message(error)}.") from error
        return f"{self._path} was missing; {copy.name} has taken its place."


class OtherCatalog:
    """An open file that holds another version of the catalog at `path`."""

    def __init__(self, descriptor: int, path: Path) -> None:
        """Find out where it begins to say something else.

        Raises:
            StorageError: it is no catalog, or one of a newer version.
        """
        self.descriptor, self.path = descriptor, path
        header = read_header(descriptor)
        if header is None or header.damaged:
            raise StorageError("it is no catalog.")
        self._header = header
        self._divergence = self._divergence_offset(header)

    @property
    def new_bytes(self) -> int:
        """Bytes from where it differs on."""
        return os.fstat(self.descriptor).st_size - self._divergence

    def merge_into(self, writer: CatalogWriter, at: int) -> AddReport:
        """Add the papers it tells of from there on, as an import of that moment that can be undone.

        Raises:
            StorageError: the catalog cannot be written.
        """
        stamp = CatalogVersion(self._header.uuid, self._header.generation, self._divergence, 0)
        draft = RowTableBuilder(self.descriptor, self._header, RowTable(RowTableHeader(stamp, 0, 0)))
        draft.apply_new_chunks()
        tally: dict[AddOutcome, int] = {"new": 0, "merged": 0, "unchanged": 0}
        for batch in in_batches(draft.live_rows()):
            holdings = map(draft.merged_paper, batch)
            prepared = [
                prepare_entry(one.records, "", (one.paper.id, *one.paper.aliases)) for one in holdings
            ]
            for outcome, _ in writer.write_chunk(partial(add_prepared, entries=prepared, at=at)):
                tally[outcome] += 1
        if tally["new"] or tally["merged"]:
            writer.finish()
        return AddReport(sum(tally.values()), tally["new"], tally["merged"], tally["unchanged"])

    def _divergence_offset(self, header: JournalHeader) -> int:
        """The end of the last chunk that both have; the end of the first line where there is none."""
        try:
            own = open_regular_file(self.path)
        except OSError as error:
            raise StorageError(f"Cannot read {self.path}: {os_error_message(error)}.") from error
        try:
            same = _common_prefix_length(own, self.descriptor)
        finally:
            os.close(own)
        length = min(same, _COMMIT_SEARCH_BYTES)
        block = read_at(self.descriptor, length, same - length)
        last = block.rfind(b"\n", 0, block.rfind(b"\n") + 1)
        while last > 0:
            before = block.rfind(b"\n", 0, last)
            if block.startswith(COMMIT_PREFIX, before + 1) and before >= 0:
                return same - length + last + 1
            last = before
        return header.length


def _common_prefix_length(one: int, other: int) -> int:
    """How many bytes two files have in common at their beginnings."""
    place = 0
    while (block := read_at(one, _READ_BYTES, place)) and block == read_at(other, len(block), place):
        place += len(block)
    rest = read_at(other, len(block), place)
    return place + next(
        (number for number, pair in enumerate(zip(block, rest, strict=False)) if pair[0] != pair[1]),
        min(len(block), len(rest)),
    )
