"""The reader as a Textual app: screens, theme, quitting, and what happens when something goes wrong."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.app import App, SystemCommand
from textual.screen import Screen

from paperreader.tui import themes
from paperreader.tui.background import in_thread
from paperreader.tui.reader import ReaderScreen

if TYPE_CHECKING:
    from paperreader.library import Library


class ReaderApp(App[None]):
    """Shows one library at a time."""

    TITLE = "paperreader"
    CSS_PATH = ["styles.tcss", "panes.tcss"]  # noqa: RUF012 - as Textual declares it
    ENABLE_COMMAND_PALETTE = True

    def __init__(self, library: Library, *, at: int | None = None) -> None:
        super().__init__()
        self.library = library
        self._at = at
        self.failure: Exception | None = None
        """What nobody foresaw and ended the reader."""
        self.theme = themes.initial(library.state.get("theme"), self.available_themes, os.environ)

    def get_default_screen(self) -> Screen[object]:
        return ReaderScreen(self.library, at=self._at)  # type: ignore[return-value]

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        from paperreader.tui.palette import commands

        return commands(self, screen)

    def on_mount(self) -> None:
        self.theme_changed_signal.subscribe(self, lambda theme: self._keep_theme(theme.name))

    def _keep_theme(self, name: str) -> None:
        self.run_worker(in_thread(lambda: self.library.state.set("theme", name)), group="state")

    async def action_quit(self) -> None:
        """Leave when everything is saved; stay when something could not be."""
        for screen in self.screen_stack:
            if isinstance(screen, ReaderScreen) and not await screen.leave():
                return
        self.exit()

    def _fatal_error(self) -> None:
        # NOTE: Textual's hook for what nobody caught. Its own prints the traceback on the terminal; ours leaves it to
        # `run`, whose caller writes it into the log.
        self.failure = self._exception
        self._close_messages_no_wait()


def run(library: Library, *, at: int | None = None) -> None:
    """Open the reader over `library` until it is left, at the paper of row `at` if given.

    Raises:
        Exception: what nobody foresaw, after the terminal is in order again.
    """
    app = ReaderApp(library, at=at)
    app.run()
    if app.failure is not None:
        raise app.failure
