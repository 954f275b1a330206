"""The one facade that commands and reader talk to."""

from paperreader.library.library import Library
from paperreader.library.subscriptions import SubscriptionCounts, subscription_counts, subscription_rows
from paperreader.library.types import (
    VIEWS,
    ImportReport,
    Progress,
    QueryViewCount,
    Update,
    View,
    ViewCounts,
    query_of_view,
    view_for_query,
)
from paperreader.notebook import Backup

__all__ = [
    "VIEWS",
    "Backup",
    "ImportReport",
    "Library",
    "Progress",
    "QueryViewCount",
    "SubscriptionCounts",
    "Update",
    "View",
    "ViewCounts",
    "query_of_view",
    "subscription_counts",
    "subscription_rows",
    "view_for_query",
]
