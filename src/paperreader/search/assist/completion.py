"""Complete a query: words of the papers, tags, sources, authors, months, field names and choices."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from functools import partial

import numpy as np

from paperreader.models import Completion
from paperreader.search.analysis.fuzzy import WordSource
from paperreader.search.analysis.tokenizer import split_words
from paperreader.search.metadata.authors import AuthorIndex
from paperreader.search.metadata.lookup import MetadataState
from paperreader.search.metadata.tables import NamePart
from paperreader.search.query.mark_index import MarkIndex
from paperreader.search.query.matcher import MIN_NAME_PREFIX_LENGTH
from paperreader.search.query.paper_filters import PaperColumns
from paperreader.text.categories import format_category
from paperreader.text.counts import format_count
from paperreader.text.query.completion import CompletionRequest, field_completions
from paperreader.text.query.fields import FIELDS
from paperreader.text.sanitize import fold_for_search, single_line

MAX_COMPLETIONS = 10
"""Maximum completions returned."""

COMMON_WORD_SHARE = 0.01
"""A word that occurs in this share of the papers is listed before field names with the same prefix, others after."""

FIELD_PREFIX_LENGTH = 4
"""From this prefix length on, field names come before common words: `autho` completes to a field, `da` to a word."""

CountedWords = Iterable[tuple[str, int]]
"""Words or names with the number of papers that have them."""


class QueryCompleter:
    """Completes queries over one state of index, catalog and marks.

    Args:
        vocabulary: returns the words that occur in a field.
        paper_count: number of papers in the catalog.
        mark_index: source of tags.
        columns: source of dates.
        metadata: returns the index of authors and sources.
        authors: returns the authors, without waiting for them; None if they are not known yet.
    """

    def __init__(
        self,
        vocabulary: Callable[[str], WordSource],
        paper_count: int,
        mark_index: MarkIndex,
        columns: PaperColumns,
        metadata: Callable[[], MetadataState],
        authors: Callable[[], AuthorIndex | None],
    ) -> None:
        self._vocabulary = vocabulary
        self._paper_count = paper_count
        self._mark_index = mark_index
        self._columns = columns
        self._metadata = metadata
        self._authors_if_loaded = authors

    def complete(self, request: CompletionRequest) -> list[Completion]:
        """Return completions, the most likely first."""
        if request.field and FIELDS[request.field].kind != "words":
            return self._values(request)[:MAX_COMPLETIONS]
        return self._words(request)[:MAX_COMPLETIONS]

    def _values(self, request: CompletionRequest) -> list[Completion]:
        """Return values of a field; the choices of a field are part of the query language."""
        offers: dict[str, Callable[[CompletionRequest], list[Completion]]] = {
            "author": self._authors,
            "tag": self._tags,
            "source": self._sources,
            "date": self._months,
            "cat": partial(self._listed, part="category"),
            "keyword": partial(self._listed, part="keyword"),
            "venue": partial(self._listed, part="venue"),
        }
        return offers.get(request.field, field_completions)(request)

    def _words(self, request: CompletionRequest) -> list[Completion]:
        frequent = _most_frequent(self._words_with_prefix(request))
        common = [word for word, count in frequent if count >= COMMON_WORD_SHARE * self._paper_count]
        fields = [each.text for each in field_completions(request)]
        intended = (
            fields if len(request.prefix) >= FIELD_PREFIX_LENGTH or f"{request.prefix}:" in fields else []
        )
        people = self._following_names(request)
        order = [*intended, *(name for name, _ in people), *common, *fields, *(word for word, _ in frequent)]
        descriptions = {each.text: each.description for each in field_completions(request)} | {
            word: format_count(count, "paper") for word, count in (*people, *frequent)
        }
        return [request.complete(text, descriptions[text]) for text in dict.fromkeys(order)]

    def _following_names(self, request: CompletionRequest) -> list[tuple[str, int]]:
        """Return the words with the typed prefix that follow the word before it in names of authors."""
        authors, words = self._authors_if_loaded(), split_words(request.prefix)
        before = split_words(request.previous)
        if authors is None or request.field or len(words) != 1 or len(before) != 1:
            return []
        if not authors.may_be_name(before[0], self._vocabulary("")):
            return []
        return authors.following_words(before[0], words[0], MAX_COMPLETIONS)

    def _words_with_prefix(self, request: CompletionRequest) -> CountedWords:
        """Return the words that start with the typed prefix.

        If the prefix is a word or a name itself, rarer words are omitted: `diffusion` does not complete to
        `diffusionnft`.
        """
        words = split_words(request.prefix)
        if len(words) != 1:
            return ()
        starting = dict(self._vocabulary(request.field).with_prefix(words[0]))
        own_count = starting.pop(words[0], 0)
        if not request.field and len(words[0]) >= MIN_NAME_PREFIX_LENGTH:
            authors = self._authors_if_loaded()
            names = dict(authors.vocabulary.with_prefix(words[0])) if authors else {}
            own_count = max(own_count, names.pop(words[0], 0))
            starting = names | starting
        return ((word, count) for word, count in starting.items() if count > own_count)

    def _authors(self, request: CompletionRequest) -> list[Completion]:
        """Complete author names from the start of any of their words."""
        names = self._metadata().authors.completions(request.prefix, MAX_COMPLETIONS)
        # A complete name is not completed, except a quoted one, which still needs its closing quote.
        typed = "" if request.quoted else fold_for_search(request.prefix)
        return [
            request.complete_name(name, format_count(count, "paper"))
            for name, count in names
            if name != typed
        ]

    def _tags(self, request: CompletionRequest) -> list[Completion]:
        return self._named(request, ((tag, len(rows)) for tag, rows in self._mark_index.rows_by_tag.items()))

    def _sources(self, request: CompletionRequest) -> list[Completion]:
        return self._named(request, self._metadata().source_counts().items())

    def _listed(self, request: CompletionRequest, part: NamePart) -> list[Completion]:
        """Complete names from the start of any of their words."""
        found = self._metadata().names(part).completions(fold_for_search(request.prefix), MAX_COMPLETIONS)
        names = ((format_category(name) if part == "category" else name, count) for name, count in found)
        return [request.complete_name(name, format_count(count, "paper")) for name, count in names]

    def _named(self, request: CompletionRequest, counted: CountedWords) -> list[Completion]:
        """Complete names with that prefix, ignoring case and accents. Names from files may hold control characters."""
        prefix = fold_for_search(request.prefix)
        shown = ((single_line(name), count) for name, count in counted)
        names = _most_frequent(
            (name, count) for name, count in shown if name and fold_for_search(name).startswith(prefix)
        )
        return [request.complete_name(name, format_count(count, "paper")) for name, count in names]

    def _months(self, request: CompletionRequest) -> list[Completion]:
        """Return the months with papers, the latest first, after the comparison operator typed."""
        typed = request.prefix
        start = len(typed) - len(typed.lstrip("<>="))
        days = self._columns.days
        months, counts = np.unique(days[days > 0] // 100, return_counts=True)
        named = [
            (f"{month // 100:04}-{month % 100:02}", count)
            for month, count in zip(months.tolist(), counts.tolist(), strict=True)
        ]
        matching = [(name, count) for name, count in reversed(named) if name.startswith(typed[start:])]
        return [
            request.complete(typed[:start] + name, format_count(count, "paper")) for name, count in matching
        ]


def _most_frequent(counted: CountedWords) -> list[tuple[str, int]]:
    return heapq.nsmallest(MAX_COMPLETIONS, counted, key=lambda pair: (-pair[1], pair[0]))
