"""A chooser: a few lines at the foot of the screen, one of which is taken with a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from msgspec import Struct
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from paperreader.text.cell_width import cell_width
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import bindings
from paperreader.tui.commands.dialogs import CHOICE_KEYS
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_line import TextLine, TextSpan

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


class ChoiceLine(TextLine):
    """One choice, painted."""

    def __init__(self, number: int, key: str, label: str, text: str, glyphs: Glyphs) -> None:
        super().__init__()
        self.index, self.key, self.label, self.text, self.glyphs = number, key, label, text, glyphs

    def spans(self, width: int) -> Sequence[TextSpan]:
        here = self.has_class("-here")
        return [
            TextSpan(f"{self.glyphs.cursor if here else ' '} ", "key"),
            TextSpan(f"{self.key or ' '}  ", "key"),
            TextSpan(self.label, "muted"),
            TextSpan("  "),
            TextSpan(self.text, "strong" if here else "text"),
        ]

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        await self.app.run_action(f"pick({self.index})", self.screen)


class ChoiceDialog(ModalScreen[Value | None]):
    """Gives the value of the line taken, or None."""

    BINDINGS = bindings(CHOICE_KEYS)
    AUTO_FOCUS = ""
    CSS_PATH = "../styles/dialogs.tcss"

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice[Value]],
        glyphs: Glyphs = UNICODE,
        *,
        initial_index: int = 0,
    ) -> None:
        """`choices` stand with the best first; there is at least one. The one at place `at` is highlighted."""
        super().__init__()
        self._title, self._choices, self._glyphs = single_line(title), choices, glyphs
        self._selected_index = initial_index
        self._keys = [choice.key or DIGITS[at : at + 1] for at, choice in enumerate(choices)]

    def compose(self) -> ComposeResult:
        widest = max(cell_width(single_line(choice.label)) for choice in self._choices)
        with Vertical(id="chooser"):
            yield ChoiceTitle(self._title)
            with VerticalScroll(id="choices", can_focus=False):
                for number, choice in enumerate(self._choices):
                    label = single_line(choice.label)
                    label += " " * (widest - cell_width(label))
                    yield ChoiceLine(
                        number, self._keys[number], label, single_line(choice.text), self._glyphs
                    )
            footer = KeyFooter(classes="footer")
            footer.mode = "choice"
            yield footer

    def on_mount(self) -> None:
        self._update_highlight()

    def on_key(self, event: events.Key) -> None:
        if event.character and event.character in self._keys:
            event.stop()
            self.action_pick(self._keys.index(event.character))
        elif event.character and event.character in DIGITS[: len(self._choices)]:
            event.stop()
            self.action_pick(DIGITS.index(event.character))

    def action_move(self, delta: int) -> None:
        self._selected_index = max(0, min(self._selected_index + delta, len(self._choices) - 1))
        self._update_highlight()

    def action_accept(self) -> None:
        self.action_pick(self._selected_index)

    def action_pick(self, number: int) -> None:
        """Take a line by its number, from 0."""
        self.dismiss(self._choices[number].value)

    def action_close(self) -> None:
        self.dismiss(None)

    def _update_highlight(self) -> None:
        for line in self.query(ChoiceLine):
            line.set_class(line.index == self._selected_index, "-here")
            line.refresh()
            if line.index == self._selected_index:
                line.scroll_visible(animate=False)


class ChoiceTitle(TextLine):
    """What is to be chosen."""

    def __init__(self, title: str) -> None:
        super().__init__(id="chooser-title")
        self._title = title

    def spans(self, width: int) -> Sequence[TextSpan]:
        return [TextSpan(self._title, "strong")]
