"""The sorted terms of a segment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
from numpy.typing import NDArray

from paperreader.search.analysis.stemming import stem
from paperreader.search.index.array_file import Arrays
from paperreader.search.index.schema import TEXT_FIELDS
from paperreader.search.index.segment_writer import TERM_LIST_OF_FIELD, UIntArray

_AFTER_ALL_TERMS = b"\xff"
"""Sorts after every byte of UTF-8."""

_MAX_CACHED_NUMBERS = 4096
"""Capacity of each cache of `TermTable.number`, in terms."""


class TermList:
    """Sorted terms, looked up by bisection, without a Python object per term."""

    def __init__(self, text: NDArray[np.uint8], ends: UIntArray) -> None:
        self.text = self._text = text.tobytes()
        """All terms in UTF-8, concatenated."""
        self.ends = ends
        """End offset of each term in `text`, starting with 0."""
        self._ends = ends.data

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __iter__(self) -> Iterator[bytes]:
        text = self._text
        return (text[start:end] for start, end in pairwise(self.ends.tolist()))

    def __getitem__(self, number: int) -> bytes:
        return self._text[self._ends[number] : self._ends[number + 1]]

    def find(self, term: bytes) -> int:
        """Return the number of a term; -1 if it is missing."""
        number = self.insertion_point(term)
        return number if number < len(self) and self[number] == term else -1

    def with_prefix(self, prefix: bytes) -> range:
        """Return the numbers of the terms with that prefix."""
        return range(self.insertion_point(prefix), self.insertion_point(prefix + _AFTER_ALL_TERMS))

    def insertion_point(self, term: bytes) -> int:
        """Return how many terms sort before `term`."""
        return self._bisect(term, 0, len(self))

    def insertion_points(self, terms: Sequence[bytes]) -> list[int]:
        """Return the `insertion_point` of each of several sorted terms.

        Takes a third of the time of single lookups when a hundredth of all terms is looked up.
        """
        found = [0] * len(terms)
        pending = [(0, len(terms), 0, len(self))]
        while pending:
            first, last, low, high = pending.pop()
            if first < last:
                middle = (first + last) // 2
                found[middle] = position = self._bisect(terms[middle], low, high)
                pending += ((first, middle, low, position), (middle + 1, last, position, high))
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


def merge_terms(lists: Sequence[TermList]) -> tuple[list[bytes], list[NDArray[np.int64]]]:
    """Merge several term lists; return the sorted terms, and for each list the merged numbers of its terms."""
    listed = [list(term_list) for term_list in lists]
    # Sorting consists of merging, because each list is sorted already.
    terms = sorted(dict.fromkeys(chain.from_iterable(listed)))
    number = dict(zip(terms, range(len(terms)), strict=True))
    return terms, [np.fromiter(map(number.__getitem__, part), np.int64, len(part)) for part in listed]


@dataclass(frozen=True, slots=True)
class StemDictionary:
    """Maps the raw words of a segment to their stems."""

    words: TermList
    terms: TermList
    """All stems."""
    stem_of_word: UIntArray
    """For each word the number of its stem in `terms`."""

    def stems(self, words: Sequence[str]) -> list[str]:
        """Return the stems of sorted words: looked up when known, otherwise computed."""
        encoded = [word.encode() for word in words]
        numbers, count = self.stem_of_word.data, len(self.words)
        return [
            self.terms[numbers[position]].decode()
            if position < count and self.words[position] == raw
            else stem(word)
            for word, raw, position in zip(words, encoded, self.words.insertion_points(encoded), strict=True)
        ]


class TermTable:
    """The content of a `.trm` file (see `segment_writer`): the terms of a segment and where their posting lists are."""

    def __init__(self, arrays: Arrays) -> None:
        self.lists = {
            name: TermList(arrays[f"{name}.text"], arrays[f"{name}.ends"]) for name in ("stem", "word")
        }
        """Stems and raw words."""
        self.document_counts: dict[str, UIntArray] = {
            field: arrays[f"{field}.count"] for field in TERM_LIST_OF_FIELD
        }
        """By field, the number of documents that contain each term of its list."""
        self.stem_of_word: UIntArray = arrays["word.stem"]
        """For each word the number of its stem."""
        self.starts: dict[str, UIntArray] = {field: arrays[f"{field}.start"] for field in TERM_LIST_OF_FIELD}
        """By field, the start of each posting list in units of `BLOCK_ALIGNMENT`."""
        self.crcs: dict[str, UIntArray] = {field: arrays[f"{field}.crc"] for field in TERM_LIST_OF_FIELD}
        self.position_crcs: dict[str, UIntArray] = {
            field: arrays[f"{field}.place_crc"] for field in TEXT_FIELDS
        }
        self._numbers: dict[str, dict[str, int]] = {name: {} for name in self.lists}
        """By list, the numbers of terms that were looked up. A search looks each term up for several fields."""

    def number(self, field: str, term: str) -> int:
        """Return the number of a field's term; -1 if no document contains it."""
        name = TERM_LIST_OF_FIELD[field]
        known = self._numbers[name]
        number = known.get(term)
        if number is None:
            if len(known) >= _MAX_CACHED_NUMBERS:
                known.clear()
            number = known[term] = self.lists[name].find(term.encode())
        return number if number >= 0 and self.document_counts[field][number] else -1

    def stem_at(self, number: int) -> str:
        """Return the stem with that number, which will be looked up next."""
        stem = self.lists["stem"][number].decode()
        known = self._numbers["stem"]
        if len(known) < _MAX_CACHED_NUMBERS:
            known[stem] = number
        return stem
