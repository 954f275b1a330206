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

LONG_WORD = 8
"""From so many letters on, two edits still leave a word to be recognised."""

MOST_NEAR = 32
"""Words that a fuzzy one stands for."""

SHORT_WORD = 3
"""Shorter words are near to everything, and so to nothing."""

_REMEMBERED = 256
"""Words whose neighbours are kept."""

_BIT_OF = np.uint64(1) << np.arange(64, dtype=np.uint64)
_ODD_BITS = np.uint64(0x5555555555555555)
_ODD_PAIRS = np.uint64(0x3333333333333333)
_ODD_NIBBLES = np.uint64(0x0F0F0F0F0F0F0F0F)
_BYTES = np.uint64(0x0101010101010101)


def distance_for(word: str) -> int:
    """How many edits a word may be away and still be meant."""
    return 2 if len(word) >= LONG_WORD else 1 if len(word) >= SHORT_WORD else 0


class Vocabulary(Protocol):
    """Words with how often they occur."""

    def frequency(self, word: str) -> int: ...

    def starting(self, prefix: str) -> Iterable[tuple[str, int]]: ...

    def nearby(self) -> Sequence[Nearby]:
        """All words, in one set or several."""
        ...


class Spelling:
    """The spelling of a vocabulary's words. They are read when it is first asked, and taken to stay as they are."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._nearby: Sequence[Nearby] | None = None
        self._ranked: dict[str, list[tuple[str, int, int]]] = {}

    def near(self, word: str) -> tuple[str, ...]:
        """The words spelt nearly as `word` is, the nearest first, then the most frequent; `MOST_NEAR` at most."""
        return tuple(each for each, _, _ in self.ranked(word)[:MOST_NEAR])

    def ranked(self, word: str) -> list[tuple[str, int, int]]:
        """All words near `word`, each with its distance and its frequency, in that order."""
        known = self._ranked.get(word)
        if known is None:
            if len(self._ranked) >= _REMEMBERED:
                self._ranked.clear()
            known = self._ranked[word] = self._rank(word)
        return known

    def _rank(self, word: str) -> list[tuple[str, int, int]]:
        if self._nearby is None:
            self._nearby = self._vocabulary.nearby()
        most = distance_for(word)
        found = dict(pair for each in self._nearby for pair in each.near(word, most))
        frequency = self._vocabulary.frequency
        return sorted(
            ((each, edits, frequency(each)) for each, edits in found.items()),
            key=lambda one: (one[1], -one[2], one[0]),
        )


class Nearby:
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
    def of(cls, words: Iterable[str]) -> Nearby:
        """A set of words that are Python strings."""
        known = [word for word in words if word]
        lengths = np.fromiter(map(len, known), np.int64, len(known))
        return cls(_codes("".join(known)), np.cumsum(lengths))

    @classmethod
    def of_utf8(cls, text: bytes, ends: NDArray[np.integer]) -> Nearby:
        """The words of a text in UTF-8, end to end; `ends` are counted in bytes."""
        begins = (np.frombuffer(text, np.uint8) & 0xC0) != 0x80
        characters = np.cumsum(begins, dtype=np.int32)
        return cls(_codes(text.decode()), characters[ends.astype(np.int64) - 1].astype(np.int64))

    def near(self, word: str, most: int) -> list[tuple[str, int]]:
        """The words at most so many edits from `word`, itself left out, with how many it takes. In no order."""
        if not most or not len(self._letters):
            return []
        codes = _codes(word)
        longest = len(self._first_of_length) - 2
        found: list[tuple[str, int]] = []
        for length in range(max(len(word) - most, 1), min(len(word) + most, longest) + 1):
            numbers = self._likely(codes, length, most)
            if not len(numbers):
                continue
            places = (self._ends[numbers] - length)[:, None] + np.arange(length)
            edits = _distances(codes, self._codes[places])
            for which in np.flatnonzero((edits > 0) & (edits <= most)):
                near = self._codes[places[which]].tobytes().decode("utf-32-le", "surrogatepass")
                found.append((near, int(edits[which])))
        return found

    def _likely(self, codes: NDArray[np.uint32], length: int, most: int) -> NDArray[np.int64]:
        """The words of that length that have nearly the same letters.

        An edit takes at most one letter away and brings at most one in.
        """
        start, end = self._first_of_length[length], self._first_of_length[length + 1]
        wanted = np.bitwise_or.reduce(np.uint64(1) << (codes & np.uint32(63)).astype(np.uint64))
        letters = self._letters[start:end]
        there, missing = _bits(letters & ~wanted), _bits(wanted & ~letters)
        found: NDArray[np.int64] = start + np.flatnonzero((there <= most) & (missing <= most))
        return found


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")


def _bits(sets: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """How many bits of each number are set (`np.bitwise_count` came with NumPy 2)."""
    sets = sets - ((sets >> np.uint64(1)) & _ODD_BITS)
    sets = (sets & _ODD_PAIRS) + ((sets >> np.uint64(2)) & _ODD_PAIRS)
    sets = (sets + (sets >> np.uint64(4))) & _ODD_NIBBLES
    return (sets * _BYTES) >> np.uint64(56)


def _distances(word: NDArray[np.uint32], others: NDArray[np.uint32]) -> NDArray[np.int16]:
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
