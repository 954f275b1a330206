"""A request to end (SIGTERM) while something is being written: met like ctrl+c, so that a sentence can be said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Terminated(KeyboardInterrupt):
    """The system, or somebody with `kill`, asked the program to end."""


@contextmanager
def terminate_on_sigterm() -> Iterator[None]:
    """Let SIGTERM raise `Terminated` in the body."""
    import signal  # with its enumerations 2 ms, which `--version` does not need

    def raise_it(number: int, frame: FrameType | None) -> None:
        raise Terminated

    before = signal.signal(signal.SIGTERM, raise_it)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
