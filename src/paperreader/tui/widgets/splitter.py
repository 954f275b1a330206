"""The draggable line between two panes."""

from __future__ import annotations

from rich.segment import Segment
from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from paperreader.tui.terminal.glyphs import UNICODE, Glyphs


class Splitter(Widget):
    """A horizontal line, or a vertical one where it is one cell wide, that can be dragged with the mouse."""

    ALLOW_SELECT = False

    class Dragged(Message):
        """The mouse drags the splitter to a screen position, or releases it there."""

        def __init__(self, splitter: Splitter, x: int, y: int, *, released: bool) -> None:
            super().__init__()
            self.splitter, self.x, self.y, self.released = splitter, x, y, released

    glyphs: reactive[Glyphs] = reactive(UNICODE)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button == 1:
            self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._drag(event, dropped=False)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        self._drag(event, dropped=True)

    def _drag(self, event: events.MouseEvent, *, dropped: bool) -> None:
        if self.app.mouse_captured is not self:
            return
        if dropped:
            self.release_mouse()
        self.post_message(self.Dragged(self, int(event.screen_x), int(event.screen_y), released=dropped))

    def render_lines(self, crop: Region) -> list[Strip]:
        """Render one line for all, because they are the same."""
        return super().render_lines(Region(crop.x, 0, crop.width, 1)) * crop.height

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        sign = self.glyphs.vertical_line if width == 1 else self.glyphs.horizontal_line
        return Strip([Segment(sign * width, self.rich_style)], width)
