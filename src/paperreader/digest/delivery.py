"""Making a digest and handing it over, once: what was handed over is remembered, and what failed is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Literal

from msgspec import Struct

from paperreader import storage
from paperreader.digest.digest import Digest, gather
from paperreader.digest.new_papers import Cursor, added_since, cursor_at, since_cursor, since_day
from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.local_state import State
from paperreader.subscriptions import Subscription

DAYS_AT_FIRST = 7
"""How far the first digest goes back, and every feed, whose readers tell papers that they had by their ids."""

LOCK_SECONDS = 180.0
"""How long another digest is waited for: a mail server may be slow at every step."""

_KEY = "digests"
_MOST = 50
"""Destinations remembered."""

Outcome = Literal["delivered", "nothing new", "had today"]


class Wish(Struct, frozen=True):
    """What a digest is to hold, and for whom."""

    destination: str
    """Who gets it (`mail ada@example.org`, a file): each has its own memory of what it was told."""
    subscriptions: tuple[Subscription, ...]
    since: str | None = None
    """An ISO day; None: since what the destination got last."""
    everything: bool = False
    """Papers that belong to no subscription as well."""
    once_a_day: bool = False
    lately: bool = False
    """The last days, whatever the destination had; also when nothing is new."""


def deliver(
    library: Library, wish: Wish, hand_over: Callable[[Digest], None], *, now: dt.datetime
) -> tuple[Outcome, str]:
    """Make the digest, hand it over, and remember it. Gives how it went, and the ISO day from which papers counted.

    One process at a time; `hand_over` raises where it fails, and then nothing is remembered.

    Raises:
        LockTimeout: another digest is still under way.
        StorageError: there is no usable index, or what was handed over cannot be remembered.
    """
    today = now.date().isoformat()
    if not library.state.folder:  # an empty library has no identity, and nothing that is new
        return "nothing new", wish.since or today
    storage.make_folder(library.state.folder)
    with storage.lock(library.state.folder / "digest.lock", timeout=LOCK_SECONDS):
        state = State(library.state.folder)  # another process may have written since
        memory = _memory(state, wish.destination)
        if wish.once_a_day and memory.get("sent") == today:
            return "had today", today
        cursor = cursor_at(library, now.astimezone(dt.UTC).date().isoformat())
        since, rows = _news(library, wish, Cursor.from_json(memory.get("cursor")), now)
        digest = gather(
            library,
            wish.subscriptions,
            rows,
            since=since,
            by_day=wish.since is not None,
            made=now,
            everything=wish.everything,
        )
        if not digest.total and not wish.lately:
            return "nothing new", since
        hand_over(digest)
        fresh: dict[str, Any] = {"sent": today}
        if wish.since is None:
            fresh["cursor"] = cursor.to_json()
        _remember(state, wish.destination, {**memory, **fresh})
    return ("delivered" if digest.total else "nothing new"), since


def destination_of(place: str, subscriptions: Sequence[Subscription], *, chosen: bool) -> str:
    """The name under which a destination is remembered; `chosen` subscriptions make it another one."""
    return f"{place}; {', '.join(entry.name for entry in subscriptions)}" if chosen else place


def _news(library: Library, wish: Wish, cursor: Cursor | None, now: dt.datetime) -> tuple[str, Sequence[int]]:
    """The day from which papers count as new, and their rows."""
    if wish.since is not None:
        return wish.since, since_day(library, wish.since)
    if cursor is None or wish.lately:
        first = (now - dt.timedelta(days=DAYS_AT_FIRST)).astimezone(dt.UTC).date().isoformat()
        return first, added_since(library, first)
    return cursor.day, since_cursor(library, cursor)


def _memory(state: State, destination: str) -> dict[str, Any]:
    kept = state.get(_KEY)
    memory = kept.get(destination) if isinstance(kept, dict) else None
    return memory if isinstance(memory, dict) else {}


def _remember(state: State, destination: str, memory: dict[str, Any]) -> None:
    kept = state.get(_KEY)
    others = (
        {name: value for name, value in kept.items() if name != destination} if isinstance(kept, dict) else {}
    )
    newest = sorted(others, key=lambda name: _sent(others[name]), reverse=True)[: _MOST - 1]
    state.set(_KEY, {**{name: others[name] for name in newest}, destination: memory})
    assert state.folder is not None
    if _memory(State(state.folder), destination) != memory:
        raise StorageError(
            f"The digest is out, but {state.folder} cannot be written, so the next one will tell the same papers."
        )


def _sent(memory: Any) -> str:
    sent = memory.get("sent") if isinstance(memory, dict) else None
    return sent if isinstance(sent, str) else ""
