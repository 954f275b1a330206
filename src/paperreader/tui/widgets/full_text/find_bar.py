"""The line below a full text into which the user types what to find in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive, reactive
from textual.widgets import Input

from paperreader.tui.commands.command import bindings_with_inherited
from paperreader.tui.commands.full_text_marks import FIND_KEYS
from paperreader.tui.widgets.text_input import TextInput
from paperreader.tui.widgets.text_line import TextLine, TextSpan


class FindInput(TextInput):
    """What to find."""

    BINDINGS = bindings_with_inherited(Input.BINDINGS, FIND_KEYS)

    virtual_size = Reactive(Size(0, 0), layout=False)
    """As in `Widget`, but typing does not cause a new layout: the input has a fixed width."""

    class Accepted(Message):
        """The user stays where the match is."""

    class Cancelled(Message):
        """The user goes back to where the search began."""

    class ListRequested(Message):
        """The user wants to see all matches."""

    class Moved(Message):
        """The user goes to another match."""

        def __init__(self, delta: int) -> None:
            super().__init__()
            self.delta = delta

    def action_move(self, delta: int) -> None:
        self.post_message(self.Moved(delta))

    def action_list(self) -> None:
        self.post_message(self.ListRequested())

    def action_accept(self) -> None:
        self.post_message(self.Accepted())

    def action_close(self) -> None:
        self.post_message(self.Cancelled())


class FindChip(TextLine):
    """What the line is."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--chip"}

    def spans(self, width: int) -> Sequence[TextSpan]:
        return [TextSpan(" FIND ", "chip")]


class FindCount(TextLine):
    """The number of matches, and which of them is the current one."""

    text: reactive[str] = reactive("")

    def spans(self, width: int) -> Sequence[TextSpan]:
        return [TextSpan(self.text.rjust(width - 1), "strong" if self.text[:1].isdigit() else "muted")]


class FindBar(Horizontal):
    """Hidden until the user searches; it takes the place of the status bar."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.input = FindInput(placeholder="find in this text", compact=True, id="find-input")
        self.count = FindCount(id="find-count")

    def compose(self) -> ComposeResult:
        yield FindChip(id="find-chip")
        yield self.input
        yield self.count
