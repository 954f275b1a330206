"""What time it is: in one place, since days and waits depend on it."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """The moment, UTC."""
    return dt.datetime.now(dt.UTC)
