"""Saved searches under a name: `subscriptions.toml` in the config folder, which people edit by hand as well."""

from paperreader.subscriptions.reading import (
    LONGEST_NAME,
    Subscription,
    Subscriptions,
    file,
    load,
    signature,
)
from paperreader.subscriptions.writing import add, remove

__all__ = ["LONGEST_NAME", "Subscription", "Subscriptions", "add", "file", "load", "remove", "signature"]
