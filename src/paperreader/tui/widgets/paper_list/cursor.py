"""A cursor among rows of one or two lines, and scrolling by whole rows."""

from __future__ import annotations

from textual import events
from textual.geometry import Region, Size

from paperreader.config.settings import Density
from paperreader.tui.widgets.line_view import LineScroll
from paperreader.tui.widgets.paper_list.geometry import ListLines

TWO_LINES_FROM = 100
"""A screen of at least so many columns puts the panes side by side: a row needs two lines."""
TWO_LINES_BELOW = 60
"""So does a pane narrower than this, on any screen: hardly a title fits one line."""
MARGIN = 2
"""Rows kept in sight above and below the cursor."""
WHEEL_LINES = 3


class RowScroll(LineScroll, inherit_bindings=False):
    """A column of rows with a cursor; what stands at the top stays there when the pane changes its size."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._lines = ListLines()
        self._top = 0
        """The position of the row that was last scrolled to the top; resizing does not change it."""
        self._position = 0
        """The position of the cursor."""
        self.density: Density = "auto"
        """Lines of a row, as the settings say."""
        self.two_lines_from = TWO_LINES_FROM
        """Columns of the screen; out of reach where the pane has all of them and one line is enough."""
        self._settled = Size(0, 0)
        """The size at the last resize: what scrolls while another one is in force was not asked for."""

    @property
    def position(self) -> int:
        """Where in the list the cursor stands, counted from 0."""
        return self._position

    def go(self, position: int, *, margin: int = MARGIN) -> None:
        """Put the cursor at a position (the nearest there is), with `margin` rows in sight around it."""
        position = max(0, min(position, self._lines.count - 1))
        if position != self._position:
            before, self._position = self._position, position
            self._refresh_row(before)
            self._refresh_row(position)
        self._bring_into_sight(margin)
        self._tell()

    def move(self, delta: int) -> None:
        """Move the cursor by `delta` rows."""
        self.go(self._position + delta)

    def home(self) -> None:
        """To the first row."""
        self.go(0)

    def end(self) -> None:
        """To the last row."""
        self.go(self._lines.count - 1)

    def page(self, direction: int) -> None:
        """A page down (1) or up (-1): one row stays in sight."""
        self._leap(direction * max(1, self._capacity() - 1))

    def half_page(self, direction: int) -> None:
        """Half a page down (1) or up (-1)."""
        self._leap(direction * max(1, self._capacity() // 2))

    def _leap(self, delta: int) -> None:
        """Cursor and pane move together."""
        self._scroll_to_position(self._first_shown + delta)
        self.go(self._position + delta)

    def _tell(self) -> None:
        """The cursor may stand on another row."""
        raise NotImplementedError

    def _set_rows(self, count: int, rule_at: int | None) -> None:
        self._lines = ListLines(count, self._row_height(), rule_at)
        self._fit()

    def _row_height(self) -> int:
        if self.density != "auto":
            return 2 if self.density == "two-line" else 1
        pane = self.outer_size.width  # 0 while it is not laid out
        wide = self.app.size.width >= self.two_lines_from
        return 2 if wide or 0 < pane < TWO_LINES_BELOW else 1

    @property
    def _first_shown(self) -> int:
        """The position of the first row that is wholly in the pane."""
        return self._lines.first_whole(self.scroll_offset.y)

    def _capacity(self) -> int:
        """How many whole rows the pane holds, at least one."""
        return max(1, self.size.height // self._lines.height)

    def _visible(self) -> range:
        """The positions of which at least one line is in the pane."""
        first = self._first_shown
        return range(max(0, first - 1), min(self._lines.count, first + self._capacity() + 2))

    def _fit(self) -> None:
        """Make the scrollable height that of the rows, rounded up so that the last page begins with a whole one."""
        total, height = self._lines.total, self.size.height
        spare = height % self._lines.height if total > height else 0
        self.set_content_height(total + spare)

    def _scroll_to_position(self, position: int) -> None:
        """Have the row at `position` at the top, or as near to it as the end of the list allows."""
        position = max(0, min(position, self._lines.count - 1))
        line = self._lines.line_of(position)
        if self._lines.rule_at == position:
            line -= 1
        self.scroll_to(y=line, animate=False, immediate=True)
        # Before the first layout nothing scrolls: what was asked for is remembered until there is a size.
        self._top = self._first_shown if self.size else position

    def _bring_into_sight(self, margin: int = MARGIN) -> None:
        """Scroll as little as it takes to have the cursor and `margin` rows around it in the pane."""
        if not self._lines.count or not self.size.height:
            return
        margin = min(margin, (self._capacity() - 1) // 2)
        above = max(0, self._position - margin)
        below = min(self._lines.count - 1, self._position + margin)
        bottom = self._lines.line_of(below) + self._lines.height - self.size.height
        offset = self.scroll_offset.y
        if self._lines.line_of(above) < offset:
            self._scroll_to_position(above)
        elif bottom > offset:
            self._scroll_to_position(self._lines.first_whole(bottom))

    def _refresh_row(self, position: int) -> None:
        """Have only that row's lines painted again."""
        y = self._lines.line_of(position) - self.scroll_offset.y
        self.refresh(Region(0, y, self.text_width, self._lines.height))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._lines.count and self.size and self.size == self._settled:
            self._top = self._lines.first_whole(round(new_value))

    def validate_scroll_y(self, value: float) -> float:
        """A row is never cut at the top: every way of scrolling stops where one begins."""
        value = super().validate_scroll_y(value)
        place = self._lines.at(round(value))
        return value if place is None else round(value) - place[1]

    def on_resize(self) -> None:
        """Keep the row at the top, and a cursor that was in sight there."""
        top = self._top
        held = self._settled.height // self._lines.height
        in_sight = not held or top <= self._position < top + held
        self._settled = self.size
        self._set_rows(self._lines.count, self._lines.rule_at)
        self._scroll_to_position(top)
        if in_sight:
            self._bring_into_sight()
        self._top = top
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, direction: int) -> None:
        """Scroll and leave the cursor where it is."""
        event.stop()
        event.prevent_default()
        rows = -(-WHEEL_LINES // self._lines.height)
        self._scroll_to_position(self._first_shown + direction * rows)
