"""Saved searches under a name: `subscriptions.toml` in the config folder, which people edit by hand as well."""

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
