"""Build batches of papers for the index: each is a segment with the metadata of its papers.

A batch depends only on its papers, so that other processes can build batches. It becomes part of the index when
`updater` moves its files there.
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
"""Called with the number of papers done and the total."""

PROGRESS_STEP = 100
"""Papers between two progress reports."""

INLINE_METADATA_LIMIT = 500
"""Batches of at most this many papers hold their metadata in memory, larger ones write a file."""

ROWS_PART = "rows"
"""Part of a batch's metadata file with the row of each paper."""

_FOLDER_PREFIX = "building-"


class Batch(Struct, frozen=True):
    """A segment in `folder` that is not part of the index yet."""

    folder: Path
    name: str
    """Segment name: the prefix of its file names."""
    documents: int
    """Number of documents; 0 when no paper could be read, and there is no segment."""
    words: Mapping[str, int]
    """Total number of words in each scored field."""
    stale_rows: Sequence[int] = ()
    """Rows to ignore, because they have changed since or another batch has them."""
    metadata: Mapping[int, tables.PaperMetadata] | None = None
    """Metadata by row; None when it is in `metadata_file`."""

    @property
    def metadata_file(self) -> Path:
        """File with the metadata tables and the row of each paper."""
        return self.folder / f"{self.name}.names"


class BatchBuilder(Protocol):
    """Builds batches of the papers of a catalog."""

    def batches(
        self, table: PaperTable, rows: Sequence[int], progress: Progress, stems: StemProvider
    ) -> Iterable[Batch]:
        """Return batches that together contain the papers at those rows of `table`, each row once and not stale.

        Args:
            table: the catalog.
            rows: the rows to index.
            progress: called while papers are read.
            stems: may be used to get the stems of words.

        Raises:
            OSError: a file cannot be written.
        """
        ...


class InProcessBuilder:
    """Builds batches in this process, with their files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def batches(
        self, table: PaperTable, rows: Sequence[int], progress: Progress, stems: StemProvider
    ) -> Iterator[Batch]:
        """See `BatchBuilder`."""
        return build_batches(
            read_papers(table, rows, progress), self._folder, stems, inline_limit=INLINE_METADATA_LIMIT
        )


def read_papers(
    table: PaperTable, rows: Sequence[int], progress: Progress
) -> Iterator[tuple[int, Paper | None]]:
    """Yield the live papers at those rows; None for a paper whose line is damaged (the catalog reports it)."""
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
    """Build batches of limited size from (row, paper) pairs, with their files in `folder`.

    A last batch of at most `inline_limit` papers holds its metadata in memory instead of a file.

    Raises:
        OSError: a file cannot be written.
    """
    builder, rows, metadata = SegmentBuilder(), array("I"), list[tables.PaperMetadata]()
    for row, paper in papers:
        rows.append(row)
        metadata.append(tables.metadata_of(paper))
        if paper is not None:
            builder.add(row, schema.indexed_texts(paper))
        if builder.is_full:
            yield _write_batch(builder, rows, metadata, folder, stems)
            builder, rows, metadata = SegmentBuilder(), array("I"), []
    if rows:
        yield _write_batch(builder, rows, metadata, folder, stems, inline_limit)


@contextmanager
def build_folder(parent: Path) -> Iterator[Path]:
    """Create a private temporary folder in `parent`, and remove those that killed processes left there.

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
    builder: SegmentBuilder,
    rows: array[int],
    metadata: Sequence[tables.PaperMetadata],
    folder: Path,
    stems: StemProvider,
    inline_limit: int = 0,
) -> Batch:
    from paperreader.search.meaning.model import optional_model  # opening the index does not need it

    name = whoosh_codec.new_segment().segment_id()
    documents = len(builder)
    words = write_segment(builder, folder, name, stems, optional_model()) if documents else {}
    if len(rows) <= inline_limit:
        return Batch(folder, name, documents, words, metadata=dict(zip(rows, metadata, strict=True)))
    batch = Batch(folder, name, documents, words)
    parts = [*tables.build_tables(metadata).items(), (ROWS_PART, {ROWS_PART: np.frombuffer(rows, np.uint32)})]
    file_format.write_table_file(batch.metadata_file, CatalogVersion("", 0, 0, 0), len(rows), parts)
    return batch
