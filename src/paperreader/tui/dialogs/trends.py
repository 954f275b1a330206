"""What is on the rise, in front of the reader: enter on a word searches for it, on a paper goes to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from paperreader.errors import PaperreaderError
from paperreader.text.cell_width import wrap_cells
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import bindings
from paperreader.tui.commands.dialogs import TRENDS_KEYS
from paperreader.tui.dialogs.trends_lines import TrendsLine, TrendTarget, layout_trends
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_line import TextLine, TextSpan

_ERROR_WIDTH = 70
"""Cells of a line of what went wrong."""


class TrendsRow(TextLine):
    """One line, painted; those that lead somewhere can be picked."""

    def __init__(self, number: int, line: TrendsLine, glyphs: Glyphs) -> None:
        super().__init__()
        self.index, self.line, self.glyphs = number, line, glyphs

    def spans(self, width: int) -> Sequence[TextSpan]:
        here = self.glyphs.cursor if self.has_class("-here") else " "
        return [TextSpan(f"{here} ", "key"), *self.line.spans] if self.line.target else self.line.spans

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        if self.line.target is not None:
            await self.app.run_action(f"pick({self.index})", self.screen)


class TrendsDialog(ModalScreen[TrendTarget | None]):
    """Gives where one wants to go, or None."""

    BINDINGS = bindings(TRENDS_KEYS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/trends.tcss"

    def __init__(self, folder: Path, glyphs: Glyphs) -> None:
        """The trends of the library in `folder` are looked for in a process of their own, ended when nobody waits."""
        super().__init__()
        from paperreader.jobs.client import Job

        self._job = Job(folder, "trends")
        self._glyphs = glyphs
        self._lines: list[TrendsLine] = [
            TrendsLine((TextSpan(f"Looking through the last weeks {glyphs.ellipsis}", "muted"),))
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
            found = await run_in_thread(lambda: self._job.run(lambda _: None))
        except PaperreaderError as error:
            if not self.is_attached:
                return  # it was ended because nobody waits any more
            self._lines = [
                TrendsLine((TextSpan(text, "muted"),))
                for text in wrap_cells(single_line(str(error)), _ERROR_WIDTH)
            ]
        else:
            self._lines = layout_trends(Trends.from_json(found), self._glyphs)
        pane = self.query_one("#trends-lines")
        await pane.remove_children()
        await pane.mount(*self._make_rows())
        self.action_move(1)

    def _make_rows(self) -> list[TrendsRow]:
        return [TrendsRow(number, line, self._glyphs) for number, line in enumerate(self._lines)]

    def action_move(self, delta: int) -> None:
        """To the next line that leads somewhere."""
        goals = [number for number, line in enumerate(self._lines) if line.target]
        if goals:
            at = goals.index(self._selected_index) + delta if self._selected_index in goals else 0
            self._select_line(goals[max(0, min(at, len(goals) - 1))])

    def action_page(self, direction: int) -> None:
        """A screen of lines on or back."""
        page = max(1, self.query_one("#trends-lines").size.height - 2)
        goals = [number for number, line in enumerate(self._lines) if line.target]
        if goals:
            wanted = self._selected_index + direction * page
            self._select_line(min(goals, key=lambda number: abs(number - wanted)))

    def action_accept(self) -> None:
        if self._selected_index >= 0:
            self.action_pick(self._selected_index)

    def action_pick(self, number: int) -> None:
        """Take a line by its number, from 0."""
        self.dismiss(self._lines[number].target)

    def action_close(self) -> None:
        self.dismiss(None)

    def _select_line(self, here: int) -> None:
        self._selected_index = here
        first = next(number for number, line in enumerate(self._lines) if line.target)
        for line in self.query(TrendsRow):
            if line.has_class("-here") != (line.index == here):
                line.set_class(line.index == here, "-here")
                line.refresh()
            if line.index == here and here != first:
                line.scroll_visible(animate=False)
        if here == first:
            self.query_one("#trends-lines").scroll_home(animate=False)
