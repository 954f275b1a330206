"""One finished state of the index, read through Whoosh into NumPy arrays over catalog rows.

Thread-unsafe: Whoosh seeks in shared files. `SearchIndex` lets one thread in at a time.
"""

from __future__ import annotations

import weakref
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import TermNotFound

from paperreader.models import CatalogStamp
from paperreader.search import schema
from paperreader.search.manifest import Manifest
from paperreader.search.words import Words

POSITION_BITS = 20
"""An occurrence is `row << POSITION_BITS | position`."""

K1, B = 1.2, 0.75
"""Of BM25: how soon repetition stops counting, and how much length does. Whoosh's own values."""

Rows = NDArray[np.int32]
Scores = NDArray[np.float32]
Occurrences = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Postings:
    """The papers whose field holds a term."""

    rows: Rows
    """Each once, in no order."""
    weights: Scores
    """How often the term stands there; as long as `rows`."""


NO_POSTINGS = Postings(np.empty(0, np.int32), np.empty(0, np.float32))


class Storage(FileStorage):  # type: ignore[misc]
    """A folder that remembers what it opened: Whoosh leaves some files to the garbage collector."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._opened: list[Any] = []

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """As Whoosh's own."""
        file = super().open_file(name, **kwargs)
        self._opened.append(file)
        return file

    def release(self) -> None:
        """Close whatever is still open."""
        for file in self._opened:
            if not file.is_closed:
                file.close()
        self._opened.clear()


class Folder(FileIndex):  # type: ignore[misc]
    """A Whoosh index opened at the generation that the manifest names, whatever lies beside it.

    A writer that died after its commit leaves a later generation behind.
    """

    def __init__(self, folder: Path, generation: int) -> None:
        self._toc = generation
        self.storage = Storage(str(folder))
        try:
            super().__init__(self.storage, indexname=schema.NAME)
        except BaseException:
            self.storage.release()
            raise

    def _read_toc(self) -> TOC:
        return TOC.read(self.storage, self.indexname, gen=self._toc)


@dataclass(frozen=True, slots=True)
class _Segment:
    """A part of the index, written at once."""

    reader: Any
    """Of Whoosh (`whoosh.reading.SegmentReader`)."""
    rows: Rows
    """The catalog row of each document."""
    alive: NDArray[np.bool_]
    """Whether each document is still in force."""


class OpenIndex:
    """Postings, statistics and words of the index that a manifest describes.

    Raises:
        Exception: of any kind, when the files are not what the manifest said (see `SearchIndex`).
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        self.stamp: CatalogStamp = manifest.stamp
        opened = Folder(folder, manifest.toc)
        self.close = weakref.finalize(self, opened.storage.release)
        """Lets go of the files; called by the garbage collector at the latest."""
        self._reader = opened.reader()
        self._segments = [
            _open_segment(reader) for reader, _ in self._reader.leaf_readers() if reader.doc_count_all()
        ]
        self.documents: int = self._reader.doc_count_all()
        """How many documents there are, those no longer in force included (as Whoosh counts)."""
        self.size = max((int(segment.rows.max()) + 1 for segment in self._segments), default=0)
        """One more than the highest row."""
        self.words = Words(
            (term.decode(), info.doc_frequency()) for term, info in self._reader.iter_field("word")
        )
        self._norms = {field: self._norm(field) for field in schema.TEXT_FIELDS}

    def frequency(self, field: str, stem: str) -> int:
        """How many documents hold the term in that field."""
        return int(self._reader.doc_frequency(field, stem.encode()))

    def idf(self, frequency: int) -> float:
        """How much a term says that stands in so many documents: Whoosh's `WeightingModel.idf`."""
        return float(np.log(self.documents / (frequency + 1)) + 1) if self.documents else 0.0

    def postings(self, field: str, stem: str) -> Postings:
        """The papers whose field holds the term."""
        found = []
        for segment, matcher in self._matchers(field, stem):
            documents, weights = array("I"), array("f")
            while matcher.is_active():
                documents.append(matcher.id())
                weights.append(matcher.weight())
                matcher.next()
            numbers = np.frombuffer(documents, np.uint32)
            found.append((segment.rows[numbers], np.frombuffer(weights, np.float32)))
        if not found:
            return NO_POSTINGS
        return Postings(
            np.concatenate([rows for rows, _ in found]), np.concatenate([weight for _, weight in found])
        )

    def occurrences(self, field: str, stem: str) -> Occurrences:
        """Every place where the term stands in that field, packed with its row, ascending."""
        packed = array("q")
        for segment, matcher in self._matchers(field, stem):
            rows = segment.rows
            while matcher.is_active():
                base = int(rows[matcher.id()]) << POSITION_BITS
                packed.extend([base | position for position in matcher.value_as("positions")])
                matcher.next()
        return np.sort(np.frombuffer(packed, np.int64))

    def bm25(self, field: str, idf: float, rows: Rows, weights: Scores) -> Scores:
        """What a term adds to the score of each paper: `idf * w * (K1 + 1) / (w + K1 * (1 - B + B * length / mean))`.

        Whoosh's `scoring.bm25`, after Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond
        (2009), section 3.4; the scores of fields are added up.
        """
        scores: Scores = idf * weights * np.float32(K1 + 1) / (weights + self._norms[field][rows])
        return scores.astype(np.float32, copy=False)

    def _matchers(self, field: str, stem: str) -> list[tuple[_Segment, Any]]:
        found = []
        for segment in self._segments:
            try:
                # Whoosh leaves documents out that are no longer in force.
                found.append((segment, segment.reader.postings(field, stem.encode())))
            except TermNotFound:
                continue
        return found

    def _norm(self, field: str) -> Scores:
        """`K1 * (1 - B + B * length / mean)` for every row."""
        lengths = np.zeros(self.size, np.float32)
        for segment in self._segments:
            read = segment.reader.doc_field_length
            own = np.fromiter(
                (read(number, field, 0) or 0 for number in range(len(segment.rows))), np.float32
            )
            lengths[segment.rows[segment.alive]] = own[segment.alive]
        mean = self._reader.field_length(field) / max(self.documents, 1) or 1.0
        norms: Scores = np.float32(K1) * (np.float32(1 - B) + np.float32(B / mean) * lengths)
        return norms


def _open_segment(reader: Any) -> _Segment:
    count = reader.doc_count_all()
    rows = np.fromiter(reader.column_reader("row"), np.int32, count)
    alive = np.ones(count, np.bool_)
    alive[list(reader.segment().deleted_docs())] = False
    return _Segment(reader, rows, alive)


def concatenate(lists: Sequence[Occurrences]) -> Occurrences:
    """Several lists of occurrences as one, ascending, each occurrence once."""
    if len(lists) == 1:
        return lists[0]
    return np.unique(np.concatenate(lists)) if lists else np.empty(0, np.int64)
