"""Subscriptions: named queries in `subscriptions.toml` in the config folder, which users edit by hand as well.

Import everything from here.
"""

from paperreader.subscriptions.edits import add_subscription, remove_subscription
from paperreader.subscriptions.file import (
    MAX_NAME_LENGTH,
    Subscription,
    Subscriptions,
    file_path,
    file_signature,
    load_subscriptions,
)

__all__ = [
    "MAX_NAME_LENGTH",
    "Subscription",
    "Subscriptions",
    "add_subscription",
    "file_path",
    "file_signature",
    "load_subscriptions",
    "remove_subscription",
]
