"""Run a program and read what it prints, within limits of time and size."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from types import MappingProxyType
from typing import IO

from msgspec import Struct

MAX_OUTPUT_BYTES = 64 * 1024
"""Bytes of standard output that a program may print, and of standard error that are kept."""

_READ_BYTES, _READS_PER_POLL = 16 * 1024, 16
_MIN_POLL_SECONDS, _MAX_POLL_SECONDS = 0.001, 0.02


class OutputTooLong(Exception):
    """The program printed too much. It was stopped."""


class OutputCancelled(Exception):
    """The program was stopped because the user cancelled it."""


class ProgramOutput(Struct, frozen=True):
    """How a program ended, and what it printed."""

    status: int
    stdout: bytes
    stderr: bytes


def read_output(
    command: Sequence[str],
    *,
    timeout: float,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    variables: Mapping[str, str] = MappingProxyType({}),
    max_bytes: int = MAX_OUTPUT_BYTES,
    own_session: bool = False,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ProgramOutput:
    """Run `command`, and return what it printed when it has ended.

    A background process that it leaves behind is not waited for, even if that keeps the output open.

    Args:
        command: the program and its arguments.
        timeout: seconds after which it is stopped.
        stdin: its standard input.
        variables: more environment variables.
        max_bytes: it is stopped if it prints more; of standard error, no more is kept.
        own_session: run it and what it starts in a session without a terminal. Otherwise it runs in the session of this
            process, so that it can ask the user in the terminal.
        is_cancelled: called often; the program is stopped when it returns True.

    Raises:
        OSError: it cannot be started.
        TimeoutError: it was stopped after `timeout` seconds.
        OutputTooLong: it printed too much.
        OutputCancelled: it was cancelled.
    """
    deadline, pause = time.monotonic() + timeout, _MIN_POLL_SECONDS
    process = subprocess.Popen(
        command,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        env={**os.environ, **variables},
        start_new_session=own_session,
    )
    stdout, stderr = bytearray(), bytearray()
    try:
        while True:
            has_ended = process.poll() is not None  # before reading: what it printed is in the pipe by then
            _read_available(process.stdout, stdout, max_bytes)
            _read_available(process.stderr, stderr, max_bytes)
            if len(stdout) > max_bytes:
                raise OutputTooLong
            if has_ended:
                return ProgramOutput(process.returncode, bytes(stdout), bytes(stderr[:max_bytes]))
            if is_cancelled():
                raise OutputCancelled
            if time.monotonic() >= deadline:
                raise TimeoutError
            time.sleep(pause)
            pause = min(pause * 1.5, _MAX_POLL_SECONDS)
    finally:
        _stop(process, own_session)


def _read_available(pipe: IO[bytes] | None, data: bytearray, max_bytes: int) -> None:
    """Append what is in the pipe now. Beyond the limit, it is read and discarded, so that the program goes on."""
    assert pipe is not None, "it was opened as a pipe"
    os.set_blocking(pipe.fileno(), False)
    for _ in range(_READS_PER_POLL):
        try:
            piece = os.read(pipe.fileno(), _READ_BYTES)
        except BlockingIOError:
            return
        if not piece:
            return
        if len(data) <= max_bytes:
            data += piece


def _stop(process: subprocess.Popen[bytes], own_session: bool) -> None:
    """Kill a program that is still running, and close its pipes."""
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    if process.poll() is None:
        if own_session and hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        with suppress(subprocess.TimeoutExpired):  # blocked in the kernel, for example by a network drive
            process.wait(0.2)
