"""The words of a text collection with frequencies, in memory.

Raw words are stored in addition to stems because stems cannot be completed: `diffusi` is a prefix of `diffusion`, but
not of its stem `diffus`.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from paperreader.search.analysis.fuzzy import WordSet
from paperreader.search.analysis.stemming import stem

MAX_COMPLETIONS = 64
"""Maximum stems that a prefix expands to, the most frequent first. Two letters start thousands of words."""

MAX_CONSIDERED = 4 * MAX_COMPLETIONS
"""Words considered to find those stems, the most frequent first."""

_LAST_CHARACTER = "\U0010ffff"


class Vocabulary:
    """A mutable vocabulary."""

    def __init__(self, counts: Iterable[tuple[str, int]] = ()) -> None:
        self._counts = dict(counts)
        self._sorted = sorted(self._counts)

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def __len__(self) -> int:
        return len(self._sorted)

    def frequency(self, word: str) -> int:
        """Return the frequency of a word."""
        return self._counts.get(word, 0)

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Return the words with that prefix, sorted, each with its frequency."""
        start = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + _LAST_CHARACTER, start)
        return ((word, self._counts[word]) for word in self._sorted[start:end])

    def word_sets(self) -> list[WordSet]:
        """Return the current words, for fuzzy matching."""
        return [WordSet.from_words(self._sorted)]

    def add(self, word: str, change: int = 1) -> None:
        """Change the frequency of a word; remove it when its frequency drops to 0."""
        count = self._counts.get(word, 0) + change
        if word not in self._counts:
            insort(self._sorted, word)
        self._counts[word] = count
        if count <= 0:
            del self._counts[word]
            self._sorted.remove(word)

    def prefix_stems(self, prefix: str) -> tuple[str, ...]:
        """Return the stems of the words with that prefix, the most frequent first, at most `MAX_COMPLETIONS`."""
        if not prefix:
            return ()
        likely = heapq.nsmallest(
            MAX_CONSIDERED, self.with_prefix(prefix), key=lambda pair: (-pair[1], pair[0])
        )
        return tuple(dict.fromkeys(stem(word) for word, _ in likely))[:MAX_COMPLETIONS]
