"""What can go wrong between here and a service, in one sentence each."""

from __future__ import annotations

from paperreader.errors import PaperreaderError
from paperreader.fetch.http.retry import MAX_ATTEMPTS


class FetchError(PaperreaderError):
    """A service gave no answer that can be used.

    `hopeless` says that the next question to it would fare no better: it cannot be reached, or wants to be left alone.
    """

    def __init__(self, message: str, *, service_unavailable: bool = False) -> None:
        super().__init__(message)
        self.service_unavailable = service_unavailable


class TransientError(Exception):
    """A failure that may be gone when the same is asked again.

    `error` is what to say if it is not; `wait` is for how many seconds the service wants to be left alone, where it
    said so; `attempts` is how often it is worth asking.
    """

    def __init__(
        self, error: FetchError, retry_after: float | None = None, *, max_attempts: int = MAX_ATTEMPTS
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.retry_after = retry_after
        self.max_attempts = max_attempts
