"""Writing `papers.jsonl`: always under `catalog.lock`, always from its last good commit on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from paperreader.catalog.journal.format import append_chunk, encode_chunk, encode_header, read_header
from paperreader.catalog.merge.paper_merge import MergedPaper
from paperreader.catalog.row_table.builder import LineDamaged, RowTableBuilder
from paperreader.catalog.row_table.catchup import rebuild_builder, up_to_date_builder
from paperreader.catalog.row_table.loader import write_row_table
from paperreader.catalog.verify import CATALOG_LOCK_NAME
from paperreader.catalog.write import compaction
from paperreader.errors import StorageError
from paperreader.models import CatalogVersion
from paperreader.storage import ensure_folder, lock, os_error_message, write_atomic

MIN_DEAD_LINES = 100
"""Below this many dead lines no compaction is worth that everything derived is made anew."""

Result = TypeVar("Result")

OnRowsAdded = Callable[[CatalogVersion, int, bytes], None]
"""Told, after a chunk that gave rows for the first time, the state of the catalog, the first of them, their records."""

NewLines = list[tuple[bytes, MergedPaper | None]]
"""Lines to be written, and the paper that each is the line of."""


class CatalogWriter:
    """One act of writing, over as many chunks as it takes. The lock is held per chunk, so that others get in between.

    Usage: `with Writer(…) as writer:`, in it `writer.chunk(…)` as often as wanted, at last `writer.finish()`. Left
    early, the finished chunks are kept, and the row table is caught up with at the next opening.
    """

    def __init__(
        self,
        path: Path,
        rows_path: Callable[[str], Path],
        report: Callable[[RowTableBuilder, str], None],
        grown: OnRowsAdded | None = None,
    ) -> None:
        self._path = path
        self._rows_path = rows_path
        self._report = report
        self._on_rows_added = grown
        self._builder: RowTableBuilder | None = None

    def __enter__(self) -> CatalogWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def write_chunk(self, operation: Callable[[RowTableBuilder], tuple[NewLines, Result]]) -> Result:
        """Let `act` look at the catalog as it is now and say what lines to write; write and flush them as one chunk.

        Raises:
            StorageError: nothing of this chunk was written.
        """
        with self._locked_builder() as draft:
            try:
                lines, result = operation(draft)
            except LineDamaged:
                draft = self._rebuild_builder(draft)
                lines, result = operation(draft)
            if lines:
                self._append_lines(draft, lines)
            return result

    def finish(self) -> None:
        """Write the row table, and the catalog anew where too much of it is dead.

        Raises:
            StorageError: something could not be written; no paper is lost by that.
        """
        with self._locked_builder() as draft:
            dead = draft.header.lines - draft.header.kept - draft.header.live
            if dead >= MIN_DEAD_LINES and dead * 4 >= draft.header.lines:
                self._compact(draft)
            elif draft.has_changes:
                write_row_table(self._rows_path(draft.header.stamp.uuid), draft.build())

    def compact(self) -> None:
        """Write the catalog anew without its dead and damaged lines.

        Raises:
            StorageError: nothing was changed.
        """
        with self._locked_builder() as draft:
            self._compact(draft)

    def rebuild(self) -> None:
        """Make the row table anew, and the catalog too where a line of it cannot be used.

        Raises:
            StorageError: nothing was changed.
        """
        with self._locked_builder() as draft:
            draft = self._rebuild_builder(draft)
            if draft.damaged_lines or os.fstat(draft.descriptor).st_size > draft.header.stamp.committed:
                self._compact(draft)
            else:
                write_row_table(self._rows_path(draft.header.stamp.uuid), draft.build())

    def _compact(self, draft: RowTableBuilder) -> None:
        try:
            rows = compaction.compact_catalog(self._path, draft)
        except LineDamaged:
            rows = compaction.compact_catalog(self._path, self._rebuild_builder(draft))
        path = self._rows_path(draft.header.stamp.uuid)
        self._close()
        write_row_table(path, rows)

    def _append_lines(
        self, draft: RowTableBuilder, lines: Sequence[tuple[bytes, MergedPaper | None]]
    ) -> None:
        head = draft.header
        data, chunk = encode_chunk([line for line, _ in lines], head.stamp.committed, head.total_lines + 1)
        append_chunk(draft.descriptor, head.stamp.committed, data)
        known = {
            line.number: holding
            for line, (_, holding) in zip(chunk.lines, lines, strict=True)
            if holding is not None
        }
        size = draft.size
        draft.apply_chunk(chunk, known)
        if self._on_rows_added and draft.size > size:
            self._on_rows_added(draft.header.stamp, size, draft.records_from(size))

    @contextmanager
    def _locked_builder(self) -> Iterator[RowTableBuilder]:
        ensure_folder(self._path.parent)
        with lock(self._path.parent / CATALOG_LOCK_NAME):
            yield self._current_builder()

    def _current_builder(self) -> RowTableBuilder:
        """The draft, up to date with what other processes wrote."""
        draft = self._builder
        if draft is not None and self._is_same_file(draft):
            try:
                draft.apply_new_chunks()
                return draft
            except LineDamaged:
                return self._rebuild_builder(draft)
        self._close()
        return self._open_builder()

    def _is_same_file(self, draft: RowTableBuilder) -> bool:
        opened = os.fstat(draft.descriptor)
        try:
            named = self._path.stat()
        except FileNotFoundError:
            return False
        return (
            opened.st_dev == named.st_dev
            and opened.st_ino == named.st_ino
            and named.st_size >= draft.header.stamp.committed
        )

    def _open_builder(self) -> RowTableBuilder:
        """The draft of the file as it is, or of a new one."""
        is_new = self._create_if_missing()
        try:
            descriptor = os.open(self._path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise StorageError(f"Cannot open {self._path} for writing: {os_error_message(error)}.") from error
        try:
            header = read_header(descriptor)
            if header is None:
                raise StorageError(f"{self._path} was emptied by another program; try again.")
            draft, why = up_to_date_builder(descriptor, header, self._rows_path(header.uuid))
        except BaseException:
            os.close(descriptor)
            raise
        self._builder = draft
        self._report(draft, why)
        if is_new:
            # So that a first import that breaks off leaves a row table that is behind, not one that is missing.
            write_row_table(self._rows_path(header.uuid), draft.build())
        if header.damaged:
            # Nothing may be appended to a file whose first line does not say what it is.
            self._compact(draft)
            return self._open_builder()
        return draft

    def _create_if_missing(self) -> bool:
        """Begin the catalog where there is none."""
        try:
            if self._path.stat().st_size:
                return False
        except FileNotFoundError:
            pass
        except OSError as error:
            raise StorageError(f"Cannot read {self._path}: {os_error_message(error)}.") from error
        import uuid  # once in the life of a library

        write_atomic(self._path, encode_header(str(uuid.uuid4()), 1))
        return True

    def _rebuild_builder(self, draft: RowTableBuilder) -> RowTableBuilder:
        header = read_header(draft.descriptor)
        if header is None:
            raise StorageError(f"{self._path} was emptied by another program; try again.")
        self._builder = rebuild_builder(draft.descriptor, header)
        self._report(self._builder, "")
        return self._builder

    def _close(self) -> None:
        if self._builder is not None:
            os.close(self._builder.descriptor)
            self._builder = None
