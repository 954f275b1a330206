"""Look up authors: names as a whole, in parts, by prefix and by similar spelling."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from paperreader.search.analysis.fuzzy import FuzzyMatcher, WordSet, WordSource
from paperreader.search.analysis.tokenizer import split_words
from paperreader.search.analysis.vocabulary import Vocabulary
from paperreader.search.metadata.changes import MetadataChanges
from paperreader.search.metadata.person_names import is_name_of, is_ordered_name_of, names_with_any
from paperreader.search.metadata.tables import (
    AUTHOR_SEPARATOR,
    TermIndex,
    TextColumn,
    author_words,
    name_completions,
    to_bytes,
)

_MAX_PAPERS_SCANNED = 1000
"""Papers whose authors are scanned to complete or find a name, which takes 5 ms."""

_MAX_PAPERS_COUNTED = 50
"""Papers whose authors are scanned to count those of one name."""

_MAX_PAPERS_COMPLETED = 300
"""Papers whose authors are scanned to complete a name after a word of it."""

_MAX_CACHED_PEOPLE = 256
"""Capacity of the cache of `AuthorIndex.rows_of_person`."""

_MAX_CACHED_WORDS = 4096
"""Capacity of the cache of `AuthorIndex.may_be_name`."""

_MAX_TEXTS_PER_NAME = 100
"""A word that this many times as many texts contain as authors is no name on its own."""


class AuthorVocabulary:
    """Words of author names, with the number of papers of each."""

    def __init__(self, saved: TermIndex, changes: Vocabulary) -> None:
        self._saved = saved
        self._changes = changes
        """Changes of the counts since the base file was written; negative for fewer papers."""

    def frequency(self, word: str) -> int:
        """Return the number of papers with a word."""
        number = self._saved.terms.find(to_bytes(word))
        return (self._saved.count(number) if number >= 0 else 0) + self._changes.frequency(word)

    def with_prefix(self, prefix: str) -> Iterator[tuple[str, int]]:
        """Return the words with that prefix, each with its number of papers."""
        counts = Counter(dict(self._changes.with_prefix(prefix)))
        for number in self._saved.terms.with_prefix(to_bytes(prefix)):
            counts[self._saved.terms[number].decode()] += self._saved.count(number)
        return iter((+counts).items())

    def word_sets(self) -> Sequence[WordSet]:
        """Return all words, for fuzzy matching."""
        terms = self._saved.terms
        return [WordSet.from_utf8(terms.text, terms.ends[1:]), *self._changes.word_sets()]


class ChangedWords:
    """The words of the names of authors in changed metadata, with their rows."""

    def __init__(self, changes: MetadataChanges) -> None:
        self._rows: dict[str, list[int]] = {}
        for row, metadata in changes.by_row.items():
            for word in author_words(metadata.authors):
                self._rows.setdefault(word, []).append(row)
        self._words = sorted(self._rows)

    def counts(self) -> dict[str, int]:
        """Return the number of papers of each word."""
        return {word: len(rows) for word, rows in self._rows.items()}

    def rows_with(self, word: str, *, is_prefix: bool) -> NDArray[np.int64]:
        """Return the rows of a word, or of all words with that prefix, in any order and with repetitions."""
        if not is_prefix:
            return np.array(self._rows.get(word, ()), np.int64)
        found: list[int] = []
        for number in range(bisect_left(self._words, word), len(self._words)):
            if not self._words[number].startswith(word):
                break
            found += self._rows[self._words[number]]
        return np.array(found, np.int64)


class AuthorIndex:
    """The authors of one state of the catalog.

    Args:
        saved: the words of all names, with their papers, in the base file.
        names: the authors of each paper in the base file.
        changes: metadata of papers that changed since.
    """

    def __init__(self, saved: TermIndex, names: TextColumn, changes: MetadataChanges) -> None:
        self._saved, self._names, self._changes = saved, names, changes
        self._changed_rows = ChangedWords(changes)
        self._is_changed = np.zeros(max(len(names), int(changes.rows.max(initial=-1)) + 1), np.bool_)
        self._is_changed[changes.rows] = True
        counts = Counter(self._changed_rows.counts())
        counts.subtract(
            word
            for row in changes.rows[changes.rows < len(names)].tolist()
            for word in author_words(names[row])
        )
        self.vocabulary = AuthorVocabulary(
            saved, Vocabulary((word, count) for word, count in counts.items() if count)
        )
        """The words of their names."""
        self._fuzzy = FuzzyMatcher(self.vocabulary)
        self._may_be_name: dict[str, bool] = {}
        self._people: dict[tuple[tuple[str, ...], bool, bool], NDArray[np.int64]] = {}

    def rows_with_name(self, phrases: Sequence[str], *, is_prefix: bool) -> NDArray[np.int64]:
        """Return the rows of papers with an author whose name contains one of the phrases.

        Args:
            phrases: folded words, separated by spaces.
            is_prefix: whether the last word of each phrase is a prefix.
        """
        result = [np.empty(0, np.int64)]
        for phrase in phrases:
            *before, last = phrase.split(" ")
            rows = self._saved.rows_with(last, is_prefix=is_prefix).astype(np.int64)
            for word in before:
                rows = rows[np.isin(rows, self._saved.rows_with(word, is_prefix=False))]
            wanted = f" {phrase}" if is_prefix else f" {phrase} "
            if before:
                rows = np.array([row for row in set(rows.tolist()) if wanted in self._names[row]], np.int64)
            result.append(rows)
        wanted_new = [f" {phrase}" if is_prefix else f" {phrase} " for phrase in phrases]
        return self._changes.correct(
            np.concatenate(result), lambda metadata: any(name in metadata.authors for name in wanted_new)
        )

    def rows_with_word(self, word: str, *, is_prefix: bool) -> NDArray[np.integer]:
        """Return the rows of papers with an author whose name has this word, or one with this prefix.

        They are in any order, and may repeat: every key that is typed asks for them.
        """
        rows = self._saved.rows_with(word, is_prefix=is_prefix)
        if not self._changes.by_row:
            return rows
        changed = self._changed_rows.rows_with(word, is_prefix=is_prefix)
        return np.concatenate([rows[~self._is_changed[rows]], changed])

    def rows_of_person(
        self, words: tuple[str, ...], *, is_prefix: bool = False, is_ordered: bool = False
    ) -> NDArray[np.int64]:
        """Return the rows of papers by an author of that name, which may be written with initials or inverted.

        Of very frequent names, the latest papers are found. See `person_names`.
        """
        key = (words, is_prefix, is_ordered)
        if key not in self._people:
            if len(self._people) >= _MAX_CACHED_PEOPLE:
                self._people.clear()
            self._people[key] = self._find_person(words, is_prefix, is_ordered)
        return self._people[key]

    def _find_person(self, words: tuple[str, ...], is_prefix: bool, is_ordered: bool) -> NDArray[np.int64]:
        fits = is_ordered_name_of if is_ordered else is_name_of
        may_be_initials = is_ordered and is_prefix

        def is_by_person(authors: str) -> bool:
            if may_be_initials:
                names: Iterable[str] = authors.split(AUTHOR_SEPARATOR)
            else:
                names = names_with_any(words, authors, is_prefix=is_prefix)
            return any(fits(words, name.split(), is_prefix=is_prefix) for name in names)

        whole = [word for word in (words[:-1] if is_prefix else words) if len(word) > 1]
        lists = [self._saved.rows_with(word, is_prefix=False) for word in whole]
        # A paper may have an initial in place of any of the words, but not of those that very many authors have.
        rare = [rows for rows in lists if len(rows) <= _MAX_PAPERS_SCANNED]
        if not rare and lists:
            rare = [reduce(lambda some, other: some[np.isin(some, other)], sorted(lists, key=len))]
        latest = np.unique(np.concatenate([np.empty(0, np.uint32), *rare]))[-_MAX_PAPERS_SCANNED:]
        latest = latest.astype(np.int64)
        latest = latest[~np.isin(latest, self._changes.rows)]
        found = [row for row in latest.tolist() if is_by_person(self._names[row])]
        return self._changes.correct(
            np.array(found, np.int64), lambda metadata: is_by_person(metadata.authors)
        )

    def may_be_name(self, word: str, texts: WordSource) -> bool:
        """Return whether a word is the name of an author, and not mainly a word of the texts."""
        known = self._may_be_name.get(word)
        if known is None:
            if len(self._may_be_name) >= _MAX_CACHED_WORDS:
                self._may_be_name.clear()
            frequency = self.vocabulary.frequency(word)
            known = frequency > 0 and frequency * _MAX_TEXTS_PER_NAME >= texts.frequency(word)
            self._may_be_name[word] = known
        return known

    def completions(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Complete an author name from the start of any of its words; return completions with their paper counts.

        The most frequent come first; when very many papers match, the latest of them are counted. If `prefix` is a name
        itself, rarer names are omitted.
        """
        *before, last = split_words(prefix) or [""]
        if not last:
            return []
        is_prefix = prefix[-1:].isalnum()
        phrase = " ".join([*before, last]) + ("" if is_prefix else " ")
        rows = np.unique(self._saved.rows_with(last, is_prefix=is_prefix))
        for word in before:
            rows = rows[np.isin(rows, self._saved.rows_with(word, is_prefix=False))]
        rows = rows[~np.isin(rows, self._changes.rows)][-_MAX_PAPERS_SCANNED:]
        result = Counter(name for row in rows.tolist() for name in name_completions(self._names[row], phrase))
        for metadata in self._changes.by_row.values():
            result.update(name_completions(metadata.authors, phrase))
        own_count = result[phrase] if is_prefix else 0
        candidates = [
            name
            for name, count in result.most_common()
            if (count > own_count or name == phrase) and (is_prefix or name != phrase.rstrip())
        ]
        counted = [(name, len(self.rows_with_name([name], is_prefix=False))) for name in candidates[:limit]]
        return sorted(counted, key=lambda pair: (-pair[1], pair[0]))

    def count_papers_of(self, words: tuple[str, ...]) -> int:
        """Return the number of papers by an author whose name consists of these words, or has them as initials.

        Of very frequent names, the latest papers are counted.
        """
        whole = sorted((word for word in words if len(word) > 1), key=self.vocabulary.frequency)
        if not whole:
            return 0
        rows = self._saved.rows_with(whole[0], is_prefix=False)
        for word in whole[1:]:
            if len(rows):
                others = self._saved.rows_with(word, is_prefix=False)
                rows = rows[np.isin(rows, others, assume_unique=True)]
        latest = rows[~np.isin(rows, self._changes.rows)][-_MAX_PAPERS_COUNTED:].tolist()
        changed = [each.authors for each in self._changes.by_row.values() if f" {whole[0]} " in each.authors]
        texts = (*(self._names[row] for row in latest), *changed)
        return sum(_has_author(words, text) for text in texts)

    def ranked_similar_words(self, word: str) -> list[tuple[str, int, int]]:
        """Return words of names within a small edit distance, with it and their number of papers, the nearest first."""
        return self._fuzzy.ranked_matches(word)

    def following_words(self, before: str, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return the words with a prefix that follow the word `before` in names, with their number of papers.

        The most frequent come first. If the prefix is such a word itself, rarer ones are omitted. Of very frequent
        names, the latest papers are counted.
        """
        rows = self._saved.rows_with(before, is_prefix=False)
        latest = rows[~np.isin(rows, self._changes.rows)][-_MAX_PAPERS_COMPLETED:].tolist()
        texts = (
            *(self._names[row] for row in latest),
            *(each.authors for each in self._changes.by_row.values()),
        )
        pattern = re.compile(
            rf" {re.escape(before)} (?:\w )?({re.escape(prefix)}\w*)"
        )  # possibly after an initial
        counts = Counter(found[1] for text in texts if (found := pattern.search(text)))
        own_count = counts.pop(prefix, 0) * (len(prefix) > 1)  # one letter is an initial
        return [(word, count) for word, count in counts.most_common(limit) if count > own_count]

    def similar_words(self, word: str) -> tuple[str, ...]:
        """Return the words of author names within a small edit distance of `word`."""
        return self._fuzzy.matches(word)


def _has_author(words: Sequence[str], authors: str) -> bool:
    return any(is_name_of(words, name.split()) for name in names_with_any(words, authors))
