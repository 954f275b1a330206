"""Papers as vectors of their stems, weighted by tf-idf, in one state of the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.index.postings import TermPostings

MIN_PAPERS = 2
"""A stem in the abstracts of fewer papers says nothing about others."""


class TermVector(Struct, frozen=True, eq=False):
    """One paper: the numbers of its stems and their tf-idf, as a vector of length 1."""

    numbers: NDArray[np.intp]
    values: NDArray[np.float64]
    frequencies: NDArray[np.float64]
    """`(1 + log tf)` of each stem, divided by the length that the vector had before."""


class TermWeights:
    """Inverse document frequencies of stems, which it numbers as they come. Grows, and is not thread-safe.

    Args:
        document_count: how many documents the index has.
    """

    def __init__(self, document_count: int) -> None:
        self.document_count = document_count
        self.stems: list[str] = []
        """By number."""
        self._numbers: dict[str, int] = {}
        self._idf: list[float] = []
        self._shares: list[float] = []

    def vector(self, counts: Mapping[str, int], postings: TermPostings) -> TermVector:
        """Return the vector of a paper with these stems. Those that say nothing are left out."""
        numbers = np.fromiter((self._number(stem, postings) for stem in counts), np.intp, len(counts))
        frequencies = 1 + np.log(np.fromiter(counts.values(), np.float64, len(counts)))
        idf = np.fromiter((self._idf[number] for number in numbers.tolist()), np.float64, len(counts))
        known = idf > 0
        numbers, frequencies, values = numbers[known], frequencies[known], (frequencies * idf)[known]
        length = float(np.sqrt(values @ values)) or 1.0
        return TermVector(numbers, values / length, frequencies / length)

    def expected(self, scale: float) -> NDArray[np.float64]:
        """Return what a paper of the library has of each stem on average: `df / N * idf * scale`.

        Args:
            scale: the mean of `TermVector.frequencies`.
        """
        expected: NDArray[np.float64] = np.array(self._shares) * np.array(self._idf) * scale
        return expected

    def _number(self, stem: str, postings: TermPostings) -> int:
        number = self._numbers.get(stem)
        if number is None:
            number = self._numbers[stem] = len(self.stems)
            self.stems.append(stem)
            found = postings.document_frequency("abstract", stem)
            says_something = found >= MIN_PAPERS
            self._idf.append(log((self.document_count + 1) / (found + 1)) if says_something else 0.0)
            self._shares.append(found / max(self.document_count, 1))
        return number


def sum_by_stem(vectors: Sequence[TermVector], count: int) -> NDArray[np.float64]:
    """Return the sum of at least one vector: one number for each of `count` stems."""
    numbers = np.concatenate([vector.numbers for vector in vectors])
    values = np.concatenate([vector.values for vector in vectors])
    return np.bincount(numbers, values, count).astype(np.float64)
