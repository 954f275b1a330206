"""The current time, in one place because days and waits depend on it."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """Return the current time, UTC."""
    return dt.datetime.now(dt.UTC)
