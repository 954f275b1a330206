"""All papers at one moment, as the search index and the reader see them, and the answers to queries over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal, Protocol

from msgspec import Struct

from paperreader.models.papers import Paper

SortOrder = Literal["date", "votes", "title", "relevance", "marked"]
"""The order of a list: newest, most votes, alphabet, best match, most recently marked first."""

CODE_FLAG, PROJECT_FLAG, MODEL_FLAG, DATA_FLAG = 1, 2, 4, 8
"""Bits of a row's `flags`: the paper has a link of that kind (dataset and data share one)."""

UNDATED_FLAG = 16
"""A bit of a row's `flags`: the paper has no day of its own, and is shown under its month, its year, or the day it
came in.
"""

UNKNOWN_NUMBER = -(2**31)
"""In a column of numbers: nobody told. Sorts after every number."""


class NumericColumns(Struct, frozen=True, eq=False):
    """Numbers of every row of a `PaperTable`, laid out so that they can be read as arrays without a copy.

    Rows stand one after the other, `stride` bytes each, in the machine's own byte order.
    """

    data: memoryview
    row_count: int
    """How many rows there are, live or not."""
    stride: int
    fields: Mapping[str, tuple[str, int]]
    """By name, the type of a number (`u4`: unsigned, four bytes) and its byte within the row.

    `length`: not 0 where the row is live; `day`: YYYYMMDD, with 00 for a day or month that nobody told, 0 for none;
    `votes`: `UNKNOWN` for none; `flags`.
    """


class PaperTable(Protocol):
    """The catalog at one moment, as the search index and the reader see it. Immutable, safe from any thread.

    A row is a paper's position: stable within a generation, also when other papers come or go.
    """

    @property
    def generation(self) -> int: ...

    @property
    def newest(self) -> Sequence[int]:
        """Rows of all live papers: newest day first, within a day most votes first, then by place on the page."""
        ...

    def __len__(self) -> int:
        """How many live papers there are."""
        ...

    def paper(self, row: int) -> Paper:
        """The paper at that row.

        Raises:
            StorageError: the line is damaged.
        """
        ...

    def is_live(self, row: int) -> bool:
        """Whether the row holds a paper (and not one that was removed or merged away)."""
        ...

    def row_of(self, id: str) -> int | None:
        """The row of an exact id or alias."""
        ...

    def day(self, row: int) -> str:
        """The paper's `date` (ISO; `2016-05` or `2016` where no more is known) without reading its text."""
        ...

    def votes(self, row: int) -> int | None: ...

    def flags(self, row: int) -> int:
        """`CODE_FLAG` and its kin, or-ed."""
        ...

    @property
    def columns(self) -> NumericColumns:
        """Days, votes and flags of all rows at once."""
        ...

    @property
    def version(self) -> CatalogVersion: ...

    def changed_since(self, version: CatalogVersion) -> Sequence[int] | None:
        """Rows added, changed or removed since; None when everything has to be read again."""
        ...


class CatalogVersion(Struct, frozen=True):
    """What a derived file was built from. Equal stamps mean: nothing to do."""

    uuid: str
    generation: int
    committed: int
    """Bytes of `papers.jsonl` up to and with the last good commit line."""
    crc: int
    """CRC-32 of the last good chunk."""


class Completion(Struct, frozen=True):
    """What could stand at a place of a query."""

    text: str
    start: int
    end: int
    """The characters of the query that `text` takes the place of."""
    description: str = ""
    """A few words on it, such as how many papers it stands for."""


class SearchHits(Struct, frozen=True, eq=False):
    """The answer to a query over one `PaperTable`."""

    query: str
    generation: int
    rows: Sequence[int]
    """Ranked rows: the full matches, then (fewer than ten full matches) papers with some of the words."""
    full_matches: int
    """How many of `rows` hold every word: the total that is shown."""
    scores: Sequence[float]
    """As long as `rows`; zeros where a query does not rank."""
    seconds: float
    highlighter: Callable[[str], list[tuple[int, int]]]
    """Character spans of a display text that a query word matches (every form of it), for highlights."""
    hint: str = ""
    """What of the query was not understood and searched as plain words."""
    suggestion: str = ""
    """A better-spelt query, when next to nothing was found."""
    sorted_by: SortOrder = "relevance"
    """The order of the full matches: what the query asked for, else by date where nothing was searched for."""

    def __iter__(self) -> Iterator[int]:
        return iter(self.rows)
