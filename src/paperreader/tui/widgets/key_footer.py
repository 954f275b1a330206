"""The footer: the keys that matter now, as many as fit."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from paperreader.tui.commands.command import Hint
from paperreader.tui.commands.footer_hints import Mode
from paperreader.tui.commands.keymap import keymap_of
from paperreader.tui.widgets.text_line import OneLine, Piece, width_of

GAP = 2
"""Blanks between two keys."""


class KeyFooter(OneLine):
    """One line of keys for a mode; a click does what the key does."""

    mode: reactive[Mode] = reactive[Mode]("list")
    completes: reactive[bool] = reactive(False)
    """Whether there is something that `tab` takes in the search bar."""

    def pieces(self, width: int) -> Sequence[Piece]:
        mode = "complete" if self.mode == "find" and self.completes else self.mode
        hints = list(keymap_of(self.app).footer(mode))
        # The last one (help, or the way out) stays: what was dropped can be found through it.
        while len(hints) > 1 and width_of(_pieces(hints)) > width:
            del hints[-2]
        return _pieces(sorted(hints, key=lambda hint: hint.action == "app.quit"))


def _pieces(hints: Sequence[Hint]) -> list[Piece]:
    pieces: list[Piece] = []
    for hint in hints:
        if pieces:
            pieces.append(Piece(" " * GAP))
        pieces += [Piece(hint.key, "key", hint.action), Piece(f" {hint.word}", "muted", hint.action)]
    return pieces
