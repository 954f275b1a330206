"""How long to wait: what services say of it in their headers, and growing pauses where they say nothing.

`Retry-After` is RFC 9110, section 10.2.3. `RateLimit` is the IETF draft draft-ietf-httpapi-ratelimit-headers in both of
its spellings: `RateLimit: "api";r=0;t=42`, as Hugging Face sends it, and `RateLimit-Remaining` with `RateLimit-Reset`.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import random
import re
from collections.abc import Mapping

MAX_ATTEMPTS = 4
"""How often a question is asked before it is given up."""

FIRST_PAUSE = 1.0
"""Seconds before the second attempt, at most; every further one may take twice as long as the one before."""

MAX_WAIT_SECONDS = 330.0
"""Seconds: Hugging Face counts over five minutes. A service that wants to be left alone for longer is left alone, and
the person told.
"""

_INTEGER = re.compile(r"[0-9]{1,9}", re.ASCII)
_LIMIT_PARAMETER = re.compile(r";\s*([rt])\s*=\s*([0-9]{1,9})(?![0-9])", re.ASCII)


def retry_after_seconds(headers: Mapping[str, str], now: dt.datetime) -> float | None:
    """Seconds that `Retry-After` asks for, as a number or as a date; None where it is absent or makes no sense."""
    told = headers.get("retry-after", "").strip()
    if _INTEGER.fullmatch(told):
        return float(told)
    try:
        moment = email.utils.parsedate_to_datetime(told[:60])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - now).total_seconds())


def seconds_until_reset(headers: Mapping[str, str]) -> float:
    """Seconds until more may be asked, where the headers say that nothing is left; else 0.

    Of several limits (parted by commas) each has to be kept.
    """
    limits = [
        dict(_LIMIT_PARAMETER.findall(limit)) for limit in headers.get("ratelimit", "")[:500].split(",")
    ]
    limits.append(
        {
            "r": _integer_header(headers, "ratelimit-remaining"),
            "t": _integer_header(headers, "ratelimit-reset"),
        }
    )
    spent = [limit for limit in limits if limit.get("r") and limit.get("t") and int(limit["r"]) == 0]
    return max((float(limit["t"]) for limit in spent), default=0.0)


def _integer_header(headers: Mapping[str, str], name: str) -> str:
    """A header that holds nothing but a number; empty where it holds anything else."""
    told = headers.get(name, "").strip()
    return told if _INTEGER.fullmatch(told) else ""


def backoff_seconds(attempt: int) -> float:
    """Seconds to wait after the attempt of that number (from 0), drawn by lot so that many readers do not come back at
    the same moment.
    """
    return random.uniform(0.5, 1.0) * FIRST_PAUSE * 2.0**attempt
