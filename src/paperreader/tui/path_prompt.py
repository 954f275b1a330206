"""A one-line question at the foot of the screen: which file or folder to import."""

from __future__ import annotations

import unicodedata

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from paperreader.tui import keys
from paperreader.tui.footer import KeyFooter
from paperreader.tui.one_line import OneLine, Piece


def _stands_in_names(char: str) -> bool:
    """Whether it shows, or is a blank: no control, no invisible direction, no line end."""
    return unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


class PathInput(Input):
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

    def pieces(self, width: int) -> list[Piece]:
        return [Piece("Import", "strong"), Piece("  a page saved as text, or a folder of them", "muted")]


class PathPrompt(ModalScreen[str | None]):
    """Gives the path as it was typed, or None."""

    AUTO_FOCUS = "PathInput"
    CSS_PATH = "front.tcss"

    def compose(self) -> ComposeResult:
        with Vertical(id="path-prompt"):
            yield PromptTitle()
            yield PathInput(placeholder="~/papers/2025-10-03.txt", compact=True)
            footer = KeyFooter(classes="footer")
            footer.mode = "prompt"
            yield footer
