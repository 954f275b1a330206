"""What an empty library shows: how papers come in, and a look at the samples."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.tui import keys
from paperreader.tui.one_line import OneLine, Piece, width_of


class Welcome(OneLine, can_focus=True):
    """Takes the place of list and detail while there is no paper."""

    BINDINGS = keys.bindings(keys.WELCOME)

    def pieces_at(self, y: int) -> Sequence[Piece]:
        """The text, in the middle of the screen."""
        number = y - max(0, (self.size.height - len(_TEXT)) // 2)
        if not 0 <= number < len(_TEXT) or not _TEXT[number]:
            return ()
        return (Piece(" " * max(0, (self.size.width - _WIDTH) // 2)), *_TEXT[number])


_TEXT: tuple[tuple[Piece, ...], ...] = (
    (Piece("This library is empty.", "strong"),),
    (),
    (Piece("r", "key", "screen.fetch"), Piece("  fetches the Daily Papers of the last days", "muted")),
    (
        Piece("i", "key", "screen.import"),
        Piece("  imports a page saved as text, or a folder of them", "muted"),
    ),
    (
        Piece("s", "key", "screen.sample"),
        Piece("  looks at the sample papers, in a library of their own", "muted"),
    ),
    (Piece("?", "key", "screen.help"), Piece("  shows every key", "muted")),
    (Piece("q", "key", "app.quit"), Piece("  quits", "muted")),
    (),
    (Piece("In another window, or every morning from cron,"),),
    (Piece("    paperreader fetch", "key"), Piece(" and "), Piece("paperreader import PAGE.txt", "key")),
    (Piece("do the same. The papers appear here by themselves."),),
)
_WIDTH = max(width_of(line) for line in _TEXT)
