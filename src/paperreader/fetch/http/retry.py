"""How long to wait before the next request: what the service's headers say, else exponential backoff with jitter.

`Retry-After` is RFC 9110, section 10.2.3. `RateLimit` is the IETF draft draft-ietf-httpapi-ratelimit-headers in both
forms: `RateLimit: "api";r=0;t=42`, as sent by Hugging Face, and `RateLimit-Remaining` with `RateLimit-Reset`.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import random
import re
import time
from collections.abc import Mapping

MAX_ATTEMPTS = 4
"""Attempts per request."""

FIRST_BACKOFF_SECONDS = 1.0
"""Maximum wait before the second attempt. The maximum doubles with every further attempt."""

MAX_WAIT_SECONDS = 330.0
"""Hugging Face counts requests over five minutes. If a service requests a longer wait, the request fails instead."""

_INTEGER = re.compile(r"[0-9]{1,9}", re.ASCII)
_LIMIT_PARAMETER = re.compile(r";\s*([rt])\s*=\s*([0-9]{1,9})(?![0-9])", re.ASCII)


def retry_after_seconds(headers: Mapping[str, str], now: dt.datetime) -> float | None:
    """Parse `Retry-After`, a number of seconds or a date. None if it is missing or invalid."""
    value = headers.get("retry-after", "").strip()
    if _INTEGER.fullmatch(value):
        return float(value)
    date = _parse_http_date(value)
    # The date is one of the service's clock; that of this computer may be wrong by years.
    return None if date is None else max(0.0, (date - (service_time(headers) or now)).total_seconds())


def service_time(headers: Mapping[str, str]) -> dt.datetime | None:
    """Parse the `Date` header: the time (UTC) by the clock of the service. None if it is missing or invalid."""
    return _parse_http_date(headers.get("date", "").strip())


def seconds_until_reset(headers: Mapping[str, str]) -> float:
    """Return the seconds until a rate limit resets, or 0 if requests remain. Of several limits, the longest counts."""
    limits = [
        dict(_LIMIT_PARAMETER.findall(limit)) for limit in headers.get("ratelimit", "")[:500].split(",")
    ]
    limits.append(
        {
            "r": _integer_header(headers, "ratelimit-remaining"),
            "t": _integer_header(headers, "ratelimit-reset"),
        }
    )
    exhausted = [limit for limit in limits if limit.get("r") and limit.get("t") and int(limit["r"]) == 0]
    return max((float(limit["t"]) for limit in exhausted), default=0.0)


def backoff_seconds(attempt: int) -> float:
    """Return how long to wait after attempt number `attempt` (from 0).

    The random part keeps many clients from repeating their requests at the same moment.
    """
    return random.uniform(0.5, 1.0) * FIRST_BACKOFF_SECONDS * 2.0**attempt


class HostRateLimits:
    """When each host may be asked again, according to the rate limits in its responses."""

    def __init__(self) -> None:
        self._not_before: dict[str, float] = {}

    def update(self, host: str, headers: Mapping[str, str]) -> None:
        """Read the rate limits in the headers of a response."""
        if reset := seconds_until_reset(headers):
            self._not_before[host] = time.monotonic() + reset

    def pop_wait(self, host: str) -> float:
        """Return the seconds to wait before the next request to `host`, at most once per response; else 0."""
        return max(0.0, self._not_before.pop(host, 0.0) - time.monotonic())


def _parse_http_date(value: str) -> dt.datetime | None:
    try:
        date = email.utils.parsedate_to_datetime(value[:60])
        return (date if date.tzinfo else date.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _integer_header(headers: Mapping[str, str], name: str) -> str:
    """Return the value of a header that is an integer, else an empty string."""
    value = headers.get(name, "").strip()
    return value if _INTEGER.fullmatch(value) else ""
