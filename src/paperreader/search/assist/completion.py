"""Completing a query: words of the papers, tags in use, sources, authors, months."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

import numpy as np

from paperreader.models import Completion
from paperreader.search.analysis.fuzzy import Vocabulary
from paperreader.search.analysis.tokenizer import words
from paperreader.search.metadata.lookup import Names
from paperreader.search.query.paper_filters import Facts, Marked
from paperreader.text.clean import fold
from paperreader.text.query.completion import Wanted, choices

MOST = 8
"""Completions that are offered."""

COMMON = 0.01
"""A word that stands in so many of the papers comes before a field of that beginning, any other after it."""

MEANT = 4
"""So many letters of a field's name mean the field, however common a word goes on so: `autho`, but `da`ta."""

Counted = Iterable[tuple[str, int]]
"""Words or names with how many papers have them."""


class Completing:
    """Completes queries over one state of index, catalog and marks."""

    def __init__(
        self, vocabulary: Vocabulary, papers: int, marked: Marked, facts: Facts, names: Callable[[], Names]
    ) -> None:
        self._vocabulary = vocabulary
        self._papers = papers
        self._marked = marked
        self._facts = facts
        self._names = names

    def complete(self, asked: Wanted) -> list[Completion]:
        """What could stand there, the likeliest first."""
        offer = {
            "": self._words,
            "title": self._words,
            "abstract": self._words,
            "author": self._authors,
            "tag": self._tags,
            "source": self._sources,
            "date": self._months,
        }.get(asked.field, choices)
        return offer(asked)[:MOST]

    def _words(self, asked: Wanted) -> list[Completion]:
        likely = _likeliest(self._starting(self._vocabulary, asked))
        common = [word for word, count in likely if count >= COMMON * self._papers]
        fields = [each.text for each in choices(asked)]
        meant = fields if len(asked.beginning) >= MEANT or f"{asked.beginning}:" in fields else []
        order = [*meant, *common, *fields, *(word for word, _ in likely)]
        notes = {each.text: each.note for each in choices(asked)} | {
            word: _papers(count) for word, count in likely
        }
        return [asked.completion(text, notes[text]) for text in dict.fromkeys(order)]

    def _starting(self, vocabulary: Vocabulary, asked: Wanted) -> Counted:
        """The words that go on where the beginning ends.

        A beginning that is a word itself is left alone by rarer ones: `diffusion` is not half of `diffusionnft`.
        """
        found = words(asked.beginning)
        if len(found) != 1:
            return ()
        starting = dict(vocabulary.starting(found[0]))
        own = starting.pop(found[0], 0)
        return ((word, count) for word, count in starting.items() if count > own)

    def _authors(self, asked: Wanted) -> list[Completion]:
        """Names as they go on from what was typed, the beginning of any of their words."""
        found = self._names().going_on(asked.beginning, MOST)
        typed = "" if asked.quoted else fold(asked.beginning)  # which has its quote to come
        return [asked.name(name, _papers(count)) for name, count in found if name != typed]

    def _tags(self, asked: Wanted) -> list[Completion]:
        return self._named(asked, ((tag, len(rows)) for tag, rows in self._marked.tags.items()))

    def _sources(self, asked: Wanted) -> list[Completion]:
        return self._named(asked, self._names().source_names().items())

    def _named(self, asked: Wanted, counted: Counted) -> list[Completion]:
        """Names that begin so."""
        beginning = fold(asked.beginning)
        found = _likeliest((name, count) for name, count in counted if fold(name).startswith(beginning))
        return [asked.name(name, _papers(count)) for name, count in found]

    def _months(self, asked: Wanted) -> list[Completion]:
        """Months that have papers, the latest first; a comparison before them stays."""
        typed = asked.beginning
        start = len(typed) - len(typed.lstrip("<>="))
        days = self._facts.days
        months, counts = np.unique(days[days > 0] // 100, return_counts=True)
        named = [
            (f"{month // 100:04}-{month % 100:02}", count)
            for month, count in zip(months.tolist(), counts.tolist(), strict=True)
        ]
        fitting = [(name, count) for name, count in reversed(named) if name.startswith(typed[start:])]
        return [asked.completion(typed[:start] + name, _papers(count)) for name, count in fitting]


def _likeliest(counted: Counted) -> list[tuple[str, int]]:
    return heapq.nsmallest(MOST, counted, key=lambda pair: (-pair[1], pair[0]))


def _papers(count: int) -> str:
    return f"{count:,} paper{'' if count == 1 else 's'}"
