"""Notice a clock that is wrong, and report it once.

`state.json` holds `{"clock": {"day": DAY, "reported": true}}`: the last day (UTC) on which the library was opened, and
whether the clock is known to be wrong and was reported.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from paperreader.checked_values import calendar_day, checked_item
from paperreader.local_state import LocalState

MAX_ABSENCE = dt.timedelta(days=366)
"""A longer time since the last start is reported, because the clock may have jumped."""

MAX_SET_BACK, MAX_ERROR = dt.timedelta(days=2), dt.timedelta(days=1)
"""A clock may be set back that far between two starts, and differ that much from that of a service."""

_STATE_KEY = "clock"


def check_since_last_start(state: LocalState, today: dt.date) -> str:
    """Record the day, and return a warning if the clock has jumped since the last start; else an empty string."""
    if state.folder is None:
        return ""
    last_day, was_reported = _read(state)
    if last_day == today:
        return ""
    jump = today - last_day if last_day else dt.timedelta()
    has_jumped = jump > MAX_ABSENCE or jump < -MAX_SET_BACK
    state.set(_STATE_KEY, {"day": today.isoformat(), "reported": has_jumped or was_reported})
    if not has_jumped or last_day is None:
        return ""
    direction = "ahead" if jump > dt.timedelta() else "back"
    return (
        f"The clock of this computer went {direction} from {last_day.isoformat()} to {today.isoformat()} since the "
        "last start. If that is wrong, correct it; nothing was lost."
    )


def check_against_service(state: LocalState, host: str, now: dt.datetime, service_time: dt.datetime) -> str:
    """Return a warning if the clock differs by more than a day from that of a service, and that was not reported."""
    last_day, was_reported = _read(state)
    is_wrong = abs(now - service_time) > MAX_ERROR
    if is_wrong != was_reported:
        state.set(_STATE_KEY, {"day": last_day.isoformat() if last_day else None, "reported": is_wrong})
    if not is_wrong or was_reported:
        return ""
    return (
        f"The clock of this computer is wrong: it says {now.date().isoformat()}, and {host} says "
        f"{service_time.date().isoformat()}. Days are counted by the clock of the service."
    )


def _read(state: LocalState) -> tuple[dt.date | None, bool]:
    return state.parse(_STATE_KEY, _parse)


def _parse(record: Any) -> tuple[dt.date | None, bool]:
    if not isinstance(record, dict):
        return None, False
    return checked_item(record, "day", calendar_day), record.get("reported") is True
