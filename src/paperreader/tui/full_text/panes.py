"""Text and contents on the screen: which of them is visible and has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from paperreader.tui.commands.command import Mode
from paperreader.tui.full_text.context import FullTextWidgets

if TYPE_CHECKING:
    from paperreader.tui.widgets.note_editor import NoteEditor

_OPEN, _FINDING, _SELECTING = "-contents", "-finding", "-selecting"


class FullTextPanes:
    """The only object except the screen itself that knows the classes of the style sheet."""

    def __init__(self, screen: Screen[None], widgets: FullTextWidgets) -> None:
        self._screen, self._widgets = screen, widgets

    @property
    def has_contents(self) -> bool:
        """Whether the contents are open."""
        return self._screen.has_class(_OPEN)

    @property
    def is_wide(self) -> bool:
        """Whether there is room for the contents beside the text."""
        return self._screen.has_class("-wide")

    @property
    def mode(self) -> Mode:
        """Which of them has the focus."""
        focused = self._screen.focused
        if focused is self._widgets.find_bar.input:
            return "text-find"
        if focused is self._widgets.selection_bar:
            return "text-select"
        if focused is not None and focused.id == "note-text":
            return "note"
        return "contents" if focused is self._widgets.contents.input else "text"

    @property
    def is_open(self) -> bool:
        """Whether the screen is open, possibly behind a dialog."""
        return self._screen.is_attached and self._screen in self._screen.app.screen_stack

    def open_contents(self) -> None:
        """Show the contents and focus their filter."""
        self._screen.add_class(_OPEN)
        self._screen.set_focus(self._widgets.contents.input)

    def close_contents(self) -> None:
        """Hide the contents."""
        self._screen.remove_class(_OPEN)

    def open_find(self) -> None:
        """Show the search bar and focus it."""
        self._screen.add_class(_FINDING)
        self._screen.set_focus(self._widgets.find_bar.input)

    def close_find(self) -> None:
        """Hide the search bar and focus the text."""
        self._screen.remove_class(_FINDING)
        self.focus_text()

    def open_selection(self) -> None:
        """Show what is selected, in place of the status bar, and focus it."""
        self._screen.add_class(_SELECTING)
        self._screen.set_focus(self._widgets.selection_bar)

    def close_selection(self) -> None:
        """Show the status bar again and focus the text."""
        self._screen.remove_class(_SELECTING)
        self.focus_text()

    async def open_note_editor(self, editor: NoteEditor) -> None:
        """Put an editor below the text and focus it."""
        self._screen.remove_class(_SELECTING)
        await self._screen.mount(editor, before=self._widgets.find_bar)
        self._screen.set_focus(editor.text_area)

    def close_note_editor(self, editor: NoteEditor) -> None:
        """Remove the editor and focus the text."""
        self.focus_text()
        editor.remove()

    def focus_text(self) -> None:
        """Move the focus to the text."""
        self._screen.set_focus(self._widgets.view)

    def close(self) -> None:
        """Close the screen."""
        self._screen.dismiss(None)
