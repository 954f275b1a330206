"""The question what becomes of an edited text when its editor is closed."""

from __future__ import annotations

from typing import Literal

from paperreader.tui.dialogs.choice import Choice, ChoiceDialog
from paperreader.tui.terminal.glyphs import Glyphs

UnsavedChoice = Literal["save", "discard", "continue"]


def unsaved_dialog(title: str, glyphs: Glyphs) -> ChoiceDialog[UnsavedChoice]:
    """Return a dialog that asks whether to save the text, to discard it, or to keep writing."""
    choices: list[Choice[UnsavedChoice]] = [
        Choice("save", "and close", "save", key="s"),
        Choice("discard", "the changes", "discard", key="d"),
        Choice("keep writing", "", "continue", key="w"),
    ]
    return ChoiceDialog(title, choices, glyphs)
