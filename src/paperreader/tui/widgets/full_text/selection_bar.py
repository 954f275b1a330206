"""The line below a full text while a passage is selected. It has the focus, and so its keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.reactive import reactive

from paperreader.text.cell_width import cell_width
from paperreader.tui.commands.command import bindings
from paperreader.tui.commands.full_text_marks import SELECTION_KEYS
from paperreader.tui.terminal.glyphs import get_glyphs
from paperreader.tui.widgets.text_line import TextLine, TextSpan, align_both_ends


class SelectionBar(TextLine, can_focus=True):
    """Says what is selected."""

    BINDINGS = bindings(SELECTION_KEYS)
    COMPONENT_CLASSES: ClassVar[set[str]] = {"text-line--chip"}

    text: reactive[str] = reactive("")
    units: reactive[str] = reactive("")
    """What the keys select."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.handle: Callable[[str, int], object] = lambda _action, _amount: None
        """Called with the name of an action and an amount before the next key is handled."""

    def spans(self, width: int) -> Sequence[TextSpan]:
        chip = TextSpan(" SELECT ", "chip")
        left = [TextSpan("  "), TextSpan(self.text, "text")]
        right = [TextSpan(f"{self.units} ", "muted")]
        rest = width - cell_width(chip.text)
        return [chip, *align_both_ends(left, right, rest, get_glyphs(self.app).ellipsis)]

    def action_extend(self, amount: int) -> None:
        self.handle("extend", amount)

    def action_move(self, amount: int) -> None:
        self.handle("move", amount)

    def action_switch(self) -> None:
        self.handle("switch", 0)

    def action_highlight(self) -> None:
        self.handle("highlight", 0)

    def action_comment(self) -> None:
        self.handle("comment", 0)

    def action_copy(self) -> None:
        self.handle("copy", 0)

    def action_similar(self) -> None:
        self.handle("similar", 0)

    def action_close(self) -> None:
        self.handle("close", 0)
