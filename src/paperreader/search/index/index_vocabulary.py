"""The vocabulary of the papers, read from the segments of the index."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from paperreader.search.analysis.cased_words import CAPITALS_MARK
from paperreader.search.analysis.fuzzy import WordSet
from paperreader.search.analysis.vocabulary import MAX_COMPLETIONS, MAX_CONSIDERED
from paperreader.search.index.segment_reader import SegmentReader
from paperreader.search.index.term_dictionary import TermList, TermTable

_MAX_CACHED_PREFIXES = 512
"""Capacity of the cache of `prefix_stems`."""


class IndexVocabulary:
    """The raw words of the papers with document frequencies, read from the term tables of the segments without copying.

    Deleted documents count until their segment is rewritten.
    """

    def __init__(self, segments: Sequence[SegmentReader]) -> None:
        self._segments = segments
        self._prefix_cache: dict[str, tuple[str, ...]] = {}

    def __contains__(self, word: str) -> bool:
        return any(segment.terms.number("word", word) >= 0 for segment in self._segments)

    def __len__(self) -> int:
        """Return the number of words; a word counts once per segment."""
        return sum(len(segment.terms.lists["word"]) for segment in self._segments)

    def frequency(self, word: str) -> int:
        """Return the number of papers that contain a word."""
        found = ((segment, segment.terms.number("word", word)) for segment in self._segments)
        return sum(
            int(segment.terms.document_counts["word"][number]) for segment, number in found if number >= 0
        )

    def has_prefix(self, prefix: str) -> bool:
        """Whether any word starts with that prefix."""
        return any(segment.terms.lists["word"].with_prefix(prefix.encode()) for segment in self._segments)

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Return the words with that prefix, sorted, each with its number of papers."""
        counts: dict[bytes, int] = {}
        for segment in self._segments:
            words = segment.terms.lists["word"]
            numbers = words.with_prefix(prefix.encode())
            frequencies = segment.terms.document_counts["word"][numbers.start : numbers.stop].tolist()
            for number, frequency in zip(numbers, frequencies, strict=True):
                word = words[number]
                counts[word] = counts.get(word, 0) + frequency
        return ((word.decode(), counts[word]) for word in sorted(counts))

    def word_sets(self) -> list[WordSet]:
        """Return all words, for fuzzy matching, without their forms with capitals."""
        return [
            part
            for segment in self._segments
            for part in _words_without_capitals(segment.terms.lists["word"])
        ]

    def prefix_stems(self, prefix: str) -> tuple[str, ...]:
        """Return the stems of the words with that prefix, the most frequent first, at most `MAX_COMPLETIONS`."""
        if not prefix:
            return ()
        known = self._prefix_cache.get(prefix)
        if known is None:
            if len(self._prefix_cache) >= _MAX_CACHED_PREFIXES:
                self._prefix_cache.clear()
            known = self._prefix_cache[prefix] = self._compute_stems(prefix.encode())
        return known

    def _compute_stems(self, prefix: bytes) -> tuple[str, ...]:
        """Compute `prefix_stems` from the most frequent words of each segment."""
        counts: dict[bytes, int] = {}
        stems: dict[bytes, tuple[TermTable, int]] = {}
        for segment in self._segments:
            terms = segment.terms
            words = terms.lists["word"]
            numbers = words.with_prefix(prefix)
            frequencies = terms.document_counts["word"][numbers.start : numbers.stop]
            likely = np.arange(len(frequencies))
            if len(likely) > MAX_CONSIDERED:
                likely = np.argpartition(frequencies, -MAX_CONSIDERED)[-MAX_CONSIDERED:]
            stem_numbers = terms.stem_of_word[numbers.start + likely].tolist()
            for number, frequency, stem in zip(
                likely.tolist(), frequencies[likely].tolist(), stem_numbers, strict=True
            ):
                word = words[numbers.start + number]
                counts[word] = counts.get(word, 0) + frequency
                stems[word] = (terms, stem)
        found: dict[str, None] = {}
        for word in sorted(counts, key=lambda word: (-counts[word], word)):
            terms, stem = stems[word]
            found[terms.stem_at(stem)] = None
            if len(found) == MAX_COMPLETIONS:
                break
        return tuple(found)


def _words_without_capitals(words: TermList) -> Iterator[WordSet]:
    """Yield the words before and after those that start with `CAPITALS_MARK`."""
    capitals = words.with_prefix(CAPITALS_MARK.encode())
    for first, last in ((0, capitals.start), (capitals.stop, len(words))):
        if first < last:
            start = int(words.ends[first])
            yield WordSet.from_utf8(
                words.text[start : int(words.ends[last])], words.ends[first + 1 : last + 1] - np.uint32(start)
            )
