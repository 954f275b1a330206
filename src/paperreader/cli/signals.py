"""Turn SIGTERM into an exception, like ctrl+c, so that the program can report what it has saved."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Terminated(KeyboardInterrupt):
    """The process received SIGTERM."""


@contextmanager
def terminate_on_sigterm() -> Iterator[None]:
    """Raise `Terminated` in the body when SIGTERM arrives."""
    import signal  # 2 ms with its enumerations, which `--version` does not need

    def terminate(number: int, frame: FrameType | None) -> None:
        raise Terminated

    previous = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
