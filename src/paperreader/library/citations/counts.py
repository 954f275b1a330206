"""How often papers are cited, as services have counted. Derived and disposable: it can be requested again.

`citations.json` in the cache folder holds `{"counts": {ID: [COUNT, DAY, SERVICE]}, "unknown": {ID: [DAY, SERVICE]}}`.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import msgspec
from msgspec import Struct

from paperreader import paths
from paperreader.checked_values import calendar_day
from paperreader.models import CatalogVersion, PaperTable
from paperreader.storage import ensure_folder, lock, open_regular_file, write_atomic

Entry = TypeVar("Entry")

MAX_FILE_BYTES = 256 << 20

FRESH_DAYS = 7
"""Counts that are younger are not requested again."""


class CitationCount(Struct, frozen=True, array_like=True):
    """How often a paper is cited."""

    count: int
    day: str
    """When a service said so (ISO); empty if that is not known."""
    service: str


class UnknownPaper(Struct, frozen=True, array_like=True):
    """A service did not know a paper."""

    day: str
    """When it said so (ISO)."""
    service: str


class _Stored(NamedTuple):
    """The content of the file."""

    counts: Mapping[str, CitationCount] = {}
    unknown: Mapping[str, UnknownPaper] = {}


class _Rows(NamedTuple):
    """The counts for one state of the catalog and of the file."""

    version: CatalogVersion
    counts: Mapping[str, CitationCount]
    by_row: Mapping[int, CitationCount]
    numbers: Mapping[int, int]


class CitationCounts:
    """The counts of the papers of a library, by their ids. May be used from several threads."""

    def __init__(self, get_uuid: Callable[[], str]) -> None:
        """`get_uuid`: returns the UUID of the library, which is empty until it has papers."""
        self._get_uuid = get_uuid
        self._lock = threading.Lock()
        self._read: tuple[tuple[int, int], _Stored] = ((0, 0), _Stored())
        """The signature of the file, and its content."""
        self._rows: _Rows | None = None

    @property
    def path(self) -> Path | None:
        """The file, which may not exist; None while the library is empty."""
        uuid = self._get_uuid()
        return paths.citations_file(uuid) if uuid else None

    def get(self, id: str) -> CitationCount | None:
        """Return the count of a paper; None if it is unknown. The first call reads the file."""
        return self._current().counts.get(id)

    def is_fresh(self, id: str, today: dt.date) -> bool:
        """Return whether a count is known that is less than `FRESH_DAYS` old."""
        known = self.get(id)
        return known is not None and _is_fresh(known.day, today)

    def is_unknown(self, id: str, today: dt.date, service: str) -> bool:
        """Return whether a service did not know a paper when it was last asked, less than `FRESH_DAYS` ago."""
        answer = self._current().unknown.get(id)
        return answer is not None and answer.service == service and _is_fresh(answer.day, today)

    def by_row(self, table: PaperTable) -> Mapping[int, CitationCount]:
        """Return the counts by the rows of a table."""
        return self._rows_of(table).by_row

    def rows(self, table: PaperTable) -> Mapping[int, int]:
        """Return the numbers by the rows of a table."""
        return self._rows_of(table).numbers

    def _rows_of(self, table: PaperTable) -> _Rows:
        counts = self._current().counts
        cached = self._rows
        if cached is None or cached.version != table.version or cached.counts is not counts:
            found = {row: each for id, each in counts.items() if (row := table.row_of(id)) is not None}
            numbers = {row: each.count for row, each in found.items()}
            cached = self._rows = _Rows(table.version, counts, found, numbers)
        return cached

    def add(
        self, counts: Mapping[str, CitationCount], unknown: Mapping[str, UnknownPaper] | None = None
    ) -> None:
        """Store counts, in place of earlier ones, and which papers a service does not know.

        Raises:
            StorageError: the file cannot be written.
        """
        path = self.path
        if path is None or not (counts or unknown):
            return
        ensure_folder(path.parent)
        with lock(path.with_suffix(".lock")):
            stored = self._current()
            missing = {**stored.unknown, **(unknown or {})}
            missing = {id: answer for id, answer in missing.items() if id not in counts}
            merged = {"counts": {**stored.counts, **counts}, "unknown": missing}
            write_atomic(path, msgspec.json.encode(merged), durable=False)

    def _current(self) -> _Stored:
        with self._lock:
            path = self.path
            signature = _signature(path) if path is not None else (0, 0)
            if self._read[0] != signature:
                self._read = (signature, _parse(path) if path is not None else _Stored())
            return self._read[1]


def _signature(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _is_fresh(day: str, today: dt.date) -> bool:
    known = calendar_day(day)
    return known is not None and dt.timedelta(0) <= today - known < dt.timedelta(FRESH_DAYS)


def _parse(path: Path) -> _Stored:
    """Return the content of a file; nothing if it is missing or damaged, since it can be requested again."""
    try:
        with os.fdopen(open_regular_file(path), "rb") as file:
            content: Any = msgspec.json.decode(file.read(MAX_FILE_BYTES))
    except (OSError, msgspec.DecodeError, RecursionError):
        return _Stored()
    counts, unknown = _entries(content, "counts", CitationCount), _entries(content, "unknown", UnknownPaper)
    return _Stored({id: _checked(count) for id, count in counts if 0 <= count.count < 1 << 31}, dict(unknown))


def _entries(content: Any, name: str, entry_type: type[Entry]) -> Iterator[tuple[str, Entry]]:
    """Yield the ids and entries of a member, without those of another form."""
    values = content.get(name) if isinstance(content, dict) else None
    for id, value in values.items() if isinstance(values, dict) else ():
        try:
            yield id, msgspec.convert(value, entry_type)
        except (msgspec.ValidationError, OverflowError):
            continue


def _checked(count: CitationCount) -> CitationCount:
    return count if calendar_day(count.day) is not None else msgspec.structs.replace(count, day="")
