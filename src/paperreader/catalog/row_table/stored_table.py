"""The row table in a file, of which each piece is read and verified when it is first used.

A start uses the order of the list, the records of the papers on the screen and the keys of the marks: little of the
60 MB that a million papers take. A table with a part that turns out to be damaged is rebuilt then and there, which
takes as long as opening the catalog without one.
"""

from __future__ import annotations

import os
import threading
import weakref
from bisect import bisect_left
from collections.abc import Callable
from functools import partial
from math import isqrt
from zlib import crc32

from paperreader.catalog.journal.positioned_io import read_at
from paperreader.catalog.key_index import KeyIndex
from paperreader.catalog.row_table.encoding import (
    BLOCK_BYTES,
    PREFIX_BYTES,
    RowTableDamaged,
    RowTableLayout,
    block_checksums,
    decode_header,
)
from paperreader.catalog.row_table.format import (
    RECORD,
    Row,
    RowTable,
    RowTableHeader,
    numeric_columns,
    read_row,
)
from paperreader.models import NumericColumns

MAX_PIECES = 256
"""When more blocks of a part were read one by one, or a quarter of them, the whole part is read."""

Rebuild = Callable[[RowTableHeader], RowTable]
"""Called with the header of a file of which a part is damaged; returns an equal table that is intact."""


class StoredRowTable:
    """A `RowTable` in an open file. Thread-safe; the file may be replaced, and even overwritten, meanwhile."""

    def __init__(self, descriptor: int, rebuild: Rebuild) -> None:
        """Read and verify the header.

        Args:
            descriptor: the file, which this object closes.
            rebuild: called when a part turns out to be damaged; may raise `RowTableDamaged` or `StorageError`.

        Raises:
            RowTableDamaged: it is no row table, or incomplete.
        """
        self._descriptor = descriptor
        self._close = weakref.finalize(self, os.close, descriptor)
        self.header, layout = _read_header(descriptor)
        rebuilt = _Rebuilt(partial(rebuild, self.header))
        checksums = _read_checksums(descriptor, layout)
        offset, parts = PREFIX_BYTES + layout.checksums_length, []
        of_table: tuple[Callable[[RowTable], memoryview], ...] = (
            lambda table: table.records,
            lambda table: table.order.cast("B"),
            lambda table: table.key_index.hashes.cast("B"),
            lambda table: table.key_index.rows.cast("B"),
        )
        for length, count, select in zip(layout.lengths, layout.block_counts, of_table, strict=True):
            parts.append(_StoredPart(descriptor, offset, length, checksums[:count], rebuilt, select))
            offset, checksums = offset + length, checksums[count:]
        self._records, self._order, hashes, key_rows = parts
        self.size = layout.lengths[0] // RECORD.size
        """Number of rows, live or not."""
        self.key_index = StoredKeyIndex(hashes, key_rows)
        """Finds rows by the hash of a key."""

    def file_status(self) -> os.stat_result:
        """Return the status of the file, before everything was read."""
        return os.fstat(self._descriptor)

    def load(self) -> RowTable:
        """Read everything, and return it."""
        table = RowTable(self.header, self.records, self.order, self.key_index.load())
        self._close()
        return table

    def row(self, number: int) -> Row:
        """As `RowTable.row`."""
        if (records := self._records.content) is not None:
            return read_row(records, number)
        if not 0 <= number < self.size:
            raise IndexError(f"no row {number}")
        return read_row(self._records.read(number * RECORD.size, (number + 1) * RECORD.size), 0)

    @property
    def records(self) -> memoryview:
        """As `RowTable.records`."""
        return self._records.load()

    @property
    def order(self) -> memoryview:
        """As `RowTable.order`."""
        return self._order.load().cast("I")

    @property
    def columns(self) -> NumericColumns:
        """As `RowTable.columns`."""
        return numeric_columns(self.records)


class StoredKeyIndex:
    """A `KeyIndex` in an open file."""

    def __init__(self, hashes: _StoredPart, rows: _StoredPart) -> None:
        self._hashes, self._rows = hashes, rows
        self._loaded: KeyIndex | None = None

    def load(self) -> KeyIndex:
        """Read everything, and return it."""
        if self._loaded is None:
            self._loaded = KeyIndex(self._hashes.load().cast("Q"), self._rows.load().cast("I"))
        return self._loaded

    def find(self, hash_value: int) -> list[int]:
        """As `KeyIndex.find`. Reads only the hashes around the place where one of that value is expected."""
        count = self._hashes.length // 8
        expected = hash_value * count >> 64  # hashes are distributed uniformly
        reach = 2 * isqrt(count) + 64  # at least four standard deviations
        first, last = max(0, expected - reach), min(count, expected + reach)
        if self._hashes.content is not None:
            return self.load().find(hash_value)
        hashes = self._hashes.read(first * 8, last * 8).cast("Q")
        if (first > 0 and hashes[0] >= hash_value) or (last < count and hashes[-1] <= hash_value):
            return self.load().find(hash_value)  # it may be elsewhere
        found, index = [], bisect_left(hashes, hash_value)
        while index < len(hashes) and hashes[index] == hash_value:
            start = 4 * (first + index)
            found.append(self._rows.read(start, start + 4).cast("I")[0])
            index += 1
        return found


class _Rebuilt:
    """The intact table that replaces what is damaged, rebuilt at most once."""

    def __init__(self, rebuild: Callable[[], RowTable]) -> None:
        self._rebuild, self._lock = rebuild, threading.Lock()
        self._table: RowTable | None = None

    def get(self) -> RowTable:
        with self._lock:
            if self._table is None:
                self._table = self._rebuild()
            return self._table


class _StoredPart:
    """One part of the file, a sequence of bytes.

    Attributes:
        length: number of bytes.
        content: all of them, once they were read and verified.
    """

    def __init__(
        self,
        descriptor: int,
        offset: int,
        length: int,
        checksums: memoryview,
        rebuilt: _Rebuilt,
        select: Callable[[RowTable], memoryview],
    ) -> None:
        self._descriptor, self._offset, self.length = descriptor, offset, length
        self._checksums, self._max_pieces = checksums, min(MAX_PIECES, len(checksums) // 4)
        self._rebuilt, self._select = rebuilt, select
        self._lock = threading.Lock()
        self._blocks: dict[int, bytes] = {}
        self.content: memoryview | None = None

    def read(self, start: int, end: int) -> memoryview:
        """Return the bytes from `start` to `end`, of which there is at least one."""
        blocks, first, last = self._blocks, start // BLOCK_BYTES, (end - 1) // BLOCK_BYTES
        if self.content is None and len(blocks) + last - first < self._max_pieces:
            try:
                for number in range(first, last + 1):
                    if number not in blocks:
                        blocks[number] = self._read_blocks(number, number + 1)
            except RowTableDamaged:
                pass  # `load` meets it again
            else:
                data = b"".join([blocks[number] for number in range(first, last + 1)])
                return memoryview(data)[start - first * BLOCK_BYTES : end - first * BLOCK_BYTES]
        return self.load()[start:end]

    def load(self) -> memoryview:
        """Return all bytes."""
        with self._lock:
            if self.content is None:
                try:
                    content = memoryview(self._read_blocks(0, len(self._checksums)))
                except RowTableDamaged:
                    content = self._select(self._rebuilt.get())
                self.content, self._blocks = content, {}
            return self.content

    def _read_blocks(self, first: int, last: int) -> bytes:
        """Read the blocks from `first` to before `last`.

        Raises:
            RowTableDamaged: one of them is damaged.
        """
        start, end = first * BLOCK_BYTES, min(last * BLOCK_BYTES, self.length)
        data = _read(self._descriptor, end - start, self._offset + start)
        if block_checksums(memoryview(data)) != self._checksums[first:last].tolist():
            raise RowTableDamaged("it is damaged")
        return data


def _read_header(descriptor: int) -> tuple[RowTableHeader, RowTableLayout]:
    return decode_header(_read(descriptor, PREFIX_BYTES, 0), os.fstat(descriptor).st_size)


def _read_checksums(descriptor: int, layout: RowTableLayout) -> memoryview:
    """Read the checksums of all blocks.

    Raises:
        RowTableDamaged: one of them is damaged.
    """
    data = _read(descriptor, layout.checksums_length, PREFIX_BYTES)
    if crc32(data) != layout.checksums_crc or len(data) != layout.checksums_length:
        raise RowTableDamaged("it is damaged")
    return memoryview(data).cast("I")


def _read(descriptor: int, length: int, offset: int) -> bytes:
    try:
        return read_at(descriptor, length, offset)
    except OSError as error:
        raise RowTableDamaged("it cannot be read") from error
