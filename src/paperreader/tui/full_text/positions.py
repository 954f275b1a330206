"""Where the user was in each paper, in the local state."""

from __future__ import annotations

from typing import Any

from paperreader.checked_values import checked_item, whole_number
from paperreader.fulltext import HEAD, Place
from paperreader.local_state import LocalState
from paperreader.tui.full_text.context import OpenText

MAX_PLACES = 1000
"""Papers whose place is remembered; that of the paper that was opened longest ago is dropped first."""

_STATE_KEY = "full_text_places"
_MAX_NUMBER = 10_000_000


class SavedPlaces:
    """Places by paper and version."""

    def __init__(self, state: LocalState) -> None:
        self._state = state

    def place_in(self, text: OpenText) -> Place:
        """Return where the user was; the beginning if that is not known, or of another version."""
        stored = self._state.get(_STATE_KEY)
        found = stored.get(text.paper) if isinstance(stored, dict) else None
        if not isinstance(found, dict) or found.get("version", 0) != text.document.version:
            return Place()
        block = checked_item(found, "block", lambda value: whole_number(value, HEAD, _MAX_NUMBER))
        offset = checked_item(found, "offset", lambda value: whole_number(value, -1, _MAX_NUMBER))
        if block is None or offset is None or block >= len(text.document.blocks):
            return Place()
        return Place(block, offset)

    def save(self, text: OpenText, place: Place) -> None:
        """Store where the user is. Writes a file: for a thread."""
        value = {"version": text.document.version, "block": place.block, "offset": place.offset}

        def change(old: Any) -> dict[str, Any]:
            places = dict(old) if isinstance(old, dict) else {}
            places.pop(text.paper, None)
            places[text.paper] = value
            return dict(list(places.items())[-MAX_PLACES:])

        self._state.update(_STATE_KEY, change)
