"""Which days of Daily Papers are done: what makes a fetch go on where the one before ended.

They stand in `state.json` as `{"fetched": {"huggingface": {"from": DAY, "days": [[FIRST, LAST], …]}}}`: from which day
on everything is wanted, and the runs of days that are complete. A day is complete when it was asked for after its end
(UTC); until then papers may still join it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from paperreader.local_state import State
from paperreader.text.dates import parse_iso

KEY = "fetched"
SERVICE = "huggingface"

_ONE = dt.timedelta(days=1)


class DaysDone:
    """The days of one library."""

    def __init__(self, state: State) -> None:
        self._state = state
        told = state.get(KEY)
        ours = told.get(SERVICE) if isinstance(told, dict) else None
        self._first = _day(ours.get("from")) if isinstance(ours, dict) else None
        self._runs = _runs(ours.get("days")) if isinstance(ours, dict) else []

    def open_days(self, today: dt.date, at_first: int) -> list[dt.date]:
        """The days that are still to be fetched, the latest first: since the first that was ever wanted, and at first
        the last `at_first` days.
        """
        first = self._first or today - dt.timedelta(days=at_first - 1)
        return self._missing(first, today)

    def since(self, first: dt.date, today: dt.date) -> list[dt.date]:
        """The days since `first` that are still to be fetched, the latest first."""
        return self._missing(first, today)

    def want(self, first: dt.date) -> None:
        """Want every day since `first` from now on, unless earlier ones are wanted already: an interrupted fetch of
        them is taken up by the next one.
        """
        if self._first is None or first < self._first:
            self._first = first
            self._write()

    def done(self, day: dt.date, asked: dt.datetime) -> None:
        """A day's papers are all in, as of the moment (UTC) at which they were asked for."""
        if asked.astimezone(dt.UTC).date() > day:
            self._runs = _joined([*self._runs, (day, day)])
        self._write()

    def follow(self, state: State) -> None:
        """Go on in another state: that of a library which has its first papers now."""
        self._state = state

    def _missing(self, first: dt.date, last: dt.date) -> list[dt.date]:
        days = (last - _ONE * number for number in range((last - first).days + 1))
        return [day for day in days if not any(start <= day <= end for start, end in self._runs)]

    def _write(self) -> None:
        told = {
            "from": self._first.isoformat() if self._first else None,
            "days": [[start.isoformat(), end.isoformat()] for start, end in self._runs],
        }
        others = self._state.get(KEY)
        self._state.set(KEY, {**(others if isinstance(others, dict) else {}), SERVICE: told})


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and parse_iso(value) else None


def _runs(value: Any) -> list[tuple[dt.date, dt.date]]:
    """What of a value read from a file are runs of days."""
    pairs: Iterable[Any] = value if isinstance(value, list) else ()
    found = []
    for pair in pairs:
        if isinstance(pair, list) and len(pair) == 2 and (start := _day(pair[0])) and (end := _day(pair[1])):
            found.append((start, end))
    return _joined(found)


def _joined(runs: Sequence[tuple[dt.date, dt.date]]) -> list[tuple[dt.date, dt.date]]:
    """The same days in as few runs as possible, in order."""
    joined: list[tuple[dt.date, dt.date]] = []
    for start, end in sorted(run for run in runs if run[0] <= run[1]):
        if joined and start <= joined[-1][1] + _ONE:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined
