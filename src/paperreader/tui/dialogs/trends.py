"""The trends dialog: rising terms and the papers with the most votes. Enter searches for a term or opens a paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from paperreader.digest.trends.window import WINDOWS, bar_limit, chart_bars
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
    from paperreader.jobs.client import Job

CHART_HEIGHT = 5

MAX_BARS = 70
"""Columns of the chart. For a longer time, each is a week."""

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
        return [TrendsLine(message), *_notes(trends)]
    return [*_chart(trends, glyphs), *_terms_and_papers(trends, glyphs)]


def _chart(trends: Trends, glyphs: Glyphs) -> Iterator[TrendsLine]:
    bars, unit = chart_bars(trends.days, MAX_BARS)
    limit = bar_limit(bars)
    more = f", bars end at {limit:,}" if limit < max(bars) else ""
    yield _heading(
        f"Papers per {unit}",
        f"{sum(trends.days):,} in {len(trends.days) // 7} weeks, at most {max(bars):,} per {unit}{more}",
    )
    steps = ASCII_LEVELS if glyphs is ASCII else BLOCK_LEVELS
    for line in bar_chart(bars, CHART_HEIGHT, levels=steps, limit=limit):
        yield TrendsLine((TextSpan("  "), TextSpan(line, "key")))
    first, last = format_long_date(trends.first), format_long_date(trends.last)
    gap = max(1, len(bars) - cell_width(first) - cell_width(last))
    yield TrendsLine((TextSpan(f"  {first}{' ' * gap}{last}", "muted"),))
    yield from _notes(trends)


def _notes(trends: Trends) -> Iterator[TrendsLine]:
    for note in filter(None, (trends.later_note, trends.undated_note)):
        yield TrendsLine((TextSpan(f"  {note}", "muted"),))


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

    def __init__(
        self, folder: Path, glyphs: Glyphs, weeks: int, weeks_changed: Callable[[int], object]
    ) -> None:
        """Compute the trends of the library in `folder` in child processes that stop with the dialog.

        `weeks_changed` is called with the number of weeks that the user chooses.
        """
        super().__init__()
        self._folder, self._glyphs = folder, glyphs
        self._weeks, self._weeks_changed = weeks, weeks_changed
        self._job = self._new_job()
        self._lines: list[TrendsLine] = [
            TrendsLine((TextSpan(f"Computing trends {glyphs.ellipsis}", "muted"),))
        ]
        self._selected_index = -1

    def _new_job(self) -> Job:
        from paperreader.jobs.client import Job

        return Job(self._folder, "trends", [str(self._weeks)])

    def compose(self) -> ComposeResult:
        with Vertical(id="trends"):
            yield VerticalScroll(*self._make_rows(), id="trends-lines", can_focus=False)
            footer = KeyFooter(classes="footer")
            footer.mode = "trends"
            yield footer

    def on_mount(self) -> None:
        self._start()

    def _start(self) -> None:
        self.run_worker(self._load(self._job), group="trends")

    def on_unmount(self) -> None:
        self._job.stop()

    async def _load(self, job: Job) -> None:
        from paperreader.digest.trends.report import Trends

        try:
            trends = await run_in_thread(lambda: job.run(lambda _: None))
        except PaperreaderError as error:
            if not self.is_attached or job is not self._job:
                return  # the dialog was closed, or other weeks chosen, which stopped the job
            self._lines = [
                TrendsLine((TextSpan(text, "muted"),))
                for text in wrap_cells(single_line(str(error)), _ERROR_WIDTH)
            ]
        else:
            self._lines = layout_trends(Trends.from_json(trends), self._glyphs)
        if job is not self._job:
            return
        self._selected_index = -1
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

    def action_window(self, direction: int) -> None:
        """Cover the next longer (1) or shorter (-1) time."""
        longer, shorter = [n for n in WINDOWS if n > self._weeks], [n for n in WINDOWS if n < self._weeks]
        choices = longer[:1] if direction > 0 else shorter[-1:]
        if choices:
            (self._weeks,) = choices
            self._job.stop()
            self._job = self._new_job()
            self._weeks_changed(self._weeks)
            self._start()

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
