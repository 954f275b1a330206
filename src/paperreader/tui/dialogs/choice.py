"""A chooser: a few lines at the foot of the screen, one of which is taken with a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from paperreader.text.cell_width import cells
from paperreader.text.clean import printable
from paperreader.tui.commands import command
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_line import OneLine, Piece

Value = TypeVar("Value")

DIGITS = "123456789"
"""Each takes the line of that number, whatever key that has besides."""


class Choice(Struct, Generic[Value], frozen=True):
    """One line of a chooser."""

    label: str
    """What it is: `code`, `title`."""
    text: str
    """What one gets."""
    value: Value
    key: str = ""
    """Its own key; without one the digit of its line is shown."""


class ChoiceLine(OneLine):
    """One choice, painted."""

    def __init__(self, number: int, key: str, label: str, text: str, glyphs: Glyphs) -> None:
        super().__init__()
        self.number, self.key, self.label, self.text, self.glyphs = number, key, label, text, glyphs

    def pieces(self, width: int) -> Sequence[Piece]:
        here = self.has_class("-here")
        return [
            Piece(f"{self.glyphs.cursor if here else ' '} ", "key"),
            Piece(f"{self.key or ' '}  ", "key"),
            Piece(self.label, "muted"),
            Piece("  "),
            Piece(self.text, "strong" if here else "text"),
        ]

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        await self.app.run_action(f"pick({self.number})", self.screen)


class Chooser(ModalScreen[Value | None]):
    """Gives the value of the line taken, or None."""

    BINDINGS = command.bindings(command.CHOOSE)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/dialogs.tcss"

    def __init__(
        self, title: str, choices: Sequence[Choice[Value]], glyphs: Glyphs = UNICODE, *, at: int = 0
    ) -> None:
        """`choices` stand with the best first; there is at least one. The one at place `at` is highlighted."""
        super().__init__()
        self._title, self._choices, self._glyphs = printable(title), choices, glyphs
        self._here = at
        self._keys = [choice.key or DIGITS[at : at + 1] for at, choice in enumerate(choices)]

    def compose(self) -> ComposeResult:
        widest = max(cells(printable(choice.label)) for choice in self._choices)
        with Vertical(id="chooser"):
            yield ChooserTitle(self._title)
            with VerticalScroll(id="choices", can_focus=False):
                for number, choice in enumerate(self._choices):
                    label = printable(choice.label)
                    label += " " * (widest - cells(label))
                    yield ChoiceLine(number, self._keys[number], label, printable(choice.text), self._glyphs)
            footer = KeyFooter(classes="footer")
            footer.mode = "choose"
            yield footer

    def on_mount(self) -> None:
        self._light()

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in self._keys:
            event.stop()
            self.action_pick(self._keys.index(event.character))
        elif event.character and event.character in DIGITS[: len(self._choices)]:
            event.stop()
            self.action_pick(DIGITS.index(event.character))

    def action_move(self, delta: int) -> None:
        self._here = max(0, min(self._here + delta, len(self._choices) - 1))
        self._light()

    def action_take(self) -> None:
        self.action_pick(self._here)

    def action_pick(self, number: int) -> None:
        """Take a line by its number, from 0."""
        self.dismiss(self._choices[number].value)

    def action_leave(self) -> None:
        self.dismiss(None)

    def _light(self) -> None:
        for line in self.query(ChoiceLine):
            line.set_class(line.number == self._here, "-here")
            line.refresh()
            if line.number == self._here:
                line.scroll_visible(animate=False)


class ChooserTitle(OneLine):
    """What is to be chosen."""

    def __init__(self, title: str) -> None:
        super().__init__(id="chooser-title")
        self._title = title

    def pieces(self, width: int) -> Sequence[Piece]:
        return [Piece(self._title, "strong")]
