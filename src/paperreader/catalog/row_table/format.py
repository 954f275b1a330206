"""The row table in memory: one fixed-size record per paper, derived from `papers.jsonl`. `encoding` stores it."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct, field

from paperreader.catalog.key_index import KeyIndex
from paperreader.models import (
    CODE_FLAG,
    DATA_FLAG,
    MODEL_FLAG,
    PROJECT_FLAG,
    REVISED_FLAG,
    UNDATED_FLAG,
    UNKNOWN_NUMBER,
    CatalogVersion,
    NumericColumns,
    Paper,
)

UNIDENTIFIED_FLAG = 0x100
"""The paper of a row has a record without arXiv id, which another arXiv id may claim. Internal to the catalog."""

PUBLIC_FLAGS = CODE_FLAG | PROJECT_FLAG | MODEL_FLAG | DATA_FLAG | UNDATED_FLAG | REVISED_FLAG

RECORD = struct.Struct("=QIIIiiiII")
"""The record of a row; `Row` names the fields."""

COLUMNS = {
    "length": ("u4", 8),
    "day": ("u4", 16),
    "votes": ("i4", 20),
    "comments": ("i4", 24),
    "stars": ("i4", 28),
    "flags": ("u4", 32),
}
"""Types and offsets within `RECORD` of the columns of `models.NumericColumns`."""

PAGE_POSITION_OFFSET = 36

_DATE_DIGITS = {4: 4, 7: 6, 10: 8}
"""Number of digits in a year, a month, a day, by the length of its ISO text."""

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
    """Byte in `papers.jsonl` of the last line about the paper: its own line, or the line that removed it."""
    length: int
    """Bytes of the paper's line without the line end; 0 for a row that is no longer live."""
    crc: int
    """CRC-32 of those bytes."""
    day: int
    """The paper's `date` as YYYYMMDD, with 00 for an unknown day or month; 0 without a date."""
    votes: int
    comments: int
    stars: int
    flags: int
    page_position: int
    """Position on the page that listed the paper."""


class RowTableHeader(Struct, frozen=True):
    """The header of a row table."""

    version: CatalogVersion
    commit_line_length: int
    """Bytes of the commit line of the last good chunk (of the header line where there is no chunk)."""
    commit_line_crc: int
    """CRC-32 of that line. Finding the same line again shows that the file still begins with what was read."""
    live_rows: int = 0
    lines: int = 0
    """Lines about papers (neither header nor commits), including dead ones."""
    undo_lines: int = 0
    """How many of them precede all papers: lines that compaction kept for an undo."""
    total_lines: int = 0
    """Lines of `papers.jsonl` up to that version."""
    damaged_lines: int = 0
    """Lines that were skipped because they are damaged."""


EMPTY_HEADER = RowTableHeader(CatalogVersion("", 0, 0, 0), 0, 0)


class RowTable(Struct, frozen=True):
    """A row table in memory. Immutable."""

    header: RowTableHeader = EMPTY_HEADER
    records: memoryview = field(default_factory=lambda: memoryview(b""))
    """`RECORD` after `RECORD`, including rows that are no longer live."""
    order: memoryview = field(default_factory=lambda: memoryview(b"").cast("I"))
    """Live rows: newest day first, within a day most votes first, then by position on the page."""
    key_index: KeyIndex = field(default_factory=KeyIndex)

    @property
    def size(self) -> int:
        """Number of rows, live or not."""
        return len(self.records) // RECORD.size

    @property
    def columns(self) -> NumericColumns:
        """The numbers of all rows, as columns."""
        return numeric_columns(self.records)

    def row(self, number: int) -> Row:
        """Return the record of a row.

        Raises:
            IndexError: there is no such row.
        """
        return read_row(self.records, number)

    def rows_after(self, offset: int) -> Sequence[int]:
        """Return the rows whose last line in `papers.jsonl` is at `offset` or later, in ascending order."""
        return rows_after(self.records, offset)


def numeric_columns(records: memoryview) -> NumericColumns:
    """Return the numbers in all records, as columns."""
    return NumericColumns(records, len(records) // RECORD.size, RECORD.size, COLUMNS)


def rows_after(records: memoryview, offset: int) -> Sequence[int]:
    """Return the rows whose last line in `papers.jsonl` is at `offset` or later."""
    import numpy as np  # every caller has loaded it; a loop over a million rows would take a third of a second

    size = len(records) // RECORD.size
    offsets = np.ndarray((size,), "=u8", records, strides=(RECORD.size,))
    rows: list[int] = np.flatnonzero(offsets >= offset).tolist()
    return rows


def read_row(records: memoryview | bytearray, number: int) -> Row:
    """Return the record of a row.

    Raises:
        IndexError: there is no such row.
    """
    if not 0 <= number < len(records) // RECORD.size:
        raise IndexError(f"no row {number}")
    return Row._make(RECORD.unpack_from(records, number * RECORD.size))


def row_from_paper(paper: Paper, offset: int, length: int, crc: int, flags: int) -> Row:
    """Return the record of a paper whose line has that offset, length and checksum, and whose records have `flags`."""
    flags |= 0 if paper.has_full_date else UNDATED_FLAG
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


def _encode_day(date: str) -> int:
    """Return an ISO day, month or year as YYYYMMDD, so that a year sorts before its months, a month before its days."""
    digits = date.replace("-", "")
    is_valid = len(digits) == _DATE_DIGITS.get(len(date)) and digits.isascii() and digits.isdigit()
    return int(digits.ljust(8, "0")) if is_valid else 0


def _encode_count(value: int | None) -> int:
    return UNKNOWN_NUMBER if value is None else max(UNKNOWN_NUMBER + 1, min(2**31 - 1, value))


def _page_position(paper: Paper) -> int:
    positions = (source.key.rpartition(":")[2] for source in paper.sources if source.date == paper.listed)
    return min(
        (int(text) for text in positions if text.isascii() and text.isdigit() and len(text) < 10), default=0
    )
