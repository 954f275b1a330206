"""A text that could not be copied or opened, in whole and unwrapped, to be selected by hand."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from paperreader.text.clean import clean, printable
from paperreader.tui.widgets.text_line import OneLine, Piece

_CLOSING = ("escape", "enter", "space", "q", "ctrl+c")
"""Keys that people close something with: those do nothing else."""


class PanelLine(OneLine):
    """One line around the text."""

    def __init__(self, *pieces: Piece) -> None:
        super().__init__()
        self._pieces = pieces

    def pieces(self, width: int) -> list[Piece]:
        return list(self._pieces)


class LinkPanel(ModalScreen[None]):
    """Any key closes it, and does what it does besides. Nothing stands left or right of the text, so that a terminal
    selects it alone.
    """

    AUTO_FOCUS = ""
    CSS_PATH = "../styles/dialogs.tcss"

    def __init__(self, why: str, text: str) -> None:
        """`why` is a sentence that says what went wrong with `text`."""
        super().__init__()
        self._why, self._text = printable(why), text

    def compose(self) -> ComposeResult:
        from rich.text import Text

        with Vertical(id="link-panel"):
            yield PanelLine(Piece(self._why, "strong"))
            yield Static(
                Text(clean(self._text), no_wrap=False, overflow="fold"), id="link-text", markup=False
            )
            yield PanelLine(
                Piece("shift", "key"), Piece(" and the mouse select it; any key closes this", "muted")
            )

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss()
        if event.key not in _CLOSING:
            self.app.post_message(events.Key(event.key, event.character))  # it was meant for what lies behind

    def on_click(self) -> None:
        self.dismiss()
