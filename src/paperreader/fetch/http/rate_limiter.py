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

MAX_QUEUE_SECONDS = 120.0
"""Seconds that another program's turn is waited for."""


class CrossProcessRateLimiter:
    """Held for a request: no other program asks meanwhile, nor sooner than `pause` seconds after its end."""

    def __init__(
        self,
        folder: Path,
        name: str,
        interval: float,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        queue_timeout: float = MAX_QUEUE_SECONDS,
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
        self._folder, self._name, self._interval = folder, name, interval
        self._clock, self._sleep, self._queue_timeout = clock, sleep, queue_timeout

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for the turn and hold it for the body.

        Raises:
            FetchError: others have been asking for too long.
            StorageError: the state folder cannot be written.
        """
        storage.ensure_folder(self._folder)
        try:
            with storage.lock(self._folder / f"{self._name}.lock", timeout=self._queue_timeout):
                # A clock that was put back would have us wait for ever: never longer than one pause.
                wait = min(self._interval, self._last_request_end() + self._interval - self._clock())
                if wait > 0:
                    self._sleep(wait)
                try:
                    yield
                finally:
                    self._record_request()
        except LockTimeout as error:
            raise FetchError(
                f"Another paperreader has been asking {self._name} all the time; try again when it has finished.",
                service_unavailable=True,
            ) from error

    @property
    def _timestamp_file(self) -> Path:
        return self._folder / f"{self._name}.asked"

    def _last_request_end(self) -> float:
        """When the last request ended, in seconds since 1970; 0 where nobody knows."""
        try:
            with os.fdopen(storage.open_regular_file(self._timestamp_file), "rb") as file:
                return float(file.read(40))
        except (OSError, ValueError):
            return 0.0

    def _record_request(self) -> None:
        storage.write_atomic(self._timestamp_file, f"{self._clock():.3f}\n".encode(), durable=False)
