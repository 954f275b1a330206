"""Writing `papers.jsonl`: always under `catalog.lock`, always from its last good commit on."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from paperreader.catalog.journal.format import append, close_chunk, header_line, read_header
from paperreader.catalog.merge.paper_merge import Holding
from paperreader.catalog.row_table.builder import Draft, LineLost
from paperreader.catalog.row_table.catchup import current_draft, rebuilt
from paperreader.catalog.row_table.loader import write_rows
from paperreader.catalog.verify import LOCK_NAME
from paperreader.catalog.write import compaction
from paperreader.errors import StorageError
from paperreader.models import CatalogStamp
from paperreader.storage import lock, make_folder, reason, write_atomic

DEAD_FLOOR = 100
"""Below this many dead lines no compaction is worth that everything derived is made anew."""

Result = TypeVar("Result")

Grown = Callable[[CatalogStamp, int, bytes], None]
"""Told, after a chunk that gave rows for the first time, the state of the catalog, the first of them, their records."""

Lines = list[tuple[bytes, Holding | None]]
"""Lines to be written, and the paper that each is the line of."""


class Writer:
    """One act of writing, over as many chunks as it takes. The lock is held per chunk, so that others get in between.

    Usage: `with Writer(…) as writer:`, in it `writer.chunk(…)` as often as wanted, at last `writer.finish()`. Left
    early, the finished chunks are kept, and the row table is caught up with at the next opening.
    """

    def __init__(
        self,
        path: Path,
        rows_path: Callable[[str], Path],
        report: Callable[[Draft, str], None],
        grown: Grown | None = None,
    ) -> None:
        self._path = path
        self._rows_path = rows_path
        self._report = report
        self._grown = grown
        self._draft: Draft | None = None

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def chunk(self, act: Callable[[Draft], tuple[Lines, Result]]) -> Result:
        """Let `act` look at the catalog as it is now and say what lines to write; write and flush them as one chunk.

        Raises:
            StorageError: nothing of this chunk was written.
        """
        with self._locked() as draft:
            try:
                lines, result = act(draft)
            except LineLost:
                draft = self._rebuild(draft)
                lines, result = act(draft)
            if lines:
                self._write(draft, lines)
            return result

    def finish(self) -> None:
        """Write the row table, and the catalog anew where too much of it is dead.

        Raises:
            StorageError: something could not be written; no paper is lost by that.
        """
        with self._locked() as draft:
            dead = draft.head.lines - draft.head.kept - draft.head.live
            if dead >= DEAD_FLOOR and dead * 4 >= draft.head.lines:
                self._compact(draft)
            elif draft.changed:
                write_rows(self._rows_path(draft.head.stamp.uuid), draft.build())

    def compact(self) -> None:
        """Write the catalog anew without its dead and damaged lines.

        Raises:
            StorageError: nothing was changed.
        """
        with self._locked() as draft:
            self._compact(draft)

    def renew(self) -> None:
        """Make the row table anew, and the catalog too where a line of it cannot be used.

        Raises:
            StorageError: nothing was changed.
        """
        with self._locked() as draft:
            draft = self._rebuild(draft)
            if draft.bad or os.fstat(draft.descriptor).st_size > draft.head.stamp.committed:
                self._compact(draft)
            else:
                write_rows(self._rows_path(draft.head.stamp.uuid), draft.build())

    def _compact(self, draft: Draft) -> None:
        try:
            rows = compaction.compact(self._path, draft)
        except LineLost:
            rows = compaction.compact(self._path, self._rebuild(draft))
        path = self._rows_path(draft.head.stamp.uuid)
        self._close()
        write_rows(path, rows)

    def _write(self, draft: Draft, lines: Sequence[tuple[bytes, Holding | None]]) -> None:
        head = draft.head
        data, chunk = close_chunk([line for line, _ in lines], head.stamp.committed, head.total_lines + 1)
        append(draft.descriptor, head.stamp.committed, data)
        known = {
            line.number: holding
            for line, (_, holding) in zip(chunk.lines, lines, strict=True)
            if holding is not None
        }
        size = draft.size
        draft.apply(chunk, known)
        if self._grown and draft.size > size:
            self._grown(draft.head.stamp, size, draft.records_from(size))

    @contextmanager
    def _locked(self) -> Iterator[Draft]:
        make_folder(self._path.parent)
        with lock(self._path.parent / LOCK_NAME):
            yield self._current()

    def _current(self) -> Draft:
        """The draft, up to date with what other processes wrote."""
        draft = self._draft
        if draft is not None and self._is_same_file(draft):
            try:
                draft.catch_up()
                return draft
            except LineLost:
                return self._rebuild(draft)
        self._close()
        return self._load()

    def _is_same_file(self, draft: Draft) -> bool:
        opened = os.fstat(draft.descriptor)
        try:
            named = self._path.stat()
        except FileNotFoundError:
            return False
        return (
            opened.st_dev == named.st_dev
            and opened.st_ino == named.st_ino
            and named.st_size >= draft.head.stamp.committed
        )

    def _load(self) -> Draft:
        """The draft of the file as it is, or of a new one."""
        is_new = self._create()
        try:
            descriptor = os.open(self._path, os.O_RDWR | getattr(os, "O_BINARY", 0))
        except OSError as error:
            raise StorageError(f"Cannot open {self._path} for writing: {reason(error)}.") from error
        try:
            header = read_header(descriptor)
            if header is None:
                raise StorageError(f"{self._path} was emptied by another program; try again.")
            draft, why = current_draft(descriptor, header, self._rows_path(header.uuid))
        except BaseException:
            os.close(descriptor)
            raise
        self._draft = draft
        self._report(draft, why)
        if is_new:
            # So that a first import that breaks off leaves a row table that is behind, not one that is missing.
            write_rows(self._rows_path(header.uuid), draft.build())
        if header.damaged:
            # Nothing may be appended to a file whose first line does not say what it is.
            self._compact(draft)
            return self._load()
        return draft

    def _create(self) -> bool:
        """Begin the catalog where there is none."""
        try:
            if self._path.stat().st_size:
                return False
        except FileNotFoundError:
            pass
        except OSError as error:
            raise StorageError(f"Cannot read {self._path}: {reason(error)}.") from error
        import uuid  # once in the life of a library

        write_atomic(self._path, header_line(str(uuid.uuid4()), 1))
        return True

    def _rebuild(self, draft: Draft) -> Draft:
        header = read_header(draft.descriptor)
        if header is None:
            raise StorageError(f"{self._path} was emptied by another program; try again.")
        self._draft = rebuilt(draft.descriptor, header)
        self._report(self._draft, "")
        return self._draft

    def _close(self) -> None:
        if self._draft is not None:
            os.close(self._draft.descriptor)
            self._draft = None
