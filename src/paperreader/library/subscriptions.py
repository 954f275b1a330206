"""The papers of a subscription, and how many they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from paperreader.models import EMPTY_MARK

if TYPE_CHECKING:
    from paperreader.library.library import Library
    from paperreader.subscriptions import Subscription


class SubscriptionCounts(Struct, frozen=True):
    """How many papers a subscription holds."""

    all: int
    new: int
    """Of them since the last visit."""
    unread: int


def subscription_rows(library: Library, subscription: Subscription) -> Sequence[int]:
    """The rows of the papers with every word of a subscription, the best match first.

    Raises:
        StorageError: there is no usable index (see `Library.index_ready`).
    """
    hits = library.search(subscription.effective_query)
    return hits.rows[: hits.full_matches]


def subscription_counts(
    library: Library, subscriptions: Iterable[Subscription]
) -> dict[str, SubscriptionCounts]:
    """The counts of subscriptions, by name. One search each: for a worker.

    Raises:
        StorageError: there is no usable index.
    """
    marks = library.marks
    new = frozenset(library.view("new"))
    found: dict[str, SubscriptionCounts] = {}
    for subscription in subscriptions:
        rows = {int(row) for row in subscription_rows(library, subscription)}
        read = sum(marks.get(row, EMPTY_MARK).is_read for row in marks.keys() & rows)
        found[subscription.name] = SubscriptionCounts(len(rows), len(rows & new), len(rows) - read)
    return found
