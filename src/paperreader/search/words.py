"""The words of the library as they are written, for completing the one being typed."""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from paperreader.search.tokens import stem

MOST_COMPLETIONS = 64
"""Stems that a prefix stands for: the most frequent ones. Two letters begin thousands of words at 100,000 papers."""

_CONSIDERED = 4 * MOST_COMPLETIONS
_BEYOND = "\U0010ffff"


class Words:
    """Raw words with how often they occur.

    Stems alone cannot be completed: `diffusi` begins `diffusion`, but not its stem `diffus`.
    """

    def __init__(self, counts: Iterable[tuple[str, int]] = ()) -> None:
        self._counts = dict(counts)
        self._sorted = sorted(self._counts)

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def __len__(self) -> int:
        return len(self._sorted)

    def frequency(self, word: str) -> int:
        """How often a word occurs."""
        return self._counts.get(word, 0)

    def starting(self, prefix: str) -> Iterator[tuple[str, int]]:
        """The words that begin so, sorted, each with its frequency."""
        start = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + _BEYOND, start)
        return ((word, self._counts[word]) for word in self._sorted[start:end])

    def add(self, word: str, more: int = 1) -> None:
        """Count a word `more` times; less when negative, and not at all when nothing is left."""
        count = self._counts.get(word, 0) + more
        if word not in self._counts:
            insort(self._sorted, word)
        self._counts[word] = count
        if count <= 0:
            del self._counts[word]
            self._sorted.remove(word)

    def completions(self, prefix: str) -> tuple[str, ...]:
        """The stems of the words that begin with `prefix`, the most frequent first, `MOST_COMPLETIONS` at most."""
        if not prefix:
            return ()
        start = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + _BEYOND, start)
        counts = self._counts
        likely = heapq.nsmallest(_CONSIDERED, self._sorted[start:end], key=lambda word: (-counts[word], word))
        return tuple(dict.fromkeys(stem(word) for word in likely))[:MOST_COMPLETIONS]
