"""Which requests a fetch consists of: the days that are not complete, and what the user asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from functools import partial

from paperreader.errors import UsageError
from paperreader.fetch.arxiv import Arxiv, query_for
from paperreader.fetch.arxiv_subscriptions import ArxivSubscriptions
from paperreader.fetch.fetched_days import FetchedDays
from paperreader.fetch.http.client import Client
from paperreader.fetch.huggingface import HuggingFace
from paperreader.fetch.paper_refs import PaperRef, first_day_of_month, first_day_of_week
from paperreader.fetch.runner import FetchRequest
from paperreader.fetch.versions import VersionCheck
from paperreader.library import FIRST_DAY_WITH_SUBMISSION_DATES, Library, ServiceResponse

_ONE_DAY = dt.timedelta(days=1)


class FetchPlanner:
    """Requests on behalf of one library.

    Args:
        library: its state records which days are complete.
        client: sends the requests.
        today: the current day (UTC) by the clock of this computer. It counts until a response states the time.
    """

    def __init__(self, library: Library, client: Client, today: dt.date) -> None:
        self._library, self._client, self._today = library, client, today
        self._hugging_face = HuggingFace(client)
        self._fetched_days = FetchedDays(library)
        self._subscriptions = ArxivSubscriptions(library, client)
        self._version_check = VersionCheck(library, client)
        self._is_today_confirmed = False
        self._first_planned: dt.date | None = None

    def confirm_today(self, server_time: dt.datetime | None) -> bool:
        """Use the day of the service, and return whether that is another one, so that days have to be planned again.

        Without `server_time`, the clock of this computer counts.
        """
        if self._is_today_confirmed:
            return False
        self._is_today_confirmed = True
        today = server_time.astimezone(dt.UTC).date() if server_time else self._today
        is_wrong = today != self._today
        self._today = today
        if server_time is not None:
            self._fetched_days.forget_from(today)
        if not is_wrong and self._first_planned is not None:
            self._fetched_days.require_since(self._first_planned)
        return is_wrong

    def latest(self) -> list[FetchRequest]:
        """Plan today's Daily Papers and those of every day since the last fetch."""
        days = self._fetched_days.pending(self._today, self._client.services.days_at_first)
        self._first_planned = days[-1]
        if self._is_today_confirmed:
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

    def announcements(self, since: dt.date | None = None) -> list[FetchRequest]:
        """Plan what arXiv announced in the subscriptions of the user, like `latest`, or `since` a day.

        Raises:
            UsageError: that day is in the future.
        """
        if since is not None:
            self._reject_future(since)
        return self._subscriptions.plan(self._today, since)

    def versions(self) -> list[FetchRequest]:
        """Plan a check of the bookmarks for new versions, unless there was one today."""
        return self._version_check.plan(self._today)

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
        name, first_new_row = day.isoformat(), 0

        def responses() -> Iterator[ServiceResponse]:
            nonlocal first_new_row
            first_new_row = self._library.table.size
            return self._hugging_face.day(name)

        def on_complete(requested_at: dt.datetime | None) -> None:
            self._fetched_days.mark_done(day, requested_at, first_new_row)

        return FetchRequest(name, responses, on_complete)

    def _days_in_period(self, first: dt.date, is_week: bool) -> list[dt.date]:
        """Return the past days of a week or month, latest first.

        Lists of weeks and months before `FIRST_DAY_WITH_SUBMISSION_DATES` do not state the day of each paper.
        """
        after = first + dt.timedelta(days=7) if is_week else (first + dt.timedelta(days=31)).replace(day=1)
        last = min(after - _ONE_DAY, self._today)
        return [last - number * _ONE_DAY for number in range((last - first).days + 1)]

    def _reject_future(self, day: dt.date) -> None:
        if day > self._today:
            raise UsageError(
                f"{day.isoformat()} is in the future: the clock of this computer says {self._today.isoformat()} (UTC)."
            )
