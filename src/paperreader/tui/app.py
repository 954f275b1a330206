"""The Textual application: screens, theme, key throttling, quitting and unhandled errors."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from textual import events
from textual.command import CommandPalette
from textual.driver import Driver
from textual.notifications import Notify
from textual.screen import ModalScreen, Screen
from textual.theme import ThemeProvider
from textual.worker import WorkerFailed

from paperreader.config import LoadedSettings, Settings
from paperreader.tui.commands.command import bindings
from paperreader.tui.commands.dialogs import GLOBAL_KEYS
from paperreader.tui.commands.keymap import DEFAULT_KEYMAP, Keymap
from paperreader.tui.reader_screen import ReaderScreen
from paperreader.tui.runtime import notifications
from paperreader.tui.runtime.covered_screen import CoveringApp
from paperreader.tui.runtime.key_order import wait_until_handled
from paperreader.tui.runtime.theme_choice import ThemeChoice
from paperreader.tui.terminal.glyphs import ASCII, select_glyphs
from paperreader.tui.terminal.suspend import JobControl
from paperreader.tui.terminal.termination import Termination
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.library import Library
    from paperreader.tui.terminal.first_frame import FirstFrame


LAST_SAVE_SECONDS = 2.0
"""How long a signal that ends the reader waits until everything is saved."""


class ReaderApp(CoveringApp):
    """The application for one library."""

    TITLE = "paperreader"
    CSS_PATH = ["styles/reader.tcss", "styles/panes.tcss"]  # noqa: RUF012 - as Textual declares it
    ENABLE_COMMAND_PALETTE = True
    BINDINGS = bindings(GLOBAL_KEYS)

    def __init__(
        self,
        library: Library,
        *,
        start_row: int | None = None,
        loaded: LoadedSettings | None = None,
        first_frame: FirstFrame | None = None,
    ) -> None:
        """
        Args:
            library: the library to show.
            start_row: row of the paper to start with; None restores the last session.
            loaded: the settings and the errors of the settings file; None for the defaults.
            first_frame: what is on the terminal already.
        """
        super().__init__()
        self.library, self.first_frame = library, first_frame
        self.settings = loaded.settings if loaded else Settings()
        self.glyphs = select_glyphs(setting=self.settings.appearance.marks)
        self.set_class(self.glyphs is ASCII, "-ascii")
        self.effective_keymap = DEFAULT_KEYMAP
        self._loaded = loaded
        self._job_control = JobControl(self)
        if self.settings.keys or self.settings.commands:
            self.effective_keymap = Keymap(self.settings.keys, self.settings.commands)
            self.set_keymap(self.effective_keymap.textual_overrides())
        self._start_row = start_row
        self._quitting = False
        self.unhandled_error: BaseException | None = None
        """The exception that ended the reader."""
        self._theme_choice = ThemeChoice(self, library, self.settings.appearance.theme)

    def get_driver_class(self) -> type[Driver]:
        """Return the driver of this program on Linux and macOS, unless another one is configured."""
        driver = super().get_driver_class()
        if driver.__name__ != "LinuxDriver":
            return driver
        from paperreader.tui.terminal.driver import ReaderDriver

        return ReaderDriver

    def get_default_screen(self) -> Screen[object]:
        return ReaderScreen(self.library, self.settings, start_row=self._start_row, width=self.size.width)  # type: ignore[return-value]

    def get_css_variables(self) -> dict[str, str]:
        """Return the colors of the theme; none before it is chosen, when they would be those of another theme."""
        return super().get_css_variables() if hasattr(self, "_theme_choice") else {}

    def refresh_css(self, animate: bool = True) -> None:
        """Style all widgets again, with the colors of another theme."""
        if self.screen_stack:
            super().refresh_css(animate)
            return
        # The theme is set before anything is shown. Textual would parse all style sheets for it, and once more for
        # the first screen.
        self.stylesheet.set_variables(self.get_css_variables())
        self.stylesheet.update(self, animate=False)

    def action_command_palette(self) -> None:
        """Open the command palette."""
        if not any(isinstance(screen, CommandPalette) for screen in self.screen_stack):
            from paperreader.tui.dialogs.command_palette import CommandPaletteDialog

            self.push_screen(CommandPaletteDialog())

    def search_themes(self) -> None:
        """Open the palette with all themes."""
        from paperreader.tui.dialogs.command_palette import SearchPalette

        self.push_screen(SearchPalette([ThemeProvider], placeholder="search themes"))

    def action_suspend_process(self) -> None:
        """Suspend the reader on `ctrl+z`."""
        self._job_control.suspend()

    def copy_to_clipboard(self, text: str) -> None:
        """Copy selected text the same ways as links."""
        self._clipboard = text  # what ctrl+v inserts
        for screen in reversed(self.screen_stack):
            if text and isinstance(screen, ReaderScreen):
                screen.controllers.copy_open.copy(text)
                return

    def action_redraw(self) -> None:
        """Paint everything again on `ctrl+l`, because another program has written to the terminal."""
        self._job_control.redraw()

    def _on_notify(self, event: Notify) -> None:
        # NOTE: Textual's handler of the same name runs after this one, and adds the notification.
        notifications.prepare_notification(self, event.notification)

    def on_mount(self) -> None:
        self._job_control.start()
        if self._loaded is not None and (self._loaded.problems or self._loaded.set_in_file):
            self._report_setting_errors(self._loaded)
        self._theme_choice.start()

    def _report_setting_errors(self, loaded: LoadedSettings) -> None:
        """Show the errors of the settings file, and which commands lost a key to it, in one notification."""
        from paperreader.tui.runtime.settings_check import settings_summary

        if message := settings_summary(loaded, notifications.MAX_MESSAGE_LENGTH):
            self.notify(message, severity="warning", markup=False)

    async def on_event(self, event: events.Event) -> None:
        pressed = isinstance(event, events.Key) and not event.is_forwarded
        if isinstance(event, events.Key) and pressed and event.key == "escape" and not self._escape_goes_back:
            notifications.dismiss_all(self)  # in addition to what the key does in an input or a dialog
        await super().on_event(event)
        if pressed:
            typing = self.focused is not None and self.focused.check_consume_key("a", "a")
            dialog_open = not isinstance(self.screen, ReaderScreen)  # a dialog, which this key may close
            if typing or dialog_open or not self._message_queue.empty():
                await wait_until_handled(self.focused or self.screen)
            for screen in self.screen_stack:
                if isinstance(screen, ReaderScreen):
                    screen.key_pressed()
                    await screen.wait_for_commands()

    @property
    def _escape_goes_back(self) -> bool:
        """Whether `escape` runs the screen's `back` command, which dismisses notifications itself."""
        return isinstance(self.screen, ReaderScreen) and self.screen.mode in (
            "list",
            "select",
            "detail",
            "welcome",
        )

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In the note editor `ctrl+z` undoes typing instead of suspending the reader."""
        return action != "suspend_process" or self.focused is None or self.focused.id != "note-text"

    def action_help_quit(self) -> None:
        """Handle `ctrl+c` without a text selection: show the key that quits."""
        screen, label = self.screen, self.effective_keymap.label
        if isinstance(screen, ReaderScreen):
            close_command = {"search": "search-clear", "note": "note-close"}.get(screen.mode)
            first = (
                (TextSpan(label(close_command), "key"), TextSpan(", then ", "muted")) if close_command else ()
            )
            screen.widgets.status_bar.show_message(*first, TextSpan(label("quit"), "key"), " quits")

    def key_ctrl_c(self) -> None:
        """Close the dialog on `ctrl+c`: there the bindings of `ReaderScreen` are not active."""
        if isinstance(self.screen, ModalScreen):
            self.screen.dismiss(None)

    async def action_quit(self) -> None:
        """Quit when everything is saved. Stay open when something could not be saved."""
        if not self._quitting:
            self._quitting = True
            self.run_worker(self._quit(), group="quitting")

    async def _quit(self) -> None:
        try:
            for screen in self.screen_stack:
                if (
                    isinstance(screen, ReaderScreen)
                    and not await screen.controllers.application.save_before_quit()
                ):
                    return
            await self._save_next_frame()
            self.exit()
        finally:
            self._quitting = False

    async def _save_next_frame(self) -> None:
        """Save what the next start is to show at once, unless messages are to be shown then."""
        screens = [screen for screen in self.screen_stack if isinstance(screen, ReaderScreen)]
        if len(screens) == 1 and not (self._loaded and self._loaded.problems):
            from paperreader.tui.runtime.next_start import save_next_frame

            await save_next_frame(
                self,
                screens[0].library,
                lambda library, painted: ReaderScreen(
                    library, self.settings, width=self.size.width, painted=painted
                ),
            )

    def terminate(self, status: int) -> bool:
        """Save everything and exit with `status`. For signal handlers; False if the app does not have the terminal."""
        if self._driver is None or not getattr(self._driver, "is_active", True):
            return False
        try:
            self._driver._loop.call_soon_threadsafe(
                lambda: self.run_worker(self._terminate(status), group="quitting")
            )
        except RuntimeError:  # the event loop has ended
            return False
        return True

    async def _terminate(self, status: int) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LAST_SAVE_SECONDS):
                for screen in self.screen_stack:
                    if isinstance(screen, ReaderScreen):
                        await screen.controllers.application.save_before_termination()
        self.exit(return_code=status)

    def restore_terminal(self) -> None:
        """Restore the terminal without waiting for anything. For a process that is about to exit."""
        restore = getattr(self._driver, "restore_immediately", None)
        if restore is not None:
            restore()
        if self.first_frame is not None:
            self.first_frame.restore()

    def _fatal_error(self) -> None:
        # NOTE: Textual's hook for unhandled exceptions. Its own version prints the traceback to the terminal. This one
        # leaves the exception to `run`, whose caller logs it.
        error = self._exception
        self.unhandled_error = error.error if isinstance(error, WorkerFailed) else error
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        # NOTE: Textual calls this with a traceback when the thread that reads the terminal fails.
        self.unhandled_error = RuntimeError("reading from the terminal failed")
        output = StringIO()
        Console(file=output, width=120).print(*renderables)
        self.unhandled_error.add_note(output.getvalue())
        self._close_messages_no_wait()


def run(
    library: Library,
    *,
    start_row: int | None = None,
    loaded: LoadedSettings | None = None,
    first_frame: FirstFrame | None = None,
) -> int:
    """Run the reader until the user quits; the arguments are those of `ReaderApp`.

    Return the exit status: 0, or 128 + N after signal N.

    Raises:
        Exception: an unhandled exception, after the terminal has been restored.
    """
    app = ReaderApp(library, start_row=start_row, loaded=loaded, first_frame=first_frame)
    termination = Termination(app.terminate, app.restore_terminal)
    if first_frame is not None:
        first_frame.release_signals()
    with termination.handle_signals():
        app.run()
    if app.unhandled_error is not None and termination.status is None:
        raise app.unhandled_error
    return termination.status or 0
