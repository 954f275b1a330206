"""A cursor among rows of one or two lines, and scrolling by whole rows."""

from __future__ import annotations

from textual import events
from textual.geometry import Region, Size

from paperreader.config.settings import Density
from paperreader.tui.widgets.line_view import LineView
from paperreader.tui.widgets.paper_list.geometry import ListGeometry

TWO_LINES_MIN_SCREEN_WIDTH = 100
"""A screen of at least so many columns puts the panes side by side: a row needs two lines."""
ONE_LINE_MIN_PANE_WIDTH = 60
"""So does a pane narrower than this, on any screen: hardly a title fits one line."""
SCROLL_MARGIN_ROWS = 2
"""Rows kept in sight above and below the cursor."""
WHEEL_LINES = 3


class CursorList(LineView, inherit_bindings=False):
    """A column of rows with a cursor; what stands at the top stays there when the pane changes its size."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._geometry = ListGeometry()
        self._top_position = 0
        """The position of the row that was last scrolled to the top; resizing does not change it."""
        self._position = 0
        """The position of the cursor."""
        self.density: Density = "auto"
        """Lines of a row, as the settings say."""
        self.two_lines_min_width = TWO_LINES_MIN_SCREEN_WIDTH
        """Columns of the screen; out of reach where the pane has all of them and one line is enough."""
        self._last_size = Size(0, 0)
        """The size at the last resize: what scrolls while another one is in force was not asked for."""

    @property
    def position(self) -> int:
        """Where in the list the cursor stands, counted from 0."""
        return self._position

    def go_to_position(self, position: int, *, margin: int = SCROLL_MARGIN_ROWS) -> None:
        """Put the cursor at a position (the nearest there is), with `margin` rows in sight around it."""
        position = max(0, min(position, self._geometry.count - 1))
        if position != self._position:
            before, self._position = self._position, position
            self._refresh_row(before)
            self._refresh_row(position)
        self._scroll_to_cursor(margin)
        self._announce_cursor()

    def move_by(self, delta: int) -> None:
        """Move the cursor by `delta` rows."""
        self.go_to_position(self._position + delta)

    def go_to_first(self) -> None:
        """To the first row."""
        self.go_to_position(0)

    def go_to_last(self) -> None:
        """To the last row."""
        self.go_to_position(self._geometry.count - 1)

    def move_page(self, direction: int) -> None:
        """A page down (1) or up (-1): one row stays in sight."""
        self._move_and_scroll(direction * max(1, self._rows_per_page() - 1))

    def move_half_page(self, direction: int) -> None:
        """Half a page down (1) or up (-1)."""
        self._move_and_scroll(direction * max(1, self._rows_per_page() // 2))

    def _move_and_scroll(self, delta: int) -> None:
        """Cursor and pane move together."""
        self._scroll_to_position(self._first_complete_position + delta)
        self.go_to_position(self._position + delta)

    def _announce_cursor(self) -> None:
        """The cursor may stand on another row."""
        raise NotImplementedError

    def _set_row_count(self, count: int, rule_at: int | None) -> None:
        self._geometry = ListGeometry(count, self._row_height(), rule_at)
        self._update_content_height()

    def _row_height(self) -> int:
        if self.density != "auto":
            return 2 if self.density == "two-line" else 1
        pane = self.outer_size.width  # 0 while it is not laid out
        wide = self.app.size.width >= self.two_lines_min_width
        return 2 if wide or 0 < pane < ONE_LINE_MIN_PANE_WIDTH else 1

    @property
    def _first_complete_position(self) -> int:
        """The position of the first row that is wholly in the pane."""
        return self._geometry.first_complete(self.scroll_offset.y)

    def _rows_per_page(self) -> int:
        """How many whole rows the pane holds, at least one."""
        return max(1, self.size.height // self._geometry.row_height)

    def _visible_positions(self) -> range:
        """The positions of which at least one line is in the pane."""
        first = self._first_complete_position
        return range(max(0, first - 1), min(self._geometry.count, first + self._rows_per_page() + 2))

    def _update_content_height(self) -> None:
        """Make the scrollable height that of the rows, rounded up so that the last page begins with a whole one."""
        total, height = self._geometry.total_lines, self.size.height
        spare = height % self._geometry.row_height if total > height else 0
        self.set_content_height(total + spare)

    def _scroll_to_position(self, position: int) -> None:
        """Have the row at `position` at the top, or as near to it as the end of the list allows."""
        position = max(0, min(position, self._geometry.count - 1))
        line = self._geometry.first_line(position)
        if self._geometry.separator_at == position:
            line -= 1
        self.scroll_to(y=line, animate=False, immediate=True)
        # Before the first layout nothing scrolls: what was asked for is remembered until there is a size.
        self._top_position = self._first_complete_position if self.size else position

    def _scroll_to_cursor(self, margin: int = SCROLL_MARGIN_ROWS) -> None:
        """Scroll as little as it takes to have the cursor and `margin` rows around it in the pane."""
        if not self._geometry.count or not self.size.height:
            return
        margin = min(margin, (self._rows_per_page() - 1) // 2)
        above = max(0, self._position - margin)
        below = min(self._geometry.count - 1, self._position + margin)
        bottom = self._geometry.first_line(below) + self._geometry.row_height - self.size.height
        offset = self.scroll_offset.y
        if self._geometry.first_line(above) < offset:
            self._scroll_to_position(above)
        elif bottom > offset:
            self._scroll_to_position(self._geometry.first_complete(bottom))

    def _refresh_row(self, position: int) -> None:
        """Have only that row's lines painted again."""
        y = self._geometry.first_line(position) - self.scroll_offset.y
        self.refresh(Region(0, y, self.text_width, self._geometry.row_height))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._geometry.count and self.size and self.size == self._last_size:
            self._top_position = self._geometry.first_complete(round(new_value))

    def validate_scroll_y(self, value: float) -> float:
        """A row is never cut at the top: every way of scrolling stops where one begins."""
        value = super().validate_scroll_y(value)
        place = self._geometry.position_at(round(value))
        return value if place is None else round(value) - place[1]

    def on_resize(self) -> None:
        """Keep the row at the top, and a cursor that was in sight there."""
        top = self._top_position
        held = self._last_size.height // self._geometry.row_height
        in_sight = not held or top <= self._position < top + held
        self._last_size = self.size
        self._set_row_count(self._geometry.count, self._geometry.separator_at)
        self._scroll_to_position(top)
        if in_sight:
            self._scroll_to_cursor()
        self._top_position = top
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll_by_wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll_by_wheel(event, -1)

    def _scroll_by_wheel(self, event: events.MouseEvent, direction: int) -> None:
        """Scroll and leave the cursor where it is."""
        event.stop()
        event.prevent_default()
        rows = -(-WHEEL_LINES // self._geometry.row_height)
        self._scroll_to_position(self._first_complete_position + direction * rows)
