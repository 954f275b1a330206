"""Commands that wait for search results, and work that later keys wait for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

MAX_WAIT_SECONDS = 3.0
"""How long keys wait for a command at most."""


class CommandQueue:
    """Runs keys in order: a user who types a query, `enter` and `b` at once means the paper that will be found."""

    def __init__(self) -> None:
        self._waiting: tuple[Callable[[], object], ...] = ()
        self._running = 0
        self._done = asyncio.Event()

    @property
    def is_busy(self) -> bool:
        """Whether a command waits, or work is running that keys wait for."""
        return bool(self._waiting or self._running)

    def add(self, command: Callable[[], object]) -> None:
        """Run `command` with the next `run_all`."""
        self._waiting += (command,)
        self._update()

    def discard(self) -> None:
        """Drop the waiting commands: they were meant for papers that will not be shown."""
        self._waiting = ()
        self._update()

    def run_all(self) -> None:
        """Run the waiting commands, in the order of their keys."""
        waiting, self._waiting = self._waiting, ()
        for command in waiting:
            command()
        self._update()

    @contextmanager
    def defer_keys(self) -> Iterator[None]:
        """Make the keys that are pressed while the body runs wait for its end."""
        self._running += 1
        self._update()
        try:
            yield
        finally:
            self._running -= 1
            self._update()

    async def wait(self) -> None:
        """Wait until nothing is pending, so that the next key may ask for something else."""
        if self.is_busy:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._done.wait(), MAX_WAIT_SECONDS)

    def _update(self) -> None:
        if self.is_busy:
            self._done.clear()
        else:
            self._done.set()
