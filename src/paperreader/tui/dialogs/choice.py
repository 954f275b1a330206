"""A choice dialog: a short list at the bottom of the screen, from which one key selects a line."""

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
"""Each selects the line with that number, even when the line has its own key."""


class Choice(Struct, Generic[Value], frozen=True):
    """One line of a choice dialog."""

    label: str
    """The kind of the value, such as `code` or `title`."""
    text: str
    """The value as displayed."""
    value: Value
    key: str = ""
    """The key of the line; without one the digit of its number is shown."""


class ChoiceLine(TextLine):
    """The widget of one choice."""

    def __init__(self, number: int, key: str, label: str, text: str, glyphs: Glyphs) -> None:
        super().__init__()
        self.index, self.key, self.label, self.text, self.glyphs = number, key, label, text, glyphs

    def spans(self, width: int) -> Sequence[TextSpan]:
        selected = self.has_class("-selected")
        return [
            TextSpan(f"{self.glyphs.cursor if selected else ' '} ", "key"),
            TextSpan(f"{self.key or ' '}  ", "key"),
            TextSpan(self.label, "muted"),
            TextSpan("  "),
            TextSpan(self.text, "strong" if selected else "text"),
        ]

    async def on_click(self, event: events.Click) -> None:
        event.stop()
        await self.app.run_action(f"pick({self.index})", self.screen)


class ChoiceDialog(ModalScreen[Value | None]):
    """Returns the value of the selected line, or None."""

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
        """
        Args:
            title: the heading.
            choices: at least one, the most useful first.
            glyphs: the symbols to paint with.
            initial_index: index of the choice that is selected first.
        """
        super().__init__()
        self._title, self._choices, self._glyphs = single_line(title), choices, glyphs
        self._selected_index = initial_index
        self._keys = [choice.key or DIGITS[at : at + 1] for at, choice in enumerate(choices)]

    def compose(self) -> ComposeResult:
        widest = max(cell_width(single_line(choice.label)) for choice in self._choices)
        with Vertical(id="choice-dialog"):
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
        """Return the line with this index."""
        self.dismiss(self._choices[number].value)

    def action_close(self) -> None:
        self.dismiss(None)

    def _update_highlight(self) -> None:
        for line in self.query(ChoiceLine):
            line.set_class(line.index == self._selected_index, "-selected")
            line.refresh()
            if line.index == self._selected_index:
                line.scroll_visible(animate=False)


class ChoiceTitle(TextLine):
    """The heading."""

    def __init__(self, title: str) -> None:
        super().__init__(id="choice-title")
        self._title = title

    def spans(self, width: int) -> Sequence[TextSpan]:
        return [TextSpan(self._title, "strong")]
