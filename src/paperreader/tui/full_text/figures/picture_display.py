"""How pictures are shown: with the pixels of the terminal where it knows how, else as half blocks."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import NamedTuple

from textual.app import App

from paperreader.config import Settings
from paperreader.fulltext import MAX_SHOWN_PIXELS, Picture, can_scale_pictures
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.terminal.graphics.placeholders import SentImage
from paperreader.tui.terminal.graphics.support import do_nothing
from paperreader.tui.terminal.graphics.terminal_graphics import (
    MAX_IMAGES,
    TerminalGraphics,
    terminal_graphics,
)
from paperreader.tui.widgets.full_text.pictures import HalfBlocks, PaintedPicture, PictureSize

MAX_BLOCK_PICTURES = 50
"""Pictures of half blocks in memory; those that were shown first are fetched from the cache again."""

MAX_ENLARGEMENT = 3.0
"""By how much the terminal enlarges a picture with few pixels."""


class PixelBox(NamedTuple):
    """The largest size of a picture in pixels, and whether the terminal shows them."""

    width: int
    height: int
    is_sent: bool


class PictureDisplay:
    """Makes pictures that can be painted. `graphics`: None for a terminal that shows no pictures."""

    def __init__(self, graphics: TerminalGraphics | None) -> None:
        self._graphics = graphics

    @property
    def is_known(self) -> bool:
        """Whether it is known how pictures are shown."""
        return self._graphics is None or self._graphics.support.is_known

    @property
    def is_active(self) -> bool:
        """Whether the reader has the terminal."""
        return self._graphics is None or self._graphics.is_active

    async def find_out(self) -> None:
        """Ask the terminal, and wait a moment for its answer."""
        if self._graphics is not None:
            await self._graphics.support.find_out()

    def on_late_answer(self, callback: Callable[[], None]) -> None:
        """Call `callback` if the terminal answers when `find_out` has given up."""
        if self._graphics is not None:
            self._graphics.support.on_late_answer = callback

    def ignore_late_answer(self, callback: Callable[[], None]) -> None:
        """Do not call `callback` any more, which would keep its screen in memory."""
        if self._graphics is not None and self._graphics.support.on_late_answer == callback:
            self._graphics.support.on_late_answer = do_nothing

    def box(self, size: PictureSize) -> PixelBox:
        """Return into how many pixels a picture has to fit."""
        if self._graphics is None or not self._graphics.support.is_supported:
            return PixelBox(size.columns, 2 * size.rows, is_sent=False)
        width, height = self._graphics.cell_size
        width, height = width * size.columns, height * size.rows
        share = min(1.0, sqrt(MAX_SHOWN_PIXELS / (width * height)))
        return PixelBox(max(1, int(width * share)), max(1, int(height * share)), is_sent=True)

    async def show(self, picture: Picture, size: PictureSize, box: PixelBox) -> PaintedPicture | None:
        """Return a picture that can be painted; None if the terminal was left meanwhile."""
        if self._graphics is None or not box.is_sent:
            return await run_in_thread(lambda: HalfBlocks(picture))
        enlargement = min(MAX_ENLARGEMENT, box.width / picture.width, box.height / picture.height)
        columns = round(picture.width * enlargement / box.width * size.columns)
        rows = round(picture.height * enlargement / box.height * size.rows)
        cells = max(1, min(columns, size.columns)), max(1, min(rows, size.rows))
        return await self._graphics.send((picture.width, picture.height), picture.compressed, *cells)

    def delete(self, pictures: list[PaintedPicture | str]) -> None:
        """Delete those of some pictures from the terminal that it has."""
        sent = [picture for picture in pictures if isinstance(picture, SentImage)]
        if self._graphics is not None and sent:
            self._graphics.delete(sent)

    def forget(self) -> None:
        """Ask again, and delete all pictures from the terminal: something else has used it."""
        if self._graphics is not None:
            self._graphics.delete_all()
            self._graphics.support.forget()

    @property
    def max_pictures(self) -> int:
        """How many pictures are kept."""
        is_sent = self._graphics is not None and self._graphics.support.is_supported
        return MAX_IMAGES if is_sent else MAX_BLOCK_PICTURES


def graphics_of(app: App[object], settings: Settings) -> TerminalGraphics | None:
    """Return the pictures of the terminal, if the settings allow them and pictures can be scaled."""
    figures = settings.reading.figures
    if figures not in ("auto", "kitty") or not can_scale_pictures():
        return None
    return terminal_graphics(app, is_forced=figures == "kitty")
