"""Errors of requests to a service. Each message is one sentence for the user."""

from __future__ import annotations

from paperreader.errors import PaperreaderError
from paperreader.fetch.http.retry import MAX_ATTEMPTS


class FetchError(PaperreaderError):
    """A service gave no usable response.

    `service_unavailable` means that further requests to the same service would fail too: it cannot be reached, or its
    rate limit is exhausted. `status` is that of its response, if there was one.
    """

    def __init__(self, message: str, *, service_unavailable: bool = False, status: int | None = None) -> None:
        super().__init__(message)
        self.service_unavailable, self.status = service_unavailable, status


class ServiceInUse(FetchError):
    """Another process of the user kept a service busy that serves one request at a time."""

    def __init__(self, service: str) -> None:
        super().__init__(
            f"Another paperreader is using {service}; try again when it has finished.",
            service_unavailable=True,
        )
        self.service = service


class TransientError(Exception):
    """A failure that may not happen again when the request is repeated.

    Attributes:
        error: what to raise when all attempts have failed.
        retry_after: seconds to wait, as the service requested; None if it did not say.
        max_attempts: how often to try in total.
    """

    def __init__(
        self, error: FetchError, retry_after: float | None = None, *, max_attempts: int = MAX_ATTEMPTS
    ) -> None:
        super().__init__(str(error))
        self.error = error
        self.retry_after = retry_after
        self.max_attempts = max_attempts
