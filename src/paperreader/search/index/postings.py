"""Posting lists of an index snapshot as NumPy arrays over catalog rows, with BM25 scoring.

Not thread-safe: segments seek in files. `SearchEngine` allows one thread at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.index import phrase_match, schema
from paperreader.search.index.index_vocabulary import IndexVocabulary
from paperreader.search.index.snapshot import IndexSnapshot, SnapshotSegment

K1, B = 1.2, 0.75
"""BM25 parameters: term frequency saturation and length normalization. Whoosh's defaults."""

_LONG_LIST = 4096
"""Posting lists from this length on are added one by one: their arrays stay in the cache of the processor."""

Rows = NDArray[np.int32]
Scores = NDArray[np.float32]
Frequencies = NDArray[np.float32]
"""How often each row contains a term: to score a term of many papers without looking up their rows."""


class Postings(Struct, frozen=True):
    """The papers whose field contains a term."""

    rows: NDArray[np.intp]
    """Unique; ascending within a segment. Unlike `Rows`, NumPy does not have to convert them to use them as indices."""
    weights: NDArray[np.uint8] | Scores
    """Term frequency in each row. Empty for the field `word`."""


NO_POSTINGS = Postings(np.empty(0, np.intp), np.empty(0, np.uint8))


class TermPostings(Protocol):
    """Where the words of queries are looked up. For the methods see `PostingsReader`."""

    vocabulary: IndexVocabulary
    row_count: int

    def document_frequency(self, field: str, stem: str) -> int: ...

    def idf(self, frequency: int) -> float: ...

    def postings(self, field: str, stem: str) -> Postings: ...

    def any_of(self, field: str, stems: Sequence[str]) -> Frequencies: ...

    def phrase(self, field: str, slots: Sequence[Sequence[str]]) -> tuple[Postings, list[int]]: ...

    def bm25(self, field: str, idf: float, postings: Postings | Frequencies) -> Scores: ...


class PostingsReader:
    """Postings, statistics and vocabulary of a snapshot that is loaded.

    Raises, in every method:
        IndexDamaged, OSError: the files differ from what was written.
    """

    def __init__(self, snapshot: IndexSnapshot) -> None:
        self._segments = [_Segment(segment) for segment in snapshot.segments]
        readers = [segment.reader for segment in snapshot.segments]
        self.document_count = sum(reader.document_count for reader in readers)
        """Number of documents, including deleted ones (as in Whoosh)."""
        self.row_count = max((int(reader.rows.max()) + 1 for reader in readers), default=0)
        """The highest catalog row plus one."""
        self.vocabulary = IndexVocabulary(readers)
        self._norms = {
            field: self._length_norms(field, snapshot.total_words[field]) for field in schema.TEXT_FIELDS
        }

    def document_frequency(self, field: str, stem: str) -> int:
        """Return the number of documents with the term in that field, including deleted ones (as in Whoosh)."""
        total = 0
        for segment in self._segments:
            terms = segment.reader.terms
            number = terms.number(field, stem)
            if number >= 0:
                total += int(terms.document_counts[field][number])
        return total

    def idf(self, frequency: int) -> float:
        """Return the inverse document frequency, as in Whoosh's `WeightingModel.idf`."""
        return float(np.log(self.document_count / (frequency + 1)) + 1) if self.document_count else 0.0

    def postings(self, field: str, stem: str) -> Postings:
        """Return the postings of a term."""
        found = []
        for segment in self._segments:
            number = segment.reader.terms.number(field, stem)
            if number >= 0:
                documents, weights = segment.reader.documents(field, number)
                found.append(segment.postings(documents, weights))
        return _concatenated(found)

    def any_of(self, field: str, stems: Sequence[str]) -> Frequencies:
        """Return how often the field of each row contains any of the terms."""
        found = np.zeros(self.row_count, np.float32)
        for segment in self._segments:
            numbers = [number for stem in stems if (number := segment.reader.terms.number(field, stem)) >= 0]
            lists = [segment.reader.documents(field, number) for number in numbers]
            short = [each for each in lists if len(each[0]) < _LONG_LIST]
            if short:  # one operation instead of up to 64
                lists = [each for each in lists if len(each[0]) >= _LONG_LIST]
                documents, weights = zip(*short, strict=True)
                lists.append((np.concatenate(documents), np.concatenate(weights)))
            for some_documents, some_weights in lists:
                segment.add(found, some_documents, some_weights)
        return found

    def phrase(self, field: str, slots: Sequence[Sequence[str]]) -> tuple[Postings, list[int]]:
        """Find the papers whose field contains one term of each slot at consecutive positions.

        Returns:
            Those papers with the phrase frequency, and the document frequency of each slot.
        """
        found = []
        frequencies = [0] * len(slots)
        for segment in self._segments:
            numbers = [
                [number for stem in stems if (number := segment.reader.terms.number(field, stem)) >= 0]
                for stems in slots
            ]
            documents, weights, own = phrase_match.find_phrase(segment.reader, field, numbers)
            frequencies = [sum(pair) for pair in zip(frequencies, own, strict=True)]
            if len(documents):
                found.append(segment.postings(documents, weights))
        return _concatenated(found), frequencies

    def bm25(self, field: str, idf: float, postings: Postings | Frequencies) -> Scores:
        """Return the BM25 score of each posting, or of each row, 0 for one without the term:
        `idf * w * (K1 + 1) / (w + K1 * (1 - B + B * length / mean))`.

        Whoosh's `scoring.bm25`, after Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond
        (2009), section 3.4. The scores of fields are summed.
        """
        return saturated(idf, postings, self._norms[field])

    def lengths(self, field: str) -> Scores:
        """Return the length of the field of every row in words."""
        lengths = np.zeros(self.row_count, np.float32)
        for segment in self._segments:
            rows, live = segment.live_rows
            lengths[rows] = segment.reader.lengths(field)[live]
        return lengths

    def _length_norms(self, field: str, words: int) -> Scores:
        """Return `K1 * (1 - B + B * length / mean)` for every row."""
        mean = words / max(self.document_count, 1) or 1.0
        norms: Scores = np.float32(K1) * (np.float32(1 - B) + np.float32(B / mean) * self.lengths(field))
        return norms


def saturated(idf: float, postings: Postings | Frequencies, norms: Scores) -> Scores:
    """Return `idf * w * (K1 + 1) / (w + norm)` of each posting, or of each row. `norms` are those of all rows."""
    if isinstance(postings, Postings):
        weights, norms = postings.weights.astype(np.float32), norms[postings.rows]
    else:
        weights = postings
    scores = norms + weights
    np.divide(weights, scores, out=scores)
    scores *= np.float32(idf * (K1 + 1))
    return scores


class _Segment:
    """A segment, and which rows its documents are."""

    def __init__(self, segment: SnapshotSegment) -> None:
        self.reader, self._live_mask = segment.reader, segment.live_mask
        rows = self.reader.rows
        is_in_order = np.array_equal(rows, np.arange(rows[0], rows[0] + len(rows)))
        self._first_row = int(rows[0]) if is_in_order else None
        """The row of the first document if those of all others follow one by one."""
        self._deleted = None if self._live_mask is None else rows[~self._live_mask].astype(np.intp)

    def postings(self, documents: NDArray[np.integer], weights: NDArray[np.uint8]) -> Postings:
        """Return the rows of documents that are not deleted, with their weights."""
        if self._live_mask is not None:
            live = self._live_mask[documents]
            documents = documents[live]
            weights = weights[live] if len(weights) else weights
        return Postings(self._rows(documents), weights)

    def add(
        self, frequencies: Frequencies, documents: NDArray[np.integer], weights: NDArray[np.uint8]
    ) -> None:
        """Add the weights of documents, which may repeat, to those of their rows, without deleted documents."""
        # The row of a deleted document may have another one in a different segment.
        kept = None if self._deleted is None else frequencies[self._deleted]
        np.add.at(frequencies, self._rows(documents), weights.astype(np.float32))
        if kept is not None:
            frequencies[self._deleted] = kept

    @property
    def live_rows(self) -> tuple[Rows, NDArray[np.bool_] | slice]:
        """The rows of all documents that are not deleted, and which documents these are."""
        live = slice(None) if self._live_mask is None else self._live_mask
        return self.reader.rows[live], live

    def _rows(self, documents: NDArray[np.integer]) -> NDArray[np.intp]:
        found = documents if self._first_row is not None else self.reader.rows[documents]
        rows = found.astype(np.intp)
        if self._first_row:
            rows += self._first_row
        return rows


def _concatenated(found: Sequence[Postings]) -> Postings:
    if len(found) < 2:
        return found[0] if found else NO_POSTINGS
    return Postings(
        np.concatenate([postings.rows for postings in found]),
        np.concatenate([postings.weights for postings in found]),
    )
