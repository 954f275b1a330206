"""One finished state of the index: posting lists as NumPy arrays over catalog rows.

Thread-unsafe: segments seek in files. `SearchIndex` lets one thread in at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.analysis.vocabulary import IndexVocabulary
from paperreader.search.index import schema
from paperreader.search.index.manifest import Manifest
from paperreader.search.index.snapshot import IndexSnapshot, SnapshotSegment
from paperreader.search.query import phrase_match

K1, B = 1.2, 0.75
"""Of BM25: how soon repetition stops counting, and how much length does. Whoosh's own values."""

Rows = NDArray[np.int32]
Scores = NDArray[np.float32]


class Postings(Struct, frozen=True):
    """The papers whose field holds a term."""

    rows: Rows
    """Each once; ascending within a segment."""
    weights: NDArray[np.uint8] | Scores
    """How often the term stands there; as long as `rows`. Empty for the field `word`."""


NO_POSTINGS = Postings(np.empty(0, np.int32), np.empty(0, np.uint8))


class PostingsReader(IndexSnapshot):
    """Postings, statistics and words of the index that a manifest describes.

    Raises:
        Damaged, OSError, ValueError, KeyError: the files are not what the manifest said.
    """

    def __init__(self, folder: Path, known: Manifest) -> None:
        super().__init__(folder, known)
        self.document_count = sum(part.segment.document_count for part in self.parts)
        """How many documents there are, those no longer in force included (as Whoosh counts)."""
        self.row_count = max((int(part.segment.rows.max()) + 1 for part in self.parts), default=0)
        """One more than the highest row."""
        self.vocabulary = IndexVocabulary([part.segment for part in self.parts])
        self._norms = {
            field: self._length_norms(field, self.total_words[field]) for field in schema.TEXT_FIELDS
        }

    def document_frequency(self, field: str, stem: str) -> int:
        """How many documents hold the term in that field, those no longer in force included (as Whoosh counts)."""
        found = ((part.segment, part.segment.term_number(field, stem)) for part in self.parts)
        return sum(int(segment.document_counts[field][number]) for segment, number in found if number >= 0)

    def idf(self, frequency: int) -> float:
        """How much a term says that stands in so many documents: Whoosh's `WeightingModel.idf`."""
        return float(np.log(self.document_count / (frequency + 1)) + 1) if self.document_count else 0.0

    def postings(self, field: str, stem: str) -> Postings:
        """The papers whose field holds the term."""
        found = []
        for part in self.parts:
            number = part.segment.term_number(field, stem)
            if number >= 0:
                documents, weights = part.segment.documents(field, number)
                found.append(_live_postings(part, documents, weights))
        return _concatenated(found)

    def any_of(self, field: str, stems: Sequence[str]) -> Postings:
        """The papers whose field holds any of the terms, with all their occurrences."""
        found = []
        for part in self.parts:
            numbers = [number for stem in stems if (number := part.segment.term_number(field, stem)) >= 0]
            lists = [part.segment.documents(field, number) for number in numbers]
            if not lists:
                continue
            documents, weights = (np.concatenate(each) for each in zip(*lists, strict=True))
            total = np.bincount(documents, weights, part.segment.document_count)
            documents = np.flatnonzero(total)
            found.append(_live_postings(part, documents, total[documents].astype(np.float32)))
        return _concatenated(found)

    def phrase(self, field: str, slots: Sequence[Sequence[str]]) -> tuple[Postings, list[int]]:
        """The papers whose field holds one term of each slot, one right after the other.

        Returns:
            Those papers with how often they do; and for each slot how many documents hold one of its terms.
        """
        found = []
        frequencies = [0] * len(slots)
        for part in self.parts:
            numbers = [
                [number for stem in stems if (number := part.segment.term_number(field, stem)) >= 0]
                for stems in slots
            ]
            documents, weights, own = phrase_match.find_phrase(part.segment, field, numbers)
            frequencies = [sum(pair) for pair in zip(frequencies, own, strict=True)]
            if len(documents):
                found.append(_live_postings(part, documents, weights))
        return _concatenated(found), frequencies

    def bm25(self, field: str, idf: float, postings: Postings) -> Scores:
        """What a term adds to the score of each paper: `idf * w * (K1 + 1) / (w + K1 * (1 - B + B * length / mean))`.

        Whoosh's `scoring.bm25`, after Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond
        (2009), section 3.4; the scores of fields are added up.
        """
        weights = postings.weights.astype(np.float32)
        scores: Scores = self._norms[field][postings.rows]
        scores += weights
        np.divide(weights, scores, out=scores)
        scores *= np.float32(idf * (K1 + 1))
        return scores

    def _length_norms(self, field: str, words: int) -> Scores:
        """`K1 * (1 - B + B * length / mean)` for every row."""
        mean = words / max(self.document_count, 1) or 1.0
        lengths = np.zeros(self.row_count, np.float32)
        for part in self.parts:
            rows, own = part.segment.rows, part.segment.lengths(field)
            if part.live_mask is not None:
                rows, own = rows[part.live_mask], own[part.live_mask]
            lengths[rows] = own
        norms: Scores = np.float32(K1) * (np.float32(1 - B) + np.float32(B / mean) * lengths)
        return norms


def _live_postings(
    part: SnapshotSegment, documents: NDArray[np.integer], weights: NDArray[np.uint8] | Scores
) -> Postings:
    """Documents of a segment as rows, without those that are no longer in force."""
    if part.live_mask is not None:
        alive = part.live_mask[documents]
        documents = documents[alive]
        weights = weights[alive] if len(weights) else weights
    return Postings(part.segment.rows[documents], weights)


def _concatenated(found: Sequence[Postings]) -> Postings:
    if len(found) < 2:
        return found[0] if found else NO_POSTINGS
    return Postings(
        np.concatenate([postings.rows for postings in found]),
        np.concatenate([postings.weights for postings in found]),
    )
