"""Going back to the shell for a while: `ctrl+z`, and `fg` to come back."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TypeVar

from textual.app import App
from textual.worker import WorkerCancelled, WorkerFailed

ReturnValue = TypeVar("ReturnValue")

WRITER_GROUPS = ("saving", "state", "drafts", "subscriptions")
"""Groups of workers that write: stopped in the middle, they would keep their locks from every other program."""


class SuspendMixin(App[ReturnValue]):
    """An app that can be stopped by the shell it was started from."""

    def action_suspend_process(self) -> None:
        """Stop, once everything is written, until the shell wakes this program."""
        if self._driver is not None and self._driver.can_suspend and has_job_control():
            self.run_worker(self._suspend(), group="suspending", exclusive=True)
        else:
            self.notify("There is no shell to go back to: this was not started from one.", markup=False)

    async def _suspend(self) -> None:
        writing = [worker for worker in self.workers if worker.group in WRITER_GROUPS]
        if writing:
            with suppress(WorkerCancelled, WorkerFailed):  # which is told by whoever started it
                await self.workers.wait_for_complete(writing)
        with self.suspend():
            stop_process_group()

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, lambda _: self._repaint())

    def _repaint(self) -> None:
        """Paint all of it: the terminal forgot what stood there."""
        for screen in self.screen_stack:
            screen.refresh(layout=True)


def stop_process_group() -> None:
    """Stop this process and all of its job, as a terminal does at `ctrl+z`; comes back when the shell wakes it.

    All of it, because a shell waits for what it started, and that may only have started this.
    """
    # NOTE: Textual has a handler of this signal, which would put the terminal right after the shell has taken it.
    handler = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
    try:
        os.killpg(os.getpgrp(), signal.SIGTSTP)
    finally:
        signal.signal(signal.SIGTSTP, handler)


def has_job_control() -> bool:
    """Whether a shell would see that this program stopped.

    One that watches over jobs gives each a group of its own. In the group of the session's leader nobody watches: a
    program that fills a window of its own would never be woken.
    """
    return sys.platform != "win32" and os.getpgrp() != os.getsid(0)
