"""The words of papers and notes as they are written, for completing the one being typed.

Stems alone cannot be completed: `diffusi` begins `diffusion`, but not its stem `diffus`.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from paperreader.search.analysis.fuzzy import Nearby
from paperreader.search.analysis.tokenizer import stem
from paperreader.search.index.segment_reader import Segment

MOST_COMPLETIONS = 64
"""Stems that a prefix stands for: the most frequent ones. Two letters begin thousands of words at 100,000 papers."""

_CONSIDERED = 4 * MOST_COMPLETIONS
_REMEMBERED = 512
"""Prefixes whose completions are kept."""
_BEYOND = "\U0010ffff"


class Words:
    """Raw words with how often they occur, in memory: those of the notes."""

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

    def nearby(self) -> list[Nearby]:
        """The words there are now, to be searched for those spelt nearly like another."""
        return [Nearby.of(self._sorted)]

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
        likely = heapq.nsmallest(_CONSIDERED, self.starting(prefix), key=lambda pair: (-pair[1], pair[0]))
        return tuple(dict.fromkeys(stem(word) for word, _ in likely))[:MOST_COMPLETIONS]


class IndexWords:
    """Raw words of the papers with how many papers hold them, read from the segments' tables: nothing is copied.

    Papers that are no longer in force count until their segment is written anew.
    """

    def __init__(self, segments: Sequence[Segment]) -> None:
        self._segments = segments
        self._completions: dict[str, tuple[str, ...]] = {}

    def __contains__(self, word: str) -> bool:
        return any(segment.find("word", word) >= 0 for segment in self._segments)

    def __len__(self) -> int:
        """How many words there are; one that stands in several segments counts several times."""
        return sum(len(segment.lexicons["word"]) for segment in self._segments)

    def frequency(self, word: str) -> int:
        """How many papers hold a word."""
        found = ((segment, segment.find("word", word)) for segment in self._segments)
        return sum(int(segment.counts["word"][number]) for segment, number in found if number >= 0)

    def starting(self, prefix: str) -> Iterator[tuple[str, int]]:
        """The words that begin so, sorted, each with how many papers hold it."""
        counts: Counter[bytes] = Counter()
        for segment in self._segments:
            own, lexicon = segment.counts["word"], segment.lexicons["word"]
            for number in lexicon.starting(prefix.encode()):
                counts[lexicon[number]] += int(own[number])
        return ((word.decode(), counts[word]) for word in sorted(counts))

    def nearby(self) -> list[Nearby]:
        """All words, to be searched for those spelt nearly like another."""
        lexicons = [segment.lexicons["word"] for segment in self._segments]
        return [Nearby.of_utf8(lexicon.text, lexicon.ends[1:]) for lexicon in lexicons]

    def completions(self, prefix: str) -> tuple[str, ...]:
        """The stems of the words that begin with `prefix`, the most frequent first, `MOST_COMPLETIONS` at most."""
        if not prefix:
            return ()
        known = self._completions.get(prefix)
        if known is None:
            if len(self._completions) >= _REMEMBERED:
                self._completions.clear()
            known = self._completions[prefix] = self._complete(prefix.encode())
        return known

    def _complete(self, prefix: bytes) -> tuple[str, ...]:
        """Considers the most frequent words of each segment."""
        counts: Counter[bytes] = Counter()
        stems: dict[bytes, bytes] = {}
        for segment in self._segments:
            lexicon, table = segment.lexicons["word"], segment.lexicons["stem"]
            numbers = lexicon.starting(prefix)
            frequencies = segment.counts["word"][numbers.start : numbers.stop]
            likely = np.arange(len(frequencies))
            if len(likely) > _CONSIDERED:
                likely = np.argpartition(frequencies, -_CONSIDERED)[-_CONSIDERED:]
            for number, frequency in zip(likely.tolist(), frequencies[likely].tolist(), strict=True):
                word = lexicon[numbers.start + number]
                counts[word] += frequency
                stems[word] = table[int(segment.stem_of_word[numbers.start + number])]
        likely_words = sorted(counts, key=lambda word: (-counts[word], word))
        return tuple(dict.fromkeys(stems[word].decode() for word in likely_words))[:MOST_COMPLETIONS]
