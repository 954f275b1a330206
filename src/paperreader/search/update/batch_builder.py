"""Papers made ready for the index, a batch at a time: each a segment of its own, and beside it what they are called.

A batch depends on nothing but its papers, so that other processes can make some. It becomes part of the index when
`writer` takes its files over.
"""

from __future__ import annotations

import shutil
import tempfile
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import numpy as np
from msgspec import Struct

from paperreader.errors import LockTimeout, StorageError
from paperreader.models import CatalogVersion, Paper, PaperTable
from paperreader.search.index import schema, whoosh_codec
from paperreader.search.index.segment_builder import (
    SegmentBuilder,
    StemProvider,
    compute_stems,
    write_segment,
)
from paperreader.search.metadata import file_format, tables
from paperreader.storage import ensure_folder, lock

Progress = Callable[[int, int], None]
"""Told how many papers of how many are done."""

PROGRESS_STEP = 100
"""Papers between two reports."""

INLINE_METADATA_LIMIT = 500
"""Papers of which it is kept in memory what they are called: of more it is written to a file."""

ROWS_PART = "rows"
"""The part of a names file that tells the row of each paper."""

_FOLDER_PREFIX = "building-"


class Batch(Struct, frozen=True):
    """Papers that were made ready: a segment in `folder`, of which nothing else knows yet."""

    folder: Path
    name: str
    """Of the segment: what the names of its files begin with."""
    documents: int
    """0: none of the papers could be read, and there is no segment."""
    words: Mapping[str, int]
    """For each scored field, how many words all documents have together."""
    stale_rows: Sequence[int] = ()
    """Rows of it that do not count, because they have changed since or are another batch's."""
    metadata: Mapping[int, tables.PaperMetadata] | None = None
    """What the papers are called, by row; None: `names_file` tells."""

    @property
    def metadata_file(self) -> Path:
        """What the papers are called: `names_form.parts_of`, and their rows."""
        return self.folder / f"{self.name}.names"


class BatchBuilder(Protocol):
    """Makes batches of the papers of a catalog."""

    def batches(
        self, table: PaperTable, rows: Sequence[int], progress: Progress, stems: StemProvider
    ) -> Iterable[Batch]:
        """Batches that hold the papers at those rows of `table` as they are there, each row once (and not dead).

        `stems` may be asked for the stems of words.

        Raises:
            OSError: a file cannot be written.
        """
        ...


class InProcessBuilder:
    """Makes batches in this process, their files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def batches(
        self, table: PaperTable, rows: Sequence[int], progress: Progress, stems: StemProvider
    ) -> Iterator[Batch]:
        """See `Maker`."""
        return build_batches(
            read_papers(table, rows, progress), self._folder, stems, inline_limit=INLINE_METADATA_LIMIT
        )


def read_papers(
    table: PaperTable, rows: Sequence[int], progress: Progress
) -> Iterator[tuple[int, Paper | None]]:
    """The papers at those rows that are live; None for one whose line is damaged, which the catalog reports."""
    for done, row in enumerate(rows):
        if done % PROGRESS_STEP == 0:
            progress(done, len(rows))
        if not table.is_live(row):
            continue
        try:
            yield row, table.paper(row)
        except StorageError:
            yield row, None


def build_batches(
    papers: Iterable[tuple[int, Paper | None]],
    folder: Path,
    stems: StemProvider = compute_stems,
    *,
    inline_limit: int = 0,
) -> Iterator[Batch]:
    """The papers (row and paper) in batches as large as memory allows, their files in `folder`.

    What at most `few` papers are called is not written to a file.

    Raises:
        OSError: a file cannot be written.
    """
    pool, rows, entries = SegmentBuilder(), array("I"), list[tables.PaperMetadata]()
    for row, paper in papers:
        rows.append(row)
        entries.append(tables.metadata_of(paper))
        if paper is not None:
            pool.add(row, schema.indexed_words(paper))
        if pool.is_full:
            yield _write_batch(pool, rows, entries, folder, stems)
            pool, rows, entries = SegmentBuilder(), array("I"), []
    if rows:
        yield _write_batch(pool, rows, entries, folder, stems, inline_limit)


@contextmanager
def build_folder(parent: Path) -> Iterator[Path]:
    """A private folder in `parent` for the body, gone afterwards. What killed processes left of theirs is removed.

    Raises:
        StorageError: it cannot be created.
        OSError: a file of it cannot be written.
    """
    ensure_folder(parent)
    _remove_abandoned_folders(parent)
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER_PREFIX, dir=parent))
    try:
        with lock(folder / "lock"):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned_folders(parent: Path) -> None:
    for folder in parent.glob(f"{_FOLDER_PREFIX}*"):
        with suppress(LockTimeout, StorageError, OSError), lock(folder / "lock", timeout=0):
            shutil.rmtree(folder)


def _write_batch(
    pool: SegmentBuilder,
    rows: array[int],
    entries: Sequence[tables.PaperMetadata],
    folder: Path,
    stems: StemProvider,
    few: int = 0,
) -> Batch:
    name = whoosh_codec.new_segment().segment_id()
    documents = len(pool)
    words = write_segment(pool, folder, name, stems) if documents else {}
    if len(rows) <= few:
        return Batch(folder, name, documents, words, metadata=dict(zip(rows, entries, strict=True)))
    batch = Batch(folder, name, documents, words)
    parts = [*tables.build_tables(entries).items(), (ROWS_PART, {ROWS_PART: np.frombuffer(rows, np.uint32)})]
    file_format.write_table_file(batch.metadata_file, CatalogVersion("", 0, 0, 0), len(rows), parts)
    return batch
