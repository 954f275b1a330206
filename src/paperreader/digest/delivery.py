"""Making a digest and handing it over, once: what was handed over is remembered, and what failed is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Literal

from msgspec import Struct

from paperreader import storage
from paperreader.digest.digest import Digest, build_digest
from paperreader.digest.new_papers import (
    DigestPosition,
    position_at,
    rows_added_since,
    rows_since_day,
    rows_since_position,
)
from paperreader.errors import StorageError
from paperreader.library import Library
from paperreader.local_state import LocalState
from paperreader.subscriptions import Subscription

INITIAL_DAYS = 7
"""How far the first digest goes back, and every feed, whose readers tell papers that they had by their ids."""

LOCK_TIMEOUT_SECONDS = 180.0
"""How long another digest is waited for: a mail server may be slow at every step."""

_STATE_KEY = "digests"
_MAX_DESTINATIONS = 50
"""Destinations remembered."""

Outcome = Literal["delivered", "nothing new", "had today"]


class DeliveryRequest(Struct, frozen=True):
    """What a digest is to hold, and for whom."""

    destination: str
    """Who gets it (`mail ada@example.org`, a file): each has its own memory of what it was told."""
    subscriptions: tuple[Subscription, ...]
    since: str | None = None
    """An ISO day; None: since what the destination got last."""
    include_other_papers: bool = False
    """Papers that belong to no subscription as well."""
    once_a_day: bool = False
    is_rolling: bool = False
    """The last days, whatever the destination had; also when nothing is new."""


def deliver(
    library: Library, request: DeliveryRequest, send: Callable[[Digest], None], *, now: dt.datetime
) -> tuple[Outcome, str]:
    """Make the digest, hand it over, and remember it. Gives how it went, and the ISO day from which papers counted.

    One process at a time; `hand_over` raises where it fails, and then nothing is remembered.

    Raises:
        LockTimeout: another digest is still under way.
        StorageError: there is no usable index, or what was handed over cannot be remembered.
    """
    today = now.date().isoformat()
    if not library.state.folder:  # an empty library has no identity, and nothing that is new
        return "nothing new", request.since or today
    storage.ensure_folder(library.state.folder)
    with storage.lock(library.state.folder / "digest.lock", timeout=LOCK_TIMEOUT_SECONDS):
        state = LocalState(library.state.folder)  # another process may have written since
        memory = _load_record(state, request.destination)
        if request.once_a_day and memory.get("sent") == today:
            return "had today", today
        cursor = position_at(library, now.astimezone(dt.UTC).date().isoformat())
        since, rows = _new_rows(library, request, DigestPosition.from_json(memory.get("cursor")), now)
        digest = build_digest(
            library,
            request.subscriptions,
            rows,
            since=since,
            is_by_paper_date=request.since is not None,
            created_at=now,
            include_other_papers=request.include_other_papers,
        )
        if not digest.total and not request.is_rolling:
            return "nothing new", since
        send(digest)
        fresh: dict[str, Any] = {"sent": today}
        if request.since is None:
            fresh["cursor"] = cursor.to_json()
        _save_record(state, request.destination, {**memory, **fresh})
    return ("delivered" if digest.total else "nothing new"), since


def destination_key(place: str, subscriptions: Sequence[Subscription], *, is_filtered: bool) -> str:
    """The name under which a destination is remembered; `chosen` subscriptions make it another one."""
    return f"{place}; {', '.join(entry.name for entry in subscriptions)}" if is_filtered else place


def _new_rows(
    library: Library, request: DeliveryRequest, position: DigestPosition | None, now: dt.datetime
) -> tuple[str, Sequence[int]]:
    """The day from which papers count as new, and their rows."""
    if request.since is not None:
        return request.since, rows_since_day(library, request.since)
    if position is None or request.is_rolling:
        first = (now - dt.timedelta(days=INITIAL_DAYS)).astimezone(dt.UTC).date().isoformat()
        return first, rows_added_since(library, first)
    return position.day, rows_since_position(library, position)


def _load_record(state: LocalState, destination: str) -> dict[str, Any]:
    kept = state.get(_STATE_KEY)
    memory = kept.get(destination) if isinstance(kept, dict) else None
    return memory if isinstance(memory, dict) else {}


def _save_record(state: LocalState, destination: str, record: dict[str, Any]) -> None:
    kept = state.get(_STATE_KEY)
    others = (
        {name: value for name, value in kept.items() if name != destination} if isinstance(kept, dict) else {}
    )
    newest = sorted(others, key=lambda name: _date_sent(others[name]), reverse=True)[: _MAX_DESTINATIONS - 1]
    state.set(_STATE_KEY, {**{name: others[name] for name in newest}, destination: record})
    assert state.folder is not None
    if _load_record(LocalState(state.folder), destination) != record:
        raise StorageError(
            f"The digest is out, but {state.folder} cannot be written, so the next one will tell the same papers."
        )


def _date_sent(record: Any) -> str:
    sent = record.get("sent") if isinstance(record, dict) else None
    return sent if isinstance(sent, str) else ""
