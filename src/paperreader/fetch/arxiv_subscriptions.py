"""The new papers of arXiv that the user subscribed to: those of categories over OAI-PMH, those of queries over the API.

An RSS feed only has the newest announcement, and the API does not tell what was announced on a day. OAI-PMH lists every
record that was created or changed on a day, so that nothing is missing after a holiday.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from msgspec import Struct, field

from paperreader.fetch.arxiv import Arxiv, query_for
from paperreader.fetch.arxiv_announcements import (
    SUBMISSION_DAYS,
    ArxivRecord,
    Window,
    is_current_id,
    sort_announced,
    windows,
)
from paperreader.fetch.arxiv_oai import ArxivOai
from paperreader.fetch.fetched_days import STATE_KEY, FetchedDays
from paperreader.fetch.http.client import Client, Response
from paperreader.fetch.runner import FetchRequest
from paperreader.library import Library, ServiceResponse, TablePosition
from paperreader.models import Paper
from paperreader.text.categories import parse_subject

KEY_PREFIX = "arxiv "
"""Of the keys of subscriptions in the record of complete days."""

WINDOW_DAYS = 7
"""Days that are requested at once. An interrupted fetch continues after the last complete window."""

MAX_HOLD_DAYS = 10
"""Submissions of queries are requested so many days back, because moderation may hold a paper."""

_SOURCE_KINDS = frozenset(("arxiv", "arxiv-oai"))


class _Subscription(Struct):
    """A category or query and the days of it that are complete."""

    name: str
    days: FetchedDays
    is_initial: bool
    """Whether it was never fetched before: then only its newest day is new."""
    start: TablePosition | None = None
    """Where its papers begin in the library, if it is initial."""

    @property
    def is_category(self) -> bool:
        """Whether it is a category or an archive, not a query."""
        return parse_subject(self.name) is not None


class ArxivSubscriptions:
    """Requests for the subscriptions in the settings, on behalf of one library."""

    def __init__(self, library: Library, client: Client) -> None:
        self._library, self._client = library, client
        self._oai, self._api = ArxivOai(client), Arxiv(client)
        self._subscriptions = [self._subscription(name) for name in client.services.arxiv]
        self._delivered: set[str] = set()
        """Papers that this fetch has added or updated: cross-lists arrive in several categories."""

    def plan(self, today: dt.date, since: dt.date | None = None) -> list[FetchRequest]:
        """Plan every day that is not complete, since the first fetch or `since`; initial subscriptions last.

        Args:
            today: the current day (UTC).
            since: the first day; if the fetch is interrupted, the next one continues.
        """
        self._forget_removed()
        ordered = sorted(self._subscriptions, key=lambda each: each.is_initial)
        return [request for each in ordered for request in self._requests(each, today, since)]

    def _requests(
        self, subscription: _Subscription, today: dt.date, since: dt.date | None
    ) -> Iterator[FetchRequest]:
        if since is not None:
            subscription.days.require_since(since)
            pending = subscription.days.pending_since(since, today)
        else:
            pending = subscription.days.pending(today, self._client.services.days_at_first)
        first = pending[-1]
        if not subscription.is_category:
            # The API finds papers by the day of their submission, not of their announcement.
            yield self._request(subscription, Window(first, today, True), first)
            return
        for window in windows(pending, today, WINDOW_DAYS):
            yield self._request(subscription, window, first)

    def _request(self, subscription: _Subscription, window: Window, first: dt.date) -> FetchRequest:
        name = f"arXiv {subscription.name}"
        if not window.is_open:
            name += f" {window.first} to {window.last}"
        outcome = _Outcome(self._library.table.size)

        def on_complete(requested_at: dt.datetime | None) -> None:
            requested_at = min([requested_at, *outcome.generated_at]) if requested_at else None
            days = subscription.days
            if requested_at is not None:
                days.forget_from(requested_at.astimezone(dt.UTC).date())
            days.require_since(first)
            days.mark_all_done(window.days, requested_at, outcome.first_new_row)

        return FetchRequest(
            name,
            partial(self._responses, subscription, window, outcome),
            on_complete,
            service="arxiv",
            announced=lambda: outcome.announced,
        )

    def _responses(
        self, subscription: _Subscription, window: Window, outcome: _Outcome
    ) -> Iterator[ServiceResponse]:
        """Yield the new papers of each day, and the other ones that are in the library."""
        outcome.first_new_row = self._library.table.size
        if subscription.is_initial and subscription.start is None:
            subscription.start = self._library.imports.begin_archive()
        service = self._oai if subscription.is_category else self._api
        received_at, records = "", []
        for response, page in self._pages(subscription.name, window):
            received_at = received_at or response.received_at
            records += page
            if response.origin == "cache":
                outcome.generated_at.append(dt.datetime.fromisoformat(response.received_at))
            if subscription.is_category and (generated := self._oai.generated_at(response)):
                outcome.generated_at.append(generated)
        announced = sort_announced(self._undelivered(records), window, self._last_known_id(window.first))
        outcome.announced = {
            "new": sum(map(len, announced.new.values())),
            "cross_listed": len(announced.cross_listed),
            "replaced": len(announced.replaced),
        }
        for day, new in announced.new.items():
            yield ServiceResponse(service.source_name, service.document(new), received_at, day.isoformat())
            self._delivered.update(record.id for record in new)
        known = [each for each in (*announced.replaced, *announced.cross_listed) if self._is_known(each)]
        if known and subscription.is_category:  # a query finds all papers of the last weeks again
            yield ServiceResponse(service.source_name, service.document(known), received_at)
            self._delivered.update(record.id for record in known)
        if subscription.start is not None:
            self._library.imports.end_archive(subscription.start)

    def _pages(self, name: str, window: Window) -> Iterator[tuple[Response, list[ArxivRecord]]]:
        if subject := parse_subject(name):
            yield from self._oai.records(subject, window)
            return
        days = SUBMISSION_DAYS if not self._last_known_id(window.first) else MAX_HOLD_DAYS
        since = window.first - dt.timedelta(days=days)
        query = query_for([], name, since.isoformat(), window.last)
        for response in self._api.pages(query):
            yield response, self._api.records(response)

    def _undelivered(self, records: Iterable[ArxivRecord]) -> list[ArxivRecord]:
        """Return each paper that this fetch has not delivered, once: pages may overlap."""
        latest = {record.id: record for record in records}
        return [record for id, record in latest.items() if id not in self._delivered]

    def _is_known(self, record: ArxivRecord) -> bool:
        return self._library.table.row_of(record.id) is not None

    def _last_known_id(self, day: dt.date) -> str:
        """Return the greatest id of the papers that subscriptions brought before a day, else an empty string."""
        ids = (id for each in self._subscriptions for id in each.days.remembered_ids(day))
        return max(filter(is_current_id, ids), default="")

    def _subscription(self, name: str) -> _Subscription:
        days = FetchedDays(self._library, f"{KEY_PREFIX}{name}", partial(_is_announced, name))
        return _Subscription(name, days, days.is_empty)

    def _forget_removed(self) -> None:
        """Forget the days of subscriptions that are not in the settings any more; added again, they are initial."""
        keys = {f"{KEY_PREFIX}{each.name}" for each in self._subscriptions}

        def is_kept(key: str) -> bool:
            return not key.startswith(KEY_PREFIX) or key in keys

        def keep(services: Any) -> Any:
            return {key: record for key, record in services.items() if is_kept(key)}

        services = self._library.state.get(STATE_KEY)
        if isinstance(services, dict) and not all(map(is_kept, services)):
            self._library.state.update(STATE_KEY, keep)


class _Outcome(Struct):
    """What is known about a request after its responses."""

    first_new_row: int
    generated_at: list[dt.datetime] = field(default_factory=list)
    """When the responses were generated that may be from a cache, as far as it is known."""
    announced: dict[str, int] = field(default_factory=dict)
    """How many papers were announced, by kind."""


def _is_announced(name: str, paper: Paper, day: str) -> bool:
    """Return whether a paper was announced on a day in a category, or in any one if `name` is a query."""
    if not any(source.kind in _SOURCE_KINDS and source.date == day for source in paper.sources):
        return False
    subject = parse_subject(name)
    return subject is None or any(
        each == subject or each.startswith(f"{subject}.") for each in paper.categories
    )
