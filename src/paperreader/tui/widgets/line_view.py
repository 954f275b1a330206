"""A scrolling view of lines that is cheap to paint and never changes the layout of the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.cache import FIFOCache
from textual.color import Color
from textual.filter import LineFilter
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from paperreader.tui.terminal.glyphs import ASCII, get_glyphs


class ThinScrollbar(ScrollBar):
    """Textual's vertical scrollbar, rendered directly.

    NOTE: Textual renders it through a Rich console, which takes 1 ms for 37 cells. With two scrollbars on the screen
    that was a tenth of the time from a keystroke to its results.
    """

    def render_lines(self, crop: Region) -> list[Strip]:
        bar = self.render()
        if not isinstance(bar, ScrollBarRender) or not isinstance(bar.style, Style):
            return super().render_lines(crop)
        cells = _bar_strips(
            self.size.height,
            bar.virtual_size,
            bar.window_size,
            bar.position,
            self.size.width,
            bar.style,
            get_glyphs(self.app) is ASCII,
        )
        return [strip.crop(crop.x, crop.right) for strip in cells[crop.y : crop.bottom]]


class _WholeCellRender(ScrollBarRender):
    """A bar of complete cells, for terminals without block elements."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]


@lru_cache(maxsize=16)
def _bar_strips(
    height: int, total: int, shown: int, position: float, width: int, style: Style, plain: bool
) -> tuple[Strip, ...]:
    """Return one strip a line for `shown` of `total` lines from `position` on; `plain` uses complete cells."""
    colors = {"back_color": style.bgcolor, "bar_color": style.color}
    bar = (_WholeCellRender if plain else ScrollBarRender).render_bar(
        height,
        total,
        shown,
        position,
        width,
        True,
        **{name: value for name, value in colors.items() if value},
    )
    return tuple(AcyclicStrip([segment], width) for segment in bar.segments)


class AcyclicStrip(Strip):
    """A strip without reference cycles.

    NOTE: a Textual strip caches the parts it was divided into. Where nothing is to be divided, the cached part is the
    strip itself, and only the garbage collector can free it. A keystroke in the search bar left a hundred such cycles
    of nine objects each, and collecting them took 15 ms with every fourth keystroke.
    """

    __slots__ = ("_filtered",)

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        self._segments, self._cell_length = list(segments), cell_length
        self._render_cache = self._link_ids = self._cell_count = None
        self._filtered: tuple[LineFilter, Color, AcyclicStrip] | None = None

    def __getattr__(self, name: str) -> FIFOCache[Any, Any]:
        """Create a cache of Textual when it is used: a strip has seven, of which most are not."""
        if not name.endswith("_cache"):
            raise AttributeError(name)
        cache = FIFOCache[Any, Any](4)
        setattr(self, name, cache)
        return cache

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        offsets = list(cuts)
        return [self] if offsets == [self.cell_length] else super().divide(offsets)

    def crop(self, start: int, end: int | None = None) -> Strip:
        whole = start == 0 and (end is None or end >= self.cell_length)
        return self if whole else super().crop(start, end)

    def apply_filter(self, filter: LineFilter, background: Color) -> Strip:
        known = self._filtered
        if known is None or known[0] is not filter or known[1] != background:
            line = AcyclicStrip(filter.apply(self._segments, background), self.cell_length)
            known = self._filtered = (filter, background, line)
        return known[2]


class LineView(ScrollView, inherit_bindings=False):
    """A column of lines with a permanent scrollbar.

    The scrollbar is permanent so that a change of content needs no new layout of the screen.
    """

    @property
    def vertical_scrollbar(self) -> ThinScrollbar:
        """The scrollbar, created on first use."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = ThinScrollbar(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        assert isinstance(self._vertical_scrollbar, ThinScrollbar)
        return self._vertical_scrollbar

    def fit_to_size(self) -> None:
        """Adapt to another size. Does nothing; subclasses may override it."""

    def _size_updated(
        self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True
    ) -> bool:
        # NOTE: The event for a new size arrives after it has been painted: with the list at its top and no detail.
        before = self._size
        changed = super()._size_updated(size, virtual_size, container_size, layout)
        if self._size != before:
            self.fit_to_size()
        return changed

    def set_content_height(self, lines: int) -> None:
        """Set the number of lines to scroll through."""
        if lines == self.virtual_size.height:
            return
        self.set_reactive(LineView.virtual_size, Size(0, lines))
        self.vertical_scrollbar.window_virtual_size = lines
        self.vertical_scrollbar.window_size = self.size.height
        self.scroll_y = self.scroll_target_y = self.validate_scroll_y(self.scroll_y)

    def render_lines(self, crop: Region) -> list[Strip]:
        """Render the lines directly: the pane has no border and no tint, only padding.

        NOTE: Textual checks for all of those with every line, which takes as long as the lines themselves.
        """
        filters, background = self.get_line_filters(), self.background_colors[1]
        _, right, _, left = self.styles.padding
        padding_style = self.get_visual_style().rich_style if left or right else None
        strips = []
        for y in crop.line_range:
            strip = self.render_line(y)
            if padding_style is not None:
                strip = AcyclicStrip(
                    [Segment(" " * left, padding_style), *strip, Segment(" " * right, padding_style)]
                )
            for each in filters:
                strip = strip.apply_filter(each, background)
            strips.append(strip)
        if crop.column_span == (0, self.region.width):
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    @property
    def text_width(self) -> int:
        """Cells of a line, without the scrollbar."""
        return self.size.width - self.scrollbar_size_vertical
