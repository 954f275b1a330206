"""What is on the rise: words and keywords against the weeks before, papers a day, and the most voted."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, to_builtins

from paperreader.digest.trends.rising_terms import LEAST_PAPERS, Rising, rising
from paperreader.digest.trends.term_counts import Terms
from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.models import UNDATED_FLAG, Paper, PaperTable
from paperreader.text.clean import printable
from paperreader.text.dates import parse_iso
from paperreader.text.tex_display import readable

WEEKS = 8
"""How far back to look unless told otherwise: the last week, and seven to compare it with."""

MOST_WORDS, MOST_KEYWORDS, MOST_VOTED = 20, 10, 10

MONTH = 30
"""Days."""

MOST_READ = 2_500
"""Papers that are read of the last week, and of the weeks before: of more, every second, third … one."""

_TITLED = 0.15
"""A word that is in the titles of fewer of its papers is no topic: `though`, `keep`, `reads`."""

_ABSORBED = 0.7
"""A word that stands in a pair in this share of its papers is told as that pair."""


class Term(Struct, frozen=True):
    """A word, a pair of words, or a keyword on the rise."""

    text: str
    query: str
    """What finds its papers."""
    papers: int
    """Of the last week."""
    a_week_before: float
    """Papers a week in the weeks before."""
    score: float
    """See `rising`."""


class Voted(Struct, frozen=True):
    """A paper with many votes."""

    id: str
    title: str
    date: str
    votes: int


class Trends(Struct, frozen=True):
    """What is on the rise at the end of a library. Texts are single lines without control characters."""

    first: str
    """ISO day, the beginning of the first week; empty in a library without days."""
    last: str
    """ISO day: the newest, and the last of the last week."""
    days: tuple[int, ...]
    """Papers a day, from `first` to `last`."""
    words: tuple[Term, ...]
    keywords: tuple[Term, ...]
    week: tuple[Voted, ...]
    """The most voted of the last week."""
    month: tuple[Voted, ...]
    undated: int = 0
    """Papers of which not even the year is known, come in since `first` (where that is empty, ever): none counts."""

    @property
    def left_out(self) -> str:
        """A sentence on them; empty where there are none."""
        if not self.undated:
            return ""
        which = (
            "1 paper without a day of its own is"
            if self.undated == 1
            else (f"{self.undated:,} papers without a day of their own are")
        )
        return f"{which} left out; `paperreader import --date` sets it"

    def to_json(self) -> dict[str, Any]:
        """The trends as one object; `from_json` is the inverse."""
        found: dict[str, Any] = to_builtins(self)
        return found

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Trends:
        """What `to_json` gave."""
        return cls(
            value["first"],
            value["last"],
            tuple(value["days"]),
            words=tuple(Term(**each) for each in value["words"]),
            keywords=tuple(Term(**each) for each in value["keywords"]),
            week=tuple(Voted(**each) for each in value["week"]),
            month=tuple(Voted(**each) for each in value["month"]),
            undated=value["undated"],
        )


def trends(library: Library, weeks: int = WEEKS, *, today: dt.date) -> Trends:
    """What is on the rise in the last of so many weeks (two at least), counted back from the newest paper's day.

    Papers with a day after `today` do not count, nor do those without a day of their own: the day they came in says
    nothing of them. Only texts of those weeks are read.
    """
    table = library.table
    past = (row for row in table.newest if not table.flags(row) & UNDATED_FLAG)
    newest = next(
        (row for row in past if parse_iso(day := table.day(row)) and day <= today.isoformat()), None
    )
    if newest is None:
        return Trends("", "", (), (), (), (), (), _undated(table, ""))
    last = dt.date.fromisoformat(table.day(newest))
    first = last - dt.timedelta(days=7 * weeks - 1)
    reach = min(first, last - dt.timedelta(days=MONTH - 1)).isoformat()
    rows = [newest, *itertools.takewhile(lambda row: table.day(row) >= reach, past)]

    def since(day: dt.date) -> list[int]:
        return rows[: bisect_left(rows, True, key=lambda row: table.day(row) < day.isoformat())]

    span, recent = since(first), since(last - dt.timedelta(days=6))
    words, keywords = _risen(library, recent, span[len(recent) :], weeks - 1)
    days = Counter(map(table.day, span))
    return Trends(
        first.isoformat(),
        last.isoformat(),
        tuple(days[(first + dt.timedelta(days=number)).isoformat()] for number in range(7 * weeks)),
        words,
        keywords,
        _most_voted(library, recent),
        _most_voted(library, since(last - dt.timedelta(days=MONTH - 1))),
        _undated(table, first.isoformat()),
    )


def _undated(table: PaperTable, first: str) -> int:
    """How many papers came in on that day or later of which not even the year is known."""
    lately = itertools.takewhile(lambda row: table.day(row) >= first, table.newest)
    return sum(bool(table.flags(row) & UNDATED_FLAG and parse_iso(table.day(row))) for row in lately)


def _risen(
    library: Library, recent: Sequence[int], before: Sequence[int], weeks: int
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """Words and keywords on the rise in the papers at `recent`, against those of so many weeks before."""
    now = Terms()
    now.add(_papers(library, recent))
    topics = {
        term: papers
        for term, papers in now.words.items()
        if papers >= LEAST_PAPERS and now.titled[term] >= _TITLED * papers
    }
    then = Terms(frozenset(topics))
    then.add(_papers(library, before))
    weeks_read = weeks * then.papers / len(before) if before else 1

    def told(found: Sequence[Rising]) -> Iterator[Term]:
        for each in found:
            text = now.spelling(each.term)
            query = f'"{text}"' if " " in text else text
            yield Term(text, query, each.papers, round(each.before / weeks_read, 1), round(each.score, 2))

    words = _condensed(rising(topics, then.words, now.papers, then.papers), now.words)
    keywords = rising(now.keywords, then.keywords, now.papers, then.papers)
    return tuple(told(words[:MOST_WORDS])), tuple(told(keywords[:MOST_KEYWORDS]))


def _condensed(found: Sequence[Rising], papers: Mapping[str, int]) -> list[Rising]:
    """The terms without the words that hardly stand outside of a pair that is among them."""
    absorbed = {
        word
        for each in found
        if " " in each.term
        for word in each.term.split(" ")
        if each.papers >= _ABSORBED * papers[word]
    }
    return [each for each in found if each.term not in absorbed]


def _papers(library: Library, rows: Sequence[int]) -> Iterator[Paper]:
    """The papers at `rows`, or evenly spread ones of them where they are too many to be read."""
    for row in rows[:: -(-len(rows) // MOST_READ) or 1]:
        try:
            yield library.paper(row)
        except StorageError:  # a damaged line, which `check` tells of, counts for nothing
            continue


def _most_voted(library: Library, rows: Sequence[int]) -> tuple[Voted, ...]:
    table = library.table
    votes = {row: found for row in rows if (found := table.votes(row))}
    best = heapq.nlargest(MOST_VOTED, votes, key=votes.__getitem__)
    return tuple(
        Voted(printable(paper.id), printable(readable(paper.title)), printable(paper.date), paper.votes or 0)
        for paper in _papers(library, best)
    )
