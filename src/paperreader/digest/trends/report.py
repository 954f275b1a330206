"""Trends of a library: rising terms and keywords, papers per day, and the most voted papers."""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, to_builtins

from paperreader.digest.trends.known_terms import count_known_terms
from paperreader.digest.trends.paper_text import PaperText, sample_texts
from paperreader.digest.trends.rising_terms import MIN_PAPERS, RisingTerm, rising_terms
from paperreader.digest.trends.term_counts import TermCounts
from paperreader.digest.trends.window import DEFAULT_WEEKS, last_busy_day
from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.models import UNDATED_FLAG, UNKNOWN_NUMBER, Paper, format_day
from paperreader.text.counts import format_count
from paperreader.text.dates import parse_iso
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode

MAX_WORDS, MAX_KEYWORDS, MAX_VOTED = 20, 10, 10

MONTH_DAYS = 30

MAX_PAPERS_READ = MAX_BEFORE_READ = 2_500
"""Papers of the last week, and of the weeks before, whose text is read. Of more, an even sample is read."""

MAX_DAYS_READ = 50_000
"""Papers whose day is read to find out which number is usual."""

_MAIN_SHARE = 0.8
"""Share of the last week's papers from which on they are only compared with papers of the same kind."""

_MIN_TITLE_SHARE = 0.15
"""A word that is in fewer of its papers' titles is not a topic: `though`, `keep`, `reads`."""

_MIN_PAIR_SHARE = 0.7
"""A word that is part of a pair in this share of its papers is reported as that pair only."""


class TrendTerm(Struct, frozen=True):
    """A rising word, pair of words, or keyword. The fields are keys of the JSON output."""

    text: str
    query: str
    """A query that finds its papers."""
    papers: int
    """In the last week."""
    a_week_before: float
    """Papers per week in the weeks before."""
    score: float
    """See `rising_terms`."""


class MostVoted(Struct, frozen=True):
    """A paper with many votes. The fields are keys of the JSON output."""

    id: str
    title: str
    date: str
    votes: int


class Trends(Struct, frozen=True):
    """The trends at the end of a library. Texts are single lines without control characters.

    The fields are keys of the JSON output.
    """

    first: str
    """ISO day: start of the first week; empty if no paper has a date."""
    last: str
    """ISO day, which ends the last week: the newest one, except for stray papers."""
    days: tuple[int, ...]
    """Papers per day, from `first` to `last`."""
    words: tuple[TrendTerm, ...]
    keywords: tuple[TrendTerm, ...]
    week: tuple[MostVoted, ...]
    """Most voted papers of the last week."""
    month: tuple[MostVoted, ...]
    later: int = 0
    """Papers after `last`: a few that are far from all others. They are not counted elsewhere."""
    undated: int = 0
    """Papers of unknown year added since `first` (ever, if that is empty). They are not counted elsewhere."""

    @property
    def undated_note(self) -> str:
        """A sentence about the papers of unknown year, without full stop; empty if there are none."""
        if not self.undated:
            return ""
        papers = (
            "1 paper of uncertain date is"
            if self.undated == 1
            else f"{self.undated:,} papers of uncertain date are"
        )
        return f"{papers} not counted; `paperreader import --date` sets it"

    @property
    def later_note(self) -> str:
        """A sentence about the papers after the last day, without full stop; empty if there are none."""
        if not self.later:
            return ""
        return f"{format_count(self.later, 'later paper')} {'is' if self.later == 1 else 'are'} not counted"

    def to_json(self) -> dict[str, Any]:
        """Convert to a JSON object; `from_json` is the inverse."""
        result: dict[str, Any] = to_builtins(self)
        return result

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Trends:
        """Convert from the result of `to_json`."""
        return cls(
            value["first"],
            value["last"],
            tuple(value["days"]),
            words=tuple(TrendTerm(**term) for term in value["words"]),
            keywords=tuple(TrendTerm(**term) for term in value["keywords"]),
            week=tuple(MostVoted(**paper) for paper in value["week"]),
            month=tuple(MostVoted(**paper) for paper in value["month"]),
            later=value["later"],
            undated=value["undated"],
        )


def compute_trends(library: Library, weeks: int = DEFAULT_WEEKS, *, today: dt.date) -> Trends:
    """Compute the trends of the last weeks (two at least), counted back from the last day with more than stray papers.

    Papers dated after `today` and papers of unknown year do not count: for the latter, the day on which they were added
    says nothing about them. Only papers of those weeks are read.
    """
    day_of = library.table.columns.column("day")
    recent = _papers_per_day(library, today)
    if not recent:
        return Trends("", "", (), (), (), (), (), 0, _count_undated(library, 0))
    last = dt.date.fromisoformat(last_busy_day(recent))
    first = last - dt.timedelta(days=7 * weeks - 1)
    month = last - dt.timedelta(days=MONTH_DAYS - 1)
    oldest, newest = _day_number(min(first, month)), _day_number(last)
    in_order = library.table.newest
    begin = bisect_left(in_order, True, key=lambda row: day_of[row] <= newest)
    end = bisect_left(in_order, True, key=lambda row: day_of[row] < oldest)
    rows = list(_dated_rows(library, in_order[begin:end]))

    def since(day: dt.date) -> list[int]:
        return rows[: bisect_left(rows, True, key=lambda row: day_of[row] < _day_number(day))]

    all_weeks, last_week = since(first), since(last - dt.timedelta(days=6))
    words, keywords = _rising_terms(library, last_week, all_weeks[len(last_week) :], weeks - 1)
    days = Counter(map(day_of.__getitem__, all_weeks))
    return Trends(
        first.isoformat(),
        last.isoformat(),
        tuple(days[_day_number(first + dt.timedelta(days=number))] for number in range(7 * weeks)),
        words,
        keywords,
        _most_voted(library, last_week),
        _most_voted(library, since(month)),
        sum(papers for day, papers in recent.items() if day > last.isoformat()),
        _count_undated(library, _day_number(first)),
    )


def _dated_rows(library: Library, rows: Sequence[int]) -> Iterator[int]:
    """Yield those of the rows whose papers have a full date and are not hidden."""
    flags, unlisted = library.table.columns.column("flags"), library.unlisted
    dated = (row for row in rows if not flags[row] & UNDATED_FLAG)
    return (row for row in dated if row not in unlisted) if unlisted else dated


def _papers_per_day(library: Library, today: dt.date) -> dict[str, int]:
    """Count the papers by their ISO day, up to `today`: the newest `MAX_DAYS_READ` of those that have one."""
    day_of = library.table.columns.column("day")
    recent: dict[str, int] = {}
    unread = MAX_DAYS_READ
    for number, papers in itertools.groupby(
        map(day_of.__getitem__, _dated_rows(library, library.table.newest))
    ):
        day = format_day(number)
        if day <= today.isoformat() and parse_iso(day):
            recent[day] = len(list(itertools.islice(papers, unread)))
            unread -= recent[day]
            if not unread:
                break
    return recent


def _day_number(day: dt.date) -> int:
    """Return a day as it is in the columns of the catalog: YYYYMMDD."""
    return int(day.strftime("%Y%m%d"))


def _count_undated(library: Library, first: int) -> int:
    """Count the papers of unknown year since that day: by the day that they state, else by that of their import."""
    table = library.table
    day_of, flags = (table.columns.column(name) for name in ("day", "flags"))
    recent = table.newest[: bisect_left(table.newest, True, key=lambda row: day_of[row] < first)]
    undated = [row for row in recent if flags[row] & UNDATED_FLAG]
    uncertain = sum(parse_iso(table.day(row)) is not None for row in undated)
    without_day = itertools.takewhile(lambda row: not day_of[row], reversed(table.newest))
    first_day = format_day(first)
    return uncertain + sum(_is_added_since(library, row, first_day) for row in without_day)


def _is_added_since(library: Library, row: int, first: str) -> bool:
    try:
        return library.table.added(row) >= first
    except StorageError:
        return False  # the line is damaged, which is reported where the paper is shown


def _rising_terms(
    library: Library, last_week: Sequence[int], before: Sequence[int], weeks: int
) -> tuple[tuple[TrendTerm, ...], tuple[TrendTerm, ...]]:
    """Return the rising terms and keywords of the last week, compared with that many weeks before."""
    read_now = list(sample_texts(library, last_week, MAX_PAPERS_READ))
    read_before = list(sample_texts(library, before, MAX_BEFORE_READ))
    is_comparable = _comparison(read_now)
    now = TermCounts(filter(is_comparable, read_now))
    topics = {
        term: papers
        for term, papers in now.words.items()
        if papers >= MIN_PAPERS and now.words_in_titles[term] >= _MIN_TITLE_SHARE * papers
    }
    then = count_known_terms(list(filter(is_comparable, read_before)), topics)
    weeks_read = weeks * len(read_before) / len(before) if before else 1

    def trend_terms(rising: Sequence[RisingTerm]) -> Iterator[TrendTerm]:
        for term in rising:
            text = now.display_form(term.term)
            query = f'"{text}"' if " " in text else text
            yield TrendTerm(
                text, query, term.papers, round(term.before / weeks_read, 1), round(term.score, 2)
            )

    words = _without_absorbed_words(rising_terms(topics, then.words, now.papers, then.papers), now.words)
    keywords = rising_terms(now.keywords, then.keywords, now.papers, then.papers)
    return tuple(trend_terms(words[:MAX_WORDS])), tuple(trend_terms(keywords[:MAX_KEYWORDS]))


def _comparison(papers: Sequence[PaperText]) -> Callable[[PaperText], bool]:
    """Return which papers count: those on Daily Papers, or the others, if nearly all of `papers` are of one kind.

    After an import of an archive, what is usual on Daily Papers would be rising, compared with all of arXiv.
    """
    listed = sum(paper.listed is not None for paper in papers)
    if listed >= _MAIN_SHARE * len(papers):
        return lambda paper: paper.listed is not None
    if listed <= (1 - _MAIN_SHARE) * len(papers):
        return lambda paper: paper.listed is None
    return lambda paper: True


def _without_absorbed_words(terms: Sequence[RisingTerm], papers: Mapping[str, int]) -> list[RisingTerm]:
    """Remove the words that rarely occur outside of one of the pairs in `terms`."""
    absorbed = {
        word
        for term in terms
        if " " in term.term
        for word in term.term.split(" ")
        if term.papers >= _MIN_PAIR_SHARE * papers[word]
    }
    return [term for term in terms if term.term not in absorbed]


def _most_voted(library: Library, rows: Sequence[int]) -> tuple[MostVoted, ...]:
    votes_of = library.table.columns.column("votes")
    votes = {row: count for row in rows if (count := votes_of[row]) not in (0, UNKNOWN_NUMBER)}
    best = heapq.nlargest(MAX_VOTED, votes, key=votes.__getitem__)
    return tuple(
        MostVoted(
            single_line(paper.id),
            single_line(tex_to_unicode(paper.title)),
            single_line(paper.date),
            paper.votes or 0,
        )
        for paper in _readable_papers(library, best)
    )


def _readable_papers(library: Library, rows: Sequence[int]) -> Iterator[Paper]:
    for row in rows:
        try:
            yield library.paper(row)
        except StorageError:  # a damaged line, which `check` reports
            continue
