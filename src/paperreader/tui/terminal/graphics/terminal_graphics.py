"""Pictures in the terminal: sends them, and deletes them again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from typing import Any

from textual.app import App

from paperreader.tui.terminal.glyphs import ASCII, get_glyphs
from paperreader.tui.terminal.graphics import protocol
from paperreader.tui.terminal.graphics.output import GraphicsOutput, GraphicsPort
from paperreader.tui.terminal.graphics.placeholders import PlaceholderColors, SentImage
from paperreader.tui.terminal.graphics.support import GraphicsSupport

POLL_SECONDS = 0.005
"""How often a transmission looks whether the terminal has taken what was written."""

SLICE_SEQUENCES = 4
"""Sequences of a transmission that are written at once, 16 kB, so that keys are painted meanwhile."""

MAX_IMAGES = 16
"""Pictures that the terminal keeps at a time. The oldest ones that are not visible are deleted."""

DEFAULT_CELL = (10, 20)
"""Width and height of a cell in pixels, where the terminal does not say."""

_CELL_WIDTHS, _CELL_HEIGHTS = range(4, 65), range(6, 129)


class TerminalGraphics:
    """The pictures of this program in one terminal."""

    def __init__(self, port: GraphicsPort, *, is_forced: bool) -> None:
        """`is_forced`: whether the settings say that the terminal shows pictures, whatever it answers."""
        self._port, self._output = port, GraphicsOutput(port)
        self._group = (
            os.getpid() % 255 + 1
        )  # so that two readers in one terminal, as in panes of tmux, have other ids
        self.support = GraphicsSupport(self._output, self._id(protocol.FIRST_COLOR), is_forced=is_forced)
        self._sent: dict[int, None] = {}
        """Colors of the pictures that the terminal has, or is being sent."""
        self._lock = asyncio.Lock()
        self._sending: int | None = None
        """The color of the picture that is being sent, until it is given up."""
        self._is_incomplete = False
        """Whether some of its sequences are written."""
        port.cleanup, port.receive_reply = self.cleanup, self.support.receive

    @property
    def is_active(self) -> bool:
        """Whether the reader has the terminal."""
        return self._port.is_active

    @property
    def cell_size(self) -> tuple[int, int]:
        """Width and height of a cell in pixels."""
        width, height = self._port.cell_size or DEFAULT_CELL
        return (width, height) if width in _CELL_WIDTHS and height in _CELL_HEIGHTS else DEFAULT_CELL

    async def send(self, size: tuple[int, int], data: bytes, columns: int, rows: int) -> SentImage | None:
        """Send a picture; None if the terminal was left meanwhile, or has too many.

        Args:
            size: width and height in pixels.
            data: red, green and blue of each pixel, compressed with zlib.
            columns: cells that the picture takes.
            rows: cells that the picture takes.
        """
        async with self._lock:
            color = self._free_color()
            if color is None or not self._port.is_active:
                return None
            self._sent[color], self._sending = None, color
            try:
                await self._write_slices(list(protocol.transmission(self._id(color), *size, data)))
                if self._sending != color:
                    return None
                self._output.write((protocol.placement(self._id(color), columns, rows),))
            except asyncio.CancelledError:
                self.delete(())
                raise
            self._sending = None
            return SentImage(color, self._group, columns, rows)

    async def _write_slices(self, sequences: list[str]) -> None:
        """Write sequences whenever earlier output is written, until the picture is given up."""
        color = self._sending
        for start in range(0, len(sequences), SLICE_SEQUENCES):
            while self._port.is_writing and self._sending == color:
                await asyncio.sleep(POLL_SECONDS)
            if self._sending != color:
                return
            self._is_incomplete = start + SLICE_SEQUENCES < len(sequences)
            self._output.write(sequences[start : start + SLICE_SEQUENCES])

    def delete(self, images: Iterable[SentImage]) -> None:
        """Delete pictures from the terminal, and the one that is being sent."""
        self._output.write(self._forget([image.color for image in images]))

    def delete_all(self) -> None:
        """Delete all pictures from the terminal."""
        self._output.write(self._forget(self._sent))

    def cleanup(self) -> str:
        """Forget all pictures, and return what deletes them from the terminal."""
        return self._output.joined(self._forget(self._sent))

    def _forget(self, colors: Iterable[int]) -> list[str]:
        known = [color for color in colors if color in self._sent and color != self._sending]
        ends = [protocol.TRANSMISSION_END] if self._is_incomplete else []
        if self._sending is not None:
            known.append(self._sending)
        self._sending, self._is_incomplete = None, False
        for color in known:
            del self._sent[color]
        return [*ends, *(protocol.deletion(self._id(color)) for color in known)]

    def _free_color(self) -> int | None:
        colors = range(protocol.FIRST_COLOR + 1, protocol.LAST_COLOR + 1)
        return next((color for color in colors if color not in self._sent), None)

    def _id(self, color: int) -> int:
        return protocol.image_id(color, self._group)


def terminal_graphics(app: App[Any], *, is_forced: bool) -> TerminalGraphics | None:
    """Return the pictures of the terminal; None for one that cannot be asked, or has too few colors for placeholders.

    `is_forced`: whether the settings say that the terminal shows pictures, whatever it answers.
    """
    driver: Any = app._driver
    if get_glyphs(app) is ASCII or app.no_color or app.console.color_system not in ("truecolor", "256"):
        return None
    if not getattr(driver, "shows_graphics", False):
        return None
    if driver.graphics is None:
        driver.graphics = TerminalGraphics(driver, is_forced=is_forced)
        colors = PlaceholderColors()

        def use_colors() -> None:
            if colors not in app._filters:
                app._filters.append(colors)

        driver.graphics.support.on_supported = use_colors
    found: TerminalGraphics = driver.graphics
    return found
