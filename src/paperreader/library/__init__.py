"""The one facade that commands and reader talk to."""

from paperreader.library.library import Library
from paperreader.library.subscriptions import SubscriptionCounts, subscribed_rows, subscription_counts
from paperreader.library.types import (
    VIEWS,
    Counts,
    Found,
    ImportReport,
    Progress,
    Update,
    View,
    query_of,
    query_view,
)
from paperreader.notebook import Backup

__all__ = [
    "VIEWS",
    "Backup",
    "Counts",
    "Found",
    "ImportReport",
    "Library",
    "Progress",
    "SubscriptionCounts",
    "Update",
    "View",
    "query_of",
    "query_view",
    "subscribed_rows",
    "subscription_counts",
]
