"""What the screen of trends says, line by line, and what enter does on each. No widgets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from paperreader.text.bar_chart import BLOCKS, PLAIN, columns
from paperreader.text.cell_width import cells, cut
from paperreader.text.dates import long_day
from paperreader.tui.terminal.glyphs import ASCII, Glyphs
from paperreader.tui.widgets.text_line import Piece

if TYPE_CHECKING:
    from paperreader.digest.trends.report import Term, Trends, Voted

CHART_LINES = 5

LONGEST_TERM = 36
"""Cells of a term in its column."""


class Goal(NamedTuple):
    """Where enter leads: to the answer of a query, or to a paper."""

    query: str = ""
    paper: str = ""
    """Its id."""


class Line(NamedTuple):
    """One line of the screen."""

    pieces: tuple[Piece, ...] = ()
    goal: Goal | None = None
    """None for a line that only tells something."""


def lines_of(found: Trends, glyphs: Glyphs) -> list[Line]:
    """Chart, words, keywords, most voted of week and month."""
    if not found.days:
        said = (Piece("No paper here has a day yet.", "muted"),)
        return [Line(said), *_left_out(found)]
    return [*_chart(found, glyphs), *_terms_and_papers(found, glyphs)]


def _chart(found: Trends, glyphs: Glyphs) -> Iterator[Line]:
    yield _heading(
        "Papers a day", f"{sum(found.days):,} in {len(found.days) // 7} weeks, {max(found.days):,} at most"
    )
    steps = PLAIN if glyphs is ASCII else BLOCKS
    for line in columns(found.days, CHART_LINES, steps=steps):
        yield Line((Piece("  "), Piece(line, "key")))
    first, last = long_day(found.first), long_day(found.last)
    gap = max(1, len(found.days) - cells(first) - cells(last))
    yield Line((Piece(f"  {first}{' ' * gap}{last}", "muted"),))
    yield from _left_out(found)


def _left_out(found: Trends) -> Iterator[Line]:
    if found.left_out:
        yield Line((Piece(f"  {found.left_out}", "muted"),))


def _terms_and_papers(found: Trends, glyphs: Glyphs) -> Iterator[Line]:
    for heading, terms in (("Words on the rise", found.words), ("Keywords on the rise", found.keywords)):
        if terms:
            yield Line()
            yield _heading(heading, "papers this week, and a week before")
            yield from _terms(terms, glyphs)
    if not found.words and not found.keywords:
        yield Line()
        yield _heading("Words on the rise", "none: nothing is in clearly more papers than it was")
    for heading, papers in (("Most voted of the week", found.week), ("Most voted of the month", found.month)):
        if papers:
            yield Line()
            yield _heading(heading, "")
            yield from _papers(papers, glyphs)


def _heading(text: str, more: str) -> Line:
    return Line((Piece(text, "strong"), Piece(f"  {more}", "muted")))


def _terms(terms: Sequence[Term], glyphs: Glyphs) -> Iterator[Line]:
    shown = [cut(term.text, LONGEST_TERM, glyphs.cut) for term in terms]
    column = max(map(cells, shown))
    for text, term in zip(shown, terms, strict=True):
        pad = " " * (column - cells(text))
        numbers = (Piece(f"{term.papers:>6,}"), Piece(f"{term.a_week_before:>8,.1f}", "muted"))
        yield Line((Piece(text + pad), *numbers), Goal(query=term.query))


def _papers(papers: Sequence[Voted], glyphs: Glyphs) -> Iterator[Line]:
    column = max(len(f"{paper.votes:,}") for paper in papers)
    for paper in papers:
        votes = Piece(f"{glyphs.votes}{paper.votes:,}".ljust(column + 3), "muted")
        yield Line((votes, Piece(paper.title)), Goal(paper=paper.id))
