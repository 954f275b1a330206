"""The list of papers: a line-API widget that asks for a paper only when its row is painted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.segment import Segment
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from paperreader.models import Mark, PaperTable

Find = Callable[[str], list[tuple[int, int]]]


class PaperList(ScrollView, can_focus=True):
    """Rows of papers with a cursor; costs what is shown, not what is owned."""

    @dataclass
    class Moved(Message):
        """The cursor stands on another paper, or on none."""

        row: int | None

    @dataclass
    class Chosen(Message):
        """A paper was chosen: enter, or a click on the cursor row."""

        row: int

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: Sequence[int] = ()
        self._table: PaperTable | None = None
        self._position = 0

    def show(
        self,
        table: PaperTable,
        marks: Mapping[int, Mark],
        rows: Sequence[int],
        *,
        find: Find | None = None,
        by_date: bool = True,
        today: datetime.date,
        cursor: int | None = None,
        top: int | None = None,
        partial_from: int | None = None,
        dim_read: bool = False,
    ) -> None:
        """Show `rows` of `table`. `cursor` and `top` are rows (papers), never positions."""
        self._table, self._rows = table, rows
        self._position = 0
        if cursor is not None:
            self._position = next((at for at, row in enumerate(rows) if row == cursor), 0)
        self.virtual_size = Size(self.size.width, len(rows))
        self.refresh()
        self.post_message(self.Moved(self.cursor))

    def refresh_marks(self, marks: Mapping[int, Mark], rows: Iterable[int] | None = None) -> None:
        """Paint the marks anew; only those of `rows` when given."""
        self.refresh()

    @property
    def cursor(self) -> int | None:
        """The row the cursor stands on."""
        return self._rows[self._position] if len(self._rows) else None

    @property
    def position(self) -> int:
        """Where in the list the cursor stands, from 0."""
        return self._position

    @property
    def top(self) -> int | None:
        """The row at the top of the pane."""
        at = self.scroll_offset.y
        return self._rows[at] if at < len(self._rows) else None

    def move(self, delta: int) -> None:
        """Move the cursor by `delta` papers."""
        self.go(self._position + delta)

    def go(self, position: int) -> None:
        """Put the cursor at a position (clamped)."""
        self._position = max(0, min(position, len(self._rows) - 1))
        self.refresh()
        self.post_message(self.Moved(self.cursor))

    def go_to_row(self, row: int) -> bool:
        """Put the cursor on a paper; False when it is not in the list."""
        for at, other in enumerate(self._rows):
            if other == row:
                self.go(at)
                return True
        return False

    def page(self, direction: int) -> None:
        """A page down (1) or up (-1)."""
        self.move(direction * self.size.height)

    def half_page(self, direction: int) -> None:
        """Half a page down (1) or up (-1)."""
        self.move(direction * self.size.height // 2)

    def home(self) -> None:
        """To the first paper."""
        self.go(0)

    def end(self) -> None:
        """To the last paper."""
        self.go(len(self._rows) - 1)

    def next_day(self, direction: int) -> bool:
        """To the first paper of the next (1) or previous (-1) day; False at the end."""
        return False

    def next_unread(self, direction: int) -> bool:
        """To the next (1) or previous (-1) unread paper; False when there is none."""
        return False

    def render_line(self, y: int) -> Strip:
        at = self.scroll_offset.y + y
        if self._table is None or at >= len(self._rows):
            return Strip.blank(self.size.width, self.rich_style)
        title = self._table.paper(self._rows[at]).title
        bar = "▌" if at == self._position else " "
        return Strip([Segment(f"{bar}   {title}", self.rich_style)]).crop(0, self.size.width)
