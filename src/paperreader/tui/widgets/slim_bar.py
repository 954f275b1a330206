"""A scrollbar that costs next to nothing to paint."""

from __future__ import annotations

from functools import lru_cache
from typing import ClassVar

from rich.style import Style
from textual.geometry import Region
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip

from paperreader.tui.terminal.glyphs import ASCII, get_glyphs
from paperreader.tui.widgets.lines import AcyclicStrip


class ThinScrollbar(ScrollBar):
    """Textual's vertical scrollbar, its cells painted directly.

    NOTE: Textual's own goes through a Rich console, which takes 1 ms for a column of 37 cells: with two of them on
    screen a tenth of the time from a letter to its results.
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
    """A bar that begins and ends with a whole cell, where the terminal has no signs for parts of one."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "]


@lru_cache(maxsize=16)
def _bar_strips(
    height: int, total: int, shown: int, position: float, width: int, style: Style, plain: bool
) -> tuple[Strip, ...]:
    """One strip a line: `shown` of `total` lines, from line `position` on; `plain` in whole cells."""
    colours = {"back_color": style.bgcolor, "bar_color": style.color}
    bar = (_WholeCellRender if plain else ScrollBarRender).render_bar(
        height,
        total,
        shown,
        position,
        width,
        True,
        **{name: value for name, value in colours.items() if value},
    )
    return tuple(AcyclicStrip([segment], width) for segment in bar.segments)
