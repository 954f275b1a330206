"""The trends dialog: rising terms and the papers with the most votes. Enter searches for a term or opens a paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from paperreader.errors import PaperreaderError
from paperreader.text.bar_chart import ASCII_LEVELS, BLOCK_LEVELS, bar_chart
from paperreader.text.cell_width import cell_width, truncate_cells, wrap_cells
from paperreader.text.dates import format_long_date
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import bindings
from paperreader.tui.commands.dialogs import TRENDS_KEYS
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.terminal.glyphs import ASCII, Glyphs
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_line import TextLine, TextSpan

if TYPE_CHECKING:
    from paperreader.digest.trends.report import MostVoted, Trends, TrendTerm

CHART_HEIGHT = 5

MAX_TERM_WIDTH = 36
"""Cells of the column of terms."""

_ERROR_WIDTH = 70
"""Cells of a line of an error message."""


class TrendTarget(NamedTuple):
    """What enter opens: the results of a query, or a paper."""

    query: str = ""
    paper: str = ""
    """The id of the paper."""


class TrendsLine(NamedTuple):
    """One line of the dialog."""

    spans: tuple[TextSpan, ...] = ()
    target: TrendTarget | None = None
    """None for a line that cannot be selected."""


def layout_trends(trends: Trends, glyphs: Glyphs) -> list[TrendsLine]:
    """Return the lines: chart, rising terms and keywords, most votes of the week and of the month."""
    if not trends.days:
        message = (TextSpan("No paper has a date yet.", "muted"),)
        return [TrendsLine(message), *_undated_note(trends)]
    return [*_chart(trends, glyphs), *_terms_and_papers(trends, glyphs)]


def _chart(trends: Trends, glyphs: Glyphs) -> Iterator[TrendsLine]:
    yield _heading(
        "Papers per day",
        f"{sum(trends.days):,} in {len(trends.days) // 7} weeks, at most {max(trends.days):,} per day",
    )
    steps = ASCII_LEVELS if glyphs is ASCII else BLOCK_LEVELS
    for line in bar_chart(trends.days, CHART_HEIGHT, levels=steps):
        yield TrendsLine((TextSpan("  "), TextSpan(line, "key")))
    first, last = format_long_date(trends.first), format_long_date(trends.last)
    gap = max(1, len(trends.days) - cell_width(first) - cell_width(last))
    yield TrendsLine((TextSpan(f"  {first}{' ' * gap}{last}", "muted"),))
    yield from _undated_note(trends)


def _undated_note(trends: Trends) -> Iterator[TrendsLine]:
    if trends.undated_note:
        yield TrendsLine((TextSpan(f"  {trends.undated_note}", "muted"),))


def _terms_and_papers(trends: Trends, glyphs: Glyphs) -> Iterator[TrendsLine]:
    for heading, terms in (("Rising terms", trends.words), ("Rising keywords", trends.keywords)):
        if terms:
            yield TrendsLine()
            yield _heading(heading, "papers this week, and per week before")
            yield from _terms(terms, glyphs)
    if not trends.words and not trends.keywords:
        yield TrendsLine()
        yield _heading("Rising terms", "none: no term is clearly more frequent than before")
    for heading, papers in (
        ("Most voted this week", trends.week),
        ("Most voted this month", trends.month),
    ):
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


class TrendsRow(TextLine):
    """One line of the dialog; a line with a target can be selected."""

    def __init__(self, index: int, line: TrendsLine, glyphs: Glyphs) -> None:
        super().__init__()
        self.index, self.line, self.glyphs = index, line, glyphs

    def spans(self, width: int) -> Sequence[TextSpan]:
        cursor = self.glyphs.cursor if self.has_class("-selected") else " "
        return [TextSpan(f"{cursor} ", "key"), *self.line.spans] if self.line.target else self.line.spans

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        if self.line.target is not None:
            await self.app.run_action(f"pick({self.index})", self.screen)


class TrendsDialog(ModalScreen[TrendTarget | None]):
    """Returns the selected target, or None."""

    BINDINGS = bindings(TRENDS_KEYS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/trends.tcss"

    def __init__(self, folder: Path, glyphs: Glyphs) -> None:
        """Compute the trends of the library in `folder` in a child process that stops with the dialog."""
        super().__init__()
        from paperreader.jobs.client import Job

        self._job = Job(folder, "trends")
        self._glyphs = glyphs
        self._lines: list[TrendsLine] = [
            TrendsLine((TextSpan(f"Computing trends {glyphs.ellipsis}", "muted"),))
        ]
        self._selected_index = -1

    def compose(self) -> ComposeResult:
        with Vertical(id="trends"):
            yield VerticalScroll(*self._make_rows(), id="trends-lines", can_focus=False)
            footer = KeyFooter(classes="footer")
            footer.mode = "trends"
            yield footer

    def on_mount(self) -> None:
        self.run_worker(self._load(), group="trends")

    def on_unmount(self) -> None:
        self._job.stop()

    async def _load(self) -> None:
        from paperreader.digest.trends.report import Trends

        try:
            trends = await run_in_thread(lambda: self._job.run(lambda _: None))
        except PaperreaderError as error:
            if not self.is_attached:
                return  # the dialog was closed, which stopped the job
            self._lines = [
                TrendsLine((TextSpan(text, "muted"),))
                for text in wrap_cells(single_line(str(error)), _ERROR_WIDTH)
            ]
        else:
            self._lines = layout_trends(Trends.from_json(trends), self._glyphs)
        pane = self.query_one("#trends-lines")
        await pane.remove_children()
        await pane.mount(*self._make_rows())
        self.action_move(1)

    def _make_rows(self) -> list[TrendsRow]:
        return [TrendsRow(number, line, self._glyphs) for number, line in enumerate(self._lines)]

    def action_move(self, delta: int) -> None:
        """Select the next (1) or previous (-1) line with a target."""
        selectable = [number for number, line in enumerate(self._lines) if line.target]
        if selectable:
            at = selectable.index(self._selected_index) + delta if self._selected_index in selectable else 0
            self._select_line(selectable[max(0, min(at, len(selectable) - 1))])

    def action_page(self, direction: int) -> None:
        """Move the selection by a page down (1) or up (-1)."""
        page = max(1, self.query_one("#trends-lines").size.height - 2)
        selectable = [number for number, line in enumerate(self._lines) if line.target]
        if selectable:
            goal_index = self._selected_index + direction * page
            self._select_line(min(selectable, key=lambda number: abs(number - goal_index)))

    def action_accept(self) -> None:
        if self._selected_index >= 0:
            self.action_pick(self._selected_index)

    def action_pick(self, number: int) -> None:
        """Return the line with this index."""
        self.dismiss(self._lines[number].target)

    def action_close(self) -> None:
        self.dismiss(None)

    def _select_line(self, index: int) -> None:
        self._selected_index = index
        first = next(number for number, line in enumerate(self._lines) if line.target)
        for line in self.query(TrendsRow):
            if line.has_class("-selected") != (line.index == index):
                line.set_class(line.index == index, "-selected")
                line.refresh()
            if line.index == index and index != first:
                line.scroll_visible(animate=False)
        if index == first:
            self.query_one("#trends-lines").scroll_home(animate=False)
