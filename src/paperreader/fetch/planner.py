"""What a wish comes to as questions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial

from paperreader.errors import UsageError
from paperreader.fetch.arxiv import Arxiv, query_for
from paperreader.fetch.days import DaysDone
from paperreader.fetch.http.client import Client
from paperreader.fetch.huggingface import HuggingFace
from paperreader.fetch.paper_refs import Wanted, first_of_month, first_of_week
from paperreader.fetch.runner import Question
from paperreader.library import Library
from paperreader.library.answers import DAYS_TOLD_SINCE


class Plans:
    """Questions on behalf of one library.

    Args:
        library: what is asked for is remembered in its state.
        client: asks.
        today: the day (UTC).
    """

    def __init__(self, library: Library, client: Client, today: dt.date) -> None:
        self._library, self._client, self._today = library, client, today
        self._service = HuggingFace(client)
        self._days = DaysDone(library.state)

    def latest(self) -> list[Question]:
        """Today's Daily Papers and those of every day since the last fetch."""
        days = self._days.open_days(self._today, self._client.services.days_at_first)
        if days:
            self._days.want(days[-1])
        return list(map(self._day, days))

    def since(self, first: dt.date) -> list[Question]:
        """Every day from `first` on that is not in the library yet; what is interrupted is taken up by `latest`.

        Raises:
            UsageError: that day has not come.
        """
        self._must_have_come(first)
        self._days.want(first)
        return list(map(self._day, self._days.since(first, self._today)))

    def wanted(self, what: Wanted) -> list[Question]:
        """A page of Daily Papers, whether it was fetched before or not.

        Raises:
            UsageError: it is of a time that has not come.
        """
        if what.kind == "date":
            return [self._day(self._come(dt.date.fromisoformat(what.value)))]
        if what.kind == "trending":
            return [Question("trending", self._service.trending)]
        week = what.kind == "week"
        first = first_of_week(what.value) if week else first_of_month(what.value)
        if first is None:
            raise UsageError(f"{what.value} is no week or month; write it as 2026-W47 or 2026-11.")
        self._must_have_come(first)
        if first.isoformat() < DAYS_TOLD_SINCE:
            return [self._day(day) for day in self._days_of(first, week)]
        ask = partial(self._service.week if week else self._service.month, what.value)
        return [Question(what.value, ask)]

    def arxiv(
        self, categories: Sequence[str], words: str, since: str | None, limit: int
    ) -> tuple[list[Question], Arxiv]:
        """The newest papers of arXiv that fit, and the service, which knows afterwards how many fit in all.

        Raises:
            UsageError: a category is none, or nothing is asked for.
        """
        if since is not None:
            self._must_have_come(dt.date.fromisoformat(since))
        service = Arxiv(self._client)
        query = query_for(categories, words, since, self._today)
        return [Question(query, partial(service.search, query, limit))], service

    def _day(self, day: dt.date) -> Question:
        def done(asked: dt.datetime) -> None:
            self._days.follow(self._library.state)  # a new library has a place for its state only now
            self._days.done(day, asked)

        name = day.isoformat()
        return Question(name, partial(self._service.day, name), done)

    def _days_of(self, first: dt.date, week: bool) -> list[dt.date]:
        """The days of a week or month that have come, the latest first. In answers for weeks and months of those years
        no paper tells its day.
        """
        after = first + dt.timedelta(days=7) if week else (first + dt.timedelta(days=31)).replace(day=1)
        last = min(after - dt.timedelta(days=1), self._today)
        return [last - dt.timedelta(days=number) for number in range((last - first).days + 1)]

    def _come(self, day: dt.date) -> dt.date:
        self._must_have_come(day)
        return day

    def _must_have_come(self, day: dt.date) -> None:
        if day > self._today:
            raise UsageError(f"{day.isoformat()} has not come yet, in the UTC days of Daily Papers.")
