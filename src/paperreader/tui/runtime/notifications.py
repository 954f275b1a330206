"""What is told in a corner: a few words for a few seconds, and never the same ones twice at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from textual.app import App
from textual.notifications import Notification, Notify
from textual.widgets._toast import ToastRack

ReturnValue = TypeVar("ReturnValue")

MAX_NOTIFICATIONS = 2
"""How many notices stand there at a time; another one takes the place of the oldest, of an error last."""

MAX_MESSAGE_LENGTH = 240
"""Characters of a notice: four or five lines."""

DISPLAY_SECONDS = (4.0, 8.0)
"""How long a notice stands there, at least and at most."""

CHARACTERS_PER_SECOND = 25
"""Characters that a person reads in a second."""


class NotificationPolicy(App[ReturnValue]):
    """An app that tells little at a time."""

    def _on_notify(self, event: Notify) -> None:
        # NOTE: Textual's own handler of this name comes after it, and adds the notice.
        notice, told = event.notification, self._notifications
        notice.message = shorten_message(notice.message)
        notice.timeout = display_seconds(notice.message)
        others = [each for each in told if each.message != notice.message]
        staying = sorted(others, key=lambda each: each.severity == "error")[-(MAX_NOTIFICATIONS - 1) :]
        _remove(self, [each for each in told if each not in staying])


def dismiss_all(app: App[Any]) -> bool:
    """Take away whatever is told in the corner; False where nothing was."""
    if not len(app._notifications):
        return False
    _remove(app, list(app._notifications))
    app.clear_notifications()
    return True


def _remove(app: App[Any], gone: Iterable[Notification]) -> None:
    """Forget notices, and take them off every screen with what held them: Textual leaves that, and it takes room."""
    for notice in gone:
        del app._notifications[notice]
        for screen in app.screen_stack:
            screen.query(f"#{ToastRack._toast_id(notice)}").remove()


def shorten_message(text: str) -> str:
    """`text` with its middle left out where it is too long: what happened stands at either end."""
    if len(text) <= MAX_MESSAGE_LENGTH:
        return text
    head = MAX_MESSAGE_LENGTH // 2
    return f"{text[:head].rstrip()} … {text[head + 3 - MAX_MESSAGE_LENGTH :].lstrip()}"


def display_seconds(text: str) -> float:
    """How long it takes to see a notice and to read it."""
    least, most = DISPLAY_SECONDS
    return min(most, max(least, 2.0 + len(text) / CHARACTERS_PER_SECOND))
