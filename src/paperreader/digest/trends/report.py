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

from paperreader.digest.trends.rising_terms import MIN_PAPERS, RisingTerm, rising_terms
from paperreader.digest.trends.term_counts import TermCounts
from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.models import UNDATED_FLAG, Paper, PaperTable
from paperreader.text.dates import parse_iso
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode

DEFAULT_WEEKS = 8
"""How far back to look unless told otherwise: the last week, and seven to compare it with."""

MAX_WORDS, MAX_KEYWORDS, MAX_VOTED = 20, 10, 10

MONTH_DAYS = 30
"""Days."""

MAX_PAPERS_READ = 2_500
"""Papers that are read of the last week, and of the weeks before: of more, every second, third … one."""

_MIN_TITLE_SHARE = 0.15
"""A word that is in the titles of fewer of its papers is no topic: `though`, `keep`, `reads`."""

_MIN_PAIR_SHARE = 0.7
"""A word that stands in a pair in this share of its papers is told as that pair."""


class TrendTerm(Struct, frozen=True):
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


class MostVoted(Struct, frozen=True):
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
    words: tuple[TrendTerm, ...]
    keywords: tuple[TrendTerm, ...]
    week: tuple[MostVoted, ...]
    """The most voted of the last week."""
    month: tuple[MostVoted, ...]
    undated: int = 0
    """Papers of which not even the year is known, come in since `first` (where that is empty, ever): none counts."""

    @property
    def undated_note(self) -> str:
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
            words=tuple(TrendTerm(**each) for each in value["words"]),
            keywords=tuple(TrendTerm(**each) for each in value["keywords"]),
            week=tuple(MostVoted(**each) for each in value["week"]),
            month=tuple(MostVoted(**each) for each in value["month"]),
            undated=value["undated"],
        )


def compute_trends(library: Library, weeks: int = DEFAULT_WEEKS, *, today: dt.date) -> Trends:
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
        return Trends("", "", (), (), (), (), (), _count_undated(table, ""))
    last = dt.date.fromisoformat(table.day(newest))
    first = last - dt.timedelta(days=7 * weeks - 1)
    reach = min(first, last - dt.timedelta(days=MONTH_DAYS - 1)).isoformat()
    rows = [newest, *itertools.takewhile(lambda row: table.day(row) >= reach, past)]

    def since(day: dt.date) -> list[int]:
        return rows[: bisect_left(rows, True, key=lambda row: table.day(row) < day.isoformat())]

    span, recent = since(first), since(last - dt.timedelta(days=6))
    words, keywords = _rising_terms(library, recent, span[len(recent) :], weeks - 1)
    days = Counter(map(table.day, span))
    return Trends(
        first.isoformat(),
        last.isoformat(),
        tuple(days[(first + dt.timedelta(days=number)).isoformat()] for number in range(7 * weeks)),
        words,
        keywords,
        _most_voted(library, recent),
        _most_voted(library, since(last - dt.timedelta(days=MONTH_DAYS - 1))),
        _count_undated(table, first.isoformat()),
    )


def _count_undated(table: PaperTable, first: str) -> int:
    """How many papers came in on that day or later of which not even the year is known."""
    lately = itertools.takewhile(lambda row: table.day(row) >= first, table.newest)
    return sum(bool(table.flags(row) & UNDATED_FLAG and parse_iso(table.day(row))) for row in lately)


def _rising_terms(
    library: Library, recent: Sequence[int], before: Sequence[int], weeks: int
) -> tuple[tuple[TrendTerm, ...], tuple[TrendTerm, ...]]:
    """Words and keywords on the rise in the papers at `recent`, against those of so many weeks before."""
    now = TermCounts()
    now.add(_sample_papers(library, recent))
    topics = {
        term: papers
        for term, papers in now.words.items()
        if papers >= MIN_PAPERS and now.words_in_titles[term] >= _MIN_TITLE_SHARE * papers
    }
    then = TermCounts(frozenset(topics))
    then.add(_sample_papers(library, before))
    weeks_read = weeks * then.papers / len(before) if before else 1

    def told(found: Sequence[RisingTerm]) -> Iterator[TrendTerm]:
        for each in found:
            text = now.display_form(each.term)
            query = f'"{text}"' if " " in text else text
            yield TrendTerm(
                text, query, each.papers, round(each.before / weeks_read, 1), round(each.score, 2)
            )

    words = _without_absorbed_words(rising_terms(topics, then.words, now.papers, then.papers), now.words)
    keywords = rising_terms(now.keywords, then.keywords, now.papers, then.papers)
    return tuple(told(words[:MAX_WORDS])), tuple(told(keywords[:MAX_KEYWORDS]))


def _without_absorbed_words(found: Sequence[RisingTerm], papers: Mapping[str, int]) -> list[RisingTerm]:
    """The terms without the words that hardly stand outside of a pair that is among them."""
    absorbed = {
        word
        for each in found
        if " " in each.term
        for word in each.term.split(" ")
        if each.papers >= _MIN_PAIR_SHARE * papers[word]
    }
    return [each for each in found if each.term not in absorbed]


def _sample_papers(library: Library, rows: Sequence[int]) -> Iterator[Paper]:
    """The papers at `rows`, or evenly spread ones of them where they are too many to be read."""
    for row in rows[:: -(-len(rows) // MAX_PAPERS_READ) or 1]:
        try:
            yield library.paper(row)
        except StorageError:  # a damaged line, which `check` tells of, counts for nothing
            continue


def _most_voted(library: Library, rows: Sequence[int]) -> tuple[MostVoted, ...]:
    table = library.table
    votes = {row: found for row in rows if (found := table.votes(row))}
    best = heapq.nlargest(MAX_VOTED, votes, key=votes.__getitem__)
    return tuple(
        MostVoted(
            single_line(paper.id),
            single_line(tex_to_unicode(paper.title)),
            single_line(paper.date),
            paper.votes or 0,
        )
        for paper in _sample_papers(library, best)
    )
