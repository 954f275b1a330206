"""Writing sequences of kitty's graphics protocol, also through tmux."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from paperreader.tui.terminal.graphics.protocol import for_tmux


class GraphicsPort(Protocol):
    """What the driver of the terminal does for pictures."""

    is_active: bool
    """Whether the reader has the terminal."""
    cleanup: Callable[[], str]
    """Returns what is written before the terminal is left."""
    receive_reply: Callable[[str], None]
    """Called with answers of the terminal."""

    @property
    def is_writing(self) -> bool:
        """Whether output waits to be written."""

    @property
    def cell_size(self) -> tuple[int, int] | None:
        """Width and height of a cell in pixels, if they are known."""

    def write(self, data: str) -> None:
        """Write to the terminal, after everything that was written before."""


class GraphicsOutput:
    """Writes sequences to a terminal, or through tmux to the terminal behind it."""

    def __init__(self, port: GraphicsPort) -> None:
        self.port = port
        self.is_tmux = False
        """Whether sequences have to pass through tmux."""

    def write(self, sequences: Iterable[str]) -> None:
        """Write sequences, if the reader has the terminal."""
        text = self.joined(sequences)
        if text and self.port.is_active:
            self.port.write(text)

    def joined(self, sequences: Iterable[str]) -> str:
        """Return what is to be written for sequences."""
        return "".join(for_tmux(each) if self.is_tmux else each for each in sequences)
