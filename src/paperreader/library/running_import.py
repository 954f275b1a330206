"""Record of a running import, by which the next start detects and reports one that was killed."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from paperreader.catalog import CatalogTable
from paperreader.checked_values import checked_item, row_number
from paperreader.errors import LockTimeout, StorageError
from paperreader.local_state import LocalState
from paperreader.storage import ensure_folder, lock

STATE_KEY = "importing"
"""In the local state while an import runs: generation and number of rows at its start."""

_LOCK_FILE = "importing.lock"
"""In the cache folder, held during the import: distinguishes a running import from one that was killed."""


class RunningImport:
    """Records an import of more than one chunk from `start` to the end of the `with` statement."""

    def __init__(self) -> None:
        self._lock_stack = ExitStack()
        self._state: LocalState | None = None

    def __enter__(self) -> RunningImport:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._state is not None:
            self._state.set(STATE_KEY, None)
        self._lock_stack.close()

    def start(self, state: LocalState, cache: Path, table: CatalogTable) -> None:
        """Record the import; `table` is the catalog before it. No effect while another import is recorded."""
        if self._state is None:
            try:
                ensure_folder(cache)
                self._lock_stack.enter_context(lock(cache / _LOCK_FILE, timeout=0))
            except StorageError:
                return  # another import is recorded, or the cache folder cannot be written
            self._state = state
            state.set(STATE_KEY, {"generation": table.generation, "rows": table.size})


def row_before_interrupted_import(state: LocalState, cache: Path, table: CatalogTable) -> int | None:
    """Return the number of rows before an import that was killed; None if there was none, or that is unknown."""
    generation, before = state.parse(STATE_KEY, _parse)
    try:
        with lock(cache / _LOCK_FILE, timeout=0):
            return before if generation == table.generation else None
    except StorageError:
        return None  # it is still running


def interrupted_import_message(state: LocalState, cache: Path, table: CatalogTable) -> str:
    """Return the message about an import that was killed, once; empty if there was none."""
    state.reload()  # it may be about an import that has ended since
    if state.get(STATE_KEY) is None:
        return ""
    generation, before = state.parse(STATE_KEY, _parse)
    try:
        with lock(cache / _LOCK_FILE, timeout=0):
            state.set(STATE_KEY, None)
    except LockTimeout:
        return ""  # it is still running
    new = 0 if before is None else table.size - before
    if new <= 0 or generation not in (0, table.generation):
        return "An import was interrupted. The papers read so far are stored; import again to complete it."
    return (
        f"An import was interrupted after {new:,} new papers. They are stored; import again to complete it."
    )


def _parse(record: Any) -> tuple[int | None, int | None]:
    """Return the generation and the number of rows when the import began, each None if it is unknown."""
    if not isinstance(record, dict):
        return None, None
    return checked_item(record, "generation", row_number), checked_item(record, "rows", row_number)
