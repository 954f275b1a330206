"""The reader as a Textual app: screens, theme, quitting, and what happens when something goes wrong."""

from __future__ import annotations

import asyncio
import os
from contextlib import suppress
from io import StringIO
from typing import TYPE_CHECKING

from rich.console import Console, RenderableType
from textual import events
from textual.command import CommandPalette
from textual.message_pump import MessagePump
from textual.screen import ModalScreen, Screen
from textual.theme import ThemeProvider
from textual.worker import WorkerFailed

from paperreader.config import LoadedSettings, Settings
from paperreader.tui.commands.command import bindings
from paperreader.tui.commands.dialogs import GLOBAL_KEYS
from paperreader.tui.commands.keymap import DEFAULT_KEYMAP, Keymap
from paperreader.tui.reader_screen import ReaderScreen
from paperreader.tui.runtime import notifications
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.terminal import colors, paste_guard
from paperreader.tui.terminal.glyphs import ASCII, select_glyphs
from paperreader.tui.terminal.suspend import SuspendMixin
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.library import Library


KEY_SETTLE_SECONDS = 0.2
"""How long one key's effect is waited for before the next key is looked at."""


class ReaderApp(notifications.NotificationPolicy[None], SuspendMixin[None]):
    """Shows one library at a time."""

    TITLE = "paperreader"
    CSS_PATH = ["styles/reader.tcss", "styles/panes.tcss"]  # noqa: RUF012 - as Textual declares it
    ENABLE_COMMAND_PALETTE = True
    BINDINGS = bindings(GLOBAL_KEYS)

    def __init__(
        self, library: Library, *, start_row: int | None = None, loaded: LoadedSettings | None = None
    ) -> None:
        """
        Args:
            library: what to show.
            at: the row of the paper to begin with; None resumes where the last visit ended.
            loaded: the settings in force, and what is wrong with their file; None for the defaults.
        """
        super().__init__()
        self.library = library
        self.settings = loaded.settings if loaded else Settings()
        self.glyphs = select_glyphs(setting=self.settings.appearance.marks)
        self.set_class(self.glyphs is ASCII, "-ascii")
        self.effective_keymap = DEFAULT_KEYMAP
        self._loaded = loaded
        for theme in colors.OWN_THEMES:
            self.register_theme(theme)
        if self.settings.keys:
            self.effective_keymap = Keymap(self.settings.keys)
            self.set_keymap(self.effective_keymap.textual_overrides())
        self._start_row = start_row
        self._quitting = False
        self.unhandled_error: BaseException | None = None
        """What nobody foresaw and ended the reader."""
        wanted = self.settings.appearance.theme
        chosen = library.state.get("theme") if wanted == "auto" else wanted
        self.theme = colors.initial_theme(chosen, self.available_themes, os.environ)
        self._initial_theme = self.theme

    def get_default_screen(self) -> Screen[object]:
        return ReaderScreen(self.library, self.settings, start_row=self._start_row, width=self.size.width)  # type: ignore[return-value]

    def action_command_palette(self) -> None:
        """Every command by name."""
        if not any(isinstance(screen, CommandPalette) for screen in self.screen_stack):
            from paperreader.tui.dialogs.command_palette import CommandPaletteDialog

            self.push_screen(CommandPaletteDialog())

    def search_themes(self) -> None:
        """Every theme by name."""
        self.push_screen(CommandPalette([ThemeProvider], placeholder="which colours, by name"))

    def on_mount(self) -> None:
        if self._loaded is not None and (self._loaded.problems or self._loaded.set_in_file):
            self._report_setting_errors(self._loaded)
        self.theme_changed_signal.subscribe(self, lambda theme: self._save_theme(theme.name))

    def _report_setting_errors(self, loaded: LoadedSettings) -> None:
        """Say in one notice what is wrong with the settings."""
        from paperreader.tui.runtime.settings_check import error_summary

        if said := error_summary(loaded, notifications.MAX_MESSAGE_LENGTH):
            self.notify(said, severity="warning", markup=False)

    def _save_theme(self, name: str) -> None:
        if name == self._initial_theme:
            return  # told at the start as well: what was guessed is not what was chosen
        self._initial_theme = ""
        if self.settings.appearance.theme != "auto":
            said = f"{name} for now: config.toml says {self.settings.appearance.theme} for the next start."
            self.notify(said, markup=False)
            return
        self.run_worker(run_in_thread(lambda: self.library.state.set("theme", name)), group="state")

    async def on_event(self, event: events.Event) -> None:
        pressed = isinstance(event, events.Key) and not event.is_forwarded
        if isinstance(event, events.Key) and pressed and event.key == "escape" and not self._escape_goes_back:
            notifications.dismiss_all(self)  # beside what the key does in a line or in front
        await super().on_event(event)
        if pressed:
            typing = self.focused is not None and self.focused.check_consume_key("a", "a")
            in_front = not isinstance(self.screen, ReaderScreen)  # a chooser, which this key may close
            if typing or in_front or not self._message_queue.empty():
                await self._wait_until_handled()
            for screen in self.screen_stack:
                if isinstance(screen, ReaderScreen):
                    screen.key_pressed()
                    await screen.acts_done()

    @property
    def _escape_goes_back(self) -> bool:
        """Whether `escape` goes one step back, the first of which is to take the notices away."""
        return isinstance(self.screen, ReaderScreen) and self.screen.mode in (
            "list",
            "select",
            "detail",
            "welcome",
        )

    async def _wait_until_handled(self) -> None:
        """Let a key have its whole effect before the next one.

        A letter travels to the line one types in while the app looks at the key behind it already. On a slow line,
        which delivers what was typed in lumps, that key would act before the letters are there.
        """
        for node in (self.focused or self.screen).ancestors_with_self:
            if node is not self and isinstance(node, MessagePump):
                done = asyncio.Event()
                if node.call_later(done.set):
                    with suppress(TimeoutError):
                        await asyncio.wait_for(done.wait(), KEY_SETTLE_SECONDS)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """In a note `ctrl+z` takes back what was typed."""
        return action != "suspend_process" or self.focused is None or self.focused.id != "note-text"

    def action_help_quit(self) -> None:
        """`ctrl+c` where nothing is selected: say what quits."""
        screen, label = self.screen, self.effective_keymap.label
        if isinstance(screen, ReaderScreen):
            way_out = {"search": "search-clear", "note": "note-close"}.get(screen.mode)
            first = (TextSpan(label(way_out), "key"), TextSpan(", then ", "muted")) if way_out else ()
            screen.status.show_message(*first, TextSpan(label("quit"), "key"), " quits")

    def key_ctrl_c(self) -> None:
        """`ctrl+c` in front of the reader, where no binding of ours is heard: leave what stands there."""
        if isinstance(self.screen, ModalScreen):
            self.screen.dismiss(None)

    async def action_quit(self) -> None:
        """Leave when everything is saved; stay when something could not be."""
        if not self._quitting:
            self._quitting = True
            self.run_worker(self._quit(), group="quitting")

    async def _quit(self) -> None:
        try:
            for screen in self.screen_stack:
                if isinstance(screen, ReaderScreen) and not await screen.leave():
                    return
            self.exit()
        finally:
            self._quitting = False

    def _fatal_error(self) -> None:
        # NOTE: Textual's hook for what nobody caught. Its own prints the traceback on the terminal; ours leaves it to
        # `run`, whose caller writes it into the log.
        failure = self._exception
        self.unhandled_error = failure.error if isinstance(failure, WorkerFailed) else failure
        self._close_messages_no_wait()

    def panic(self, *renderables: RenderableType) -> None:
        # NOTE: what Textual calls when the thread that reads the terminal fails, with a traceback to be printed.
        self.unhandled_error = RuntimeError("the terminal cannot be read any more")
        told = StringIO()
        Console(file=told, width=120).print(*renderables)
        self.unhandled_error.add_note(told.getvalue())
        self._close_messages_no_wait()


def run(library: Library, *, start_row: int | None = None, loaded: LoadedSettings | None = None) -> None:
    """Open the reader over `library` until it is left, at the paper of row `at` if given, with the settings `loaded`.

    Raises:
        Exception: what nobody foresaw, after the terminal is in order again.
    """
    app = ReaderApp(library, start_row=start_row, loaded=loaded)
    paste_guard.install_guard(app.driver_class)
    app.run()
    if app.unhandled_error is not None:
        raise app.unhandled_error
