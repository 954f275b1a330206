"""Keep a minimum interval between requests to a service, across all processes of the user."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from paperreader import storage
from paperreader.errors import LockTimeout
from paperreader.fetch.http.errors import ServiceInUse

_LABELS = {"arxiv": "arXiv", "arxiv-pages": "the pages of arXiv", "semanticscholar": "Semantic Scholar"}

MAX_QUEUE_SECONDS = 120.0
"""How long to wait while other processes send requests."""


class CrossProcessRateLimiter:
    """A lock file and the time of the last request, shared by all processes that use the same folder."""

    def __init__(
        self,
        folder: Path,
        name: str,
        interval: float,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        queue_timeout: float | None = None,
    ) -> None:
        """
        Args:
            folder: the state folder, shared by all processes.
            name: of the service.
            interval: seconds between the end of a request and the next one.
            clock: returns seconds since 1970.
            sleep: sleeps for a number of seconds.
            queue_timeout: seconds to wait for other processes; None for `MAX_QUEUE_SECONDS`.
        """
        self._folder, self._name, self._interval = folder, name, interval
        self._clock, self._sleep, self._queue_timeout = clock, sleep, queue_timeout

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait until a request may be sent, and block other processes during the body.

        Raises:
            ServiceInUse: other processes kept the service busy for too long.
            StorageError: the state folder cannot be written.
        """
        storage.ensure_folder(self._folder)
        timeout = MAX_QUEUE_SECONDS if self._queue_timeout is None else self._queue_timeout
        try:
            with storage.lock(self._folder / f"{self._name}.lock", timeout=timeout):
                # The system clock may have been set back, so never wait longer than one interval.
                wait = min(self._interval, self._last_request_end() + self._interval - self._clock())
                if wait > 0:
                    self._sleep(wait)
                try:
                    yield
                finally:
                    self._record_request()
        except LockTimeout as error:
            raise ServiceInUse(_LABELS.get(self._name, self._name)) from error

    @contextmanager
    def immediate(self) -> Iterator[None]:
        """Send the request of the body at once. Later ones keep their distance from it.

        Raises:
            StorageError: the state folder cannot be written.
        """
        storage.ensure_folder(self._folder)
        try:
            yield
        finally:
            self._record_request()

    @property
    def _timestamp_file(self) -> Path:
        return self._folder / f"{self._name}.asked"

    def _last_request_end(self) -> float:
        """Return when the last request ended, in seconds since 1970; 0 if unknown."""
        try:
            with os.fdopen(storage.open_regular_file(self._timestamp_file), "rb") as file:
                return float(file.read(40))
        except (OSError, ValueError):
            return 0.0

    def _record_request(self) -> None:
        storage.write_atomic(self._timestamp_file, f"{self._clock():.3f}\n".encode(), durable=False)
