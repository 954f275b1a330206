"""What the screen of trends says, line by line, and what enter does on each. No widgets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from paperreader.text.bar_chart import ASCII_LEVELS, BLOCK_LEVELS, bar_chart
from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.text.dates import format_long_date
from paperreader.tui.terminal.glyphs import ASCII, Glyphs
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.digest.trends.report import MostVoted, Trends, TrendTerm

CHART_HEIGHT = 5

MAX_TERM_WIDTH = 36
"""Cells of a term in its column."""


class TrendTarget(NamedTuple):
    """Where enter leads: to the answer of a query, or to a paper."""

    query: str = ""
    paper: str = ""
    """Its id."""


class TrendsLine(NamedTuple):
    """One line of the screen."""

    spans: tuple[TextSpan, ...] = ()
    target: TrendTarget | None = None
    """None for a line that only tells something."""


def layout_trends(found: Trends, glyphs: Glyphs) -> list[TrendsLine]:
    """Chart, words, keywords, most voted of week and month."""
    if not found.days:
        said = (TextSpan("No paper here has a day yet.", "muted"),)
        return [TrendsLine(said), *_left_out(found)]
    return [*_chart(found, glyphs), *_terms_and_papers(found, glyphs)]


def _chart(found: Trends, glyphs: Glyphs) -> Iterator[TrendsLine]:
    yield _heading(
        "Papers a day", f"{sum(found.days):,} in {len(found.days) // 7} weeks, {max(found.days):,} at most"
    )
    steps = ASCII_LEVELS if glyphs is ASCII else BLOCK_LEVELS
    for line in bar_chart(found.days, CHART_HEIGHT, levels=steps):
        yield TrendsLine((TextSpan("  "), TextSpan(line, "key")))
    first, last = format_long_date(found.first), format_long_date(found.last)
    gap = max(1, len(found.days) - cell_width(first) - cell_width(last))
    yield TrendsLine((TextSpan(f"  {first}{' ' * gap}{last}", "muted"),))
    yield from _left_out(found)


def _left_out(found: Trends) -> Iterator[TrendsLine]:
    if found.undated_note:
        yield TrendsLine((TextSpan(f"  {found.undated_note}", "muted"),))


def _terms_and_papers(found: Trends, glyphs: Glyphs) -> Iterator[TrendsLine]:
    for heading, terms in (("Words on the rise", found.words), ("Keywords on the rise", found.keywords)):
        if terms:
            yield TrendsLine()
            yield _heading(heading, "papers this week, and a week before")
            yield from _terms(terms, glyphs)
    if not found.words and not found.keywords:
        yield TrendsLine()
        yield _heading("Words on the rise", "none: nothing is in clearly more papers than it was")
    for heading, papers in (("Most voted of the week", found.week), ("Most voted of the month", found.month)):
        if papers:
            yield TrendsLine()
            yield _heading(heading, "")
            yield from _papers(papers, glyphs)


def _heading(text: str, more: str) -> TrendsLine:
    return TrendsLine((TextSpan(text, "strong"), TextSpan(f"  {more}", "muted")))


def _terms(terms: Sequence[TrendTerm], glyphs: Glyphs) -> Iterator[TrendsLine]:
    shown = [truncate_cells(term.text, MAX_TERM_WIDTH, glyphs.ellipsis) for term in terms]
    column = max(map(cell_width, shown))
    for text, term in zip(shown, terms, strict=True):
        pad = " " * (column - cell_width(text))
        numbers = (TextSpan(f"{term.papers:>6,}"), TextSpan(f"{term.a_week_before:>8,.1f}", "muted"))
        yield TrendsLine((TextSpan(text + pad), *numbers), TrendTarget(query=term.query))


def _papers(papers: Sequence[MostVoted], glyphs: Glyphs) -> Iterator[TrendsLine]:
    column = max(len(f"{paper.votes:,}") for paper in papers)
    for paper in papers:
        votes = TextSpan(f"{glyphs.votes}{paper.votes:,}".ljust(column + 3), "muted")
        yield TrendsLine((votes, TextSpan(paper.title)), TrendTarget(paper=paper.id))
