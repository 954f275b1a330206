"""Words that are spelt nearly alike, out of hundreds of thousands in some milliseconds.

A word is near another when few edits lead from one to the other: a letter too many, missing, wrong, or two neighbours
exchanged (Damerau-Levenshtein distance in its restricted form, "optimal string alignment": no letter is edited twice).
Words of a fitting length whose letters differ too much for that are passed over by comparing sets of letters, 64 bits
a word; the distance of the few that are left is computed for all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

TWO_EDITS_LENGTH = 8
"""From so many letters on, two edits still leave a word to be recognised."""

MAX_MATCHES = 32
"""Words that a fuzzy one stands for."""

MIN_FUZZY_LENGTH = 3
"""Shorter words are near to everything, and so to nothing."""

_MAX_CACHED_WORDS = 256
"""Words whose neighbours are kept."""

_BIT_OF = np.uint64(1) << np.arange(64, dtype=np.uint64)
_ODD_BITS = np.uint64(0x5555555555555555)
_ODD_PAIRS = np.uint64(0x3333333333333333)
_ODD_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_LOW_BITS_OF_BYTES = np.uint64(0x0101010101010101)


def max_distance(word: str) -> int:
    """How many edits a word may be away and still be meant."""
    return 2 if len(word) >= TWO_EDITS_LENGTH else 1 if len(word) >= MIN_FUZZY_LENGTH else 0


class WordSource(Protocol):
    """Words with how often they occur."""

    def frequency(self, word: str) -> int: ...

    def with_prefix(self, prefix: str) -> Iterable[tuple[str, int]]: ...

    def word_sets(self) -> Sequence[WordSet]:
        """All words, in one set or several."""
        ...


class FuzzyMatcher:
    """The spelling of a vocabulary's words. They are read when it is first asked, and taken to stay as they are."""

    def __init__(self, vocabulary: WordSource) -> None:
        self._vocabulary = vocabulary
        self._word_sets: Sequence[WordSet] | None = None
        self._cache: dict[str, list[tuple[str, int, int]]] = {}

    def matches(self, word: str) -> tuple[str, ...]:
        """The words spelt nearly as `word` is, the nearest first, then the most frequent; `MOST_NEAR` at most."""
        return tuple(each for each, _, _ in self.ranked_matches(word)[:MAX_MATCHES])

    def ranked_matches(self, word: str) -> list[tuple[str, int, int]]:
        """All words near `word`, each with its distance and its frequency, in that order."""
        known = self._cache.get(word)
        if known is None:
            if len(self._cache) >= _MAX_CACHED_WORDS:
                self._cache.clear()
            known = self._cache[word] = self._find_matches(word)
        return known

    def _find_matches(self, word: str) -> list[tuple[str, int, int]]:
        if self._word_sets is None:
            self._word_sets = self._vocabulary.word_sets()
        most = max_distance(word)
        found = dict(pair for each in self._word_sets for pair in each.within_distance(word, most))
        frequency = self._vocabulary.frequency
        return sorted(
            ((each, edits, frequency(each)) for each, edits in found.items()),
            key=lambda one: (one[1], -one[2], one[0]),
        )


class WordSet:
    """A set of words, searched for those near a given one. Immutable.

    Args:
        codes: the letters (Unicode code points) of all words, end to end; no word is empty.
        ends: where each word ends in `codes`, ascending.
    """

    def __init__(self, codes: NDArray[np.uint32], ends: NDArray[np.int64]) -> None:
        self._codes = codes
        lengths = np.diff(ends, prepend=0)
        # NumPy sorts numbers of 16 bits by their digits, five times as fast; no word is longer than that.
        order = np.argsort(np.minimum(lengths, 0xFFFF).astype(np.uint16), kind="stable")
        self._ends = ends[order]
        """Of the words, the shortest first."""
        self._first_of_length = np.searchsorted(lengths[order], np.arange(int(lengths.max(initial=0)) + 2))
        self._letters: NDArray[np.uint64] = np.empty(0, np.uint64)
        """The letters of each word as a set: bit `code % 64`."""
        if len(ends):
            bits = _BIT_OF[codes & np.uint32(63)]
            self._letters = np.bitwise_or.reduceat(bits, ends - lengths)[order]

    @classmethod
    def from_words(cls, words: Iterable[str]) -> WordSet:
        """A set of words that are Python strings."""
        known = [word for word in words if word]
        lengths = np.fromiter(map(len, known), np.int64, len(known))
        return cls(_code_points("".join(known)), np.cumsum(lengths))

    @classmethod
    def from_utf8(cls, text: bytes, ends: NDArray[np.integer]) -> WordSet:
        """The words of a text in UTF-8, end to end; `ends` are counted in bytes."""
        begins = (np.frombuffer(text, np.uint8) & 0xC0) != 0x80
        characters = np.cumsum(begins, dtype=np.int32)
        return cls(_code_points(text.decode()), characters[ends.astype(np.int64) - 1].astype(np.int64))

    def within_distance(self, word: str, max_edits: int) -> list[tuple[str, int]]:
        """The words at most so many edits from `word`, itself left out, with how many it takes. In no order."""
        if not max_edits or not len(self._letters):
            return []
        codes = _code_points(word)
        longest = len(self._first_of_length) - 2
        found: list[tuple[str, int]] = []
        for length in range(max(len(word) - max_edits, 1), min(len(word) + max_edits, longest) + 1):
            numbers = self._candidates(codes, length, max_edits)
            if not len(numbers):
                continue
            places = (self._ends[numbers] - length)[:, None] + np.arange(length)
            edits = _edit_distances(codes, self._codes[places])
            for which in np.flatnonzero((edits > 0) & (edits <= max_edits)):
                near = self._codes[places[which]].tobytes().decode("utf-32-le", "surrogatepass")
                found.append((near, int(edits[which])))
        return found

    def _candidates(self, codes: NDArray[np.uint32], length: int, max_edits: int) -> NDArray[np.int64]:
        """The words of that length that have nearly the same letters.

        An edit takes at most one letter away and brings at most one in.
        """
        start, end = self._first_of_length[length], self._first_of_length[length + 1]
        wanted = np.bitwise_or.reduce(np.uint64(1) << (codes & np.uint32(63)).astype(np.uint64))
        letters = self._letters[start:end]
        there, missing = _bit_counts(letters & ~wanted), _bit_counts(wanted & ~letters)
        found: NDArray[np.int64] = start + np.flatnonzero((there <= max_edits) & (missing <= max_edits))
        return found


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _bit_counts(sets: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """How many bits of each number are set (`np.bitwise_count` came with NumPy 2)."""
    sets = sets - ((sets >> np.uint64(1)) & _ODD_BITS)
    sets = (sets & _ODD_PAIRS) + ((sets >> np.uint64(2)) & _ODD_PAIRS)
    sets = (sets + (sets >> np.uint64(4))) & _ODD_NIBBLES
    return (sets * _LOW_BITS_OF_BYTES) >> np.uint64(56)


def _edit_distances(word: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.int16]:
    """How many edits lead from `word` to each row of `others` (words of one length).

    The dynamic programme of Wagner and Fischer (1974) with transpositions, one cell of all words' tables at a time.
    """
    count, length = others.shape
    before = np.zeros((length + 1, count), np.int16)
    last = np.repeat(np.arange(length + 1, dtype=np.int16)[:, None], count, axis=1)
    for at, letter in enumerate(word):
        row = np.empty_like(last)
        row[0] = at + 1
        differs = (others != letter).T.astype(np.int16)
        for place in range(length):
            cell = np.minimum(np.minimum(last[place + 1], row[place]) + 1, last[place] + differs[place])
            if at and place:
                exchanged = (others[:, place - 1] == letter) & (others[:, place] == word[at - 1])
                cell = np.where(exchanged, np.minimum(cell, before[place - 1] + 1), cell)
            row[place + 1] = cell
        before, last = last, row
    return last[length]
