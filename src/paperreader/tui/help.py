"""The help: every key and every form of a query, made from the tables of both."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from paperreader.text.query import language
from paperreader.text.width import cells
from paperreader.tui import keys
from paperreader.tui.footer import KeyFooter
from paperreader.tui.keymap import Keymap, keymap_of
from paperreader.tui.one_line import OneLine, Piece

GAP = 3
"""Blanks between keys and what they do."""


class HelpLine(OneLine):
    """One line of the help."""

    def __init__(self, *pieces: Piece) -> None:
        super().__init__()
        self._pieces = pieces

    def pieces(self, width: int) -> Sequence[Piece]:
        return self._pieces


class Help(ModalScreen[None]):
    """Scrolls; any way out leads back to where one was."""

    BINDINGS = keys.bindings(keys.HELP)
    AUTO_FOCUS = ""
    CSS_PATH = "front.tcss"

    def compose(self) -> ComposeResult:
        with Vertical(id="help"):
            with VerticalScroll(id="help-lines", can_focus=False):
                yield from help_lines(keymap_of(self.app))
            footer = KeyFooter(classes="footer")
            footer.mode = "help"
            yield footer

    def action_scroll(self, direction: int) -> None:
        self.query_one("#help-lines").scroll_relative(y=direction, animate=False)

    def action_page(self, direction: int) -> None:
        pane = self.query_one("#help-lines")
        pane.scroll_relative(y=direction * max(1, pane.size.height - 1), animate=False)

    def action_leave(self) -> None:
        self.dismiss()


def help_lines(keymap: Keymap) -> list[HelpLine]:
    """Headings, and under each its keys (or forms of a query) in a column with what they do beside them."""
    forms = [(f"Queries: {group.lower()}", lines) for group, lines in language.sections()]
    return [*_block(list(keys.sections(keymap.table(keys.EVERY)))), HelpLine(), *_block(forms)]


def _block(sections: Sequence[tuple[str, list[tuple[str, str]]]]) -> list[HelpLine]:
    column = GAP + max(cells(pressed) for _, lines in sections for pressed, _ in lines)
    told: list[HelpLine] = []
    for group, lines in sections:
        if told:
            told.append(HelpLine())
        told.append(HelpLine(Piece(group, "strong")))
        for pressed, does in lines:
            pad = " " * (column - cells(pressed))
            told.append(HelpLine(Piece(f"  {pressed}", "key"), Piece(pad + does, "muted")))
    return told
