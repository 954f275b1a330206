"""What can go wrong between here and a service, in one sentence each."""

from __future__ import annotations

from paperreader.errors import PaperreaderError
from paperreader.fetch.http.retry import ATTEMPTS


class FetchError(PaperreaderError):
    """A service gave no answer that can be used.

    `hopeless` says that the next question to it would fare no better: it cannot be reached, or wants to be left alone.
    """

    def __init__(self, sentence: str, *, hopeless: bool = False) -> None:
        super().__init__(sentence)
        self.hopeless = hopeless


class Passing(Exception):
    """A failure that may be gone when the same is asked again.

    `error` is what to say if it is not; `wait` is for how many seconds the service wants to be left alone, where it
    said so; `attempts` is how often it is worth asking.
    """

    def __init__(self, error: FetchError, wait: float | None = None, *, attempts: int = ATTEMPTS) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait = wait
        self.attempts = attempts
