"""What this machine remembers of a library: last visit, search history, position, drafts. Losable, never in the way.

`state.json` is one object. Whoever reads it takes what has the expected shape and passes over the rest; keys that this
version does not know are kept.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from paperreader import paths, storage
from paperreader.errors import StorageError

MAX_STATE_BYTES = 64 * 1024 * 1024
"""No state is that large; what is cut off there is damaged."""

MAX_HISTORY = 200
"""Queries remembered."""


class LocalState:
    """The state of one library, in `folder`; in memory only where that is None. May be used from several threads.

    Everything that is set is written at once, without waiting for the disk. Several processes keep each other's
    changes. A file that cannot be read counts as empty; one that cannot be written costs a line in the log and
    nothing else.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self._values = self._read()
        self._unwritten: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        """The value under `key`: whatever JSON holds, so check its shape."""
        with self._lock:
            return self._values.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """Remember `value` (anything JSON can hold) under `key`; None forgets it."""
        self._update(key, lambda _: value)

    @property
    def write_failed(self) -> bool:
        """Whether something could not be written, and stands in memory only."""
        return bool(self._unwritten)

    @property
    def query_history(self) -> tuple[str, ...]:
        """Queries that were asked, newest first."""
        return tuple(_string_list(self.get("history")))

    def remember_query(self, query: str) -> None:
        """Put `query` at the front of the history."""
        query = query.strip()
        if query:
            self._update(
                "history", lambda old: [query, *(q for q in _string_list(old) if q != query)][:MAX_HISTORY]
            )

    def draft(self, id: str) -> str:
        """The note on a paper that was written and not saved; empty if there is none."""
        return _string_values(self.get("drafts")).get(id, "")

    @property
    def drafts(self) -> dict[str, str]:
        """Every note that was written and not saved, by its paper's id."""
        return dict(_string_values(self.get("drafts")))

    def save_draft(self, id: str, text: str) -> None:
        """Keep an unsaved note; an empty text drops the draft."""
        if text or self.draft(id):
            self._update("drafts", lambda old: _with_draft(_string_values(old), id, text))

    def _update(self, key: str, change: Callable[[Any], Any]) -> None:
        with self._lock:
            # Another reader of this library may have written since; what could not be written stands in memory only.
            values = self._read() | {
                name: self._values[name] for name in self._unwritten & self._values.keys()
            }
            values[key] = change(values.get(key))
            self._values = {name: value for name, value in values.items() if value is not None}
            self._unwritten = set() if self._write() else self._unwritten | {key}

    def _read(self) -> dict[str, Any]:
        if self.folder is None:
            return {}
        path = self.folder / "state.json"
        try:
            with os.fdopen(storage.open_regular_file(path), "rb") as file:
                values = json.loads(file.read(MAX_STATE_BYTES))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, RecursionError) as error:
            _log_error(f"{path} cannot be read and counts as empty: {error}")
            return {}
        if not isinstance(values, dict):
            _log_error(f"{path} is not an object and counts as empty")
            return {}
        return values

    def _write(self) -> bool:
        if self.folder is None:
            return False
        text = json.dumps(self._values, indent=1, sort_keys=True)
        try:
            storage.ensure_folder(self.folder)
            storage.write_atomic(self.folder / "state.json", f"{text}\n".encode(), durable=False)
        except StorageError as error:
            _log_error(str(error))
            return False
        return True


def _string_list(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _string_values(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {id: text for id, text in value.items() if isinstance(text, str)}


def _with_draft(drafts: dict[str, str], id: str, text: str) -> dict[str, str] | None:
    drafts.pop(id, None)
    return ({**drafts, id: text} if text else drafts) or None


def _log_error(message: str) -> None:
    moment = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    # Where not even the log can be written there is nobody to tell: what is lost here is never worth a failure.
    with suppress(StorageError):
        storage.append_private_file(paths.log_file(), f"{moment} {message}\n", max_bytes=paths.MAX_LOG_BYTES)
