"""The file `rows.bin`, opened: its header, and its parts, which are read in verified blocks."""

from __future__ import annotations

import os
import weakref
from zlib import crc32

from paperreader.catalog.journal.positioned_io import read_at
from paperreader.catalog.row_table.encoding import (
    BLOCK_BYTES,
    PREFIX_BYTES,
    RowTableDamaged,
    block_checksums,
    decode_header,
)

MAX_PIECE_FRACTION = 2
"""When half of a part was read block by block, the whole part is read."""


class RowTableFile:
    """An open row table. Thread-safe; the file may be replaced, and even overwritten, meanwhile.

    Attributes:
        header: the header of the table.
        id: identifies the content.
        records, order, key_hashes, key_rows: the parts.
    """

    def __init__(self, descriptor: int) -> None:
        """Read and verify the header of an open file, which is closed with this object.

        Raises:
            RowTableDamaged: it is no row table, or incomplete.
        """
        weakref.finalize(self, os.close, descriptor)
        self.header, layout = decode_header(_read(descriptor, PREFIX_BYTES, 0), os.fstat(descriptor).st_size)
        self.id = layout.table_id
        data = _read(descriptor, layout.checksums_length, PREFIX_BYTES)
        if len(data) != layout.checksums_length or crc32(data) != layout.checksums_crc:
            raise RowTableDamaged("it is damaged")
        checksums = memoryview(data).cast("I")
        parts, offset, first = [], PREFIX_BYTES + len(data), 0
        for length, count in zip(layout.lengths, layout.block_counts, strict=True):
            parts.append(StoredPart(descriptor, offset, length, checksums[first : first + count]))
            offset, first = offset + length, first + count
        self.records, self.order, self.key_hashes, self.key_rows = parts


class StoredPart:
    """One part of the file, a sequence of bytes."""

    def __init__(self, descriptor: int, offset: int, length: int, checksums: memoryview) -> None:
        self._descriptor, self._offset, self._checksums = descriptor, offset, checksums
        self.length = length
        """Number of bytes."""
        self._blocks: dict[int, bytes] = {}
        """Those that were read one by one."""

    def piece(self, start: int, end: int) -> memoryview | None:
        """Return the bytes from `start` to `end`, at least one; None if it is better to read all.

        Raises:
            RowTableDamaged: they are damaged.
        """
        blocks, first, last = self._blocks, start // BLOCK_BYTES, (end - 1) // BLOCK_BYTES
        if (len(blocks) + last - first) * MAX_PIECE_FRACTION >= len(self._checksums):
            return None
        for number in range(first, last + 1):
            if number not in blocks:
                blocks[number] = self._read_blocks(number, number + 1)
        data = b"".join([blocks[number] for number in range(first, last + 1)])
        return memoryview(data)[start - first * BLOCK_BYTES : end - first * BLOCK_BYTES]

    def read(self) -> bytes:
        """Return all bytes.

        Raises:
            RowTableDamaged: some of them are damaged.
        """
        data = self._read_blocks(0, len(self._checksums))
        self._blocks = {}
        return data

    def _read_blocks(self, first: int, last: int) -> bytes:
        start, end = first * BLOCK_BYTES, min(last * BLOCK_BYTES, self.length)
        data = _read(self._descriptor, end - start, self._offset + start)
        if block_checksums(memoryview(data)) != self._checksums[first:last].tolist():
            raise RowTableDamaged("it is damaged")
        return data


def _read(descriptor: int, length: int, offset: int) -> bytes:
    try:
        return read_at(descriptor, length, offset)
    except OSError as error:
        raise RowTableDamaged("it cannot be read") from error
