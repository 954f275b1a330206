"""The things this program is about: papers, what sources say of them, and the reader's marks.

Frozen values of the standard library only, so that every part of the house can pass them around.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

LinkKind = Literal["code", "model", "dataset", "space", "project", "data", "paper", "other"]
"""What stands behind a link; `has:code` and the `y` key look for `code` alone."""

LINK_KINDS: tuple[LinkKind, ...] = (
    "code",
    "model",
    "dataset",
    "space",
    "project",
    "data",
    "paper",
    "other",
)
"""Every kind, in the order in which the detail lists them."""

CODE_FLAG, PROJECT_FLAG, MODEL_FLAG, DATA_FLAG = 1, 2, 4, 8
"""Bits of a row's `flags`: the paper has a link of that kind (dataset and data share one)."""

UNDATED_FLAG = 16
"""A bit of a row's `flags`: the paper has no day of its own, and is shown under the day it came in."""


@dataclass(frozen=True, slots=True)
class Link:
    """A web address as found in a source: https or http, cleaned, in its own spelling."""

    url: str
    kind: LinkKind
    host: str


LIVE = "@"
"""How the key of a source begins that is a service and no file."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a record was read.

    `key` is the identity: the first 16 hex digits of the SHA-256 of the file's content, a colon, and the record's
    place in it counted from 0. Name and date are kept as they were at the first import. Of what a service answered it
    is `LIVE`, 15 hex digits of the SHA-256 of the question, a colon, and the paper's id: the same question asked again
    is the same source, and the newer answer holds.
    """

    kind: str
    """`capture`, `huggingface`, `arxiv`, `kaggle`, `bibtex`, `ris`, `csv` or `jsonl`."""
    name: str
    """File name or address, for people."""
    date: str | None
    """Listing day for a Daily Papers page or API answer (ISO), otherwise None."""
    key: str

    @property
    def is_live(self) -> bool:
        """Whether it is a service that may say something else when it is asked again."""
        return self.key.startswith(LIVE)


@dataclass(frozen=True, slots=True)
class Record:
    """What one source says of one paper; text is kept exactly as it was read."""

    title: str
    source: Source
    abstract: str = ""
    arxiv: str = ""
    """arXiv id without version, or empty."""
    doi: str = ""
    """DOI in lower case without a resolver, or empty."""
    authors: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    repo: str = ""
    """The repository that the source itself names (not one found in the text), or empty."""
    published: str | None = None
    """ISO day."""
    added: str = ""
    """ISO day (UTC) of the first import; empty until the catalog stamps it."""
    observed: str = ""
    """When votes, comments and stars were read (ISO, UTC): the newest wins."""
    votes: int | None = None
    comments: int | None = None
    stars: int | None = None
    keywords: tuple[str, ...] = ()
    summary: str = ""
    """The one-line summary some sources carry."""


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, merged from every record of it. Title and abstract are the original text, TeX and all."""

    id: str
    title: str
    abstract: str = ""
    aliases: tuple[str, ...] = ()
    arxiv: str = ""
    doi: str = ""
    authors: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    repo: str = ""
    published: str | None = None
    listed: str | None = None
    added: str = ""
    votes: int | None = None
    comments: int | None = None
    stars: int | None = None
    keywords: tuple[str, ...] = ()
    summary: str = ""
    sources: tuple[Source, ...] = ()

    @property
    def date(self) -> str:
        """The day the paper is shown under (ISO): listed, else published, else added."""
        return self.listed or self.published or self.added

    @property
    def has_day(self) -> bool:
        """Whether that day is the paper's own, not the one it came in."""
        return bool(self.listed or self.published)

    @property
    def code_link(self) -> Link | None:
        """The primary repository: the one a source names, else the first link of kind `code`."""
        code = [link for link in self.links if link.kind == "code"]
        named = [link for link in code if link.url == self.repo]
        return next(iter(named or code), None)

    def has(self, kind: LinkKind) -> bool:
        """Whether a link of that kind is known."""
        return any(link.kind == kind for link in self.links)


Sort = Literal["date", "votes", "title", "relevance", "marked"]
"""The order of a list: newest, most votes, alphabet, best match, most recently marked first."""

Stamp = int
"""A moment: UTC milliseconds since 1970."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What the reader has said about one paper. Every field carries the moment it was last set.

    `False` and `""` with a moment are tombstones: they win over an older `True` when two notebooks are merged.
    A moment of 0 means that the field was never set.
    """

    title: str = ""
    bookmark: tuple[bool, Stamp] = (False, 0)
    read: tuple[bool, Stamp] = (False, 0)
    note: tuple[str, Stamp] = ("", 0)
    tags: Mapping[str, tuple[bool, Stamp]] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the notebook this version does not know, preserved."""
    note_was: Mapping[str, Stamp] = field(default_factory=dict)
    """Fingerprints of the note's earlier texts, and when each was replaced: tells a later edit from a conflict."""

    @property
    def bookmarked(self) -> bool:
        return self.bookmark[0]

    @property
    def is_read(self) -> bool:
        return self.read[0]

    @property
    def note_text(self) -> str:
        return self.note[0]

    @property
    def latest(self) -> Stamp:
        """When anything was said about the paper last, were it to take something back; 0 for never."""
        return max(self.bookmark[1], self.read[1], self.note[1], *(when for _, when in self.tags.values()))

    @property
    def tag_names(self) -> tuple[str, ...]:
        """The tags in force, sorted."""
        return tuple(sorted(name for name, (on, _) in self.tags.items() if on))


NO_MARK = Mark()
"""The mark of a paper nothing was said about."""


@dataclass(frozen=True, slots=True)
class Change:
    """One act of the reader on one paper; None leaves a field alone."""

    id: str
    title: str = ""
    bookmark: bool | None = None
    read: bool | None = None
    note: str | None = None
    note_base: str | None = None
    """The note the editor was opened on: when the stored note is another by now, both texts are kept."""
    tags: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in an input or a store that could not be used, told with its place."""

    file: str
    line: int | None
    """Counted from 1; None where the whole file is meant."""
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One paper met in an input: its records (one, but for our own JSON Lines) and the mark it came with."""

    records: tuple[Record, ...]
    mark: Mark | None = None


UNKNOWN = -(2**31)
"""In a column of numbers: nobody told. Sorts after every number."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Numbers of every row of a `PaperTable`, laid out so that they can be read as arrays without a copy.

    Rows stand one after the other, `stride` bytes each, in the machine's own byte order.
    """

    data: memoryview
    size: int
    """How many rows there are, live or not."""
    stride: int
    places: Mapping[str, tuple[str, int]]
    """By name, the type of a number (`u4`: unsigned, four bytes) and its byte within the row.

    `length`: not 0 where the row is live; `day`: YYYYMMDD, 0 for none; `votes`: `UNKNOWN` for none; `flags`.
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
        """The paper's `date` (ISO) without reading its text."""
        ...

    def votes(self, row: int) -> int | None: ...

    def flags(self, row: int) -> int:
        """`CODE_FLAG` and its kin, or-ed."""
        ...

    @property
    def columns(self) -> Columns:
        """Days, votes and flags of all rows at once."""
        ...

    @property
    def stamp(self) -> CatalogStamp: ...

    def changed_since(self, stamp: CatalogStamp) -> Sequence[int] | None:
        """Rows added, changed or removed since; None when everything has to be read again."""
        ...


@dataclass(frozen=True, slots=True)
class CatalogStamp:
    """What a derived file was built from. Equal stamps mean: nothing to do."""

    uuid: str
    generation: int
    committed: int
    """Bytes of `papers.jsonl` up to and with the last good commit line."""
    crc: int
    """CRC-32 of the last good chunk."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What could stand at a place of a query."""

    text: str
    start: int
    end: int
    """The characters of the query that `text` takes the place of."""
    note: str = ""
    """A few words on it, such as how many papers it stands for."""


@dataclass(frozen=True, slots=True)
class Hits:
    """The answer to a query over one `PaperTable`."""

    query: str
    generation: int
    rows: Sequence[int]
    """Ranked rows: the full matches, then (fewer than ten full matches) papers with some of the words."""
    full: int
    """How many of `rows` hold every word: the total that is shown."""
    scores: Sequence[float]
    """As long as `rows`; zeros where a query does not rank."""
    seconds: float
    find: Callable[[str], list[tuple[int, int]]]
    """Character spans of a display text that a query word matches (every form of it), for highlights."""
    hint: str = ""
    """What of the query was not understood and searched as plain words."""
    suggestion: str = ""
    """A better-spelt query, when next to nothing was found."""
    sorted_by: Sort = "relevance"
    """The order of the full matches: what the query asked for, else by date where nothing was searched for."""

    def __iter__(self) -> Iterator[int]:
        return iter(self.rows)
