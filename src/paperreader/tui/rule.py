"""The one rule between panes."""

from __future__ import annotations

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from paperreader.tui.glyphs import UNICODE, Glyphs


class Rule(Widget):
    """A horizontal line, or a vertical one where it is a single cell wide."""

    ALLOW_SELECT = False
    glyphs: reactive[Glyphs] = reactive(UNICODE)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        sign = self.glyphs.bar if width == 1 else self.glyphs.rule
        return Strip([Segment(sign * width, self.rich_style)], width)
