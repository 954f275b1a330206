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

Rows = NDArray[np.int32]
Scores = NDArray[np.float32]


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

    def any_of(self, field: str, stems: Sequence[str]) -> Postings: ...

    def phrase(self, field: str, slots: Sequence[Sequence[str]]) -> tuple[Postings, list[int]]: ...

    def union(self, lists: Sequence[Postings]) -> Postings: ...

    def bm25(self, field: str, idf: float, postings: Postings) -> Scores: ...


class PostingsReader:
    """Postings, statistics and vocabulary of a snapshot that is loaded.

    Raises, in every method:
        IndexDamaged, OSError: the files differ from what was written.
    """

    def __init__(self, snapshot: IndexSnapshot) -> None:
        self._segments = snapshot.segments
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
                found.append(_live_postings(segment, documents, weights))
        return _concatenated(found)

    def any_of(self, field: str, stems: Sequence[str]) -> Postings:
        """Return the papers whose field contains any of the terms, with the sum of their frequencies."""
        found = []
        for segment in self._segments:
            numbers = [number for stem in stems if (number := segment.reader.terms.number(field, stem)) >= 0]
            lists = [segment.reader.documents(field, number) for number in numbers]
            if not lists:
                continue
            total = np.zeros(segment.reader.document_count, np.float32)
            for documents, weights in lists:
                total[documents.astype(np.intp)] += weights  # no document is twice in a list
            present = np.flatnonzero(total > 0)
            found.append(_live_postings(segment, present, total[present]))
        return _concatenated(found)

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
                found.append(_live_postings(segment, documents, weights))
        return _concatenated(found), frequencies

    def union(self, lists: Sequence[Postings]) -> Postings:
        """Return the papers of any of several lists of postings, with the sums of their frequencies."""
        total = np.zeros(self.row_count, np.float32)
        for postings in lists:
            total[postings.rows] += postings.weights
        rows = np.flatnonzero(total > 0)
        return Postings(rows, total[rows])

    def bm25(self, field: str, idf: float, postings: Postings) -> Scores:
        """Return the BM25 score of each posting: `idf * w * (K1 + 1) / (w + K1 * (1 - B + B * length / mean))`.

        Whoosh's `scoring.bm25`, after Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond
        (2009), section 3.4. The scores of fields are summed.
        """
        weights = postings.weights.astype(np.float32)
        scores: Scores = self._norms[field][postings.rows]
        scores += weights
        np.divide(weights, scores, out=scores)
        scores *= np.float32(idf * (K1 + 1))
        return scores

    def lengths(self, field: str) -> Scores:
        """Return the length of the field of every row in words."""
        lengths = np.zeros(self.row_count, np.float32)
        for segment in self._segments:
            rows, own = segment.reader.rows, segment.reader.lengths(field)
            if segment.live_mask is not None:
                rows, own = rows[segment.live_mask], own[segment.live_mask]
            lengths[rows] = own
        return lengths

    def _length_norms(self, field: str, words: int) -> Scores:
        """Return `K1 * (1 - B + B * length / mean)` for every row."""
        mean = words / max(self.document_count, 1) or 1.0
        norms: Scores = np.float32(K1) * (np.float32(1 - B) + np.float32(B / mean) * self.lengths(field))
        return norms


def _live_postings(
    segment: SnapshotSegment, documents: NDArray[np.integer], weights: NDArray[np.uint8] | Scores
) -> Postings:
    """Convert documents of a segment to rows, without deleted ones."""
    if segment.live_mask is not None:
        live = segment.live_mask[documents]
        documents = documents[live]
        weights = weights[live] if len(weights) else weights
    return Postings(segment.reader.rows[documents].astype(np.intp), weights)


def _concatenated(found: Sequence[Postings]) -> Postings:
    if len(found) < 2:
        return found[0] if found else NO_POSTINGS
    return Postings(
        np.concatenate([postings.rows for postings in found]),
        np.concatenate([postings.weights for postings in found]),
    )
