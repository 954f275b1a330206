"""What is on the rise, in front of the reader: enter on a word searches for it, on a paper goes to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from paperreader.errors import PaperreaderError
from paperreader.text.cell_width import wrap
from paperreader.text.clean import printable
from paperreader.tui.commands import command
from paperreader.tui.dialogs.trends_lines import Goal, Line, lines_of
from paperreader.tui.runtime.tasks import in_thread
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_line import OneLine, Piece

_PROGRAM = "paperreader.digest.child"
_ERROR_WIDTH = 70
"""Cells of a line of what went wrong."""


class TrendLine(OneLine):
    """One line, painted; those that lead somewhere can be picked."""

    def __init__(self, number: int, line: Line, glyphs: Glyphs) -> None:
        super().__init__()
        self.number, self.line, self.glyphs = number, line, glyphs

    def pieces(self, width: int) -> Sequence[Piece]:
        here = self.glyphs.cursor if self.has_class("-here") else " "
        return [Piece(f"{here} ", "key"), *self.line.pieces] if self.line.goal else self.line.pieces

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        if self.line.goal is not None:
            await self.app.run_action(f"pick({self.number})", self.screen)


class TrendsScreen(ModalScreen[Goal | None]):
    """Gives where one wants to go, or None."""

    BINDINGS = command.bindings(command.TRENDS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/trends.tcss"

    def __init__(self, folder: Path, glyphs: Glyphs) -> None:
        """The trends of the library in `folder` are looked for in a process of their own, ended when nobody waits."""
        super().__init__()
        from paperreader.library.child import Child

        self._child = Child(folder, "trends", program=_PROGRAM)
        self._glyphs = glyphs
        self._lines: list[Line] = [Line((Piece(f"Looking through the last weeks {glyphs.cut}", "muted"),))]
        self._here = -1

    def compose(self) -> ComposeResult:
        with Vertical(id="trends"):
            yield VerticalScroll(*self._painted(), id="trends-lines", can_focus=False)
            footer = KeyFooter(classes="footer")
            footer.mode = "trends"
            yield footer

    def on_mount(self) -> None:
        self.run_worker(self._look(), group="trends")

    def on_unmount(self) -> None:
        self._child.stop()

    async def _look(self) -> None:
        from paperreader.digest.trends.report import Trends

        try:
            found = await in_thread(lambda: self._child.run(lambda _: None))
        except PaperreaderError as error:
            if not self.is_attached:
                return  # it was ended because nobody waits any more
            self._lines = [
                Line((Piece(text, "muted"),)) for text in wrap(printable(str(error)), _ERROR_WIDTH)
            ]
        else:
            self._lines = lines_of(Trends.from_json(found), self._glyphs)
        pane = self.query_one("#trends-lines")
        await pane.remove_children()
        await pane.mount(*self._painted())
        self.action_move(1)

    def _painted(self) -> list[TrendLine]:
        return [TrendLine(number, line, self._glyphs) for number, line in enumerate(self._lines)]

    def action_move(self, delta: int) -> None:
        """To the next line that leads somewhere."""
        goals = [number for number, line in enumerate(self._lines) if line.goal]
        if goals:
            at = goals.index(self._here) + delta if self._here in goals else 0
            self._light(goals[max(0, min(at, len(goals) - 1))])

    def action_page(self, direction: int) -> None:
        """A screen of lines on or back."""
        page = max(1, self.query_one("#trends-lines").size.height - 2)
        goals = [number for number, line in enumerate(self._lines) if line.goal]
        if goals:
            wanted = self._here + direction * page
            self._light(min(goals, key=lambda number: abs(number - wanted)))

    def action_take(self) -> None:
        if self._here >= 0:
            self.action_pick(self._here)

    def action_pick(self, number: int) -> None:
        """Take a line by its number, from 0."""
        self.dismiss(self._lines[number].goal)

    def action_leave(self) -> None:
        self.dismiss(None)

    def _light(self, here: int) -> None:
        self._here = here
        first = next(number for number, line in enumerate(self._lines) if line.goal)
        for line in self.query(TrendLine):
            if line.has_class("-here") != (line.number == here):
                line.set_class(line.number == here, "-here")
                line.refresh()
            if line.number == here and here != first:
                line.scroll_visible(animate=False)
        if here == first:
            self.query_one("#trends-lines").scroll_home(animate=False)
