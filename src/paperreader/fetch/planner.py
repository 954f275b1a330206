"""What a wish comes to as questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from paperreader.errors import UsageError
from paperreader.fetch.arxiv import Arxiv, query_for
from paperreader.fetch.days import FetchedDays
from paperreader.fetch.http.client import Client
from paperreader.fetch.huggingface import HuggingFace
from paperreader.fetch.paper_refs import PaperRef, first_day_of_month, first_day_of_week
from paperreader.fetch.runner import FetchRequest
from paperreader.library import LISTING_DATES_SINCE, Library


class FetchPlanner:
    """Questions on behalf of one library.

    Args:
        library: what is asked for is remembered in its state.
        client: asks.
        today: the day (UTC).
    """

    def __init__(self, library: Library, client: Client, today: dt.date) -> None:
        self._library, self._client, self._today = library, client, today
        self._hugging_face = HuggingFace(client)
        self._fetched_days = FetchedDays(library.state)

    def latest(self) -> list[FetchRequest]:
        """Today's Daily Papers and those of every day since the last fetch."""
        days = self._fetched_days.pending_days(self._today, self._client.services.days_at_first)
        if days:
            self._fetched_days.require_since(days[-1])
        return list(map(self._day_request, days))

    def since(self, first: dt.date) -> list[FetchRequest]:
        """Every day from `first` on that is not in the library yet; what is interrupted is taken up by `latest`.

        Raises:
            UsageError: that day has not come.
        """
        self._reject_future(first)
        self._fetched_days.require_since(first)
        return list(map(self._day_request, self._fetched_days.pending_since(first, self._today)))

    def for_ref(self, ref: PaperRef) -> list[FetchRequest]:
        """A page of Daily Papers, whether it was fetched before or not.

        Raises:
            UsageError: it is of a time that has not come.
        """
        if ref.kind == "date":
            return [self._day_request(self._past_day(dt.date.fromisoformat(ref.value)))]
        if ref.kind == "trending":
            return [FetchRequest("trending", self._hugging_face.trending)]
        week = ref.kind == "week"
        first = first_day_of_week(ref.value) if week else first_day_of_month(ref.value)
        if first is None:
            raise UsageError(f"{ref.value} is no week or month; write it as 2026-W47 or 2026-11.")
        self._reject_future(first)
        if first.isoformat() < LISTING_DATES_SINCE:
            return [self._day_request(day) for day in self._days_in_period(first, week)]
        ask = partial(self._hugging_face.week if week else self._hugging_face.month, ref.value)
        return [FetchRequest(ref.value, ask)]

    def arxiv(
        self, categories: Sequence[str], words: str, since: str | None, limit: int
    ) -> tuple[list[FetchRequest], Arxiv]:
        """The newest papers of arXiv that fit, and the service, which knows afterwards how many fit in all.

        Raises:
            UsageError: a category is none, or nothing is asked for.
        """
        if since is not None:
            self._reject_future(dt.date.fromisoformat(since))
        service = Arxiv(self._client)
        query = query_for(categories, words, since, self._today)
        return [FetchRequest(query, partial(service.search, query, limit))], service

    def _day_request(self, day: dt.date) -> FetchRequest:
        def done(asked: dt.datetime) -> None:
            self._fetched_days.use_state(
                self._library.state
            )  # a new library has a place for its state only now
            self._fetched_days.mark_done(day, asked)

        name = day.isoformat()
        return FetchRequest(name, partial(self._hugging_face.day, name), done)

    def _days_in_period(self, first: dt.date, is_week: bool) -> list[dt.date]:
        """The days of a week or month that have come, the latest first. In answers for weeks and months of those years
        no paper tells its day.
        """
        after = first + dt.timedelta(days=7) if is_week else (first + dt.timedelta(days=31)).replace(day=1)
        last = min(after - dt.timedelta(days=1), self._today)
        return [last - dt.timedelta(days=number) for number in range((last - first).days + 1)]

    def _past_day(self, day: dt.date) -> dt.date:
        self._reject_future(day)
        return day

    def _reject_future(self, day: dt.date) -> None:
        if day > self._today:
            raise UsageError(f"{day.isoformat()} has not come yet, in the UTC days of Daily Papers.")
