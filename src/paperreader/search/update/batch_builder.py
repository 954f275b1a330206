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
from paperreader.models import CatalogStamp, Paper, PaperTable
from paperreader.search.index import schema, whoosh_codec
from paperreader.search.index.segment_builder import Pool, Stems, worked_out, write_pool
from paperreader.search.metadata import file_format, tables
from paperreader.storage import lock, make_folder

Progress = Callable[[int, int], None]
"""Told how many papers of how many are done."""

PROGRESS_STEP = 100
"""Papers between two reports."""

FEW = 500
"""Papers of which it is kept in memory what they are called: of more it is written to a file."""

ROWS = "rows"
"""The part of a names file that tells the row of each paper."""

_PREFIX = "building-"


class Batch(Struct, frozen=True):
    """Papers that were made ready: a segment in `folder`, of which nothing else knows yet."""

    folder: Path
    name: str
    """Of the segment: what the names of its files begin with."""
    documents: int
    """0: none of the papers could be read, and there is no segment."""
    words: Mapping[str, int]
    """For each scored field, how many words all documents have together."""
    dead: Sequence[int] = ()
    """Rows of it that do not count, because they have changed since or are another batch's."""
    entries: Mapping[int, tables.Entry] | None = None
    """What the papers are called, by row; None: `names_file` tells."""

    @property
    def names_file(self) -> Path:
        """What the papers are called: `names_form.parts_of`, and their rows."""
        return self.folder / f"{self.name}.names"


class Maker(Protocol):
    """Makes batches of the papers of a catalog."""

    def batches(
        self, table: PaperTable, rows: Sequence[int], progress: Progress, stems: Stems
    ) -> Iterable[Batch]:
        """Batches that hold the papers at those rows of `table` as they are there, each row once (and not dead).

        `stems` may be asked for the stems of words.

        Raises:
            OSError: a file cannot be written.
        """
        ...


class Alone:
    """Makes batches in this process, their files in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def batches(
        self, table: PaperTable, rows: Sequence[int], progress: Progress, stems: Stems
    ) -> Iterator[Batch]:
        """See `Maker`."""
        return make(papers_at(table, rows, progress), self._folder, stems, few=FEW)


def papers_at(
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


def make(
    papers: Iterable[tuple[int, Paper | None]], folder: Path, stems: Stems = worked_out, *, few: int = 0
) -> Iterator[Batch]:
    """The papers (row and paper) in batches as large as memory allows, their files in `folder`.

    What at most `few` papers are called is not written to a file.

    Raises:
        OSError: a file cannot be written.
    """
    pool, rows, entries = Pool(), array("I"), list[tables.Entry]()
    for row, paper in papers:
        rows.append(row)
        entries.append(tables.entry_of(paper))
        if paper is not None:
            pool.add(row, schema.texts(paper))
        if pool.is_full:
            yield _written(pool, rows, entries, folder, stems)
            pool, rows, entries = Pool(), array("I"), []
    if rows:
        yield _written(pool, rows, entries, folder, stems, few)


@contextmanager
def workplace(parent: Path) -> Iterator[Path]:
    """A private folder in `parent` for the body, gone afterwards. What killed processes left of theirs is removed.

    Raises:
        StorageError: it cannot be created.
        OSError: a file of it cannot be written.
    """
    make_folder(parent)
    _sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
    try:
        with lock(folder / "lock"):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path) -> None:
    for folder in parent.glob(f"{_PREFIX}*"):
        with suppress(LockTimeout, StorageError, OSError), lock(folder / "lock", timeout=0):
            shutil.rmtree(folder)


def _written(
    pool: Pool,
    rows: array[int],
    entries: Sequence[tables.Entry],
    folder: Path,
    stems: Stems,
    few: int = 0,
) -> Batch:
    name = whoosh_codec.new_segment().segment_id()
    documents = len(pool)
    words = write_pool(pool, folder, name, stems) if documents else {}
    if len(rows) <= few:
        return Batch(folder, name, documents, words, entries=dict(zip(rows, entries, strict=True)))
    batch = Batch(folder, name, documents, words)
    parts = [*tables.parts_of(entries).items(), (ROWS, {ROWS: np.frombuffer(rows, np.uint32)})]
    file_format.write(batch.names_file, CatalogStamp("", 0, 0, 0), len(rows), parts)
    return batch
