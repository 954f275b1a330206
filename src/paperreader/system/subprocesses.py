"""Other people's programs, run so that they can neither hang the reader nor write on its screen.

Each gets a session of its own (no terminal to write to or read from) and its input from a file, so that nothing waits
for a pipe: a program such as xclip leaves a process behind that holds on to whatever it was given.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

from msgspec import Struct

TIMEOUT_SECONDS = 2.0
"""Seconds a program has. A clipboard answers in a few milliseconds; one that does not is not going to."""

_MIN_POLL_SECONDS, _MAX_POLL_SECONDS = 0.001, 0.02
_running: set[subprocess.Popen[bytes]] = set()
_detached: list[subprocess.Popen[bytes]] = []
"""Programs left to themselves, kept so that they are not reported as forgotten."""


class ProcessResult(Struct, frozen=True):
    """How a program ended."""

    ok: bool
    error: str = ""
    """What it said last on standard error, or how it failed; printable, on one line."""


def run_with_input(command: Sequence[str], data: bytes, *, timeout: float = TIMEOUT_SECONDS) -> ProcessResult:
    """Run `command` with `data` as its standard input, for `limit` seconds at most; then it is killed.

    Done means that the program itself has ended: what it left in the background goes on.
    """
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as said:
        given.write(data)
        given.seek(0)
        try:
            process = _start(command, given, said)
        except OSError as error:
            return ProcessResult(False, (error.strerror or str(error)).lower())
        _running.add(process)
        try:
            if not _wait(process, timeout):
                _kill(process)
                return ProcessResult(False, "it did not answer in time and was ended")
        finally:
            _running.discard(process)
        if process.returncode:
            said.seek(0)
            return ProcessResult(
                False, _last_line(said.read(4096)) or f"it ended with status {process.returncode}"
            )
    return ProcessResult(True)


def start_detached(command: Sequence[str], *, timeout: float = TIMEOUT_SECONDS) -> ProcessResult:
    """Start `command` and leave it running; done is also what has not failed within `limit` seconds.

    A browser that was not open yet stays in the foreground until it is closed.
    """
    try:
        process = _start(command, subprocess.DEVNULL, subprocess.DEVNULL)
    except OSError as error:
        return ProcessResult(False, (error.strerror or str(error)).lower())
    if not _wait(process, timeout):
        _detached.append(process)
        return ProcessResult(True)
    return ProcessResult(
        process.returncode == 0, f"it ended with status {process.returncode}" if process.returncode else ""
    )


def _start(
    command: Sequence[str], stdin: IO[bytes] | int, stderr: IO[bytes] | int
) -> subprocess.Popen[bytes]:
    # The root folder, so that a program which stays keeps no folder busy, and Python finds no module in the way.
    return subprocess.Popen(
        command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=stderr, cwd=os.sep, start_new_session=True
    )


def _wait(process: subprocess.Popen[bytes], timeout: float) -> bool:
    """Whether the program ended in time."""
    deadline, nap = time.monotonic() + timeout, _MIN_POLL_SECONDS
    while process.poll() is None:
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(nap, left))
        nap = min(nap * 1.5, _MAX_POLL_SECONDS)
    return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a program and what it started."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    try:
        process.wait(0.2)
    except subprocess.TimeoutExpired:  # stuck in the kernel, on a dead network drive say
        _detached.append(process)


@atexit.register
def _kill_all() -> None:
    for process in list(_running):
        _kill(process)


def _last_line(output: bytes) -> str:
    lines = [line.strip() for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    return "".join(char if char.isprintable() else " " for char in lines[-1])[:200] if lines else ""
