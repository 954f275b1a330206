"""A Python function in a process of its own: a fork of this one, which starts fast because all is imported.

It has its own session, terminal, environment and standard streams. What depends on the start of the interpreter, such
as the encoding of the locale, needs a new program instead.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import random
import signal
import sys
import termios
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence


class ForkedProcess:
    """A child process with the interface of `subprocess.Popen`."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float = 30.0) -> int:
        """Wait for the end, and return the exit code.

        Raises:
            TimeoutError: it still runs after `timeout` seconds.
        """
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > end:
                raise TimeoutError(f"process {self.pid} did not end")
            time.sleep(0.005)  # as `Popen.wait` does
        return code


def fork_in_terminal(
    run: Callable[[], int], argv: Sequence[str], terminal: int, environment: Mapping[str, str]
) -> ForkedProcess:
    """Run a function in a child process whose terminal is the file descriptor `terminal`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about threads: those of this process are idle
        pid = os.fork()
    if pid:
        return ForkedProcess(pid)
    code = 1
    try:
        _become_program(argv, terminal, environment)
        code = run()
    except SystemExit as request:
        code = request.code if isinstance(request.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        threading._shutdown()  # type: ignore[attr-defined]  # waits for other threads, as at the end of a program
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # without the exit handlers of the parent


def _become_program(argv: Sequence[str], terminal: int, environment: Mapping[str, str]) -> None:
    """Replace everything that a new program would not inherit."""
    os.setsid()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for number in range(3):
        os.dup2(terminal, number)
    os.closerange(3, 65_536)
    signal.set_wakeup_fd(-1)
    for each in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        if callable(signal.getsignal(each)):
            signal.signal(each, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = list(argv)
    sys.stdin = sys.__stdin__ = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", 1, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", 1, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.excepthook, threading.excepthook = sys.__excepthook__, threading.__excepthook__
    warnings.resetwarnings()
    warnings.simplefilter("ignore")
    random.seed()
    if (module := sys.modules.get("paperreader.tui.runtime.threads")) is not None:
        module._idle_threads.clear()  # a fork has no threads but this one
    asyncio.events._set_running_loop(None)
    asyncio.set_event_loop(None)
