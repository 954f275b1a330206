"""What an empty library shows: how papers come in, and a look at the samples."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from paperreader.tui import keys
from paperreader.tui.one_line import OneLine, Piece


class Line(OneLine):
    """One line of the welcome."""

    def __init__(self, *pieces: Piece) -> None:
        super().__init__()
        self._pieces = pieces

    def pieces(self, width: int) -> list[Piece]:
        return list(self._pieces)


class Welcome(Vertical, can_focus=True):
    """Takes the place of list and detail while there is no paper."""

    BINDINGS = keys.bindings(keys.WELCOME)

    def compose(self) -> ComposeResult:
        with Vertical(id="welcome-text"):
            for line in _TEXT:
                yield Line(*line)


_TEXT: tuple[tuple[Piece, ...], ...] = (
    (Piece("This library is empty.", "strong"),),
    (),
    (Piece("Save a Daily Papers page as text, and in another window run"),),
    (),
    (Piece("    paperreader import PAGE.txt", "key"),),
    (),
    (Piece("A folder of pages works too. The papers appear here by themselves."),),
    (),
    (
        Piece("s", "key", "screen.sample"),
        Piece("  looks at the sample papers, in a library of their own", "muted"),
    ),
    (Piece("?", "key", "screen.help"), Piece("  shows every key", "muted")),
    (Piece("q", "key", "app.quit"), Piece("  quits", "muted")),
)
