"""What the status of a response means for the user."""

from __future__ import annotations

from paperreader.fetch import clock
from paperreader.fetch.http import retry
from paperreader.fetch.http.content_check import error_reason
from paperreader.fetch.http.errors import FetchError, TransientError
from paperreader.fetch.http.transport import RawResponse


def status_error(raw: RawResponse) -> TransientError | FetchError:
    """Return the error for a status that is not a success."""
    reason = error_reason(raw.data)
    status = f"{raw.status}: {reason}" if reason else str(raw.status)
    wait = retry.retry_after_seconds(raw.headers, clock.now())
    if raw.status == 429:
        wait = retry.seconds_until_reset(raw.headers) or None if wait is None else wait
        when = f"in {round(wait / 60)} minutes" if wait and wait > retry.MAX_WAIT_SECONDS else "later"
        message = f"{raw.host} received too many requests; try again {when}."
        return TransientError(FetchError(message, service_unavailable=True, status=raw.status), wait)
    if raw.status >= 500 or raw.status in (408, 425):
        message = f"{raw.host} has an internal error ({status}); try again later."
        return TransientError(FetchError(message, service_unavailable=True, status=raw.status), wait)
    return FetchError(f"{raw.host} refused the request ({status}).", status=raw.status)
