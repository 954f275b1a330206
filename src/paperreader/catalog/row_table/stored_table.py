"""The row table in a file, with the changes since, of which each piece is read and verified when it is first used.

A start uses the order of the list, the records of the papers on the screen and the keys of the marks: little of the
70 MB that a million papers take. A table with a part that turns out to be damaged is rebuilt then and there, which
takes as long as opening the catalog without one.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from math import isqrt
from operator import attrgetter
from typing import Generic, TypeVar

from paperreader.catalog.key_index import HashAndRow, KeyIndex
from paperreader.catalog.row_table.changes import RowTableChanges
from paperreader.catalog.row_table.encoding import RowTableDamaged
from paperreader.catalog.row_table.format import (
    RECORD,
    Row,
    RowTable,
    RowTableHeader,
    numeric_columns,
    read_row,
    rows_after,
)
from paperreader.catalog.row_table.order import apply_edits
from paperreader.catalog.row_table.table_file import RowTableFile
from paperreader.models import NumericColumns

Rebuild = Callable[[RowTableHeader], RowTable]
"""Called with the header of a table of which a part is damaged; returns an equal table that is intact."""

Value = TypeVar("Value")


class StoredRowTable:
    """A `RowTable` of which little is in memory. Thread-safe, and as immutable."""

    def __init__(self, file: RowTableFile, rebuild: Rebuild, changes: RowTableChanges | None = None) -> None:
        """
        Args:
            file: the file.
            rebuild: called when a part turns out to be damaged; may raise `RowTableDamaged` or `StorageError`.
            changes: the difference between the table and the file.
        """
        self._file, self._rebuild, self.changes = file, rebuild, changes
        self.header = file.header if changes is None else changes.header
        self.size = file.records.length // RECORD.size if changes is None else changes.size
        """Number of rows, live or not."""
        rebuilt = _Part(partial(rebuild, self.header))
        self._records = _Part(partial(_read_records, file, changes), rebuilt, "records")
        self._order = _Part(partial(_read_order, file, changes), rebuilt, "order")
        keys = _Part(partial(_read_keys, file), rebuilt, "key_index")
        self.key_index = StoredKeyIndex(file, changes, keys)
        """Finds rows by the hash of a key."""

    def with_changes(self, changes: RowTableChanges | None) -> StoredRowTable:
        """Return the table that differs from the file by these changes."""
        return StoredRowTable(self._file, self._rebuild, changes)

    @property
    def file_id(self) -> int:
        """Identifies the content of the file."""
        return self._file.id

    def load(self) -> RowTable:
        """Read everything, and return it."""
        return RowTable(self.header, self.records, self.order, self.key_index.load())

    def row(self, number: int) -> Row:
        """As `RowTable.row`."""
        if (records := self._records.value) is not None:
            return read_row(records, number)
        if not 0 <= number < self.size:
            raise IndexError(f"no row {number}")
        if self.changes is not None and (record := self.changes.records.get(number)) is not None:
            return read_row(memoryview(record), 0)
        try:
            piece = self._file.records.piece(number * RECORD.size, (number + 1) * RECORD.size)
        except RowTableDamaged:
            piece = None
        return read_row(self.records, number) if piece is None else read_row(piece, 0)

    @property
    def records(self) -> memoryview:
        """As `RowTable.records`."""
        return self._records.get()

    @property
    def order(self) -> memoryview:
        """As `RowTable.order`."""
        return self._order.get()

    @property
    def columns(self) -> NumericColumns:
        """As `RowTable.columns`."""
        return numeric_columns(self.records)

    def rows_after(self, offset: int) -> Sequence[int]:
        """As `RowTable.rows_after`."""
        if self.changes is None or self._file.header.version.committed > offset:
            return rows_after(self.records, offset)
        changed = self.changes.records
        return sorted(row for row in changed if read_row(memoryview(changed[row]), 0).offset >= offset)


class StoredKeyIndex:
    """A `KeyIndex` of which little is in memory."""

    def __init__(
        self, file: RowTableFile, changes: RowTableChanges | None, unchanged: _Part[KeyIndex]
    ) -> None:
        self._file, self._unchanged = file, unchanged
        self._added = changes.added_keys if changes else []
        self._removed = frozenset(changes.removed_keys) if changes else frozenset()
        self._changed = {hash_value for hash_value, _ in (*self._added, *self._removed)}

    def load(self) -> KeyIndex:
        """Read everything, and return it."""
        return self._unchanged.get().with_changes(self._added, self._removed)

    def with_changes(self, added: Iterable[HashAndRow], removed: Iterable[HashAndRow]) -> KeyIndex:
        """As `KeyIndex.with_changes`."""
        return self.load().with_changes(added, removed)

    def find(self, hash_value: int) -> list[int]:
        """As `KeyIndex.find`. Reads only the hashes around the place where one of that value is expected."""
        keys, rows = self._unchanged.value, None
        if keys is None:
            with suppress(RowTableDamaged):
                rows = self._find_in_file(hash_value)
        if rows is None:
            rows = (keys or self._unchanged.get()).find(hash_value)
        if hash_value not in self._changed:
            return rows
        kept = {row for row in rows if (hash_value, row) not in self._removed}
        first = bisect_left(self._added, (hash_value, 0))
        while first < len(self._added) and self._added[first][0] == hash_value:
            kept.add(self._added[first][1])
            first += 1
        return sorted(kept)

    def _find_in_file(self, hash_value: int) -> list[int] | None:
        """Return the rows that the file has for a hash; None if everything has to be read."""
        file_hashes, count = self._file.key_hashes, self._file.key_hashes.length // 8
        expected = hash_value * count >> 64  # hashes are distributed uniformly
        reach = 2 * isqrt(count) + 64  # at least four standard deviations
        first, last = max(0, expected - reach), min(count, expected + reach)
        piece = file_hashes.piece(first * 8, last * 8) if count else None
        if piece is None:
            return None
        hashes = piece.cast("Q")
        if (first > 0 and hashes[0] >= hash_value) or (last < count and hashes[-1] <= hash_value):
            return None  # it may be elsewhere
        found, index = [], bisect_left(hashes, hash_value)
        while index < len(hashes) and hashes[index] == hash_value:
            start = 4 * (first + index)
            row = self._file.key_rows.piece(start, start + 4)
            if row is None:
                return None
            found.append(row.cast("I")[0])
            index += 1
        return found


class _Part(Generic[Value]):
    """What is read when it is first used, at most once; where the file is damaged, from the rebuilt table."""

    def __init__(
        self, read: Callable[[], Value], rebuilt: _Part[RowTable] | None = None, name: str = ""
    ) -> None:
        self._read, self._rebuilt, self._name = read, rebuilt, name
        self._lock = threading.Lock()
        self.value: Value | None = None
        """None until it was read."""

    def get(self) -> Value:
        with self._lock:
            if self.value is None:
                try:
                    self.value = self._read()
                except RowTableDamaged:
                    if self._rebuilt is None:
                        raise
                    self.value = attrgetter(self._name)(self._rebuilt.get())
            return self.value


def _read_records(file: RowTableFile, changes: RowTableChanges | None) -> memoryview:
    data = file.records.read()
    if changes is None:
        return memoryview(data)
    return memoryview(patched_records(data, changes.records)).toreadonly()


def patched_records(data: bytes | memoryview, changed: dict[int, bytes]) -> bytearray:
    """Return a copy of records in which some are different, or follow the others."""
    records = bytearray(data)
    for number in sorted(changed):
        records[number * RECORD.size : (number + 1) * RECORD.size] = changed[number]
    return records


def _read_order(file: RowTableFile, changes: RowTableChanges | None) -> memoryview:
    order = memoryview(file.order.read()).cast("I")
    return order if changes is None else apply_edits(order, changes.order_edits)


def _read_keys(file: RowTableFile) -> KeyIndex:
    hashes, rows = memoryview(file.key_hashes.read()).cast("Q"), memoryview(file.key_rows.read()).cast("I")
    return KeyIndex(hashes, rows)
