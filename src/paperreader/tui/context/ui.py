"""What controllers may do with the main screen: focus and layout, in addition to messages and dialogs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from textual.screen import Screen

from paperreader.tui.commands.command import Mode
from paperreader.tui.context.screen_ui import ScreenUi
from paperreader.tui.context.widgets import ReaderWidgets
from paperreader.tui.runtime.covered_screen import CoveredScreen
from paperreader.tui.widgets.search_bar import QueryInput

if TYPE_CHECKING:
    from paperreader.tui.widgets.note_editor import NoteEditor

Arrangement = Literal["single", "stacked", "side"]
"""List and detail: one of them at a time, one above the other, or side by side."""


class ReaderUi(ScreenUi):
    """The only object except the screen itself that knows the classes of the style sheet."""

    _screen: CoveredScreen

    def __init__(self, screen: CoveredScreen, widgets: ReaderWidgets) -> None:
        super().__init__(screen, widgets.status_bar)
        self._widgets = widgets

    # State

    @property
    def mode(self) -> Mode:
        """What has the focus."""
        focused = self._screen.focused
        if self._screen.has_class("-empty"):
            return "welcome"
        if focused is self._widgets.detail:
            return "detail"
        if isinstance(focused, QueryInput):
            return "search"
        if focused is not None and focused.id == "note-text":
            return "note"
        return "select" if self._widgets.paper_list.is_selecting else "list"

    @property
    def is_zoomed(self) -> bool:
        """Whether the detail covers the list."""
        return self._screen.has_class("-zoomed")

    @property
    def arrangement(self) -> Arrangement:
        """How list and detail share the screen."""
        if self._screen.has_class("-tiny"):
            return "single"
        return "stacked" if self._screen.has_class("-narrow") else "side"

    @property
    def has_sidebar(self) -> bool:
        """Whether the screen is wide enough for the views in a column."""
        return self._screen.has_class("-huge")

    # Focus and layout

    def focus_list(self) -> None:
        """Show the list and focus it."""
        self.end_zoom()
        self._screen.set_focus(self._widgets.paper_list)

    def focus_search(self) -> None:
        """Focus the search bar, and show the list."""
        self.end_zoom()
        self._screen.set_focus(self._widgets.search_bar.input)

    def focus_detail(self, *, in_place_of_list: bool) -> None:
        """Focus the detail; `in_place_of_list`: on a screen too small for both it replaces the list."""
        self._screen.set_class(in_place_of_list, "-detail-focused")
        self._screen.set_focus(self._widgets.detail)

    def zoom_detail(self) -> None:
        """Focus the detail and cover the list with it, on any screen."""
        self._screen.add_class("-zoomed")
        self._screen.set_focus(self._widgets.detail)

    def end_zoom(self) -> None:
        """Show the list again, where the detail took its room."""
        self._screen.remove_class("-detail-focused", "-zoomed")

    def show_empty_library(self, empty: bool) -> None:
        """Show the empty library in place of list and detail, or the other way round."""
        if empty == self._screen.has_class("-empty") and self._screen.is_mounted:
            return
        self._screen.set_class(empty, "-empty")
        self._screen.set_focus(self._widgets.empty_library if empty else self._widgets.paper_list)

    def show_status_bar(self) -> None:
        """Show the status bar in an empty library too, which has none until there is something to report."""
        self._widgets.status_bar.add_class("-reports")

    async def open_note_editor(self, editor: NoteEditor) -> None:
        """Put the editor under the abstract and focus it."""
        self._screen.remove_class("-zoomed")
        self._screen.add_class("-editing-note")
        await self._widgets.detail_pane.mount(editor, before=0)
        self._screen.set_focus(editor.text_area)

    def close_note_editor(self, editor: NoteEditor) -> None:
        """Remove the editor and focus what had the focus before."""
        self._screen.remove_class("-editing-note")
        reading = self._screen.has_class("-detail-focused")
        self._screen.set_focus(self._widgets.detail if reading else self._widgets.paper_list)
        editor.remove()

    @contextmanager
    def single_frame(self) -> Iterator[None]:
        """Paint the changes that the body makes at once and together."""
        with self._screen.app.batch_update():
            yield
        self._screen.paint_now()

    def push_screen(self, screen: Screen[None]) -> None:
        """Show another screen in front of this one."""
        self._screen.app.push_screen(screen)
