"""Saved searches under a name: `subscriptions.toml` in the config folder, which people edit by hand as well."""

from paperreader.subscriptions.edits import add, remove
from paperreader.subscriptions.file import (
    LONGEST_NAME,
    Subscription,
    Subscriptions,
    file,
    load,
    signature,
)

__all__ = ["LONGEST_NAME", "Subscription", "Subscriptions", "add", "file", "load", "remove", "signature"]
