"""Run a program and read what it prints, within limits of time and size."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import IO

from msgspec import Struct

MAX_OUTPUT_BYTES = 64 * 1024
"""Bytes of standard output that a program may print, and of standard error that are kept."""

_READ_BYTES, _READS_PER_POLL = 16 * 1024, 16
_MIN_POLL_SECONDS, _MAX_POLL_SECONDS = 0.001, 0.02


class OutputTooLong(Exception):
    """The program printed more than `MAX_OUTPUT_BYTES`. It was stopped."""


class ProgramOutput(Struct, frozen=True):
    """How a program ended, and what it printed."""

    status: int
    stdout: bytes
    stderr: bytes


def read_output(command: Sequence[str], *, timeout: float) -> ProgramOutput:
    """Run `command` without input, and return what it printed when it has ended.

    It runs in the session of this process, so that it can ask the user in the terminal. A background process that it
    leaves behind is not waited for, even if that keeps the output open.

    Raises:
        OSError: it cannot be started.
        TimeoutError: it was stopped after `timeout` seconds.
        OutputTooLong: it printed too much.
    """
    deadline, pause = time.monotonic() + timeout, _MIN_POLL_SECONDS
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0
    )
    stdout, stderr = bytearray(), bytearray()
    try:
        while True:
            has_ended = process.poll() is not None  # before reading: what it printed is in the pipe by then
            _read_available(process.stdout, stdout)
            _read_available(process.stderr, stderr)
            if len(stdout) > MAX_OUTPUT_BYTES:
                raise OutputTooLong
            if has_ended:
                return ProgramOutput(process.returncode, bytes(stdout), bytes(stderr[:MAX_OUTPUT_BYTES]))
            if time.monotonic() >= deadline:
                raise TimeoutError
            time.sleep(pause)
            pause = min(pause * 1.5, _MAX_POLL_SECONDS)
    finally:
        _stop(process)


def _read_available(pipe: IO[bytes] | None, data: bytearray) -> None:
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
        if len(data) <= MAX_OUTPUT_BYTES:
            data += piece


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Kill a program that is still running, and close its pipes."""
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
    if process.poll() is None:
        process.kill()
        with suppress(subprocess.TimeoutExpired):  # blocked in the kernel, for example by a network drive
            process.wait(0.2)
