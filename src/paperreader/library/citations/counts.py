"""How often papers are cited, as services have counted. Derived and disposable: it can be requested again.

`citations.json` in the cache folder holds `{"counts": {ID: [COUNT, DAY, SERVICE]}}`.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from paperreader import paths
from paperreader.checked_values import calendar_day
from paperreader.models import CatalogVersion, PaperTable
from paperreader.storage import ensure_folder, lock, open_regular_file, write_atomic

MAX_FILE_BYTES = 256 << 20


class CitationCount(Struct, frozen=True, array_like=True):
    """How often a paper is cited."""

    count: int
    day: str
    """When a service said so (ISO); empty if that is not known."""
    service: str


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
        self._read: tuple[tuple[int, int], Mapping[str, CitationCount]] = ((0, 0), {})
        """The signature of the file, and its content."""
        self._rows: _Rows | None = None

    @property
    def path(self) -> Path | None:
        """The file, which may not exist; None while the library is empty."""
        uuid = self._get_uuid()
        return paths.citations_file(uuid) if uuid else None

    def get(self, id: str) -> CitationCount | None:
        """Return the count of a paper; None if it is unknown. The first call reads the file."""
        return self._current().get(id)

    def is_fresh(self, id: str, today: dt.date, days: int) -> bool:
        """Return whether a count is known that is at most so many days old."""
        known = self.get(id)
        day = calendar_day(known.day) if known is not None else None
        return day is not None and dt.timedelta(0) <= today - day < dt.timedelta(days)

    def by_row(self, table: PaperTable) -> Mapping[int, CitationCount]:
        """Return the counts by the rows of a table."""
        return self._rows_of(table).by_row

    def rows(self, table: PaperTable) -> Mapping[int, int]:
        """Return the numbers by the rows of a table."""
        return self._rows_of(table).numbers

    def _rows_of(self, table: PaperTable) -> _Rows:
        counts = self._current()
        cached = self._rows
        if cached is None or cached.version != table.version or cached.counts is not counts:
            found = {row: each for id, each in counts.items() if (row := table.row_of(id)) is not None}
            numbers = {row: each.count for row, each in found.items()}
            cached = self._rows = _Rows(table.version, counts, found, numbers)
        return cached

    def add(self, counts: Mapping[str, CitationCount]) -> None:
        """Store counts, in place of earlier ones.

        Raises:
            StorageError: the file cannot be written.
        """
        path = self.path
        if path is None or not counts:
            return
        ensure_folder(path.parent)
        with lock(path.with_suffix(".lock")):
            merged = {**self._current(), **counts}
            write_atomic(path, msgspec.json.encode({"counts": merged}), durable=False)

    def _current(self) -> Mapping[str, CitationCount]:
        with self._lock:
            path = self.path
            signature = _signature(path) if path is not None else (0, 0)
            if self._read[0] != signature:
                self._read = (signature, _parse(path) if path is not None else {})
            return self._read[1]


def _signature(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return (0, 0)
    return (status.st_mtime_ns, status.st_size)


def _parse(path: Path) -> Mapping[str, CitationCount]:
    """Return the counts of a file; none if it is missing or damaged, since they can be requested again."""
    try:
        with os.fdopen(open_regular_file(path), "rb") as file:
            entries: Any = msgspec.json.decode(file.read(MAX_FILE_BYTES)).get("counts", {})
        items = entries.items()
    except (OSError, AttributeError, msgspec.DecodeError, RecursionError):
        return {}
    found = {}
    for id, entry in items:
        try:
            count = msgspec.convert(entry, CitationCount)
        except (msgspec.ValidationError, OverflowError):
            continue
        if 0 <= count.count < 1 << 31:
            found[id] = (
                count if calendar_day(count.day) is not None else msgspec.structs.replace(count, day="")
            )
    return found
