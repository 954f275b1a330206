"""One question after the other, however many programs ask: for a service that wants a pause between requests."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from paperreader import storage
from paperreader.errors import LockTimeout
from paperreader.fetch.http.errors import FetchError

LONGEST_QUEUE = 120.0
"""Seconds that another program's turn is waited for."""


class Turn:
    """Held for a request: no other program asks meanwhile, nor sooner than `pause` seconds after its end."""

    def __init__(
        self,
        folder: Path,
        name: str,
        pause: float,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        queue: float = LONGEST_QUEUE,
    ) -> None:
        """
        Args:
            folder: where programs meet: the state folder.
            name: the service's.
            pause: seconds between the end of a request and the next one.
            clock: gives seconds since 1970.
            sleep: waits so many seconds.
            queue: seconds to wait for others.
        """
        self._folder, self._name, self._pause = folder, name, pause
        self._clock, self._sleep, self._queue = clock, sleep, queue

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for the turn and hold it for the body.

        Raises:
            FetchError: others have been asking for too long.
            StorageError: the state folder cannot be written.
        """
        storage.make_folder(self._folder)
        try:
            with storage.lock(self._folder / f"{self._name}.lock", timeout=self._queue):
                # A clock that was put back would have us wait for ever: never longer than one pause.
                wait = min(self._pause, self._last() + self._pause - self._clock())
                if wait > 0:
                    self._sleep(wait)
                try:
                    yield
                finally:
                    self._note()
        except LockTimeout as error:
            raise FetchError(
                f"Another paperreader has been asking {self._name} all the time; try again when it has finished.",
                hopeless=True,
            ) from error

    @property
    def _file(self) -> Path:
        return self._folder / f"{self._name}.asked"

    def _last(self) -> float:
        """When the last request ended, in seconds since 1970; 0 where nobody knows."""
        try:
            with os.fdopen(storage.open_regular(self._file), "rb") as file:
                return float(file.read(40))
        except (OSError, ValueError):
            return 0.0

    def _note(self) -> None:
        storage.write_atomic(self._file, f"{self._clock():.3f}\n".encode(), durable=False)
