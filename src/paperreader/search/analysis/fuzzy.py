"""Fuzzy matching: find the words within a small edit distance, among hundreds of thousands in a few milliseconds.

The distance is the restricted Damerau-Levenshtein distance ("optimal string alignment"): insertion, deletion,
substitution, or transposition of two adjacent letters, no letter edited twice. Candidates are words of a suitable
length, prefiltered by comparing 64-bit letter sets; the distances of the remaining ones are computed in one batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

TWO_EDITS_LENGTH = 8
"""Words of at least this many letters match within two edits."""

MAX_MATCHES = 32
"""Maximum number of words that a fuzzy word expands to."""

MIN_FUZZY_LENGTH = 3
"""Shorter words are not matched fuzzily: nearly everything would match."""

_MAX_CACHED_WORDS = 256
"""Capacity of the match cache of one `FuzzyMatcher`, in words."""

_BIT_OF = np.uint64(1) << np.arange(64, dtype=np.uint64)
_ODD_BITS = np.uint64(0x5555555555555555)
_ODD_PAIRS = np.uint64(0x3333333333333333)
_ODD_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_LOW_BITS_OF_BYTES = np.uint64(0x0101010101010101)


def max_distance(word: str) -> int:
    """Return the edit distance within which other words match `word`."""
    return 2 if len(word) >= TWO_EDITS_LENGTH else 1 if len(word) >= MIN_FUZZY_LENGTH else 0


class WordSource(Protocol):
    """A vocabulary with frequencies."""

    def frequency(self, word: str) -> int: ...

    def with_prefix(self, prefix: str) -> Iterable[tuple[str, int]]: ...

    def word_sets(self) -> Sequence[WordSet]:
        """Return all words, in one or several sets."""
        ...


class FuzzyMatcher:
    """Fuzzy matching over a vocabulary, which is read on first use and must not change afterwards."""

    def __init__(self, vocabulary: WordSource) -> None:
        self._vocabulary = vocabulary
        self._word_sets: Sequence[WordSet] | None = None
        self._cache: dict[str, list[tuple[str, int, int]]] = {}

    def matches(self, word: str) -> tuple[str, ...]:
        """Return the words near `word`, by distance, then by falling frequency; at most `MAX_MATCHES`."""
        return tuple(each for each, _, _ in self.ranked_matches(word)[:MAX_MATCHES])

    def ranked_matches(self, word: str) -> list[tuple[str, int, int]]:
        """Return all words near `word` as (word, distance, frequency), sorted like `matches`."""
        known = self._cache.get(word)
        if known is None:
            if len(self._cache) >= _MAX_CACHED_WORDS:
                self._cache.clear()
            known = self._cache[word] = self._find_matches(word)
        return known

    def _find_matches(self, word: str) -> list[tuple[str, int, int]]:
        if self._word_sets is None:
            self._word_sets = self._vocabulary.word_sets()
        max_edits = max_distance(word)
        found = dict(pair for each in self._word_sets for pair in each.within_distance(word, max_edits))
        frequency = self._vocabulary.frequency
        return sorted(
            ((each, edits, frequency(each)) for each, edits in found.items()),
            key=lambda one: (one[1], -one[2], one[0]),
        )


class WordSet:
    """An immutable set of words, searched by edit distance.

    Args:
        codes: the Unicode code points of all words, concatenated; no word is empty.
        ends: the end of each word in `codes`, ascending.
    """

    def __init__(self, codes: NDArray[np.uint32], ends: NDArray[np.int64]) -> None:
        self._codes = codes
        lengths = np.diff(ends, prepend=0)
        # NumPy uses radix sort for 16-bit integers, five times as fast; no word is longer than that.
        order = np.argsort(np.minimum(lengths, 0xFFFF).astype(np.uint16), kind="stable")
        self._ends = ends[order]
        """End of each word in `_code_points`, shortest words first."""
        self._first_of_length = np.searchsorted(lengths[order], np.arange(int(lengths.max(initial=0)) + 2))
        self._letters: NDArray[np.uint64] = np.empty(0, np.uint64)
        """Letter set of each word: bit `code point % 64`."""
        if len(ends):
            bits = _BIT_OF[codes & np.uint32(63)]
            self._letters = np.bitwise_or.reduceat(bits, ends - lengths)[order]

    @classmethod
    def from_words(cls, words: Iterable[str]) -> WordSet:
        """Build a set from Python strings."""
        known = [word for word in words if word]
        lengths = np.fromiter(map(len, known), np.int64, len(known))
        return cls(_code_points("".join(known)), np.cumsum(lengths))

    @classmethod
    def from_utf8(cls, text: bytes, ends: NDArray[np.integer]) -> WordSet:
        """Build a set from concatenated words in UTF-8; `ends` are byte offsets."""
        begins = (np.frombuffer(text, np.uint8) & 0xC0) != 0x80
        characters = np.cumsum(begins, dtype=np.int32)
        return cls(_code_points(text.decode()), characters[ends.astype(np.int64) - 1].astype(np.int64))

    def within_distance(self, word: str, max_edits: int) -> list[tuple[str, int]]:
        """Return (word, distance) of the words within `max_edits` of `word`, except `word` itself, in any order."""
        if not max_edits or not len(self._letters):
            return []
        codes = _code_points(word)
        numbers = self._candidates(codes, max_edits)
        if not len(numbers):
            return []
        lengths = np.searchsorted(self._first_of_length, numbers, side="right") - 1
        ends = self._ends[numbers]
        # Shorter words are followed by letters of others, which their distance does not depend on.
        indices = np.arange(int(lengths[-1]))[:, None] + (ends - lengths)
        letters = self._codes[np.minimum(indices, len(self._codes) - 1)]
        edits = _edit_distances(codes, letters, lengths, max_edits)
        return [
            (self._codes[end - length : end].tobytes().decode("utf-32-le", "surrogatepass"), distance)
            for end, length, distance in zip(ends.tolist(), lengths.tolist(), edits.tolist(), strict=True)
            if 0 < distance <= max_edits
        ]

    def _candidates(self, codes: NDArray[np.uint32], max_edits: int) -> NDArray[np.int64]:
        """Return the numbers of the words of nearly the same length with nearly the same letters, shortest first.

        One edit removes at most one letter from the set and adds at most one.
        """
        first_of_length = self._first_of_length
        longest = len(first_of_length) - 2
        start = first_of_length[min(max(len(codes) - max_edits, 1), longest + 1)]
        end = first_of_length[min(len(codes) + max_edits, longest) + 1]
        wanted = np.bitwise_or.reduce(np.uint64(1) << (codes & np.uint32(63)).astype(np.uint64))
        letters = self._letters[start:end]
        there, missing = _bit_counts(letters & ~wanted), _bit_counts(wanted & ~letters)
        found: NDArray[np.int64] = start + np.flatnonzero((there <= max_edits) & (missing <= max_edits))
        return found


def _code_points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _bit_counts(sets: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Count the set bits of each number (`np.bitwise_count` requires NumPy 2)."""
    sets = sets - ((sets >> np.uint64(1)) & _ODD_BITS)
    sets = (sets & _ODD_PAIRS) + ((sets >> np.uint64(2)) & _ODD_PAIRS)
    sets = (sets + (sets >> np.uint64(4))) & _ODD_NIBBLES
    return (sets * _LOW_BITS_OF_BYTES) >> np.uint64(56)


def _edit_distances(
    word: NDArray[np.uint32], letters: NDArray[np.uint32], lengths: NDArray[np.int64], max_edits: int
) -> NDArray[np.int16]:
    """Return the edit distances from `word` to others, each a column of `letters` that begins with its letters.

    Dynamic programming after Wagner and Fischer (1974) with transpositions, vectorized over the words. Only the band of
    cells that `max_edits` can reach is computed (Ukkonen, 1985): any distance above it is only known to be above it.
    """
    length, count = letters.shape
    previous = np.zeros((length + 1, count), np.int16)
    last = np.repeat(np.arange(length + 1, dtype=np.int16)[:, None], count, axis=1)
    for row_number, letter in enumerate(word):
        row = np.full_like(last, max_edits + 1)
        row[0] = row_number + 1
        differs = (letters != letter).astype(np.int16)
        for column in range(max(row_number - max_edits, 0), min(row_number + max_edits + 1, length)):
            cell = np.minimum(np.minimum(last[column + 1], row[column]) + 1, last[column] + differs[column])
            if row_number and column:
                transposed = (letters[column - 1] == letter) & (letters[column] == word[row_number - 1])
                cell = np.where(transposed, np.minimum(cell, previous[column - 1] + 1), cell)
            row[column + 1] = cell
        previous, last = last, row
    found: NDArray[np.int16] = last[lengths, np.arange(count)]
    return found
