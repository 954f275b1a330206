"""Authors whose whole name is in a query: they rank before papers that contain its words anywhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.metadata.authors import AuthorIndex
from paperreader.search.query.match import Match
from paperreader.search.query.matcher import Matcher
from paperreader.search.query.plan import ScoredNode, TermGroup

MAX_NAME_WORDS = 4
"""Words of the longest name that is looked for in a query."""

MAX_QUERY_WORDS = 12
"""No names are looked for in longer queries, which were pasted."""

NAME_BOOST = 2.5
"""Weight of a name whose words are all those of one author."""


class Person(Struct, frozen=True):
    """A run of words of a query that is the name of an author."""

    first: int
    """Index of its first word among the scored nodes."""
    count: int
    rows: NDArray[np.int64]
    """The author's papers."""


def find_people(scored: Sequence[ScoredNode], authors: AuthorIndex, matcher: Matcher) -> Iterator[Person]:
    """Yield the names in a query, the longest first, without overlaps."""
    words = [_plain_word(node) for node in scored]
    if not 2 <= len(words) <= MAX_QUERY_WORDS:
        return
    used: set[int] = set()
    for count in range(min(MAX_NAME_WORDS, len(words)), 1, -1):
        for first in range(len(words) - count + 1):
            places = range(first, first + count)
            run = tuple(word for word in words[first : first + count] if word)
            if len(run) < count or not used.isdisjoint(places):
                continue
            last = scored[first + count - 1]
            is_prefix = isinstance(last, TermGroup) and last.slots[0].is_prefix
            if not _may_be_person(run, is_prefix, authors, matcher):
                continue
            rows = authors.rows_of_person(run, is_prefix=is_prefix)
            if len(rows):
                used.update(places)
                yield Person(first, count, rows)


def add_people(matches: Sequence[Match], people: Sequence[Person], matcher: Matcher) -> list[Match]:
    """Return the matches of a query, of which the words of each name also match the papers of that author."""
    found = list(matches)
    for person in people:
        score = np.float32(NAME_BOOST * matcher.idf(len(person.rows)))
        for place in range(person.first, person.first + person.count):
            found[place] = found[place].with_rows(person.rows, score)
    return found


def _plain_word(node: ScoredNode) -> str:
    """Return the word of a node that is one word of any field; empty for others."""
    if not isinstance(node, TermGroup) or node.required or node.field or len(node.slots) != 1:
        return ""
    (slot,) = node.slots
    return "" if slot.is_fuzzy else slot.word


def _may_be_person(run: Sequence[str], is_prefix: bool, authors: AuthorIndex, matcher: Matcher) -> bool:
    """Return whether each word may be a name, or an initial of one; cheap."""
    whole = run[:-1] if is_prefix else run
    names = [word for word in whole if len(word) > 1]
    return bool(names) and all(authors.may_be_name(word, matcher.vocabulary) for word in names)
