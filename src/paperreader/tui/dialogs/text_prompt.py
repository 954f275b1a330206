"""A text prompt: one input at the bottom of the screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

from paperreader.tui.commands.command import Mode, bindings_with_inherited
from paperreader.tui.commands.dialogs import PROMPT_KEYS
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.text_input import TextInput
from paperreader.tui.widgets.text_line import TextLine, TextSpan


class PromptInput(TextInput):
    """The input of a prompt."""

    BINDINGS = bindings_with_inherited(Input.BINDINGS, PROMPT_KEYS)

    def action_accept(self) -> None:
        prompt = self.screen
        assert isinstance(prompt, TextPrompt)
        prompt.accept(self.value.strip() or None)

    def action_close(self) -> None:
        self.screen.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable `complete`, which only `PathInput` has."""
        return action != "complete"


class PromptTitle(TextLine):
    """Title and hint of a prompt."""

    def __init__(self, title: str, hint: str) -> None:
        super().__init__()
        self._title, self._hint = title, hint

    def spans(self, width: int) -> list[TextSpan]:
        return [TextSpan(self._title, "strong"), TextSpan(f"  {self._hint}", "muted")]


class TextPrompt(ModalScreen[str | None]):
    """Returns the typed text, or None."""

    AUTO_FOCUS = "PromptInput"
    CSS_PATH = "../styles/dialogs.tcss"

    footer_mode: ClassVar[Mode] = "prompt"

    def __init__(self, title: str, hint: str, *, value: str = "", placeholder: str = "") -> None:
        """
        Args:
            title: the heading.
            hint: shown after the title.
            value: the initial text. It is selected, so typing replaces it.
            placeholder: shown while the input is empty.
        """
        super().__init__()
        self._title, self._hint, self._value, self._placeholder = title, hint, value, placeholder

    def compose(self) -> ComposeResult:
        with Vertical(id="text-prompt"):
            yield PromptTitle(self._title, self._hint)
            yield from self.compose_input(self._value, self._placeholder)
            footer = KeyFooter(classes="footer")
            footer.mode = self.footer_mode
            yield footer

    def accept(self, value: str | None) -> None:
        """Close the prompt with `value`."""
        self.dismiss(value)

    def compose_input(self, value: str, placeholder: str) -> Iterable[Widget]:
        """Yield the input and the widgets below it."""
        yield PromptInput(value, placeholder=placeholder, compact=True)
