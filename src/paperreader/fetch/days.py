"""Which days of Daily Papers are done: what makes a fetch go on where the one before ended.

They stand in `state.json` as `{"fetched": {"huggingface": {"from": DAY, "days": [[FIRST, LAST], …]}}}`: from which day
on everything is wanted, and the runs of days that are complete. A day is complete when it was asked for after its end
(UTC); until then papers may still join it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from paperreader.local_state import LocalState
from paperreader.text.dates import parse_iso

STATE_KEY = "fetched"
SERVICE = "huggingface"

_ONE_DAY = dt.timedelta(days=1)


class FetchedDays:
    """The days of one library."""

    def __init__(self, state: LocalState) -> None:
        self._state = state
        told = state.get(STATE_KEY)
        ours = told.get(SERVICE) if isinstance(told, dict) else None
        self._required_since = _parse_day(ours.get("from")) if isinstance(ours, dict) else None
        self._ranges = _parse_ranges(ours.get("days")) if isinstance(ours, dict) else []

    def pending_days(self, today: dt.date, initial_days: int) -> list[dt.date]:
        """The days that are still to be fetched, the latest first: since the first that was ever wanted, and at first
        the last `at_first` days.
        """
        first = self._required_since or today - dt.timedelta(days=initial_days - 1)
        return self._days_not_fetched(first, today)

    def pending_since(self, first: dt.date, today: dt.date) -> list[dt.date]:
        """The days since `first` that are still to be fetched, the latest first."""
        return self._days_not_fetched(first, today)

    def require_since(self, first: dt.date) -> None:
        """Want every day since `first` from now on, unless earlier ones are wanted already: an interrupted fetch of
        them is taken up by the next one.
        """
        if self._required_since is None or first < self._required_since:
            self._required_since = first
            self._save()

    def mark_done(self, day: dt.date, requested_at: dt.datetime) -> None:
        """A day's papers are all in, as of the moment (UTC) at which they were asked for."""
        if requested_at.astimezone(dt.UTC).date() > day:
            self._ranges = _merge_ranges([*self._ranges, (day, day)])
        self._save()

    def use_state(self, state: LocalState) -> None:
        """Go on in another state: that of a library which has its first papers now."""
        self._state = state

    def _days_not_fetched(self, first: dt.date, last: dt.date) -> list[dt.date]:
        days = (last - _ONE_DAY * number for number in range((last - first).days + 1))
        return [day for day in days if not any(start <= day <= end for start, end in self._ranges)]

    def _save(self) -> None:
        told = {
            "from": self._required_since.isoformat() if self._required_since else None,
            "days": [[start.isoformat(), end.isoformat()] for start, end in self._ranges],
        }
        others = self._state.get(STATE_KEY)
        self._state.set(STATE_KEY, {**(others if isinstance(others, dict) else {}), SERVICE: told})


def _parse_day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and parse_iso(value) else None


def _parse_ranges(value: Any) -> list[tuple[dt.date, dt.date]]:
    """What of a value read from a file are runs of days."""
    pairs: Iterable[Any] = value if isinstance(value, list) else ()
    found = []
    for pair in pairs:
        if (
            isinstance(pair, list)
            and len(pair) == 2
            and (start := _parse_day(pair[0]))
            and (end := _parse_day(pair[1]))
        ):
            found.append((start, end))
    return _merge_ranges(found)


def _merge_ranges(ranges: Sequence[tuple[dt.date, dt.date]]) -> list[tuple[dt.date, dt.date]]:
    """The same days in as few runs as possible, in order."""
    joined: list[tuple[dt.date, dt.date]] = []
    for start, end in sorted(run for run in ranges if run[0] <= run[1]):
        if joined and start <= joined[-1][1] + _ONE_DAY:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
