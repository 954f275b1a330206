"""Shows a text that could not be copied or opened, so that the user can select it with the mouse."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from paperreader.text.sanitize import sanitize, single_line
from paperreader.tui.widgets.text_line import TextLine, TextSpan

_CLOSE_KEYS = ("escape", "enter", "space", "q", "ctrl+c")
"""Keys that only close the dialog."""


class CopyFallbackLine(TextLine):
    """A line above or below the text."""

    def __init__(self, *spans: TextSpan) -> None:
        super().__init__()
        self._spans = spans

    def spans(self, width: int) -> list[TextSpan]:
        return list(self._spans)


class CopyFallbackDialog(ModalScreen[None]):
    """Closes on any key, which then has its usual effect. The text has nothing to its left or right, so that a
    terminal selects it alone.
    """

    AUTO_FOCUS = ""
    CSS_PATH = "../styles/dialogs.tcss"

    def __init__(self, reason: str, text: str) -> None:
        """`reason` says why `text` could not be copied or opened."""
        super().__init__()
        self._reason, self._text = single_line(reason), text

    def compose(self) -> ComposeResult:
        from rich.text import Text

        with Vertical(id="copy-fallback"):
            yield CopyFallbackLine(TextSpan(self._reason, "strong"))
            yield Static(
                Text(sanitize(self._text), no_wrap=False, overflow="fold"),
                id="copy-fallback-text",
                markup=False,
            )
            yield CopyFallbackLine(
                TextSpan("shift", "key"), TextSpan(" with the mouse selects it. Any key closes this", "muted")
            )

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss()
        if event.key not in _CLOSE_KEYS:
            self.app.post_message(
                events.Key(event.key, event.character)
            )  # the key is meant for the screen below

    def on_click(self) -> None:
        self.dismiss()
