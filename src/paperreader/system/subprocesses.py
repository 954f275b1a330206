"""Running other programs so that they can neither block the reader nor write to its screen.

Each gets a session of its own (no terminal to write to or read from) and its input from a file, so that nothing waits
for a pipe: a program such as xclip leaves a background process that keeps everything open that it was given.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import IO

from msgspec import Struct

TIMEOUT_SECONDS = 2.0
"""A clipboard program answers in a few milliseconds; one that takes longer is stuck."""

_MIN_POLL_SECONDS, _MAX_POLL_SECONDS = 0.001, 0.02
_running: set[subprocess.Popen[bytes]] = set()
_start_lock = threading.Lock()
"""Held while a process is started and added to `_running`, so that one that has just started is killed at exit too."""
_detached: list[subprocess.Popen[bytes]] = []
"""Processes that continue on their own, referenced so that Python does not warn about them."""


class ProcessResult(Struct, frozen=True):
    """How a program ended."""

    ok: bool
    error: str = ""
    """The last line of standard error, or how the program failed; printable, on one line."""


def run_with_input(command: Sequence[str], data: bytes, *, timeout: float = TIMEOUT_SECONDS) -> ProcessResult:
    """Run `command` with `data` as its standard input; kill it after `timeout` seconds.

    Returns when the program itself has ended; its background processes continue.
    """
    with ExitStack() as files:
        try:
            stdin = files.enter_context(anonymous_file(data))
            stderr = files.enter_context(anonymous_file())
            with _start_lock:
                process = _start(command, stdin, stderr)
                _running.add(process)
        except OSError as error:
            return ProcessResult(False, (error.strerror or str(error)).lower())
        try:
            if not _wait(process, timeout):
                _kill(process)
                return ProcessResult(False, "it did not respond in time and was stopped")
        finally:
            _running.discard(process)
        if process.returncode:
            stderr.seek(0)
            message = _last_line(stderr.read(4096)) or f"it ended with status {process.returncode}"
            return ProcessResult(False, message)
    return ProcessResult(True)


def start_detached(
    command: Sequence[str],
    *,
    timeout: float = TIMEOUT_SECONDS,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> ProcessResult:
    """Start `command`, with more environment variables, and let it run.

    It counts as a success if it does not fail within `timeout` seconds.

    A browser that was not running stays in the foreground until it is closed.
    """
    try:
        process = _start(command, subprocess.DEVNULL, subprocess.DEVNULL, variables)
    except OSError as error:
        return ProcessResult(False, (error.strerror or str(error)).lower())
    if not _wait(process, timeout):
        _detached.append(process)
        return ProcessResult(True)
    message = f"it ended with status {process.returncode}" if process.returncode else ""
    return ProcessResult(process.returncode == 0, message)


@contextmanager
def anonymous_file(data: bytes = b"") -> Iterator[IO[bytes]]:
    """Open a file without a name that contains `data`, at its beginning: in memory, so that no disk can be full.

    Raises:
        OSError: there is no memory, or, where files cannot be in memory, no folder for temporary files.
    """
    in_memory = hasattr(os, "memfd_create")
    with os.fdopen(os.memfd_create("paperreader"), "w+b") if in_memory else TemporaryFile() as file:
        file.write(data)
        file.seek(0)
        yield file


def _start(
    command: Sequence[str],
    stdin: IO[bytes] | int,
    stderr: IO[bytes] | int,
    variables: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.Popen[bytes]:
    # In the root folder, so that a process that stays keeps no folder busy, and Python finds no modules to import.
    return subprocess.Popen(
        command,
        stdin=stdin,
        stdout=subprocess.DEVNULL,
        stderr=stderr,
        cwd=os.sep,
        env={**os.environ, **variables},
        start_new_session=True,
    )


def _wait(process: subprocess.Popen[bytes], timeout: float) -> bool:
    """Return whether the program ended in time."""
    deadline, pause = time.monotonic() + timeout, _MIN_POLL_SECONDS
    while process.poll() is None:
        left = deadline - time.monotonic()
        if left <= 0:
            return False
        time.sleep(min(pause, left))
        pause = min(pause * 1.5, _MAX_POLL_SECONDS)
    return True


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a program and the processes of its session."""
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    try:
        process.wait(0.2)
    except subprocess.TimeoutExpired:  # blocked in the kernel, for example by a network drive
        _detached.append(process)


@atexit.register
def _kill_all() -> None:
    _start_lock.acquire(timeout=TIMEOUT_SECONDS)  # not released: nothing is started any more
    for process in list(_running):
        _kill(process)


def _last_line(output: bytes) -> str:
    lines = [line.strip() for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    return "".join(char if char.isprintable() else " " for char in lines[-1])[:200] if lines else ""
