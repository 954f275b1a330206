"""What controllers may do with the screen: focus, layout, messages and dialogs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from textual.app import SuspendNotSupported
from textual.screen import ModalScreen, Screen

from paperreader.errors import PaperreaderError
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import Mode
from paperreader.tui.commands.keymap import Keymap, get_keymap
from paperreader.tui.context.widgets import ReaderWidgets
from paperreader.tui.runtime.notifications import dismiss_all
from paperreader.tui.widgets.search_bar import QueryInput
from paperreader.tui.widgets.text_line import TextSpan, with_effective_key

if TYPE_CHECKING:
    from paperreader.tui.widgets.note_editor import NoteEditor

BATCH_SECONDS = 0.001
"""How long widgets take to report that they changed: some rounds of the event loop."""

Arrangement = Literal["single", "stacked", "side"]
"""List and detail: one of them at a time, one above the other, or side by side."""

Result = TypeVar("Result")


class TerminalUnavailable(PaperreaderError):
    """The terminal cannot be left to another program."""


class ReaderUi:
    """The only object except the screen itself that knows the classes of the style sheet."""

    def __init__(self, screen: Screen[None], widgets: ReaderWidgets) -> None:
        self._screen, self._widgets = screen, widgets

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
    def is_in_front(self) -> bool:
        """Whether no dialog covers the screen."""
        return self._screen.app.screen is self._screen

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

    @property
    def keymap(self) -> Keymap:
        """The keys as the settings have them."""
        return get_keymap(self._screen.app)

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
        self._screen.add_class("-fetched")

    async def open_note_editor(self, editor: NoteEditor) -> None:
        """Put the editor under the abstract and focus it."""
        self._screen.remove_class("-zoomed")
        self._screen.add_class("-editing-note")
        await self._widgets.detail_pane.mount(editor, before=0)
        self._screen.set_focus(editor.text_area)

    def close_note_editor(self, editor: NoteEditor | None) -> None:
        """Remove the editor and focus what had the focus before."""
        self._screen.remove_class("-editing-note")
        reading = self._screen.has_class("-detail-focused")
        self._screen.set_focus(self._widgets.detail if reading else self._widgets.paper_list)
        if editor is not None:
            editor.remove()

    @contextmanager
    def single_frame(self) -> Iterator[None]:
        """Paint nothing until every widget has reported the changes that the body makes.

        A scrollbar reports first, and painting it alone would delay the list by most of a frame.
        """
        frame = ExitStack()
        frame.enter_context(self._screen.app.batch_update())
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(BATCH_SECONDS, self._end_frame, frame)

    def _end_frame(self, frame: ExitStack) -> None:
        frame.close()
        self._screen.check_idle()  # not called while painting was suspended

    # Messages

    def inform(self, *parts: str | TextSpan) -> None:
        """Confirm something in the status bar. Keys are shown as the settings have them."""
        keymap = self.keymap
        spans = (with_effective_key(part, keymap) if isinstance(part, TextSpan) else part for part in parts)
        self._widgets.status_bar.show_message(*spans)

    def clear_message(self) -> None:
        """Remove what `inform` shows."""
        self._widgets.status_bar.clear_message()

    def fail(self, error: PaperreaderError | str) -> None:
        """Report an error in a notification."""
        self._screen.notify(single_line(str(error)), severity="error", markup=False)

    def warn(self, text: str) -> None:
        """Report something that is no failure, but that the user did not ask for."""
        self._screen.notify(single_line(text), severity="warning", markup=False)

    def dismiss_notifications(self) -> bool:
        """Remove all notifications; False where there were none."""
        return dismiss_all(self._screen.app)

    # Dialogs and the terminal

    def push_dialog(
        self, dialog: ModalScreen[Result], callback: Callable[[Result | None], None] | None = None
    ) -> None:
        """Show a dialog, and call `callback` with its result when it is closed."""
        self._screen.app.push_screen(dialog, callback)

    def open_palette(self) -> None:
        """Show all commands by name."""
        self._screen.app.action_command_palette()

    async def quit(self) -> None:
        """Quit the application when everything is saved."""
        await self._screen.app.action_quit()

    def run_in_terminal(self, run: Callable[[], Result]) -> Result:
        """Leave the terminal to the program that `run` runs and waits for, then paint everything again.

        Raises:
            PaperreaderError: `run` raised it.
            TerminalUnavailable: the terminal cannot be left.
        """
        result: Result | None = None
        failure: PaperreaderError | OSError | None = None
        try:
            # NOTE: An exception raised in this block would leave the terminal suspended.
            with self._screen.app.suspend():
                try:
                    result = run()
                except (PaperreaderError, OSError) as error:
                    failure = error
        except SuspendNotSupported:
            failure = TerminalUnavailable("This terminal cannot be suspended for another program.")
        self._screen.refresh(layout=True)
        if failure is not None:
            raise failure
        return cast("Result", result)

    def write_to_terminal(self, sequence: str) -> None:
        """Send an escape sequence to the terminal, between two frames."""
        driver = self._screen.app._driver
        if driver is not None:
            driver.write(sequence)
            driver.flush()
