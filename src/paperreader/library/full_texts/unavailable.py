"""Papers without a full text, remembered for a day, so that no service is asked for them in a loop.

`state.json` holds `{"full_texts_missing": {ID: [SECONDS, SOURCES, REASON]}}`.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from paperreader.fulltext import SourceName, available_sources
from paperreader.library.stores import Stores

REMEMBERED_SECONDS = 24 * 3600

_STATE_KEY = "full_texts_missing"


class _Entry(Struct, frozen=True, array_like=True):
    """That a paper had no full text."""

    since: float
    """Seconds since 1970."""
    sources: tuple[SourceName, ...]
    """Where it was asked for."""
    reason: str

    @property
    def is_recent(self) -> bool:
        """Whether it still counts."""
        return 0 <= time.time() - self.since < REMEMBERED_SECONDS

    @property
    def is_complete(self) -> bool:
        """Whether no other source can be asked by now."""
        return set(available_sources()) <= set(self.sources)


class UnavailableTexts:
    """Why papers have no full text, by their ids."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    def reason(self, id: str) -> str:
        """Return why a paper has no full text, if that was found out within a day; else an empty string."""
        entry = self._entry(id)
        return entry.reason if entry is not None and entry.is_complete else ""

    def since(self, id: str) -> datetime | None:
        """Return when `reason` was found out (local time); None if nothing is remembered."""
        entry = self._entry(id)
        return datetime.fromtimestamp(entry.since).astimezone() if entry is not None else None

    def asked(self, id: str) -> Mapping[SourceName, str]:
        """Return the sources that had no full text of a paper within a day, with the reason."""
        entry = self._entry(id)
        return dict.fromkeys(entry.sources, entry.reason) if entry is not None else {}

    def add(self, id: str, sources: Sequence[SourceName], reason: str) -> None:
        """Remember that none of `sources` has the full text of a paper."""
        self._change({id: _Entry(time.time(), tuple(sources), reason)})

    def discard(self, id: str) -> None:
        """Forget what is remembered about a paper, because the user wants to try again, or it was found."""
        if id in _parse(self._stores.state.get(_STATE_KEY)):
            self._change({id: None})

    def _entry(self, id: str) -> _Entry | None:
        entry = _parse(self._stores.state.get(_STATE_KEY)).get(id)
        return entry if entry is not None and entry.is_recent else None

    def _change(self, changes: Mapping[str, _Entry | None]) -> None:
        def change(old: Any) -> dict[str, Any] | None:
            kept = {id: entry for id, entry in _parse(old).items() if entry.is_recent}
            changed = {id: entry for id, entry in {**kept, **changes}.items() if entry is not None}
            return {id: msgspec.to_builtins(entry) for id, entry in changed.items()} or None

        self._stores.state.update(_STATE_KEY, change)


def _parse(value: Any) -> dict[str, _Entry]:
    """Return the entries that are valid. A paper whose entry is damaged is asked for again."""
    found = {}
    for id, entry in value.items() if isinstance(value, dict) else ():
        try:
            found[id] = msgspec.convert(entry, _Entry)
        except (msgspec.ValidationError, OverflowError):
            continue
    return found
