"""A text that could not be copied or opened, in whole and unwrapped, to be selected by hand."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from paperreader.text.sanitize import sanitize, single_line
from paperreader.tui.widgets.text_line import TextLine, TextSpan

_CLOSE_KEYS = ("escape", "enter", "space", "q", "ctrl+c")
"""Keys that people close something with: those do nothing else."""


class CopyFallbackLine(TextLine):
    """One line around the text."""

    def __init__(self, *pieces: TextSpan) -> None:
        super().__init__()
        self._spans = pieces

    def spans(self, width: int) -> list[TextSpan]:
        return list(self._spans)


class CopyFallbackDialog(ModalScreen[None]):
    """Any key closes it, and does what it does besides. Nothing stands left or right of the text, so that a terminal
    selects it alone.
    """

    AUTO_FOCUS = ""
    CSS_PATH = "../styles/dialogs.tcss"

    def __init__(self, reason: str, text: str) -> None:
        """`why` is a sentence that says what went wrong with `text`."""
        super().__init__()
        self._reason, self._text = single_line(reason), text

    def compose(self) -> ComposeResult:
        from rich.text import Text

        with Vertical(id="link-panel"):
            yield CopyFallbackLine(TextSpan(self._reason, "strong"))
            yield Static(
                Text(sanitize(self._text), no_wrap=False, overflow="fold"), id="link-text", markup=False
            )
            yield CopyFallbackLine(
                TextSpan("shift", "key"), TextSpan(" and the mouse select it; any key closes this", "muted")
            )

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss()
        if event.key not in _CLOSE_KEYS:
            self.app.post_message(events.Key(event.key, event.character))  # it was meant for what lies behind

    def on_click(self) -> None:
        self.dismiss()
