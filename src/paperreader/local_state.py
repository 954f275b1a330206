"""What this machine remembers of a library: when papers began to arrive, search history, position, drafts.

Of these, only the drafts are data that the user would miss. `state.json` is one object. Values without the expected
shape are ignored, and keys that this version does not know are preserved.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from paperreader import paths, storage
from paperreader.checked_values import DroppedValues, collecting, load_json
from paperreader.errors import StorageError
from paperreader.text.sanitize import clean_output

MAX_STATE_BYTES = 64 * 1024 * 1024
"""No state is that large. A longer file is damaged."""

MAX_HISTORY = 200
"""Queries in the history."""

_FILE_NAME = "state.json"
_WRITERS_KEY = "draft_writers"
"""Key of the processes that stored the drafts, by the id of the paper."""

Parsed = TypeVar("Parsed")

Change = Callable[[Any], Any]
"""Returns the new value of a key for its present value, which may have any shape; None deletes the key."""


class LocalState:
    """The state of one library, in `folder`; in memory only if that is None. May be used from several threads.

    Every change is written at once, under a lock, to what the file holds then, so changes of other processes are
    preserved. Only drafts wait for the disk. A damaged file counts as empty and is kept under another name. A change
    that cannot be written causes a line in the log, and is written with the next one.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._thread_lock = threading.RLock()
        self._unwritten: list[tuple[str, Change]] = []
        self._drafts_written: set[str] = set()
        """Ids of papers whose drafts were stored by this object."""
        self._problems = _Problems()
        self._values: dict[str, Any] = {}
        self.reload()

    def reload(self) -> None:
        """Read the file again: another process may have changed it. Changes that are not written yet are kept."""
        with self._thread_lock:
            try:
                self._values = _changed(self._read(), self._unwritten)
            except StorageError as error:
                self._problems.add(f"{error} It counts as empty.")

    def pop_warning(self) -> str:
        """Return, once, what is wrong with the file, as one sentence for the user; empty if nothing is."""
        return self._problems.pop()

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of `key`: anything that JSON can hold, so its shape has to be checked."""
        with self._thread_lock:
            return self._values.get(key, default)

    def parse(self, key: str, parse: Callable[[Any], Parsed]) -> Parsed:
        """Return what `parse` makes of the value of `key`. Values that it finds out of range are reported once."""
        dropped = DroppedValues()
        with collecting(dropped):
            parsed = parse(self.get(key))
        if dropped:
            self._problems.dropped.extend(key, dropped)
        return parsed

    def set(self, key: str, value: Any) -> None:
        """Store `value` (anything that JSON can hold) under `key`; None deletes the key."""
        with self._thread_lock:
            # Replaced by this one if they could not be written.
            self._unwritten = [(name, change) for name, change in self._unwritten if name != key]
            self.update(key, lambda _: value)

    def add_to_draft(self, id: str, text: str) -> None:
        """Store an unsaved note, below another one of the same paper that is there already."""

        def change(old: Any) -> dict[str, str] | None:
            draft = _string_values(old).get(id, "").rstrip()
            joined = f"{draft}\n\n{text}" if draft and text.strip() not in draft else draft or text
            return _with_draft(old, id, joined)

        self._update_all([("drafts", change), self._writer_change(id)], durable=True)

    def update(self, key: str, change: Change, *, durable: bool = False) -> None:
        """Replace the value of `key` by what `change` returns for it. No other process writes in between.

        `change` may be called again later, if the result cannot be written. With `durable`, the value survives a power
        failure when this returns.
        """
        self._update_all([(key, change)], durable=durable)

    def _update_all(self, changes: Sequence[tuple[str, Change]], *, durable: bool) -> None:
        with self._thread_lock:
            self._unwritten += changes
            if self.folder is None:
                self._values = _changed(self._values, changes)
                return
            try:
                storage.ensure_folder(self.folder)
                with storage.lock(self.folder / "state.lock"):
                    values = _changed(self._read(replace_damaged=True), self._unwritten)
                    storage.write_atomic(self.folder / _FILE_NAME, _to_json(values), durable=durable)
            except StorageError as error:
                self._values = _changed(self._values, changes)
                _log_error(str(error))
            else:
                self._values = values
                self._unwritten.clear()

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
            self.update(
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
            change = partial(_with_draft, id=id, text=text)
            self._update_all(
                [("drafts", change), self._writer_change(id, is_written=text != "")], durable=True
            )

    def is_being_written(self, id: str, *, elsewhere: bool = False) -> bool:
        """Return whether a running process stored the draft of a paper: this object, or another process.

        With `elsewhere`, only another process counts.
        """
        from paperreader.system.process_identity import ProcessIdentity, current_process, is_running

        if id in self._drafts_written:
            return not elsewhere
        writers = self.get(_WRITERS_KEY)
        try:
            writer = msgspec.convert(writers[id], ProcessIdentity) if isinstance(writers, dict) else None
        except (KeyError, msgspec.ValidationError):
            return False
        return writer not in (None, current_process()) and is_running(writer) is True

    def _writer_change(self, id: str, *, is_written: bool = True) -> tuple[str, Change]:
        """Return the change that records this process as the writer of a draft, or that there is none."""
        from paperreader.system.process_identity import current_process

        writer = msgspec.to_builtins(current_process()) if is_written else None
        (self._drafts_written.add if is_written else self._drafts_written.discard)(id)

        def change(old: Any) -> dict[str, Any] | None:
            writers = dict(old) if isinstance(old, dict) else {}
            writers.pop(id, None)
            return ({**writers, id: writer} if writer else writers) or None

        return _WRITERS_KEY, change

    def _read(self, *, replace_damaged: bool = False) -> dict[str, Any]:
        """Return the values in the file. If `replace_damaged`, a damaged file is renamed.

        Raises:
            StorageError: it cannot be read, or not renamed.
        """
        if self.folder is None:
            return {}
        path = self.folder / _FILE_NAME
        try:
            with os.fdopen(storage.open_regular_file(path), "rb") as file:
                data = file.read(MAX_STATE_BYTES)
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise StorageError(f"Cannot read {path}: {storage.os_error_message(error)}.") from error
        try:
            values = load_json(data)
            if isinstance(values, dict):
                return values
            problem = "it is not an object"
        except ValueError as error:
            problem = str(error)
        self._problems.add(
            f"{path} is damaged ({problem}) and counts as empty. It is kept as {_FILE_NAME}.damaged."
        )
        if replace_damaged:
            try:
                path.replace(path.with_name(f"{_FILE_NAME}.damaged"))
            except OSError as error:
                raise StorageError(f"Cannot rename {path}: {storage.os_error_message(error)}.") from error
        return {}


class _Problems:
    """What is wrong with the file, each problem reported once."""

    def __init__(self) -> None:
        self.dropped = DroppedValues()
        self._reported = 0
        """Number of values in `dropped` that were reported."""
        self._messages: dict[str, bool] = {}
        """Whether each was reported."""

    def add(self, message: str) -> None:
        if message not in self._messages:
            self._messages[message] = False
            _log_error(message)

    def pop(self) -> str:
        found = [message for message, was_reported in self._messages.items() if not was_reported]
        self._messages = dict.fromkeys(self._messages, True)
        if len(self.dropped) > self._reported:
            self._reported = len(self.dropped)
            message = self.dropped.message(_FILE_NAME)
            _log_error(message)
            found.append(message)
        return " ".join(found)


def _changed(values: Mapping[str, Any], changes: Iterable[tuple[str, Change]]) -> dict[str, Any]:
    result = dict(values)
    for key, change in changes:
        value = change(result.pop(key, None))
        if value is not None:
            result[key] = value
    return result


def _to_json(values: Mapping[str, Any]) -> bytes:
    """Return the text of the file, with one key per line.

    NOTE: the indentation of `json` is written in Python and takes ten times as long.
    """
    lines = (f"{json.dumps(key)}: {json.dumps(values[key], sort_keys=True)}" for key in sorted(values))
    return "{{\n {}\n}}\n".format(",\n ".join(lines)).encode()


def _string_list(value: Any) -> list[str]:
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _string_values(value: Any) -> dict[str, str]:
    if not isinstance(value, dict):
        return {}
    return {id: text for id, text in value.items() if isinstance(text, str)}


def _with_draft(old: Any, id: str, text: str) -> dict[str, str] | None:
    drafts = _string_values(old)
    drafts.pop(id, None)
    return ({**drafts, id: text} if text else drafts) or None


def _log_error(message: str) -> None:
    timestamp = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    # If the log cannot be written either, the error is dropped: no state is worth a failure.
    with suppress(StorageError):
        storage.append_private_file(
            paths.log_file(), f"{timestamp} {clean_output(message)}\n", max_bytes=paths.MAX_LOG_BYTES
        )
