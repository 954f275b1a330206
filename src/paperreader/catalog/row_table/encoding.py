"""The format of `rows.bin`, the row table on disk.

Layout, all integers in the machine's own byte order (the file never leaves the machine): a header, the checksums of
all blocks, then four parts: the records, the live rows in the order of the list, and the hashes and the rows of the
sorted key index. Each part is divided into blocks of `BLOCK_BYTES`, of which the last may be shorter, so that any piece
can be verified without reading the others. The file is only ever replaced as a whole.
"""

from __future__ import annotations

import struct
import sys
from array import array
from zlib import crc32

from msgspec import Struct

from paperreader.catalog.row_table.format import RECORD, RowTable, RowTableHeader
from paperreader.models import CatalogVersion

ROW_TABLE_VERSION = 6
"""To be raised whenever the layout, a column, the flags, or the match keys of `text.ids` change their meaning."""

BLOCK_BYTES = 512 * RECORD.size
"""Bytes with one checksum: 20 kB, whole records and whole numbers. Reading and verifying them takes 15 µs."""

PREFIX_BYTES = 128
"""Where the checksums begin: leaves room for the header."""

MAGIC = b"PRROWS" + (b"<" if sys.byteorder == "little" else b">") + bytes([ROW_TABLE_VERSION])
_HEADER = struct.Struct("=8s40sQQIIIIIIIQQII")
_HEADER_CRC = struct.Struct("=I")


class RowTableDamaged(Exception):
    """The bytes are not a row table of this version; the message completes "because …"."""


class RowTableLayout(Struct, frozen=True):
    """Where the parts of a file are."""

    lengths: tuple[int, int, int, int]
    """Bytes of records, order, hashes and rows of keys."""
    checksums_crc: int
    """CRC-32 of the checksums of all blocks."""
    table_id: int
    """CRC-32 of the header and of the checksums: identifies the content."""

    @property
    def block_counts(self) -> tuple[int, ...]:
        """Blocks of each part."""
        return tuple(-(-length // BLOCK_BYTES) for length in self.lengths)

    @property
    def checksums_length(self) -> int:
        """Bytes of the checksums of all blocks."""
        return 4 * sum(self.block_counts)

    @property
    def file_length(self) -> int:
        """Bytes of the file."""
        return PREFIX_BYTES + self.checksums_length + sum(self.lengths)


def encode_row_table(table: RowTable) -> list[bytes | memoryview]:
    """Return the content of the file, in parts to be written one after the other; nothing large is copied."""
    header, keys = table.header, table.key_index
    parts = [part.cast("B") for part in (table.records, table.order, keys.hashes, keys.rows)]
    checksums = array("I", (checksum for part in parts for checksum in block_checksums(part))).tobytes()
    packed = _HEADER.pack(
        MAGIC,
        header.version.uuid.encode("ascii", "replace")[:40],
        header.version.generation,
        header.version.committed,
        header.version.crc,
        header.commit_line_length,
        header.commit_line_crc,
        table.size,
        header.live_rows,
        header.damaged_lines,
        header.undo_lines,
        header.lines,
        header.total_lines,
        len(keys.hashes),
        crc32(checksums),
    )
    packed += _HEADER_CRC.pack(crc32(packed))
    return [packed.ljust(PREFIX_BYTES, b"\0"), checksums, *parts]


def block_checksums(part: memoryview | bytes) -> list[int]:
    """Return the CRC-32 of each block of a part, which consists of single bytes."""
    return [crc32(part[start : start + BLOCK_BYTES]) for start in range(0, len(part), BLOCK_BYTES)]


def decode_header(data: bytes, file_length: int) -> tuple[RowTableHeader, RowTableLayout]:
    """Return the header in the first `PREFIX_BYTES` of a file with that length, and where its parts are.

    Raises:
        RowTableDamaged: it is not a row table, or not a complete one.
    """
    header_end = _HEADER.size
    if len(data) < PREFIX_BYTES:
        raise RowTableDamaged("it is truncated")
    if data[:8] != MAGIC:
        is_other_version = data[:6] == MAGIC[:6]
        raise RowTableDamaged("it has another format version" if is_other_version else "it is damaged")
    if _HEADER_CRC.unpack_from(data, header_end)[0] != crc32(data[:header_end]):
        raise RowTableDamaged("it is damaged")
    fields = _HEADER.unpack_from(data)
    uuid, generation, committed, chunk_crc, commit_line_length, commit_line_crc = fields[1:7]
    size, live_rows, damaged_lines, undo_lines, lines, total_lines, key_count, checksums_crc = fields[7:]
    lengths = (size * RECORD.size, live_rows * 4, key_count * 8, key_count * 4)
    layout = RowTableLayout(lengths, checksums_crc, table_id(data))
    if file_length != layout.file_length:
        raise RowTableDamaged("it is truncated")
    header = RowTableHeader(
        CatalogVersion(uuid.rstrip(b"\0").decode("ascii"), generation, committed, chunk_crc),
        commit_line_length,
        commit_line_crc,
        live_rows,
        lines,
        undo_lines,
        total_lines,
        damaged_lines,
    )
    return header, layout


def table_id(data: bytes) -> int:
    """Return what identifies the content of the row table whose first `PREFIX_BYTES` these are."""
    return crc32(data[: _HEADER.size]) << 32 | int(_HEADER.unpack_from(data)[-1])


def committed_bytes_in_header(data: bytes) -> int:
    """Return the bytes of `papers.jsonl` that a row table beginning with `data` covers; 0 if it is no row table."""
    if len(data) < _HEADER.size or data[:8] != MAGIC:
        return 0
    return int(_HEADER.unpack_from(data)[3])
