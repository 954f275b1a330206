"""The terms of a segment, and what its files are when they are not what they should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paperreader.search.analysis.tokenizer import stem
from paperreader.search.index.segment_writer import UIntArray

_AFTER_ALL_TERMS = b"\xff"
"""Sorts after every byte that UTF-8 knows."""


class IndexDamaged(Exception):
    """A file of the index is not what it was when it was written."""


class TermList:
    """Sorted terms, found by bisection: no Python object a term."""

    def __init__(self, text: NDArray[np.uint8], ends: UIntArray) -> None:
        self.text = self._text = text.tobytes()
        """All terms in UTF-8, end to end."""
        self.ends = ends
        """Where each ends in `text`; begins with 0."""
        self._ends = ends.data

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[bytes]:
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, number: int) -> bytes:
        return self._text[self._ends[number] : self._ends[number + 1]]

    def find(self, term: bytes) -> int:
        """The number of a term; -1 where there is none."""
        number = self.insertion_point(term)
        return number if number < len(self) and self[number] == term else -1

    def with_prefix(self, prefix: bytes) -> range:
        """The numbers of the terms that begin so."""
        return range(self.insertion_point(prefix), self.insertion_point(prefix + _AFTER_ALL_TERMS))

    def insertion_point(self, term: bytes) -> int:
        """How many terms sort before that one."""
        return self._bisect(term, 0, len(self))

    def insertion_points(self, terms: Sequence[bytes]) -> list[int]:
        """`place` of each of several sorted terms, in a third of the time for a hundredth of all."""
        found = [0] * len(terms)
        waiting = [(0, len(terms), 0, len(self))]
        while waiting:
            first, last, low, high = waiting.pop()
            if first < last:
                middle = (first + last) // 2
                found[middle] = place = self._bisect(terms[middle], low, high)
                waiting += ((first, middle, low, place), (middle + 1, last, place, high))
        return found

    def _bisect(self, term: bytes, low: int, high: int) -> int:
        text, ends = self._text, self._ends
        while low < high:
            middle = (low + high) // 2
            if text[ends[middle] : ends[middle + 1]] < term:
                low = middle + 1
            else:
                high = middle
        return low


def merge_terms(lexicons: Sequence[TermList]) -> tuple[list[bytes], list[NDArray[np.int64]]]:
    """All terms of several lexicons, sorted, and for each lexicon the number of each of its terms among them."""
    terms = sorted({term for lexicon in lexicons for term in lexicon})
    number = {term: place for place, term in enumerate(terms)}
    return terms, [
        np.fromiter((number[term] for term in lexicon), np.int64, len(lexicon)) for lexicon in lexicons
    ]


@dataclass(frozen=True, slots=True)
class StemDictionary:
    """Raw words with their stems."""

    words: TermList
    terms: TermList
    """The stems."""
    stem_of_word: UIntArray
    """For each word the number of its stem."""

    def stems(self, words: Sequence[str]) -> list[str]:
        """The stems of sorted words: looked up where they are known, else worked out."""
        sought = [word.encode() for word in words]
        numbers, known = self.stem_of_word.data, len(self.words)
        return [
            self.terms[numbers[place]].decode() if place < known and self.words[place] == raw else stem(word)
            for word, raw, place in zip(words, sought, self.words.insertion_points(sought), strict=True)
        ]
