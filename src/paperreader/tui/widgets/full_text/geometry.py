"""Where the lines of a full text are in its pane: in the middle, and wide ones scrolled sideways."""

from __future__ import annotations

from typing import NamedTuple

from paperreader.fulltext import Line
from paperreader.tui.widgets.full_text.line_painter import max_sideways_offset
from paperreader.tui.widgets.line_view import LineView

MIN_MARGIN = 2
"""Cells left of the text, for marks."""


class LineGeometry(NamedTuple):
    """Cells of a view."""

    width: int
    """Of the view, without its scrollbar."""
    measure: int
    """Of a line of running text."""
    sideways: int
    """By which wide lines are scrolled."""

    def left(self, line: Line) -> int:
        """Return the blanks left of a line.

        A table that is wider than the text is in the middle too. A formula begins below the text if there is room at
        the right, else as little as possible further to the left.
        """
        text = (self.width - self.measure) // 2
        wide = (self.width - line.width) // 2 if line.fixed else self.width - line.width
        return max(MIN_MARGIN, min(text, wide))

    def room(self, line: Line) -> int:
        """Return the cells from the beginning of a line to the end of the view."""
        return self.width - self.left(line)

    def cell_at(self, line: Line, x: int) -> int:
        """Return the cell of a line that is at a column of the view."""
        cell, room = x - self.left(line), self.room(line)
        is_fixed = cell < (line.fixed if line.fixed < room else 0)
        return cell if is_fixed else cell + min(self.sideways, max_sideways_offset(line, room))


def layout_width(view: LineView, measure: int) -> tuple[int, int]:
    """Return the cells of running text in a view, at most `measure`, and those that a table may take."""
    room = max(1, view.text_width - 2 * MIN_MARGIN + 1)
    return min(measure, room), room
