"""Write to `papers.jsonl`, always under `catalog.lock`, and always after its last good commit."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterator, Set
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TypeVar

from paperreader.catalog.journal.format import (
    CATALOG_LOCK_NAME,
    JournalHeader,
    append_chunk,
    encode_chunk,
    line_end_before,
    read_header,
    truncate,
)
from paperreader.catalog.marked_ids import MarkedIds
from paperreader.catalog.quarantine import copy_catalog, copy_lines, is_too_much_to_remove
from paperreader.catalog.row_table import loader
from paperreader.catalog.row_table.builder import LineDamaged, RowTableBuilder
from paperreader.catalog.write.changes import ChangeSet
from paperreader.catalog.write.compaction import compact_catalog
from paperreader.catalog.write.creation import create_if_missing
from paperreader.catalog.write.recovery import add_recovered, papers_on, recovery_message, tail_lines
from paperreader.catalog.write.types import NewLines
from paperreader.errors import StorageError
from paperreader.models import CatalogVersion
from paperreader.storage import ensure_folder, lock, os_error_message

MIN_DEAD_LINES = 100
"""With fewer dead lines the catalog is not compacted, because that means rebuilding everything derived from it."""

Result = TypeVar("Result")

OnRowsAdded = Callable[[CatalogVersion, int, bytes], None]
"""Called after a chunk that added rows, with the version of the catalog, the first new row, and the new records."""


class CatalogWriter:
    """One writing operation of any number of chunks. The lock is held per chunk, so that other processes can write.

    Usage: `with CatalogWriter(…) as writer:`, then any number of `writer.write_chunk(…)`, then `writer.finish()`.
    When the block is left early, finished chunks stay, and the row table is updated at the next opening.
    """

    def __init__(
        self,
        path: Path,
        row_table_path: Callable[[str], Path],
        report: Callable[[RowTableBuilder, str], None],
        warn: Callable[[str], None],
        marks: MarkedIds,
        on_rows_added: OnRowsAdded | None = None,
    ) -> None:
        """Prepare to write; nothing is opened yet.

        Args:
            path: the catalog.
            row_table_path: returns the path of the row table for the UUID of a library.
            report: called with each builder that is opened, and why the row table had to be rebuilt (or "").
            warn: called with a message for the user about each other damage.
            marks: the ids in the notebook, which keep their papers.
            on_rows_added: see `OnRowsAdded`.
        """
        self._path = path
        self._row_table_path = row_table_path
        self._report, self._warn = report, warn
        self._marks = marks
        self._marked_ids: Container[str] = ()
        self._on_rows_added = on_rows_added
        self._builder: RowTableBuilder | None = None

    def __enter__(self) -> CatalogWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def write_chunk(self, operation: Callable[[RowTableBuilder], tuple[NewLines, Result]]) -> Result:
        """Call `operation` with the current state of the catalog, and write the lines that it returns as one chunk.

        The chunk is durable when this returns. `operation` is called again if a damaged line made it fail.

        Raises:
            StorageError: nothing of this chunk was written.
        """
        with self._locked_builder() as builder:
            try:
                lines, result = operation(builder)
            except LineDamaged:
                builder = self._rebuild_builder(builder)
                lines, result = operation(builder)
            if lines:
                self._append_lines(builder, lines)
            return result

    def change(
        self, operation: Callable[[ChangeSet], tuple[NewLines, Result]], moved: Set[str] = frozenset()
    ) -> Result:
        """Call `operation` with an empty set of changes, and write the lines that it returns. See `write_chunk`.

        Marks that belong to another id afterwards are moved first, except those in `moved`, which have been.
        """

        def run(builder: RowTableBuilder) -> tuple[NewLines, tuple[Result, dict[str, str]]]:
            changes = ChangeSet(builder, self._marked_ids)
            lines, result = operation(changes)
            return lines if changes.moved_marks.keys() <= moved else [], (result, changes.moved_marks)

        result, marks = self.write_chunk(run)
        if marks.keys() <= moved:
            return result
        self._marks.move(marks)
        return self.change(operation, moved | marks.keys())

    def finish(self) -> None:
        """Write the row table, and compact the catalog if a quarter of its lines are dead.

        Raises:
            StorageError: something could not be written; no paper is lost by that.
        """
        with self._locked_builder() as builder:
            header = builder.header
            dead = header.lines - header.undo_lines - header.live_rows
            is_intact = not is_too_much_to_remove(header.damaged_lines, header.total_lines)
            if dead >= MIN_DEAD_LINES and dead * 4 >= header.lines and is_intact:
                self._compact(builder)
            elif builder.has_changes:
                loader.write_built_table(self._row_table_path(builder.header.version.uuid), builder)

    def recover(self) -> None:
        """Add the papers of a chunk whose end is missing, unless another process is writing it right now.

        Raises:
            StorageError: that is the case, or nothing can be written.
        """
        with self._locked_builder(timeout=0.0) as builder:
            if builder.has_changes:
                loader.write_built_table(self._row_table_path(builder.header.version.uuid), builder)

    def compact(self) -> None:
        """Rewrite the catalog without its dead and damaged lines.

        Raises:
            StorageError: nothing was changed.
        """
        with self._locked_builder() as builder:
            self._compact(builder)

    def rebuild(self) -> None:
        """Rebuild the row table, and compact the catalog if one of its lines is unusable.

        Raises:
            StorageError: nothing was changed.
        """
        with self._locked_builder() as builder:
            builder = self._rebuild_builder(builder)
            if builder.damaged_lines:
                self._compact(builder)
            else:
                loader.write_built_table(self._row_table_path(builder.header.version.uuid), builder)

    def _compact(self, builder: RowTableBuilder) -> None:
        if builder.header.damaged_lines > len(builder.damaged_lines):
            header = self._read_header(builder.descriptor)
            builder = self._builder = loader.rebuild_builder(builder.descriptor, header)
        copy_lines(self._path.parent, (line.data for line in builder.damaged_lines))
        try:
            table = compact_catalog(self._path, builder)
        except LineDamaged:
            table = compact_catalog(self._path, self._rebuild_builder(builder))
        row_table_path = self._row_table_path(builder.header.version.uuid)
        self._close()
        loader.write_row_table(row_table_path, table)

    def _append_lines(self, builder: RowTableBuilder, lines: NewLines) -> None:
        committed = builder.header.version.committed
        line_end = line_end_before(builder.descriptor, committed)
        start = committed + len(line_end)
        data, chunk = encode_chunk([line for line, _ in lines], start, builder.header.total_lines + 1)
        append_chunk(builder.descriptor, committed, line_end + data)
        papers = zip(chunk.lines, (merged for _, merged in lines), strict=True)
        decoded = {line.number: merged for line, merged in papers if merged is not None}
        size = builder.size
        try:
            builder.apply_chunk(chunk, decoded)
        except LineDamaged:
            self._rebuild_builder(builder)
            return
        if self._on_rows_added and builder.size > size:
            self._on_rows_added(builder.header.version, size, builder.records_from(size))

    @contextmanager
    def _locked_builder(self, timeout: float | None = None) -> Iterator[RowTableBuilder]:
        ensure_folder(self._path.parent)
        self._marked_ids = self._marks.current()  # first, because `notebook.lock` precedes `catalog.lock`
        with lock(self._path.parent / CATALOG_LOCK_NAME, timeout=timeout):
            builder = self._current_builder()
            if os.fstat(builder.descriptor).st_size > builder.header.version.committed:
                builder = self._recover_tail(builder)
            yield builder

    def _recover_tail(self, builder: RowTableBuilder) -> RowTableBuilder:
        """Copy what follows the last closed chunk, and add the papers in it: the end of a chunk is missing."""
        lines = tail_lines(builder)
        if not lines:
            return builder
        copy_lines(self._path.parent, (line.data for line in lines))
        entries = papers_on(lines)
        try:
            new_lines, count = add_recovered(ChangeSet(builder, self._marked_ids), entries)
        except LineDamaged:
            builder = self._rebuild_builder(builder)
            new_lines, count = add_recovered(ChangeSet(builder, self._marked_ids), entries)
        if new_lines:
            self._append_lines(builder, new_lines)
        else:
            truncate(builder.descriptor, builder.header.version.committed)
        self._warn(recovery_message(count))
        return builder

    def _current_builder(self) -> RowTableBuilder:
        """Return the builder, updated with what other processes have written."""
        builder = self._builder
        if builder is not None and self._is_same_file(builder):
            try:
                builder.apply_new_chunks()
                return builder
            except LineDamaged:
                return self._rebuild_builder(builder)
        self._close()
        return self._open_builder()

    def _is_same_file(self, builder: RowTableBuilder) -> bool:
        opened = os.fstat(builder.descriptor)
        try:
            current = self._path.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(opened, current) and current.st_size >= builder.header.version.committed

    def _open_builder(self) -> RowTableBuilder:
        """Open the catalog, which is created if it is missing."""
        is_new = create_if_missing(self._path)
        try:
            descriptor = os.open(self._path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise StorageError(f"Cannot open {self._path} for writing: {os_error_message(error)}.") from error
        try:
            header = self._read_header(descriptor)
            path = self._row_table_path(header.uuid)
            rebuild = partial(loader.rebuild_equal_table, descriptor, header, path, self._report)
            builder, reason = loader.up_to_date_builder(descriptor, header, path, rebuild=rebuild)
        except BaseException:
            os.close(descriptor)
            raise
        self._builder = builder
        self._report(builder, reason)
        if is_new:
            # So that an interrupted first import leaves a row table that is outdated, not one that is missing.
            loader.write_row_table(path, builder.build())
        if header.damaged:
            # Nothing may be appended to a file whose first line does not identify it.
            return self._replace_damaged_file(builder)
        return builder

    def _replace_damaged_file(self, builder: RowTableBuilder) -> RowTableBuilder:
        """Copy a catalog with a damaged first line, and rewrite it with the papers that it has."""
        copy = copy_catalog(self._path)
        entries = papers_on(tail_lines(builder))
        self._compact(builder)
        builder = self._open_builder()
        lines, _ = add_recovered(ChangeSet(builder, self._marked_ids), entries)
        if lines:
            self._append_lines(builder, lines)
        self._warn(
            f"The first line of papers.jsonl was damaged. It was rewritten, and the old file kept as {copy.name}."
        )
        return builder

    def _rebuild_builder(self, builder: RowTableBuilder) -> RowTableBuilder:
        self._builder = loader.rebuild_builder(builder.descriptor, self._read_header(builder.descriptor))
        self._report(self._builder, "")
        return self._builder

    def _read_header(self, descriptor: int) -> JournalHeader:
        header = read_header(descriptor)
        if header is None:
            raise StorageError(f"{self._path} was emptied by another program. Try again.")
        return header

    def _close(self) -> None:
        if self._builder is not None:
            os.close(self._builder.descriptor)
            self._builder = None
