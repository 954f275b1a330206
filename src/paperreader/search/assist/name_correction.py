"""Correct misspelt names of authors in a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple, Protocol

from paperreader.search.analysis.fuzzy import MIN_FUZZY_LENGTH, WordSource

MAX_CANDIDATES = 8
"""Similar names of which each is combined with the words next to it."""

MIN_ANCHOR_SHARE = 0.8
"""Share of the papers by authors with a name that are by those with both names."""

MAX_ANCHOR_PAPERS = 40
"""More papers than this have several authors with the same name."""

FIRST_LETTER_FACTOR = 4
"""How much more frequent a word with another first letter must be."""


class AuthorNames(Protocol):
    """The names of authors."""

    @property
    def vocabulary(self) -> WordSource:
        """The words of all names."""
        ...

    def ranked_similar_words(self, word: str) -> Sequence[tuple[str, int, int]]:
        """Return words of names near a word, with distance and number of papers; the nearest first."""
        ...

    def count_papers_of(self, words: tuple[str, ...]) -> int:
        """Return the number of papers by an author whose name has all of these words, or initials."""
        ...


class QueryWord(NamedTuple):
    """A word of a query that may be a name."""

    word: str
    """Folded."""
    field: str
    is_name: bool
    """Whether it is in the name of an author, or may become one while it is typed."""
    frequency: int
    """Number of papers with it in their text."""


def similar_names(word: str, authors: AuthorNames) -> list[tuple[str, int, int]]:
    """Return the likeliest names that a word may be a misspelling of, with distance and number of papers."""
    likely = [
        (name, edits, count)
        for name, edits, count in authors.ranked_similar_words(word)
        if count and (edits == 1 or name[0] == word[0])
    ]
    likely.sort(key=lambda one: (one[1], -one[2] * (FIRST_LETTER_FACTOR if one[0][0] == word[0] else 1)))
    return likely[:MAX_CANDIDATES]


def correct_people(
    words: Sequence[QueryWord], misspelt: Mapping[int, Sequence[tuple[str, int, int]]], authors: AuthorNames
) -> dict[int, str]:
    """Return the words that are to be replaced so that they are, with the words next to them, the name of an author.

    Args:
        words: the words of the query, in order.
        misspelt: the similar names of those that are not known, by their index.
        authors: the authors.
    """
    found: dict[int, str] = {}
    pairs = {(first, first + 1) for at in misspelt for first in (at - 1, at) if 0 <= first < len(words) - 1}
    for first, second in sorted(pairs):
        if first in found or second in found or words[first].field != words[second].field:
            continue
        best = min(
            (
                (before[1] + after[1], -count, before[0], after[0])
                for before, after in product(
                    _options(first, words, misspelt), _options(second, words, misspelt)
                )
                if before[1] + after[1]
                and (count := authors.count_papers_of((before[0], after[0])))
                and count > min(words[first].frequency, words[second].frequency)
            ),
            default=None,
        )
        if best is not None:
            found |= {first: best[2], second: best[3]}
    return {at: name for at, name in found.items() if name != words[at].word}


def correct_given_name(
    words: Sequence[QueryWord], authors: AuthorNames, *, is_finished: Sequence[bool]
) -> dict[int, str]:
    """Return a name that is to be replaced although others have it, if no author has it with the name next to it.

    Only where nearly all authors with the name next to it have the similar one: `yan lecun`.
    """
    for at, other in [(first, second) for first in range(len(words)) for second in (first + 1, first - 1)]:
        if not 0 <= other < len(words) or not (is_finished[at] and is_finished[other]):
            continue
        name, anchor = words[at], words[other]
        are_names = (
            name.field == anchor.field and _is_mainly_name(name, authors) and _is_mainly_name(anchor, authors)
        )
        if not are_names or len(name.word) < MIN_FUZZY_LENGTH or name.word == anchor.word:
            continue
        needed = MIN_ANCHOR_SHARE * authors.vocabulary.frequency(anchor.word)
        if needed > MAX_ANCHOR_PAPERS or authors.count_papers_of((name.word, anchor.word)):
            continue
        for similar, edits, _ in similar_names(name.word, authors):
            if edits == 1 and authors.count_papers_of((similar, anchor.word)) >= needed:
                return {at: similar}
    return {}


def _is_mainly_name(word: QueryWord, authors: AuthorNames) -> bool:
    """Return whether a word is in more names than texts."""
    return word.is_name and authors.vocabulary.frequency(word.word) > word.frequency


def _options(
    at: int, words: Sequence[QueryWord], misspelt: Mapping[int, Sequence[tuple[str, int, int]]]
) -> Sequence[tuple[str, int, int]]:
    """Return what a word may mean as part of a name, each with its distance."""
    if at in misspelt:
        return misspelt[at]
    word = words[at]
    return ((word.word, 0, 0),) if word.is_name or len(word.word) == 1 else ()
