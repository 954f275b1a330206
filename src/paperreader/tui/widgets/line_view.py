"""A scrolling view of lines that is cheap to paint and never changes the layout of the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

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

_CACHED = 4
"""Results of one kind that a strip remembers."""


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


class LineFinish(NamedTuple):
    """What the lines of a pane get before they are painted."""

    left: int
    """Cells of padding."""
    right: int
    """The same, up to the scrollbar. What is behind the pane paints those beyond it."""
    style: Style | None
    """Of the padding; None without any."""
    filters: tuple[LineFilter, ...]
    background: Color


class AcyclicStrip(Strip):
    """A strip without reference cycles, and without caches that are not used.

    NOTE: a Textual strip caches the parts it was divided into. Where nothing is to be divided, the cached part is the
    strip itself, and only the garbage collector can free it. A keystroke in the search bar left a hundred such cycles
    of nine objects each, and collecting them took 15 ms with every fourth keystroke. It also creates seven caches,
    which takes longer than the strip itself.
    """

    __slots__ = ("_finished",)

    def __init__(self, segments: Iterable[Segment], cell_length: int | None = None) -> None:
        self._segments = list(segments)
        self._cell_length = cell_length
        self._render_cache = None
        self._link_ids = None
        self._cell_count = None
        self._finished: tuple[LineFinish, AcyclicStrip] | None = None

    def __getattr__(self, name: str) -> FIFOCache[Any, Any]:
        """Create one of Textual's caches, when it is first used."""
        if not name.endswith("_cache"):
            raise AttributeError(name)
        cache: FIFOCache[Any, Any] = FIFOCache(_CACHED)
        setattr(self, name, cache)
        return cache

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        ends = [end for end in cuts if end <= self.cell_length]
        if ends == [self.cell_length]:
            return [self]
        key = tuple(ends)
        found: Sequence[Strip] | None = self._divide_cache.get(key)
        if found is None:
            parts = zip(Segment.divide(self._segments, ends), ends, (0, *ends), strict=False)
            found = [AcyclicStrip(segments, end - start) for segments, end, start in parts]
            self._divide_cache[key] = list(found)
        return found

    def crop(self, start: int, end: int | None = None) -> Strip:
        whole = start == 0 and (end is None or end >= self.cell_length)
        return self if whole else super().crop(start, end)

    def finished(self, finish: LineFinish) -> AcyclicStrip:
        """Return the strip as it is painted. The last one is remembered."""
        if self._finished is not None and self._finished[0] is finish:
            return self._finished[1]
        left, right, style, filters, background = finish
        segments, length = self._segments, self.cell_length + left + right
        if style is not None:
            segments = [Segment(" " * left, style), *segments]
        if right:
            segments = [*segments, Segment(" " * right, style)]
        for each in filters:
            segments = each.apply(segments, background)
        self._finished = finish, AcyclicStrip(segments, length)
        return self._finished[1]


class LineView(ScrollView, inherit_bindings=False):
    """A column of lines with a permanent scrollbar.

    The scrollbar is permanent so that a change of content needs no new layout of the screen.
    """

    _finish = LineFinish(0, 0, None, (), Color(0, 0, 0))

    @property
    def vertical_scrollbar(self) -> ThinScrollbar:
        """The scrollbar, created on first use."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = ThinScrollbar(name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        assert isinstance(self._vertical_scrollbar, ThinScrollbar)
        return self._vertical_scrollbar

    def refresh_text(self) -> None:
        """Paint the lines again, but neither the scrollbar nor what is right of it, which is behind the pane."""
        left, top = self.content_offset
        self.refresh(Region(-left, -top, self._scrollbar_column, self.outer_size.height))

    @property
    def _scrollbar_column(self) -> int:
        return self.outer_size.width - self.styles.gutter.right - self.scrollbar_size_vertical

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
        left = self.styles.padding.left
        right = max(0, self._scrollbar_column - left - self.text_width)
        style = self.get_visual_style().rich_style if left or right else None
        finish = LineFinish(left, right, style, tuple(self.get_line_filters()), self.background_colors[1])
        if finish != self._finish:
            self._finish = finish
        strips = [self._finished(self.render_line(y)) for y in crop.line_range]
        if crop.column_span == (0, self.region.width):
            return strips
        return [strip.crop(crop.x, crop.right) for strip in strips]

    def _finished(self, strip: Strip) -> Strip:
        line = strip if isinstance(strip, AcyclicStrip) else AcyclicStrip(strip, strip.cell_length)
        return line.finished(self._finish)

    @property
    def text_width(self) -> int:
        """Cells of a line, without the scrollbar."""
        return self.size.width - self.scrollbar_size_vertical
