"""Which requests a fetch consists of, and which days of Daily Papers are already complete.

`state.json` holds `{"fetched": {"huggingface": {"from": DAY, "days": [[FIRST, LAST], …]}}}`: the first day that was
ever requested, and the ranges of days that are complete. A day is complete when it was fetched after its end (UTC);
until then papers may be added to it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from paperreader.errors import UsageError
from paperreader.fetch.arxiv import Arxiv, query_for
from paperreader.fetch.http.client import Client
from paperreader.fetch.huggingface import HuggingFace
from paperreader.fetch.paper_refs import PaperRef, first_day_of_month, first_day_of_week
from paperreader.fetch.runner import FetchRequest
from paperreader.library import FIRST_DAY_WITH_SUBMISSION_DATES, Library
from paperreader.local_state import LocalState
from paperreader.text.dates import parse_iso

_STATE_KEY = "fetched"
_SERVICE_KEY = "huggingface"
_ONE_DAY = dt.timedelta(days=1)

DayRange = tuple[dt.date, dt.date]
"""First and last day, both included."""


class FetchedDays:
    """The days of one library that are complete."""

    def __init__(self, state: LocalState) -> None:
        self._state = state
        services = state.get(_STATE_KEY)
        record = services.get(_SERVICE_KEY) if isinstance(services, dict) else None
        self._required_since = _parse_day(record.get("from")) if isinstance(record, dict) else None
        self._ranges = _parse_ranges(record.get("days")) if isinstance(record, dict) else []

    def pending(self, today: dt.date, initial_days: int) -> list[dt.date]:
        """Return the required days that are not complete, latest first. Without any, the last `initial_days` days."""
        return self.pending_since(self._required_since or today - (initial_days - 1) * _ONE_DAY, today)

    def pending_since(self, first: dt.date, today: dt.date) -> list[dt.date]:
        """Return the days from `first` on that are not complete, latest first."""
        days = (today - number * _ONE_DAY for number in range((today - first).days + 1))
        return [day for day in days if not any(start <= day <= end for start, end in self._ranges)]

    def require_since(self, first: dt.date) -> None:
        """Require every day from `first` on, so that the next fetch continues one that was interrupted."""
        if self._required_since is None or first < self._required_since:
            self._required_since = first
            self._save()

    def mark_done(self, day: dt.date, requested_at: dt.datetime) -> None:
        """Record that all papers of a day, as of `requested_at` (UTC), are in the library."""
        if requested_at.astimezone(dt.UTC).date() > day:
            self._ranges = _merge_ranges([*self._ranges, (day, day)])
        self._save()

    def use_state(self, state: LocalState) -> None:
        """Save to another state from now on: a new library has none until its first papers are written."""
        self._state = state

    def _save(self) -> None:
        record = {
            "from": self._required_since.isoformat() if self._required_since else None,
            "days": [[start.isoformat(), end.isoformat()] for start, end in self._ranges],
        }
        others = self._state.get(_STATE_KEY)
        self._state.set(_STATE_KEY, {**(others if isinstance(others, dict) else {}), _SERVICE_KEY: record})


class FetchPlanner:
    """Requests on behalf of one library.

    Args:
        library: its state records which days are complete.
        client: sends the requests.
        today: the current day (UTC).
    """

    def __init__(self, library: Library, client: Client, today: dt.date) -> None:
        self._library, self._client, self._today = library, client, today
        self._hugging_face = HuggingFace(client)
        self._fetched_days = FetchedDays(library.state)

    def latest(self) -> list[FetchRequest]:
        """Plan today's Daily Papers and those of every day since the last fetch."""
        days = self._fetched_days.pending(self._today, self._client.services.days_at_first)
        if days:
            self._fetched_days.require_since(days[-1])
        return list(map(self._day_request, days))

    def since(self, first: dt.date) -> list[FetchRequest]:
        """Plan every day from `first` on that is not complete. If interrupted, `latest` continues.

        Raises:
            UsageError: that day is in the future.
        """
        self._reject_future(first)
        self._fetched_days.require_since(first)
        return list(map(self._day_request, self._fetched_days.pending_since(first, self._today)))

    def for_ref(self, ref: PaperRef) -> list[FetchRequest]:
        """Plan a page of Daily Papers, also if it was fetched before.

        Raises:
            UsageError: it is in the future, or not a valid week or month.
        """
        if ref.kind == "trending":
            return [FetchRequest("trending", self._hugging_face.trending)]
        if ref.kind == "date":
            day = dt.date.fromisoformat(ref.value)
            self._reject_future(day)
            return [self._day_request(day)]
        is_week = ref.kind == "week"
        first = first_day_of_week(ref.value) if is_week else first_day_of_month(ref.value)
        if first is None:
            raise UsageError(f"{ref.value} is not a week or month; use the form 2026-W47 or 2026-11.")
        self._reject_future(first)
        if first.isoformat() < FIRST_DAY_WITH_SUBMISSION_DATES:
            return list(map(self._day_request, self._days_in_period(first, is_week)))
        method = self._hugging_face.week if is_week else self._hugging_face.month
        return [FetchRequest(ref.value, partial(method, ref.value))]

    def arxiv(
        self, categories: Sequence[str], words: str, since: str | None, limit: int
    ) -> tuple[list[FetchRequest], Arxiv]:
        """Plan a search of arXiv. Return the service too, whose `total` is the number of matches after the run.

        Raises:
            UsageError: a category or day is invalid, or there are neither categories nor words.
        """
        if since is not None:
            self._reject_future(dt.date.fromisoformat(since))
        service = Arxiv(self._client)
        query = query_for(categories, words, since, self._today)
        return [FetchRequest(query, partial(service.search, query, limit))], service

    def _day_request(self, day: dt.date) -> FetchRequest:
        def on_complete(requested_at: dt.datetime) -> None:
            self._fetched_days.use_state(self._library.state)
            self._fetched_days.mark_done(day, requested_at)

        name = day.isoformat()
        return FetchRequest(name, partial(self._hugging_face.day, name), on_complete)

    def _days_in_period(self, first: dt.date, is_week: bool) -> list[dt.date]:
        """Return the past days of a week or month, latest first.

        Lists of weeks and months before `FIRST_DAY_WITH_SUBMISSION_DATES` do not state the day of each paper.
        """
        after = first + dt.timedelta(days=7) if is_week else (first + dt.timedelta(days=31)).replace(day=1)
        last = min(after - _ONE_DAY, self._today)
        return [last - number * _ONE_DAY for number in range((last - first).days + 1)]

    def _reject_future(self, day: dt.date) -> None:
        if day > self._today:
            raise UsageError(f"{day.isoformat()} is in the future (days of Daily Papers are UTC).")


def _parse_day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and parse_iso(value) else None


def _parse_ranges(value: Any) -> list[DayRange]:
    """Return the valid ranges of a value read from a file."""
    pairs: Iterable[Any] = value if isinstance(value, list) else ()
    ranges: list[DayRange] = []
    for pair in pairs:
        if isinstance(pair, list) and len(pair) == 2:
            first, last = map(_parse_day, pair)
            if first and last:
                ranges.append((first, last))
    return _merge_ranges(ranges)


def _merge_ranges(ranges: Sequence[DayRange]) -> list[DayRange]:
    """Return the same days in as few ranges as possible, in order."""
    merged: list[DayRange] = []
    for start, end in sorted(pair for pair in ranges if pair[0] <= pair[1]):
        if merged and start <= merged[-1][1] + _ONE_DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
