"""Copying text, and opening URLs in the browser and PDFs in a viewer, with messages that say how it went."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader.config import Settings
from paperreader.errors import PaperreaderError
from paperreader.tui.context.screen_ui import ScreenUi
from paperreader.tui.context.task_runner import TaskRunner
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.system.clipboard import CopyResult
    from paperreader.system.shell_words import ShellCommand

MAX_PAINT_SECONDS = 0.5
"""How long opening a link waits until its address is on the screen."""


class Sharing:
    """Always reports how something was copied. What cannot be copied is shown in full."""

    def __init__(self, ui: ScreenUi, tasks: TaskRunner, settings: Settings, glyphs: Glyphs) -> None:
        self._ui, self._tasks, self._settings, self._glyphs = ui, tasks, settings, glyphs

    def copy(self, text: str, *, others: int = 0) -> None:
        """Copy text, by whichever method works, and report which; `others`: how many other links could be copied."""
        self._tasks.start(self._copy(text, others), group="copying")

    def open_url(self, url: str) -> None:
        """Open a URL in the browser, after the status bar has shown it."""
        self._ui.inform("Opening  ", TextSpan(_display_text(url)))
        self._tasks.after_refresh(lambda: self._tasks.start(self._open(url), group="opening"))

    def run_in_terminal(self, command: ShellCommand, advice: str) -> None:
        """Leave the terminal to a program until the user quits it. `advice` says what to do if it fails."""
        from paperreader.tui.terminal.foreground import failure_of, run_and_pause_after_failure

        try:
            status = self._ui.run_in_terminal(partial(run_and_pause_after_failure, command))
        except PaperreaderError as error:
            self._ui.fail(error)
            return
        self._ui.clear_message()
        if failure := failure_of(status):
            self._ui.fail(f"{command.words[0]} {failure}. {advice}")

    async def show_pdf(self, path: Path, *, where: Sequence[TextSpan]) -> None:
        """Open a PDF; report that it is stored if there is no viewer, and with `where`, where."""
        from paperreader.system.viewer import open_file

        shown = TextSpan(path.name, "text")
        self._ui.inform("Opening  ", shown)
        viewer = self._settings.pdf.viewer
        result = await run_in_thread(partial(open_file, path, viewer))
        if result.ok:
            self._ui.inform("Opened  ", shown)
        elif result.in_terminal is not None:
            self.run_in_terminal(result.in_terminal, "Check viewer in the settings.")
        elif viewer:
            self._ui.inform("Stored  ", shown, *where)
            self._ui.fail(f"{result.error} Check viewer in the settings.")
        else:
            self._ui.inform("No viewer: stored  ", shown, *where)

    async def to_clipboard(self, text: str) -> CopyResult:
        """Copy text; return how it went."""
        from paperreader.system import clipboard

        method, osc52 = self._settings.clipboard.way, self._send_to_terminal
        return await run_in_thread(partial(clipboard.copy_text, text, osc52=osc52, method=method))

    def report_copied(self, result: CopyResult, *parts: str | TextSpan) -> None:
        """Confirm that something was copied, and in which of two ways."""
        check_mark = TextSpan(f"{self._glyphs.selected} ", "good")
        self._ui.inform(check_mark, "Copied " if result.outcome == "copied" else "Sent to terminal ", *parts)

    async def _copy(self, text: str, others: int) -> None:
        result = await self.to_clipboard(text)
        if result.outcome == "failed":
            self._show_in_full(result.error, text)
            return
        more = (TextSpan("   Y", "key"), TextSpan(f" for {others} more", "muted")) if others else ()
        self.report_copied(result, " ", TextSpan(_display_text(text)), *more)

    async def _open(self, url: str) -> None:
        from paperreader.system import browser
        from paperreader.text.urls import safe_url

        painted = asyncio.Event()
        shown = TextSpan(_display_text(url))
        self._ui.inform("Opening  ", shown)
        self._tasks.after_refresh(painted.set)
        with suppress(TimeoutError):
            # The user sees which site it is before it is opened.
            await asyncio.wait_for(painted.wait(), MAX_PAINT_SECONDS)
        result = await run_in_thread(partial(browser.open_url, url))
        if result.ok:
            self._ui.inform("Opened  ", shown)
        elif result.in_terminal is not None:
            advice = "Check the environment variable BROWSER, or press Y to copy the link."
            self.run_in_terminal(result.in_terminal, advice)
        elif safe_url(url) is None or (copied := await self.to_clipboard(url)).outcome == "failed":
            self._show_in_full(result.error, url)
        else:
            # The browser is mostly on the machine in front of the user, and so is the clipboard.
            done = "copied  " if copied.outcome == "copied" else "sent to terminal  "
            self._ui.inform(f"No browser: {done}", shown)
            if result.setting_error:
                self._ui.fail(f"{result.setting_error} Check this environment variable.")

    def _send_to_terminal(self, sequence: str) -> None:
        """Send an escape sequence to the terminal. Called from a worker thread."""
        self._tasks.from_thread(self._ui.write_to_terminal, sequence)

    def _show_in_full(self, reason: str, text: str) -> None:
        from paperreader.tui.dialogs.copy_fallback import CopyFallbackDialog

        self._ui.push_dialog(CopyFallbackDialog(reason, text))


def _display_text(text: str) -> str:
    """Return a copied text for the status bar: a URL without its scheme, else the first line."""
    from paperreader.text.url_display import display_url

    first = text.partition("\n")[0]
    return display_url(first) if first.startswith(("http://", "https://")) else first
