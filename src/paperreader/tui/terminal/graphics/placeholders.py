"""Cells that show the parts of a picture in the terminal."""

from __future__ import annotations

from rich._palettes import EIGHT_BIT_PALETTE
from rich.color import Color as RichColor
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from paperreader.tui.terminal.graphics.protocol import FIRST_COLOR, LAST_COLOR, PLACEHOLDER, placeholder


class SentImage:
    """A picture that the terminal has. Its color and its group make its id."""

    def __init__(self, color: int, group: int, columns: int, rows: int) -> None:
        self.color, self._group = color, group
        self._columns, self._rows = columns, rows

    def row(self, number: int) -> list[Segment]:
        """Return the segments of a row of cells; none below the picture.

        One for each cell: a text of several cells could be cut between a placeholder and its marks.
        """
        if number >= self._rows:
            return []
        style = Style(color=RichColor.from_ansi(self.color))
        return [Segment(placeholder(number, column, self._group), style) for column in range(self._columns)]


class PlaceholderColors(LineFilter):
    """Gives placeholders their numbers of colors back, which other filters replace by the colors themselves."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        if not any(segment.text.startswith(PLACEHOLDER) for segment in segments):
            return segments
        return [_with_number(segment) for segment in segments]


_NUMBERS = {EIGHT_BIT_PALETTE[number]: number for number in range(FIRST_COLOR, LAST_COLOR + 1)}


def _with_number(segment: Segment) -> Segment:
    text, style, control = segment
    if style is None or style.color is None or not text.startswith(PLACEHOLDER):
        return segment
    triplet = style.color.triplet
    number = _NUMBERS.get(triplet) if triplet is not None else None
    return (
        segment
        if number is None
        else Segment(text, style + Style(color=RichColor.from_ansi(number)), control)
    )
