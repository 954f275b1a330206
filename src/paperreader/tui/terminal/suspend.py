"""Job control: suspend the reader with `ctrl+z`, and resume it with `fg`."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.worker import WorkerCancelled, WorkerFailed

WRITER_GROUPS = ("saving", "state", "drafts", "subscriptions")
"""Worker groups that write files. Suspended in the middle, they would hold their locks."""


class JobControl:
    """Suspends an app until the shell that started it resumes it."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app

    def start(self) -> None:
        """Repaint the app whenever it is resumed. Call this when the app is mounted."""
        self._app.app_resume_signal.subscribe(self._app, lambda _: self._repaint())

    def redraw(self) -> None:
        """Set the modes of the terminal again, and paint everything."""
        enter_modes_again = getattr(self._app._driver, "enter_modes_again", None)
        if enter_modes_again is not None:
            enter_modes_again()
        else:
            self._repaint()

    def suspend(self) -> None:
        """Suspend, after all writes are finished, until the shell resumes this process."""
        app = self._app
        if app._driver is not None and app._driver.can_suspend and has_job_control():
            app.run_worker(self._suspend(), group="suspending", exclusive=True)
        else:
            app.notify("Cannot suspend: the reader was not started from a shell.", markup=False)

    async def _suspend(self) -> None:
        workers = self._app.workers
        writing = [worker for worker in workers if worker.group in WRITER_GROUPS]
        if writing:
            with suppress(WorkerCancelled, WorkerFailed):  # reported by the code that started it
                await workers.wait_for_complete(writing)
        with self._app.suspend():
            stop_process_group()

    def _repaint(self) -> None:
        """Repaint everything, because the terminal does not restore the screen."""
        for screen in self._app.screen_stack:
            screen.refresh(layout=True)


def stop_process_group() -> None:
    """Stop the process group, as a terminal does at `ctrl+z`. Return when the shell resumes it.

    The whole group, because the shell waits for the process that it started, which may be a parent of this one.
    """
    # NOTE: Textual handles this signal, too, but it would restore the terminal after the shell has taken over.
    handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.killpg(os.getpgrp(), signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, handler)


def has_job_control() -> bool:
    """Return whether a shell with job control started this process.

    Such a shell gives each job its own process group. A process in the group of the session leader has no shell that
    could resume it.
    """
    return sys.platform != "win32" and os.getpgrp() != os.getsid(0)
