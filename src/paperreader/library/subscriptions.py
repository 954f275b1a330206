"""Papers of subscriptions, and their counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from paperreader.models import EMPTY_MARK

if TYPE_CHECKING:
    from paperreader.library.library import Library
    from paperreader.subscriptions import Subscription


class SubscriptionCounts(Struct, frozen=True):
    """How many papers match a subscription."""

    all: int
    new: int
    """Of them, those in the view New."""
    unread: int


def subscription_rows(library: Library, subscription: Subscription) -> Sequence[int]:
    """Return the rows of the papers that match a subscription, the best match first.

    Raises:
        StorageError: there is no usable index (see `MaintenanceService.index_is_current`).
    """
    hits = library.search(subscription.effective_query)
    return hits.rows[: hits.match_count]


def subscription_counts(
    library: Library, subscriptions: Iterable[Subscription]
) -> dict[str, SubscriptionCounts]:
    """Return the counts of subscriptions by name. Runs one search each: for a worker.

    Raises:
        StorageError: there is no usable index.
    """
    marks = library.marks
    new = frozenset(library.view("new"))
    counts: dict[str, SubscriptionCounts] = {}
    for subscription in subscriptions:
        rows = {int(row) for row in subscription_rows(library, subscription)}
        read = sum(marks.get(row, EMPTY_MARK).is_read for row in marks.keys() & rows)
        counts[subscription.name] = SubscriptionCounts(len(rows), len(rows & new), len(rows) - read)
    return counts
