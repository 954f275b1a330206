"""Programs that get the terminal while the reader is suspended: editors, text browsers, commands of the user."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from paperreader.errors import PaperreaderError
from paperreader.storage import os_error_message
from paperreader.system.shell_words import ShellCommand
from paperreader.system.subprocesses import anonymous_file
from paperreader.text.sanitize import clean_output
from paperreader.tui.terminal.modes import terminal_restored

_INTERRUPTED_STATUS = 128 + signal.SIGINT
"""The exit status of a program that ends by itself when the user presses `ctrl+c`."""


def run_in_foreground(
    command: ShellCommand,
    *,
    stdin: IO[bytes] | None = None,
    keep_open: int | None = None,
    on_start: Callable[[int], None] = lambda _: None,
) -> int:
    """Run a program that uses the terminal, and return its exit status (-N after signal N). Blocks until it ends.

    Args:
        command: the program with its arguments.
        stdin: its standard input; None for the terminal.
        keep_open: a file descriptor that it inherits.
        on_start: called with its process id.

    Raises:
        PaperreaderError: it cannot be started.
    """
    program = command.words[0]
    with _interrupts_ignored(), terminal_restored():
        try:
            process = subprocess.Popen(
                command.words,
                stdin=stdin,
                env={**os.environ, **command.variables},
                pass_fds=() if keep_open is None or os.name == "nt" else (keep_open,),
            )
        except (OSError, ValueError) as error:
            reason = os_error_message(error) if isinstance(error, OSError) else str(error)
            raise PaperreaderError(f"Cannot start {program}: {reason}.") from error
        on_start(process.pid)
        return process.wait()


def run_and_pause(command: ShellCommand, data: bytes) -> int:
    """Run a program with `data` on standard input, wait until the user presses enter, and return its exit status.

    Raises:
        PaperreaderError: it cannot be started.
    """
    with anonymous_file(data) as stdin:
        status = run_in_foreground(command, stdin=stdin)
    _wait_for_enter(command, status)
    return status


def run_and_pause_after_failure(command: ShellCommand) -> int:
    """Run a program, and return its exit status. If it failed, what it printed stays until the user presses enter.

    Raises:
        PaperreaderError: it cannot be started.
    """
    status = run_in_foreground(command)
    if status > 0 and status != _INTERRUPTED_STATUS:
        _wait_for_enter(command, status)
    return status


def _wait_for_enter(command: ShellCommand, status: int) -> None:
    with _interrupts_ignored(), suppress(OSError), Path("/dev/tty").open("r+b", buffering=0) as terminal:
        ended = f"{Path(command.words[0]).name} {failure_of(status)}. " if status else ""
        terminal.write(f"\r\n{clean_output(ended)}Press enter to return to paperreader. ".encode())
        terminal.readline()


def failure_of(status: int) -> str:
    """Return what an exit status means, as a verb phrase; empty for success."""
    if not status:
        return ""
    return f"was interrupted by {_signal_name(-status)}" if status < 0 else f"exited with status {status}"


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Leave `ctrl+c` to the program, which gets the signal as well, and not to the reader that waits for it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    names = [name for name in ("SIGINT", "SIGQUIT") if hasattr(signal, name)]
    # A function, because a signal that is ignored would also be ignored by the program.
    before = {name: signal.signal(getattr(signal, name), lambda *_: None) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            with suppress(TypeError):  # a handler that was not set by Python
                signal.signal(getattr(signal, name), handler)


def _signal_name(number: int) -> str:
    """Return `SIGINT` for 2; realtime signals have no name in Python."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
