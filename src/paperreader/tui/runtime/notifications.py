"""Policy for notifications: few, short, never the same one twice at a time, and gone after a few seconds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.app import App
from textual.notifications import Notification
from textual.widgets._toast import ToastRack

MAX_NOTIFICATIONS = 2
"""How many notifications are visible. A further one replaces the oldest, an error last."""

MAX_MESSAGE_LENGTH = 240
"""Characters of a notification: four or five lines."""

DISPLAY_SECONDS = (4.0, 8.0)
"""Shortest and longest display time in seconds."""

CHARACTERS_PER_SECOND = 25
"""Reading speed."""


def prepare_notification(app: App[Any], notification: Notification) -> None:
    """Shorten a notification that is about to be shown, set its display time, and remove others to make room for it."""
    notification.message = shorten_message(notification.message)
    notification.timeout = display_seconds(notification.message)
    visible = list(app._notifications)
    others = [other for other in visible if other.message != notification.message]
    remaining = sorted(others, key=lambda other: other.severity == "error")[-(MAX_NOTIFICATIONS - 1) :]
    _remove_notifications(app, [other for other in visible if other not in remaining])


def dismiss_all(app: App[Any]) -> bool:
    """Dismiss all notifications. Return False when there were none."""
    if not len(app._notifications):
        return False
    _remove_notifications(app, list(app._notifications))
    app.clear_notifications()
    return True


def _remove_notifications(app: App[Any], removed: Iterable[Notification]) -> None:
    """Remove notifications from every screen, with their container, which Textual would leave with its height."""
    for notification in removed:
        del app._notifications[notification]
        for screen in app.screen_stack:
            screen.query(f"#{ToastRack._toast_id(notification)}").remove()


def shorten_message(text: str) -> str:
    """Return `text` without its middle if it is too long: the beginning and the end say what happened."""
    if len(text) <= MAX_MESSAGE_LENGTH:
        return text
    head = MAX_MESSAGE_LENGTH // 2
    return f"{text[:head].rstrip()} … {text[head + 3 - MAX_MESSAGE_LENGTH :].lstrip()}"


def display_seconds(text: str) -> float:
    """Return how long a notification is shown: the time to notice and to read it."""
    least, most = DISPLAY_SECONDS
    return min(most, max(least, 2.0 + len(text) / CHARACTERS_PER_SECOND))
