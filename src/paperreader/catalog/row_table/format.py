"""`rows.bin`: the row table, derived from `papers.jsonl`, one fixed-size record a paper.

Layout, all integers in the machine's own byte order (the file never leaves the machine): a header, then the records,
the live rows in the order of the list, and the sorted table of keys. Two checksums cover all of it. The file is only
ever replaced as a whole.
"""

from __future__ import annotations

import struct
import sys
import zlib
from typing import NamedTuple

from msgspec import Struct, field

from paperreader.catalog.key_index import KeyIndex
from paperreader.models import (
    CODE_FLAG,
    DATA_FLAG,
    MODEL_FLAG,
    PROJECT_FLAG,
    UNDATED_FLAG,
    UNKNOWN_NUMBER,
    CatalogVersion,
    NumericColumns,
    Paper,
)

ROW_TABLE_VERSION = 3
"""To be raised whenever the layout, the flags, or the match keys of `text.ids` change their meaning."""

UNIDENTIFIED_FLAG = 0x100
"""A row's paper has a record without arXiv id: one that another arXiv id may claim. Not shown outside."""

PUBLIC_FLAGS = CODE_FLAG | PROJECT_FLAG | MODEL_FLAG | DATA_FLAG | UNDATED_FLAG

_MAGIC = b"PRROWS" + (b"<" if sys.byteorder == "little" else b">") + bytes([ROW_TABLE_VERSION])
_HEADER = struct.Struct("=8s40sQQIIIIIIIQQII")
_HEADER_CRC = struct.Struct("=I")
_RECORDS_OFFSET = 128
"""Where the records begin: room for the header, and aligned for whoever maps it."""

RECORD = struct.Struct("=QIIIiiiII")
"""The record of a row; `Row` names the fields."""

_COLUMNS = {"length": ("u4", 8), "day": ("u4", 16), "votes": ("i4", 20), "flags": ("u4", 32)}
"""Where `RECORD` keeps what `models.Columns` offers."""

_DATE_DIGITS = {4: 4, 7: 6, 10: 8}
"""In a year, a month, a day, by the length of its ISO text."""

_PAGE_POSITION_OFFSET = 36

_FLAG_BY_LINK_KIND = {
    "code": CODE_FLAG,
    "project": PROJECT_FLAG,
    "model": MODEL_FLAG,
    "dataset": DATA_FLAG,
    "data": DATA_FLAG,
}


class Row(NamedTuple):
    """One record of the row table."""

    offset: int
    """Byte in `papers.jsonl` of the last line about the paper: its text, or the line that ended it."""
    length: int
    """Bytes of the paper's line without the line end; 0 for a row that is no longer live."""
    crc: int
    """CRC-32 of those bytes."""
    day: int
    """The paper's `date` as YYYYMMDD, with 00 for a day or month that nobody told; 0 where it is none."""
    votes: int
    comments: int
    stars: int
    flags: int
    page_position: int
    """Place on the page it was listed on."""


class RowTableDamaged(ValueError):
    """The bytes are not a row table of this version; the message says in what way."""


class RowTableHeader(Struct, frozen=True):
    """What a row table says of itself."""

    stamp: CatalogVersion
    seal_length: int
    """Bytes of the line that closes the last good chunk (the header line where there is no chunk)."""
    seal_crc: int
    """CRC-32 of that line: finding it again tells that the catalog still begins with what was read."""
    live: int = 0
    lines: int = 0
    """Lines that say something of a paper (not the header, not commits): dead ones included."""
    kept: int = 0
    """How many of them stand in front of all papers: what can still be undone, carried over by compaction."""
    total_lines: int = 0
    """Lines of `papers.jsonl` up to the stamp."""
    damaged: int = 0
    """Lines that were passed over because they are damaged."""


EMPTY_HEADER = RowTableHeader(CatalogVersion("", 0, 0, 0), 0, 0)


class RowTable(Struct, frozen=True):
    """A row table in memory. Immutable."""

    header: RowTableHeader = EMPTY_HEADER
    records: memoryview = field(default_factory=lambda: memoryview(b""))
    """`RECORD` after `RECORD`, also of rows that are no longer live."""
    order: memoryview = field(default_factory=lambda: memoryview(b"").cast("I"))
    """Live rows: newest day first, within a day most votes first, then by place on the page."""
    key_index: KeyIndex = field(default_factory=KeyIndex)

    @property
    def size(self) -> int:
        """How many rows there are, live or not."""
        return len(self.records) // RECORD.size

    @property
    def columns(self) -> NumericColumns:
        """The numbers that are read of all rows at once."""
        return NumericColumns(self.records, self.size, RECORD.size, _COLUMNS)

    def row(self, number: int) -> Row:
        """The record of a row.

        Raises:
            IndexError: there is no such row.
        """
        return read_row(self.records, number)


def read_row(records: memoryview | bytearray, number: int) -> Row:
    """The record of a row.

    Raises:
        IndexError: there is no such row.
    """
    if not 0 <= number < len(records) // RECORD.size:
        raise IndexError(f"no row {number}")
    return Row._make(RECORD.unpack_from(records, number * RECORD.size))


def row_from_paper(paper: Paper, offset: int, length: int, crc: int, *, unidentified: bool) -> Row:
    """The record of a paper whose line stands at that place."""
    flags = (UNIDENTIFIED_FLAG if unidentified else 0) | (0 if paper.has_full_date else UNDATED_FLAG)
    for link in paper.links:
        flags |= _FLAG_BY_LINK_KIND.get(link.kind, 0)
    return Row(
        offset,
        length,
        crc,
        _encode_day(paper.date),
        _encode_count(paper.votes),
        _encode_count(paper.comments),
        _encode_count(paper.stars),
        flags,
        _page_position(paper),
    )


def row_sort_key(records: memoryview | bytearray, number: int) -> tuple[int, int, int, int]:
    """Sorts rows as the list shows them: newest day, most votes, place on the page, first come."""
    row = RECORD.unpack_from(records, number * RECORD.size)
    return (-row[3], -row[4], row[8], number)


def sort_live_rows(records: memoryview | bytearray) -> memoryview:
    """The live rows, sorted by `sort_key`: for very many of them."""
    import numpy as np

    def column(kind: str, place: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        size = len(records) // RECORD.size
        return np.ndarray((size,), kind, records, place, (RECORD.size,)).astype(np.int64)

    places = {name: column(f"={kind}", place) for name, (kind, place) in _COLUMNS.items()}
    order = np.lexsort((column("=u4", _PAGE_POSITION_OFFSET), -places["votes"], -places["day"]))
    live = order[places["length"][order] > 0]
    return memoryview(live.astype("=u4").tobytes()).cast("I")


def format_day(day: int) -> str:
    """YYYYMMDD as an ISO day, month or year, as far as it is told; empty for 0."""
    if not day:
        return ""
    year, month, day = day // 10000, day // 100 % 100, day % 100
    if day:
        return f"{year:04d}-{month:02d}-{day:02d}"
    return f"{year:04d}-{month:02d}" if month else f"{year:04d}"


def encode_row_table(rows: RowTable) -> list[bytes | memoryview]:
    """The file's content, in parts to be written one after the other; nothing large is copied."""
    head, keys = rows.header, rows.key_index
    order, hashes, keyed = (part.cast("B") for part in (rows.order, keys.hashes, keys.rows))
    body = [rows.records, order, memoryview(bytes(-len(order) % 8)), hashes, keyed]
    crc = 0
    for part in body:
        crc = zlib.crc32(part, crc)
    packed = _HEADER.pack(
        _MAGIC,
        head.stamp.uuid.encode("ascii", "replace")[:40],
        head.stamp.generation,
        head.stamp.committed,
        head.stamp.crc,
        head.seal_length,
        head.seal_crc,
        len(body[0]) // RECORD.size,
        head.live,
        head.damaged,
        head.kept,
        head.lines,
        head.total_lines,
        len(keys.hashes),
        crc,
    )
    packed += _HEADER_CRC.pack(zlib.crc32(packed))
    return [packed.ljust(_RECORDS_OFFSET, b"\0"), *body]


def decode_row_table(data: memoryview) -> RowTable:
    """The row table in those bytes, none of them copied.

    Raises:
        DamagedRows: it is not one, or not whole.
    """
    head_end = _HEADER.size
    if len(data) < _RECORDS_OFFSET:
        raise RowTableDamaged("it is cut short")
    if bytes(data[:8]) != _MAGIC:
        raise RowTableDamaged(
            "it is of another version" if bytes(data[:6]) == _MAGIC[:6] else "it is damaged"
        )
    if _HEADER_CRC.unpack_from(data, head_end)[0] != zlib.crc32(data[:head_end]):
        raise RowTableDamaged("it is damaged")
    fields = _HEADER.unpack_from(data)
    uuid, generation, committed, chunk_crc, seal_length, seal_crc = fields[1:7]
    size, live, damaged, kept, lines, total_lines, key_count, crc = fields[7:]
    order_at = _RECORDS_OFFSET + size * RECORD.size
    hashes_at = order_at + live * 4 + -(live * 4) % 8
    rows_at = hashes_at + key_count * 8
    end = rows_at + key_count * 4
    if len(data) != end:
        raise RowTableDamaged("it is cut short")
    if zlib.crc32(data[_RECORDS_OFFSET:]) != crc:
        raise RowTableDamaged("it is damaged")
    stamp = CatalogVersion(uuid.rstrip(b"\0").decode("ascii"), generation, committed, chunk_crc)
    return RowTable(
        RowTableHeader(stamp, seal_length, seal_crc, live, lines, kept, total_lines, damaged),
        data[_RECORDS_OFFSET:order_at],
        data[order_at : order_at + live * 4].cast("I"),
        KeyIndex(data[hashes_at:rows_at].cast("Q"), data[rows_at:end].cast("I")),
    )


def committed_bytes_in_header(data: bytes) -> int:
    """The bytes of `papers.jsonl` that a row table beginning so covers; 0 when it does not look like one."""
    if len(data) < _HEADER.size or data[:8] != _MAGIC:
        return 0
    return int(_HEADER.unpack_from(data)[3])


def _encode_day(date: str) -> int:
    """YYYYMMDD of an ISO day, month or year, so that a year comes before its months, and a month before its days."""
    digits = date.replace("-", "")
    told = len(digits) == _DATE_DIGITS.get(len(date))
    return int(digits.ljust(8, "0")) if told and digits.isascii() and digits.isdigit() else 0


def _encode_count(value: int | None) -> int:
    return UNKNOWN_NUMBER if value is None else max(UNKNOWN_NUMBER + 1, min(2**31 - 1, value))


def _page_position(paper: Paper) -> int:
    places = (source.key.rpartition(":")[2] for source in paper.sources if source.date == paper.listed)
    return min(
        (int(place) for place in places if place.isascii() and place.isdigit() and len(place) < 10), default=0
    )
