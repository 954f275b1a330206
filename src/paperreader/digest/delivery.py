"""Build a digest, send it, and record per destination what was sent. A failed attempt records nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from paperreader import storage
from paperreader.digest.digest import Digest, build_digest
from paperreader.digest.new_papers import (
    DigestPosition,
    best_position,
    position_at,
    rows_added_since,
    rows_since_day,
    rows_since_position,
)
from paperreader.errors import LockTimeout, StorageError
from paperreader.library import Library
from paperreader.local_state import LocalState
from paperreader.subscriptions import Subscription

INITIAL_DAYS = 7
"""Days covered by the first digest, and by every feed: feed readers recognize papers that they have by id."""

LOCK_TIMEOUT_SECONDS = 180.0
"""How long to wait for another digest: a mail server may be slow at every step."""

_STATE_KEY = "digests"
_MAX_DESTINATIONS = 5_000
"""Records of destinations that are stored. It limits the size of the file; no user has that many."""

_OTHERS_KEY = "others"

_SENT_KEY, _SENT_SINCE_KEY = "sent", "sent_since"
"""The days (ISO, local) of the last digest, and of the last one with `since`: neither replaces the other."""
_MAX_COPIES = 4
"""Copies of a library for which the position of a destination is stored."""

Outcome = Literal["delivered", "nothing new", "nothing matches", "already sent today"]
"""`nothing matches`: there are new papers, but none of them matches a subscription."""


class DeliveryRequest(Struct, frozen=True):
    """What a digest contains, and where it goes."""

    destination: str
    """A key (`mail ada@example.org`, a file). Each destination has a record of its own of what it received."""
    subscriptions: tuple[Subscription, ...]
    since: str | None = None
    """An ISO day; None: since the last digest for this destination."""
    include_other_papers: bool = False
    """Whether papers that match no subscription are included."""
    for_you: int = 0
    """How many papers are listed first because they fit the user best."""
    watched: bool = False
    """Whether those of the watch list are listed first of all."""
    once_a_day: bool = False
    is_rolling: bool = False
    """Cover the last `INITIAL_DAYS` days regardless of earlier digests, and send it even if nothing is new."""


class DigestInProgress(LockTimeout):
    """Another process has been sending a digest for so long that this one is left out."""


@contextmanager
def _only_digest(folder: Path) -> Iterator[None]:
    """Wait until no other process sends a digest, and keep others from it during the body.

    Raises:
        DigestInProgress: the other one does not finish.
        StorageError: the folder cannot be written.
    """
    storage.ensure_folder(folder)
    with ExitStack() as stack:
        try:
            stack.enter_context(storage.lock(folder / "digest.lock", timeout=LOCK_TIMEOUT_SECONDS))
        except LockTimeout as error:
            raise DigestInProgress("Another digest is still being sent; this one was left out.") from error
        yield


def deliver(
    library: Library, request: DeliveryRequest, send: Callable[[Digest], None], *, now: dt.datetime
) -> tuple[Outcome, str]:
    """Build the digest, send it, and record it. Return the outcome, and the ISO day since when papers count as new.

    Only one process at a time does this. If `send` raises, nothing is recorded.

    Raises:
        DigestInProgress: another process is sending a digest, and does not finish.
        StorageError: there is no usable index, or the record cannot be written.
    """
    today = now.date().isoformat()
    if not library.state.folder:  # an empty library has no identity, and nothing is new
        return "nothing new", request.since or today
    with _only_digest(library.state.folder):
        state = library.state
        state.reload()  # another process may have written since it was opened
        record = _load_record(state, request.destination)
        positions = state.parse(_STATE_KEY, lambda _: _positions(record))
        last = best_position(library, positions)
        is_of_another_copy = last is not None and last.is_of_another_copy(library)
        sent_key = _SENT_KEY if request.since is None else _SENT_SINCE_KEY
        if request.once_a_day and record.get(sent_key) == today and not is_of_another_copy:
            return "already sent today", today
        since, arrived = _new_rows(library, request, last, now)
        withheld = library.inbox.withheld_rows()
        rows = [row for row in arrived if row not in withheld]
        digest = build_digest(
            library,
            request.subscriptions,
            rows,
            since=since,
            is_by_paper_date=request.since is not None,
            created_at=now,
            include_other_papers=request.include_other_papers,
            for_you=request.for_you,
            watched=request.watched,
        )
        if not digest.total and not request.is_rolling:
            return ("nothing matches" if rows and request.subscriptions else "nothing new"), since
        send(digest)
        record[sent_key] = today
        if request.since is None:
            _set_position(record, positions, library, now.astimezone(dt.UTC).date().isoformat())
        save_record(state, request.destination, record)
    return ("delivered" if digest.total else "nothing new"), since


def destination_key(place: str, subscriptions: Sequence[Subscription], *, is_filtered: bool) -> str:
    """Return the key of a destination. A choice of subscriptions (`is_filtered`) makes a separate destination."""
    return f"{place}; {', '.join(entry.name for entry in subscriptions)}" if is_filtered else place


def _new_rows(
    library: Library, request: DeliveryRequest, position: DigestPosition | None, now: dt.datetime
) -> tuple[str, Sequence[int]]:
    """Return the day since when papers count as new, and their rows."""
    if request.since is not None:
        return request.since, rows_since_day(library, request.since)
    if position is None or request.is_rolling:
        first = (now - dt.timedelta(days=INITIAL_DAYS)).astimezone(dt.UTC).date().isoformat()
        return first, rows_added_since(library, first)
    return position.day, rows_since_position(library, position)


def _positions(record: Mapping[str, Any]) -> list[DigestPosition]:
    """Return the positions of a record: `cursor`, and those of copies of the library with other papers."""
    others = record.get(_OTHERS_KEY)
    values = [record.get("cursor"), *(others if isinstance(others, list) else ())]
    return [position for value in values if (position := DigestPosition.from_json(value)) is not None]


def _set_position(
    record: dict[str, Any], former: Sequence[DigestPosition], library: Library, day: str
) -> None:
    """Store that everything in the library was sent. Of the former positions those of other copies of it remain."""
    others = [one.to_json() for one in former if not one.end.is_in(library.table)]
    record["cursor"] = position_at(library, day).to_json()
    record[_OTHERS_KEY] = others[: _MAX_COPIES - 1]


def _load_record(state: LocalState, destination: str) -> dict[str, Any]:
    records = state.get(_STATE_KEY)
    record = records.get(destination) if isinstance(records, dict) else None
    return {**record} if isinstance(record, dict) else {}


def save_record(state: LocalState, destination: str, record: dict[str, Any]) -> None:
    """Write the record, and drop the oldest ones beyond the limit.

    Raises:
        StorageError: it was not written.
    """

    def change(records: Any) -> dict[str, Any]:
        others = dict(records) if isinstance(records, dict) else {}
        others.pop(destination, None)
        newest = sorted(others, key=lambda name: _date_sent(others[name]), reverse=True)[
            : _MAX_DESTINATIONS - 1
        ]
        return {**{name: others[name] for name in newest}, destination: record}

    state.update(_STATE_KEY, change, durable=True)
    if state.write_failed:
        raise StorageError(
            f"The digest was sent, but {state.folder} cannot be written. The next digest will repeat these papers."
        )


def _date_sent(record: Any) -> str:
    values = (record.get(_SENT_KEY), record.get(_SENT_SINCE_KEY)) if isinstance(record, dict) else ()
    return max((value for value in values if isinstance(value, str)), default="")
