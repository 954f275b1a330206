"""A one-line question at the foot of the screen: which file or folder."""

from __future__ import annotations

import unicodedata

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from paperreader.tui import keys
from paperreader.tui.footer import KeyFooter
from paperreader.tui.line_input import LineInput
from paperreader.tui.one_line import OneLine, Piece


def _stands_in_names(char: str) -> bool:
    """Whether it shows, or is a blank: no control, no invisible direction, no line end."""
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


class PathInput(LineInput):
    """The line the path is typed in."""

    BINDINGS = keys.bindings_over(Input.BINDINGS, keys.PROMPT)

    def replace(self, text: str, start: int, end: int) -> None:
        """Type or paste; what a terminal would act upon is left out, what a name may hold stays."""
        super().replace("".join(filter(_stands_in_names, text)), start, end)

    def action_take(self) -> None:
        self.screen.dismiss(self.value.strip() or None)

    def action_leave(self) -> None:
        self.screen.dismiss(None)


class PromptTitle(OneLine):
    """What is asked for."""

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title, self._hint = title, hint

    def pieces(self, width: int) -> list[Piece]:
        return [Piece(self._title, "strong"), Piece(f"  {self._hint}", "muted")]


class PathPrompt(ModalScreen[str | None]):
    """Gives the path as it was typed, or None."""

    AUTO_FOCUS = "PathInput"
    CSS_PATH = "front.tcss"

    def __init__(self, title: str, hint: str, *, value: str = "", placeholder: str = "") -> None:
        """`value` is there already, to be changed; `placeholder` shows an example."""
        super().__init__()
        self._title, self._hint, self._value, self._placeholder = title, hint, value, placeholder

    def compose(self) -> ComposeResult:
        with Vertical(id="path-prompt"):
            yield PromptTitle(self._title, self._hint)
            yield PathInput(self._value, placeholder=self._placeholder, compact=True, select_on_focus=False)
            footer = KeyFooter(classes="footer")
            footer.mode = "prompt"
            yield footer
