"""What an empty library shows: how papers come in, and a look at the samples."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from paperreader.tui.commands import command
from paperreader.tui.commands.keymap import keymap_of
from paperreader.tui.widgets.text_line import OneLine, Piece, width_of


class Welcome(OneLine, can_focus=True):
    """Takes the place of list and detail while there is no paper."""

    BINDINGS = command.bindings(command.WELCOME)

    def pieces_at(self, y: int) -> Sequence[Piece]:
        """The text, in the middle of the screen."""
        text = _text(keymap_of(self.app).label)
        number = y - max(0, (self.size.height - len(text)) // 2)
        if not 0 <= number < len(text) or not text[number]:
            return ()
        wide = max(width_of(line) for line in text)
        return (Piece(" " * max(0, (self.size.width - wide) // 2)), *text[number])


def _text(label: Callable[[str], str]) -> tuple[tuple[Piece, ...], ...]:
    """The lines, with the keys that are in force."""
    offers = (
        ("welcome-fetch", "screen.fetch", "fetches the Daily Papers of the last days"),
        ("welcome-import", "screen.import", "imports a file of papers, or a folder of them"),
        ("welcome-sample", "screen.sample", "looks at the sample papers, in a library of their own"),
        ("welcome-help", "screen.help", "shows every key"),
        ("welcome-quit", "app.quit", "quits"),
    )
    return (
        (Piece("This library is empty.", "strong"),),
        (),
        *((Piece(label(id), "key", action), Piece(f"  {does}", "muted")) for id, action, does in offers),
        (),
        (Piece("In another window, or every morning from cron,"),),
        (Piece("    paperreader fetch", "key"), Piece(" and "), Piece("paperreader import PAGE.txt", "key")),
        (Piece("do the same. The papers appear here by themselves."),),
    )
