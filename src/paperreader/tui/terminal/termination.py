"""Ends the reader in order when a signal asks for it: draft saved, terminal restored, exit status 128 + N."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

EXIT_STATUS_BASE = 128
"""A shell reports a process that signal N ended as 128 + N."""

GRACE_SECONDS = 3.0
"""How long saving and restoring may take. After that, the process exits immediately."""

_NOT_HANDLED = (
    # Cannot be handled, or belong to job control and do not end a process.
    *(
        "SIGKILL",
        "SIGSTOP",
        "SIGTSTP",
        "SIGTTIN",
        "SIGTTOU",
        "SIGCONT",
        "SIGCHLD",
        "SIGWINCH",
        "SIGURG",
        "SIGINFO",
    ),
    # Ignored by Python, which raises an exception instead.
    *("SIGPIPE", "SIGXFSZ"),
    # A fault of the interpreter itself: after a handler of Python, it would happen again.
    *("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS"),
)


class Termination:
    """Handles every signal that would end the process.

    Args:
        end: ends the reader with an exit status; called in a signal handler, returns immediately. It returns False if
            there is nothing to save or to restore.
        restore: restores the terminal without waiting for anything.
    """

    def __init__(self, end: Callable[[int], bool], restore: Callable[[], None]) -> None:
        self._end, self._restore = end, restore
        self.status: int | None = None
        """The exit status, once a signal has arrived."""

    @contextmanager
    def handle_signals(self) -> Iterator[None]:
        """Handle signals in the body. Those that the parent process ignores, as nohup does, stay ignored."""
        default = (signal.SIG_DFL, signal.default_int_handler)
        numbers = [number for number in _ending_signals() if signal.getsignal(number) in default]
        previous = {number: signal.signal(number, self._handle) for number in numbers}
        try:
            yield
        finally:
            for number, handler in previous.items():
                signal.signal(number, handler)

    def _handle(self, number: int, _: FrameType | None) -> None:
        if self.status is not None:
            return
        self.status = EXIT_STATUS_BASE + number
        if not self._end(self.status):
            self._exit_immediately()
        timer = threading.Timer(GRACE_SECONDS, self._exit_immediately)
        timer.daemon = True
        timer.start()

    def _exit_immediately(self) -> None:
        assert self.status is not None
        self._restore()
        os._exit(self.status)


def _ending_signals() -> list[int]:
    ignored = {getattr(signal, name, None) for name in _NOT_HANDLED}
    return [number for number in signal.valid_signals() if number not in ignored]
