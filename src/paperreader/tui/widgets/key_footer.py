"""The footer: the keys that matter now, as many as fit."""

from __future__ import annotations

from collections.abc import Sequence

from textual.reactive import reactive

from paperreader.tui.commands.command import Mode
from paperreader.tui.commands.footer_hints import FooterHint
from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.widgets.text_line import TextLine, TextSpan, span_width

HINT_GAP = 2
"""Blanks between two keys."""


class KeyFooter(TextLine):
    """One line of keys for a mode; a click does what the key does."""

    mode: reactive[Mode] = reactive[Mode]("list")
    completion_available: reactive[bool] = reactive(False)
    """Whether there is something that `tab` takes in the search bar."""

    def spans(self, width: int) -> Sequence[TextSpan]:
        mode = "complete" if self.mode == "search" and self.completion_available else self.mode
        hints = list(get_keymap(self.app).footer_hints(mode))
        # The last one (help, or the way out) stays: what was dropped can be found through it.
        while len(hints) > 1 and span_width(_hint_spans(hints)) > width:
            del hints[-2]
        return _hint_spans(sorted(hints, key=lambda hint: hint.id == "quit"))


def _hint_spans(hints: Sequence[FooterHint]) -> list[TextSpan]:
    pieces: list[TextSpan] = []
    for hint in hints:
        if pieces:
            pieces.append(TextSpan(" " * HINT_GAP))
        pieces += [TextSpan(hint.key, "key", hint.action), TextSpan(f" {hint.label}", "muted", hint.action)]
    return pieces
