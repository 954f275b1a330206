"""Papers, what sources say of them, and what is met in an input."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from paperreader.models.marks import Mark

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


_FULL_DATE_LENGTH = len("2016-05-03")


class Link(Struct, frozen=True):
    """A web address as found in a source: https or http, cleaned, in its own spelling."""

    url: str
    kind: LinkKind
    host: str


SERVICE_PREFIX = "@"
"""How the key of a source begins that is a service and no file."""


class Source(Struct, frozen=True):
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
    def is_service(self) -> bool:
        """Whether it is a service that may say something else when it is asked again."""
        return self.key.startswith(SERVICE_PREFIX)


class SourceRecord(Struct, frozen=True):
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
    """ISO day, or as much of it as is known: `2016-05`, `2016`."""
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
    journal: str = ""
    """The journal it appeared in, or empty."""
    booktitle: str = ""
    """The proceedings or the book it appeared in, or empty."""


class Paper(Struct, frozen=True):
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
    """As in `Record`."""
    listed: str | None = None
    added: str = ""
    votes: int | None = None
    comments: int | None = None
    stars: int | None = None
    keywords: tuple[str, ...] = ()
    summary: str = ""
    journal: str = ""
    booktitle: str = ""
    sources: tuple[Source, ...] = ()

    @property
    def date(self) -> str:
        """What the paper is shown under (ISO): the day it was listed, else the day, month or year it was published,
        else the day it was added.
        """
        return self.listed or self.published or self.added

    @property
    def venue(self) -> str:
        """Where it appeared: the journal, else the proceedings or the book, or empty."""
        return self.journal or self.booktitle

    @property
    def has_full_date(self) -> bool:
        """Whether that is a whole day, and the paper's own, not the one it came in."""
        return bool(self.listed) or len(self.published or "") == _FULL_DATE_LENGTH

    @property
    def code_link(self) -> Link | None:
        """The primary repository: the one a source names, else the first link of kind `code`."""
        code = [link for link in self.links if link.kind == "code"]
        named = [link for link in code if link.url == self.repo]
        return next(iter(named or code), None)

    def has_link(self, kind: LinkKind) -> bool:
        """Whether a link of that kind is known."""
        return any(link.kind == kind for link in self.links)


class Problem(Struct, frozen=True):
    """Something in an input or a store that could not be used, told with its place."""

    file: str
    line: int | None
    """Counted from 1; None where the whole file is meant."""
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class ImportedEntry(Struct, frozen=True):
    """One paper met in an input: its records (one, but for our own JSON Lines) and the mark it came with."""

    records: tuple[SourceRecord, ...]
    mark: Mark | None = None
