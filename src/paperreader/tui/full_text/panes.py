"""Text and contents on the screen: which of them is visible and has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from paperreader.tui.commands.command import Mode
from paperreader.tui.full_text.context import FullTextWidgets
from paperreader.tui.widgets.full_text.pictures import LINES_OF_BARS

if TYPE_CHECKING:
    from paperreader.tui.widgets.note_editor import NoteEditor

_OPEN, _FINDING, _SELECTING = "-contents", "-finding", "-selecting"
_PINNED, _PIN_RIGHT = "-pinned", "-pin-right"

PIN_RIGHT_COLUMNS = 120
"""Columns of text and pin from which on the pin is at the right of the text, and not below it."""

TEXT_COLUMNS, PIN_COLUMNS = 85, range(40, 101)
"""Columns that a pin at the right leaves to the text, and those that it may have itself."""

MIN_DRAGGED = 20
"""Columns that the user can make a pin, or the text beside it, at least."""

MAX_PIN_SHARE = 0.5
"""Share of the height that a pin below the text may have."""


class FullTextPanes:
    """The only object except the screen itself that knows the classes of the style sheet."""

    def __init__(self, screen: Screen[None], widgets: FullTextWidgets) -> None:
        self._screen, self._widgets = screen, widgets
        self._pin_size: tuple[int, int] | None = None
        """Columns of a pin at the right, and lines of one below the text, as the user has dragged it."""

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
        if focused is self._widgets.pin.view:
            return "text-pin"
        if focused is not None and focused.id == "note-text":
            return "note"
        return "contents" if focused is self._widgets.contents.input else "text"

    @property
    def is_open(self) -> bool:
        """Whether the screen is open, possibly behind a dialog."""
        return self._screen.is_attached and self._screen in self._screen.app.screen_stack

    def show_contents(self) -> None:
        """Show the contents."""
        self._screen.add_class(_OPEN)
        self.arrange_pin()

    def open_contents(self) -> None:
        """Show the contents and focus their filter."""
        self.show_contents()
        self._screen.set_focus(self._widgets.contents.input)

    def close_contents(self) -> None:
        """Hide the contents."""
        self._screen.remove_class(_OPEN)
        self.arrange_pin()

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

    def open_pin(self) -> None:
        """Show the pin next to the text, or below it."""
        self._screen.add_class(_PINNED)
        self.arrange_pin()

    def close_pin(self) -> None:
        """Hide the pin. If it had the focus, the text gets it."""
        if self._screen.focused is self._widgets.pin.view:
            self.focus_text()
        self._screen.remove_class(_PINNED)
        self._pin_size = None

    def focus_pin(self) -> None:
        """Move the focus to the pin."""
        self._screen.set_focus(self._widgets.pin.view)

    def arrange_pin(self) -> None:
        """Put the pin at the right of the text if there is room, else below it."""
        if not self._screen.has_class(_PINNED):
            return
        contents = max(1, self._widgets.contents.size.width) if self.has_contents and self.is_wide else 0
        columns = self._screen.size.width - contents
        is_right = columns >= PIN_RIGHT_COLUMNS
        self._screen.set_class(is_right, _PIN_RIGHT)
        styles = self._widgets.pin.styles
        if is_right:
            width = max(PIN_COLUMNS.start, min(PIN_COLUMNS.stop - 1, columns - TEXT_COLUMNS))
            styles.width = self._pin_size[0] if self._pin_size else width
            styles.height = "100%"
        else:
            styles.width = "100%"

    @property
    def pin_height(self) -> int:
        """Lines that a pin may have."""
        height = self._screen.size.height - LINES_OF_BARS
        return height if self._screen.has_class(_PIN_RIGHT) else int(height * MAX_PIN_SHARE)

    def fit_pin(self, lines: int) -> None:
        """Make a pin below the text as high as its lines, and its title, if there is room."""
        if not self._screen.has_class(_PIN_RIGHT):
            height = min(lines + 1, self.pin_height)
            self._widgets.pin.styles.height = self._pin_size[1] if self._pin_size else height

    def drag_pin(self, x: int, y: int) -> None:
        """Make the pin begin after a position of the screen."""
        screen, pin = self._screen.size, self._widgets.pin
        area = self._widgets.view.size.width + pin.size.width
        columns = max(MIN_DRAGGED, min(screen.width - x - 1, area - MIN_DRAGGED))
        lines = max(2, min(screen.height - LINES_OF_BARS + 1 - y - 1, self.pin_height))
        is_right = self._screen.has_class(_PIN_RIGHT)
        self._pin_size = (columns, pin.size.height) if is_right else (pin.size.width, lines)
        if is_right:
            pin.styles.width = columns
        else:
            pin.styles.height = lines

    def focus_text(self) -> None:
        """Move the focus to the text."""
        self._screen.set_focus(self._widgets.view)

    def close(self) -> None:
        """Close the screen."""
        self._screen.dismiss(None)
