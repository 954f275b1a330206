"""An import that was killed: the next start finds it on record, and says what stands."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from paperreader.catalog import CatalogTable
from paperreader.errors import LockTimeout, StorageError
from paperreader.local_state import LocalState
from paperreader.storage import ensure_folder, lock

STATE_KEY = "importing"
"""In the state, while an import runs: the generation and the number of rows that it began with."""

_LOCK_FILE = "importing.lock"
"""In the cache, held for as long: tells an import that runs from one that was killed."""


class ImportJournal:
    """An import of more than one chunk is on record from `begin` until the `with` statement ends, however it ends."""

    def __init__(self) -> None:
        self._lock_stack = ExitStack()
        self._state: LocalState | None = None

    def __enter__(self) -> ImportJournal:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._state is not None:
            self._state.set(STATE_KEY, None)
        self._lock_stack.close()

    def start(self, state: LocalState, cache: Path, table: CatalogTable) -> None:
        """Put it on record; `table` is what the library held before. Nothing happens while another import runs."""
        if self._state is None:
            try:
                ensure_folder(cache)
                self._lock_stack.enter_context(lock(cache / _LOCK_FILE, timeout=0))
            except StorageError:
                return  # Of two imports one is on record; a cache that cannot be written has no place for any.
            self._state = state
            state.set(STATE_KEY, {"generation": table.generation, "rows": table.size})


def interrupted_import_message(state: LocalState, cache: Path, table: CatalogTable) -> str:
    """The sentence on an import that was killed, told once; empty where there was none."""
    # What `state` has in memory may be of an import that has ended since.
    told = LocalState(state.folder).get(STATE_KEY)
    if not isinstance(told, dict):
        state.set(STATE_KEY, None)
        return ""
    try:
        with lock(cache / _LOCK_FILE, timeout=0):
            state.set(STATE_KEY, None)
    except LockTimeout:
        return ""  # It still runs.
    new = table.size - told["rows"] if isinstance(told.get("rows"), int) else 0
    if new <= 0 or told.get("generation") not in (0, table.generation):
        return "An import was cut off; what it had brought in is here, and repeating it completes it."
    return (
        f"An import was cut off after {new:,} new papers; they are in the library, and repeating it "
        "completes it."
    )
