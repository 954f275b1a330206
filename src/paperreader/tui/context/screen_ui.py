"""What controllers may do with any screen that has a line for messages: messages, dialogs, and the terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from textual.app import SuspendNotSupported
from textual.screen import ModalScreen, Screen

from paperreader.errors import PaperreaderError
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.keymap import Keymap, get_keymap
from paperreader.tui.runtime.notifications import dismiss_all
from paperreader.tui.widgets.status_bar import MessageLine
from paperreader.tui.widgets.text_line import TextSpan, with_effective_key

Result = TypeVar("Result")


class TerminalUnavailable(PaperreaderError):
    """The terminal cannot be left to another program."""


class ScreenUi:
    """Shows messages in a line of a screen, and dialogs in front of it."""

    def __init__(self, screen: Screen[None], message_line: MessageLine) -> None:
        self._screen, self._message_line = screen, message_line

    @property
    def is_in_front(self) -> bool:
        """Whether no dialog covers the screen."""
        return self._screen.app.screen is self._screen

    @property
    def keymap(self) -> Keymap:
        """The keys as the settings have them."""
        return get_keymap(self._screen.app)

    # Messages

    def inform(self, *parts: str | TextSpan) -> None:
        """Confirm something in the status bar. Keys are shown as the settings have them."""
        keymap = self.keymap
        spans = (with_effective_key(part, keymap) if isinstance(part, TextSpan) else part for part in parts)
        self._message_line.show_message(*spans)

    def clear_message(self) -> None:
        """Remove what `inform` shows."""
        self._message_line.clear_message()

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
