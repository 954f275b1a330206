"""Where notes are written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from paperreader.tui.widgets.note_editor import NoteEditor


class NotePlace(Protocol):
    """What shows the editor: the reader, or a dialog in front of it."""

    async def open_note_editor(self, editor: NoteEditor) -> None:
        """Show the editor and focus it."""
        ...

    def close_note_editor(self, editor: NoteEditor) -> None:
        """Remove the editor."""
        ...
