"""Protocol of a catalog snapshot, as the search index and the reader use it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from paperreader.models.papers import Paper

SortOrder = Literal[
    "date", "votes", "title", "relevance", "marked", "stars", "comments", "citations", "queue", "foryou"
]
"""Order of a list: newest, most votes, alphabetical, best match, most recently marked, most stars, most comments, most
citations, next in the reading queue, or best for the user first.
"""

CODE_FLAG, PROJECT_FLAG, MODEL_FLAG, DATA_FLAG = 1, 2, 4, 8
"""Bits of a row's `flags`: the paper has a link of that kind (dataset and data share one)."""

UNDATED_FLAG = 16
"""A bit of a row's `flags`: the paper has no full date, only a month, a year, an uncertain day, or nothing."""

REVISED_FLAG = 32
"""A bit of a row's `flags`: an earlier version of the paper at arXiv is known."""

UNKNOWN_NUMBER = -(2**31)
"""Represents an unknown value in a column of numbers. Sorts after every number."""


class NumericColumns(Struct, frozen=True, eq=False):
    """Numbers of every row of a `PaperTable`, in a layout that can be read as arrays without a copy.

    Rows follow each other, `stride` bytes each, in the native byte order.
    """

    data: memoryview
    row_count: int
    """Number of rows, live or not."""
    stride: int
    fields: Mapping[str, tuple[str, int]]
    """By name, the type of a number (`u4`: unsigned, four bytes) and its offset in the row.

    `length`: not 0 if the row is live; `day`: YYYYMMDD, with 00 for an unknown day or month, 0 for none; `votes`,
    `comments`, `stars`: `UNKNOWN_NUMBER` for none; `flags`.
    """

    def column(self, name: str) -> memoryview[int]:
        """Return one of the numbers of every row, for reading many of them without NumPy."""
        kind, offset = self.fields[name]
        numbers = self.data.cast("i") if kind == "i4" else self.data.cast("I")
        return numbers[offset // 4 :: self.stride // 4]

    def low_bytes(self, name: str) -> bytes:
        """Return the lowest byte of one of the numbers of every row."""
        _, offset = self.fields[name]
        return self.data[offset + (0 if sys.byteorder == "little" else 3) :: self.stride].tobytes()


def format_day(day: int) -> str:
    """Format a number of the column `day` as an ISO day, month or year, as far as it is known; empty for 0."""
    if not day:
        return ""
    year, month, day = day // 10000, day // 100 % 100, day % 100
    if day:
        return f"{year:04d}-{month:02d}-{day:02d}"
    return f"{year:04d}-{month:02d}" if month else f"{year:04d}"


class PaperTable(Protocol):
    """A snapshot of the catalog. Immutable, and safe to use from any thread.

    A row is the position of a paper. It is stable within a generation, also when other papers are added or removed.
    """

    @property
    def generation(self) -> int: ...

    @property
    def newest(self) -> Sequence[int]:
        """Rows of all live papers: newest day first, within a day most votes first, then by position on the page."""
        ...

    def __len__(self) -> int:
        """Return the number of live papers."""
        ...

    def paper(self, row: int) -> Paper:
        """Return the paper at that row.

        Raises:
            StorageError: the line is damaged.
        """
        ...

    def is_live(self, row: int) -> bool:
        """Return whether the row holds a paper, not one that was removed or merged into another."""
        ...

    def row_of(self, id: str) -> int | None:
        """Return the row of an exact id or alias."""
        ...

    def day(self, row: int) -> str:
        """Return `Paper.date` (ISO; `2016-05` or `2016` if no more is known, or empty) without reading the paper."""
        ...

    def votes(self, row: int) -> int | None: ...

    def comments(self, row: int) -> int | None: ...

    def stars(self, row: int) -> int | None: ...

    def flags(self, row: int) -> int:
        """Return the flags of a row: `CODE_FLAG` etc., combined by or."""
        ...

    @property
    def columns(self) -> NumericColumns:
        """Days, votes and flags of all rows."""
        ...

    @property
    def version(self) -> CatalogVersion: ...

    def changed_since(self, version: CatalogVersion) -> Sequence[int] | None:
        """Return the rows added, changed or removed since; None if everything has to be read again."""
        ...


class CatalogVersion(Struct, frozen=True):
    """The state of the catalog that a derived file was built from. It is current if both are equal."""

    uuid: str
    generation: int
    committed: int
    """Length of `papers.jsonl` in bytes, up to and including the last valid commit line."""
    crc: int
    """CRC-32 of the last valid chunk."""
