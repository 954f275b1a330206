"""Posting lists of full texts by paper: the documents of a text, and the texts of a paper, count as one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paperreader.search.index.postings import K1, B, Frequencies, Postings, PostingsReader, Scores, saturated

_MAX_CACHED = 4096


class PaperPostings:
    """Posting lists over catalog rows. Has the methods of `PostingsReader` that a `Matcher` needs.

    Args:
        reader: the posting lists over slots.
        row_of_slot: the catalog row of each slot of the reader; -1 for one without a paper.
    """

    def __init__(self, reader: PostingsReader, row_of_slot: NDArray[np.intp]) -> None:
        self._reader, self._row_of_slot = reader, row_of_slot
        self._used_slots = max(int(np.count_nonzero(row_of_slot >= 0)), 1)
        self.vocabulary = reader.vocabulary
        """The words of the texts."""
        self.row_count = int(row_of_slot.max(initial=-1)) + 1
        """The highest catalog row of a paper with a text plus one."""
        self.document_count = len(np.unique(row_of_slot[row_of_slot >= 0]))
        """The number of papers with a text."""
        self._frequencies: dict[tuple[str, str], int] = {}
        self._norms: dict[str, Scores] = {}

    def document_frequency(self, field: str, stem: str) -> int:
        """Return the number of papers with the term."""
        key = (field, stem)
        known = self._frequencies.get(key)
        if known is None:
            if len(self._frequencies) >= _MAX_CACHED:
                self._frequencies.clear()
            known = self._frequencies[key] = len(self.postings(field, stem).rows)
        return known

    def idf(self, frequency: int) -> float:
        """Return the inverse document frequency of something that this many papers have."""
        return float(np.log(self.document_count / (frequency + 1)) + 1) if self.document_count else 0.0

    def postings(self, field: str, stem: str) -> Postings:
        """See `PostingsReader.postings`."""
        return self._by_paper(self._reader.postings(field, stem))

    def any_of(self, field: str, stems: Sequence[str]) -> Frequencies:
        """See `PostingsReader.any_of`."""
        known = self._row_of_slot >= 0
        frequencies = self._reader.any_of(field, stems)[known]
        return np.bincount(self._row_of_slot[known], frequencies, self.row_count).astype(np.float32)

    def phrase(self, field: str, slots: Sequence[Sequence[str]]) -> tuple[Postings, list[int]]:
        """See `PostingsReader.phrase`. The frequencies are estimates."""
        postings, frequencies = self._reader.phrase(field, slots)
        share = self.document_count / self._used_slots
        return self._by_paper(postings), [round(frequency * share) for frequency in frequencies]

    def bm25(self, field: str, idf: float, postings: Postings | Frequencies) -> Scores:
        """See `PostingsReader.bm25`. The length of a paper is that of all its text."""
        norms = self._norms.get(field)
        if norms is None:
            norms = self._norms[field] = self._length_norms(field)
        return saturated(idf, postings, norms)

    def _by_paper(self, postings: Postings) -> Postings:
        rows = self._row_of_slot[postings.rows]
        known = rows >= 0
        if not len(postings.weights):  # of the field `word`
            return Postings(np.unique(rows[known]), postings.weights)
        return _sum_by_row(rows[known], postings.weights[known])

    def _length_norms(self, field: str) -> Scores:
        lengths = np.zeros(self.row_count, np.float32)
        slots = np.flatnonzero(self._row_of_slot >= 0)
        np.add.at(lengths, self._row_of_slot[slots], self._reader.lengths(field)[slots].astype(np.float32))
        mean = float(lengths.sum()) / max(self.document_count, 1) or 1.0
        norms: Scores = np.float32(K1) * (np.float32(1 - B) + np.float32(B / mean) * lengths)
        return norms


def _sum_by_row(rows: NDArray[np.intp], weights: NDArray[np.uint8] | Scores) -> Postings:
    """Return each row once, with the sum of its weights."""
    unique, places = np.unique(rows, return_inverse=True)
    return Postings(unique, np.bincount(places, weights, len(unique)).astype(np.float32))
