"""The words of papers and notes as they are written, for completing the one being typed.

Stems alone cannot be completed: `diffusi` begins `diffusion`, but not its stem `diffus`.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from paperreader.search.analysis.fuzzy import WordSet
from paperreader.search.analysis.tokenizer import stem
from paperreader.search.index.segment_reader import SegmentReader

MAX_COMPLETIONS = 64
"""Stems that a prefix stands for: the most frequent ones. Two letters begin thousands of words at 100,000 papers."""

_MAX_CONSIDERED = 4 * MAX_COMPLETIONS
_MAX_CACHED_PREFIXES = 512
"""Prefixes whose completions are kept."""
_LAST_CHARACTER = "\U0010ffff"


class Vocabulary:
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

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        """The words that begin so, sorted, each with its frequency."""
        start = bisect_left(self._sorted, prefix)
        end = bisect_left(self._sorted, prefix + _LAST_CHARACTER, start)
        return ((word, self._counts[word]) for word in self._sorted[start:end])

    def word_sets(self) -> list[WordSet]:
        """The words there are now, to be searched for those spelt nearly like another."""
        return [WordSet.from_words(self._sorted)]

    def add(self, word: str, change: int = 1) -> None:
        """Count a word `more` times; less when negative, and not at all when nothing is left."""
        count = self._counts.get(word, 0) + change
        if word not in self._counts:
            insort(self._sorted, word)
        self._counts[word] = count
        if count <= 0:
            del self._counts[word]
            self._sorted.remove(word)

    def prefix_stems(self, prefix: str) -> tuple[str, ...]:
        """The stems of the words that begin with `prefix`, the most frequent first, `MOST_COMPLETIONS` at most."""
        if not prefix:
            return ()
        likely = heapq.nsmallest(
            _MAX_CONSIDERED, self.with_prefix(prefix), key=lambda pair: (-pair[1], pair[0])
        )
        return tuple(dict.fromkeys(stem(word) for word, _ in likely))[:MAX_COMPLETIONS]


class IndexVocabulary:
    """Raw words of the papers with how many papers hold them, read from the segments' tables: nothing is copied.

    Papers that are no longer in force count until their segment is written anew.
    """

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self._segments = segments
        self._prefix_cache: dict[str, tuple[str, ...]] = {}

    def __contains__(self, word: str) -> bool:
        return any(segment.term_number("word", word) >= 0 for segment in self._segments)

    def __len__(self) -> int:
        """How many words there are; one that stands in several segments counts several times."""
        return sum(len(segment.term_lists["word"]) for segment in self._segments)

    def frequency(self, word: str) -> int:
        """How many papers hold a word."""
        found = ((segment, segment.term_number("word", word)) for segment in self._segments)
        return sum(int(segment.document_counts["word"][number]) for segment, number in found if number >= 0)

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        """The words that begin so, sorted, each with how many papers hold it."""
        counts: Counter[bytes] = Counter()
        for segment in self._segments:
            own, lexicon = segment.document_counts["word"], segment.term_lists["word"]
            for number in lexicon.with_prefix(prefix.encode()):
                counts[lexicon[number]] += int(own[number])
        return ((word.decode(), counts[word]) for word in sorted(counts))

    def word_sets(self) -> list[WordSet]:
        """All words, to be searched for those spelt nearly like another."""
        lexicons = [segment.term_lists["word"] for segment in self._segments]
        return [WordSet.from_utf8(lexicon.text, lexicon.ends[1:]) for lexicon in lexicons]

    def prefix_stems(self, prefix: str) -> tuple[str, ...]:
        """The stems of the words that begin with `prefix`, the most frequent first, `MOST_COMPLETIONS` at most."""
        if not prefix:
            return ()
        known = self._prefix_cache.get(prefix)
        if known is None:
            if len(self._prefix_cache) >= _MAX_CACHED_PREFIXES:
                self._prefix_cache.clear()
            known = self._prefix_cache[prefix] = self._compute_stems(prefix.encode())
        return known

    def _compute_stems(self, prefix: bytes) -> tuple[str, ...]:
        """Considers the most frequent words of each segment."""
        counts: Counter[bytes] = Counter()
        stems: dict[bytes, bytes] = {}
        for segment in self._segments:
            lexicon, table = segment.term_lists["word"], segment.term_lists["stem"]
            numbers = lexicon.with_prefix(prefix)
            frequencies = segment.document_counts["word"][numbers.start : numbers.stop]
            likely = np.arange(len(frequencies))
            if len(likely) > _MAX_CONSIDERED:
                likely = np.argpartition(frequencies, -_MAX_CONSIDERED)[-_MAX_CONSIDERED:]
            for number, frequency in zip(likely.tolist(), frequencies[likely].tolist(), strict=True):
                word = lexicon[numbers.start + number]
                counts[word] += frequency
                stems[word] = table[int(segment.stem_of_word[numbers.start + number])]
        likely_words = sorted(counts, key=lambda word: (-counts[word], word))
        return tuple(dict.fromkeys(stems[word].decode() for word in likely_words))[:MAX_COMPLETIONS]
