"""Lines to scroll through, without a new layout of the screen when they become more or fewer."""

from __future__ import annotations

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from paperreader.tui.widgets.lines import AcyclicStrip
from paperreader.tui.widgets.slim_bar import ThinScrollbar


class LineView(ScrollView, inherit_bindings=False):
    """A column of painted lines with a scrollbar that is always there.

    So a change of content needs no new layout of the screen: one frame, and a quicker one.
    """

    @property
    def vertical_scrollbar(self) -> ThinScrollbar:
        """The scrollbar, made when it is first asked for."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = ThinScrollbar(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        assert isinstance(self._vertical_scrollbar, ThinScrollbar)
        return self._vertical_scrollbar

    def set_content_height(self, lines: int) -> None:
        """Say how many lines there are to scroll through."""
        if lines == self.virtual_size.height:
            return
        self.set_reactive(LineView.virtual_size, Size(0, lines))
        self.vertical_scrollbar.window_virtual_size = lines
        self.vertical_scrollbar.window_size = self.size.height
        self.scroll_y = self.scroll_target_y = self.validate_scroll_y(self.scroll_y)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the pane, painted directly: it has no border, no tint, nothing but padding around its text.

        NOTE: Textual's own way asks for all of those again with every line, which takes as long as the lines.
        """
        filters, background = self.get_line_filters(), self.background_colors[1]
        _, right, _, left = self.styles.padding
        ground = self.get_visual_style().rich_style if left or right else None
        strips = []
        for y in crop.line_range:
            strip = self.render_line(y)
            if ground is not None:
                strip = AcyclicStrip([Segment(" " * left, ground), *strip, Segment(" " * right, ground)])
            for each in filters:
                strip = strip.apply_filter(each, background)
            strips.append(strip)
        if crop.column_span == (0, self.region.width):
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    @property
    def text_width(self) -> int:
        """Cells of a line: what the scrollbar leaves."""
        return self.size.width - self.scrollbar_size_vertical
