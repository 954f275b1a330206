"""A list with a cursor and a selection, whose rows have one or two lines, scrolled by whole rows."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.geometry import Region, Size

from paperreader.config.settings import Density
from paperreader.tui.widgets.line_view import LineView
from paperreader.tui.widgets.paper_list.geometry import ListGeometry
from paperreader.tui.widgets.paper_list.selection import Selection

TWO_LINES_MIN_SCREEN_WIDTH = 100
"""Screens with at least this many columns show the panes side by side, where a row needs two lines."""
ONE_LINE_MIN_PANE_WIDTH = 60
"""A narrower pane always has two lines a row, because hardly any title fits on one."""
SCROLL_MARGIN_ROWS = 2
"""Rows that stay visible above and below the cursor."""
WHEEL_LINES = 3


class CursorList(LineView, inherit_bindings=False):
    """A column of rows with a cursor. The row at the top of the pane stays there when the pane is resized."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: Sequence[int] = ()
        self._geometry = ListGeometry()
        self._selection: Selection | None = None
        self._top_position = 0
        """Position of the row that was last scrolled to the top. Resizing does not change it."""
        self._shown_top = 0
        """Position of the row at the top of the pane, also after resizing."""
        self._position = 0
        """Position of the cursor in the list."""
        self.density: Density = "auto"
        """The density of the settings."""
        self.two_lines_min_width = TWO_LINES_MIN_SCREEN_WIDTH
        """Screen columns from which a row has two lines; `sys.maxsize` in the stacked layout."""
        self._last_size = Size(0, 0)
        """The size at the last resize. Scrolling at another size is a side effect of layout, not a request."""

    @property
    def position(self) -> int:
        """The position of the cursor, from 0."""
        return self._position

    def go_to_position(self, position: int, *, margin: int = SCROLL_MARGIN_ROWS) -> None:
        """Move the cursor to a position, clamped to the list, and keep `margin` rows around it visible."""
        if self._selection is not None and self._selection.anchor is not None:
            self.refresh()  # the selected range changes by every row on the way
        position = max(0, min(position, self._geometry.count - 1))
        if position != self._position:
            before, self._position = self._position, position
            self._refresh_row(before)
            self._refresh_row(position)
        self._scroll_to_cursor(margin)
        self._cursor_placed()

    def move_by(self, delta: int) -> None:
        """Move the cursor by `delta` rows."""
        self.go_to_position(self._position + delta)

    def go_to_first(self) -> None:
        """Move to the first row."""
        self.go_to_position(0)

    def go_to_last(self) -> None:
        """Move to the last row."""
        self.go_to_position(self._geometry.count - 1)

    def move_page(self, direction: int) -> None:
        """Move a page down (1) or up (-1). One row stays visible."""
        self._move_and_scroll(direction * max(1, self._rows_per_page() - 1))

    def move_half_page(self, direction: int) -> None:
        """Move half a page down (1) or up (-1)."""
        self._move_and_scroll(direction * max(1, self._rows_per_page() // 2))

    def _move_and_scroll(self, delta: int) -> None:
        """Move the cursor and scroll by the same number of rows."""
        self._scroll_to_position(self._first_complete_position + delta)
        self.go_to_position(self._position + delta)

    # The selection

    @property
    def is_selecting(self) -> bool:
        """Whether any paper is selected."""
        return self._selection is not None

    @property
    def selected_count(self) -> int:
        """Number of selected papers."""
        return 0 if self._selection is None else self._selection.count(self._position)

    @property
    def selected_rows(self) -> list[int]:
        """Rows of the selected papers, in the order of the list."""
        if self._selection is None:
            return []
        return [self._rows[position] for position in self._selection.positions(self._position)]

    def toggle_selection(self) -> None:
        """Start or end the selection of a range at the cursor, or deselect the paper under the cursor."""
        if not self._geometry.count:
            return
        if self._selection is None:
            self._selection = Selection()
        self._selection.toggle(self._position)
        if not self._selection.count(self._position):
            self._selection = None
        self.refresh()

    def deselect_all(self) -> None:
        """End the selection."""
        if self._selection is not None:
            self._selection = None
            self.refresh()

    def _cursor_placed(self) -> None:
        """Called after the cursor was placed, perhaps where it was before. Does nothing; subclasses may override it."""

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
        """The position of the first completely visible row."""
        return self._geometry.first_complete(self.scroll_offset.y)

    def _rows_per_page(self) -> int:
        """How many complete rows fit into the pane, at least one."""
        return max(1, self.size.height // self._geometry.row_height)

    def _visible_positions(self) -> range:
        """The positions that may have a visible line."""
        first = self._first_complete_position
        return range(max(0, first - 1), min(self._geometry.count, first + self._rows_per_page() + 2))

    def _update_content_height(self) -> None:
        """Set the scrollable height, rounded up so that the last page starts with a complete row."""
        total, height = self._geometry.total_lines, self.size.height
        spare = height % self._geometry.row_height if total > height else 0
        self.set_content_height(total + spare)

    def _scroll_to_position(self, position: int) -> None:
        """Scroll the row at `position` to the top, or as near to it as the end of the list allows."""
        position = max(0, min(position, self._geometry.count - 1))
        line = self._geometry.first_line(position)
        if self._geometry.separator_at == position and self.size.height != 1:
            line -= 1
        self.scroll_to(y=line, animate=False, immediate=True)
        # Nothing scrolls before the first layout: remember the request until there is a size.
        self._top_position = self._shown_top = self._first_complete_position if self.size else position

    def _scroll_to_cursor(self, margin: int = SCROLL_MARGIN_ROWS) -> None:
        """Scroll as little as necessary to make the cursor and `margin` rows around it visible."""
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
            # A pane with fewer lines than a row shows the first lines of the row.
            self._scroll_to_position(min(self._geometry.first_complete(bottom), self._position))

    def _refresh_row(self, position: int) -> None:
        """Repaint the lines of one row."""
        y = self._geometry.first_line(position) - self.scroll_offset.y
        self.refresh(Region(0, y, self.text_width, self._geometry.row_height))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        if self._geometry.count and self.size and self.size == self._last_size:
            self._top_position = self._shown_top = self._geometry.first_complete(round(new_value))

    def validate_scroll_y(self, value: float) -> float:
        """Round every scroll offset to the start of a row, so that none is cut at the top."""
        value = super().validate_scroll_y(value)
        place = self._geometry.position_at(round(value))
        return value if place is None else round(value) - place[1]

    def fit_to_size(self) -> None:
        """Keep the row at the top, and keep a visible cursor visible."""
        top = self._top_position
        page_rows = -(-self._last_size.height // self._geometry.row_height)
        was_visible = not page_rows or self._shown_top <= self._position < self._shown_top + page_rows
        self._last_size = self.size
        self._set_row_count(self._geometry.count, self._geometry.separator_at)
        self._scroll_to_position(top)
        if was_visible:
            self._scroll_to_cursor()
        self._top_position = top
        self.refresh()

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll_by_wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll_by_wheel(event, -1)

    def _scroll_by_wheel(self, event: events.MouseEvent, direction: int) -> None:
        """Scroll without moving the cursor."""
        event.stop()
        event.prevent_default()
        rows = -(-WHEEL_LINES // self._geometry.row_height)
        self._scroll_to_position(self._first_complete_position + direction * rows)
