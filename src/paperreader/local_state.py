"""What this machine remembers of a library: last visit, search history, position, drafts. Losing it does no harm.

`state.json` is one object. Values without the expected shape are ignored, and keys that this version does not know are
preserved.
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
"""No state is that large. A longer file is damaged."""

MAX_HISTORY = 200
"""Queries in the history."""


class LocalState:
    """The state of one library, in `folder`; in memory only if that is None. May be used from several threads.

    Every change is written at once, without waiting for the disk. Changes of other processes are preserved. A file
    that cannot be read counts as empty. A file that cannot be written only causes a line in the log.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._lock = threading.RLock()
        self._values = self._read()
        self._unwritten: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of `key`: anything that JSON can hold, so its shape has to be checked."""
        with self._lock:
            return self._values.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """Store `value` (anything that JSON can hold) under `key`; None deletes the key."""
        self._update(key, lambda _: value)

    @property
    def write_failed(self) -> bool:
        """Whether a change could not be written, and is only in memory."""
        return bool(self._unwritten)

    @property
    def query_history(self) -> tuple[str, ...]:
        """Queries of the user, newest first."""
        return tuple(_string_list(self.get("history")))

    def remember_query(self, query: str) -> None:
        """Move `query` to the front of the history."""
        query = query.strip()
        if query:
            self._update(
                "history", lambda old: [query, *(q for q in _string_list(old) if q != query)][:MAX_HISTORY]
            )

    def draft(self, id: str) -> str:
        """Return the unsaved note of a paper; empty if there is none."""
        return _string_values(self.get("drafts")).get(id, "")

    @property
    def drafts(self) -> dict[str, str]:
        """All unsaved notes, by the id of the paper."""
        return dict(_string_values(self.get("drafts")))

    def save_draft(self, id: str, text: str) -> None:
        """Store an unsaved note; an empty text deletes it."""
        if text or self.draft(id):
            self._update("drafts", lambda old: _with_draft(_string_values(old), id, text))

    def _update(self, key: str, change: Callable[[Any], Any]) -> None:
        with self._lock:
            # Another process may have written in the meantime. Changes that could not be written are only in memory.
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
    timestamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    # If the log cannot be written either, the error is dropped: no state is worth a failure.
    with suppress(StorageError):
        storage.append_private_file(
            paths.log_file(), f"{timestamp} {message}\n", max_bytes=paths.MAX_LOG_BYTES
        )
