"""Papers, what sources state about them, and the entries of an input."""

from __future__ import annotations

import datetime
from typing import Literal, get_args

from msgspec import Struct

from paperreader.models.marks import Mark

LinkKind = Literal["code", "model", "dataset", "space", "project", "data", "paper", "other"]
"""What a link leads to. `has:code` and the `y` key use `code` only."""

LINK_KINDS: tuple[LinkKind, ...] = get_args(LinkKind)
"""Every kind, in the order in which the detail view lists them."""

PUBLICATION_FIELDS = (
    *("journal", "booktitle", "entry_type", "edition", "volume", "number", "pages", "publisher"),
    *("isbn", "issn", "school", "report_type"),
)
"""Fields of a paper about its publication that are one text each."""

_FULL_DATE_LENGTH = len("2016-05-03")

MAX_DAYS_TO_IMPORT = 31
"""A page that was imported later may be of an earlier year than it seems."""


class Link(Struct, frozen=True):
    """A web address found in a source: https or http, cleaned, in its original spelling."""

    url: str
    kind: LinkKind
    host: str


SERVICE_PREFIX = "@"
"""Prefix of the key of a source that is a service, not a file."""


class Source(Struct, frozen=True):
    """Where a record was read.

    `key` identifies it. For a file it is the first 16 hex digits of the SHA-256 of its content, a colon, and the
    position of the record counted from 0. Name and date stay those of the first import. For the response of a service
    it is `SERVICE_PREFIX`, 15 hex digits of the SHA-256 of the request, a colon, and the id of the paper: a repeated
    request is the same source, and the newer response replaces the older one.
    """

    kind: str
    """Name of a format in `paperreader.import_formats`, such as `huggingface`, `arxiv` or `bibtex`."""
    name: str
    """File name or address, shown to the user."""
    date: str | None
    """Listing day (ISO) for a Daily Papers page or API response, otherwise None."""
    key: str
    is_date_assumed: bool = False
    """Whether the page states the day without its year, which was then chosen by other information."""

    @property
    def is_service(self) -> bool:
        """Whether it is a service, whose response may change."""
        return self.key.startswith(SERVICE_PREFIX)


class SourceRecord(Struct, frozen=True):
    """What one source states about one paper. Texts are stored exactly as they were read."""

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
    """ISO day (UTC) of the first import; empty until the catalog sets it."""
    observed: str = ""
    """When votes, comments and stars were read (ISO, UTC). The newest ones count."""
    votes: int | None = None
    comments: int | None = None
    stars: int | None = None
    keywords: tuple[str, ...] = ()
    summary: str = ""
    """A summary of one line, which some sources have."""
    journal: str = ""
    """The journal that published it, or empty."""
    booktitle: str = ""
    """The proceedings or the book that contain it, or empty."""
    entry_type: str = ""
    """What kind of publication it is, as BibTeX calls it: `article`, `book`, `incollection` …, or empty."""
    edition: str = ""
    """The edition of a book, or empty."""
    editors: tuple[str, ...] = ()
    """Names, given name first."""
    volume: str = ""
    number: str = ""
    pages: str = ""
    publisher: str = ""
    isbn: str = ""
    issn: str = ""
    school: str = ""
    """The school of a thesis or the institution of a report, or empty."""
    report_type: str = ""
    """The field `type` of a thesis or a report, such as `Habilitation`, or empty."""
    categories: tuple[str, ...] = ()
    """Categories of arXiv, such as `cs.CL`; the primary one first."""
    arxiv_version: int = 0
    """The highest version of the paper at arXiv that it names, or 0."""
    arxiv_updated: str = ""
    """ISO day on which that version was submitted, or empty."""
    extra: tuple[tuple[str, str], ...] = ()
    """Fields that this version does not know, by name, and their values as JSON. They are preserved."""


class Paper(Struct, frozen=True):
    """A paper, merged from all its records. Title and abstract are the original text, including TeX."""

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
    """As in `SourceRecord`."""
    listed: str | None = None
    added: str = ""
    votes: int | None = None
    comments: int | None = None
    stars: int | None = None
    keywords: tuple[str, ...] = ()
    summary: str = ""
    journal: str = ""
    booktitle: str = ""
    entry_type: str = ""
    edition: str = ""
    editors: tuple[str, ...] = ()
    volume: str = ""
    number: str = ""
    pages: str = ""
    publisher: str = ""
    isbn: str = ""
    issn: str = ""
    school: str = ""
    report_type: str = ""
    categories: tuple[str, ...] = ()
    arxiv_version: int = 0
    """The highest version at arXiv that a source names, or 0."""
    arxiv_updated: str = ""
    """As in `SourceRecord`."""
    extra: tuple[tuple[str, str], ...] = ()
    """As in `SourceRecord`."""
    sources: tuple[Source, ...] = ()

    @property
    def date(self) -> str:
        """The date (ISO) that the paper is listed under: the day it was listed, else the day, month or year it was
        published; empty if neither is known. The day it was added says nothing about a paper.
        """
        return self.listed or self.published or ""

    @property
    def venue(self) -> str:
        """Where it was published: the journal, else the proceedings or the book, or empty."""
        return self.journal or self.booktitle

    @property
    def credited(self) -> tuple[str, ...]:
        """The authors, or the editors of a work without authors, marked as such."""
        return self.authors or tuple(f"{name} (ed.)" for name in self.editors)

    @property
    def has_full_date(self) -> bool:
        """Whether `date` is a full day, and not one whose year is uncertain."""
        if self.listed:
            return self._is_listing_certain
        return len(self.published or "") == _FULL_DATE_LENGTH

    @property
    def _is_listing_certain(self) -> bool:
        """Whether a source states the year of `listed`, or else the arXiv id or a soon import agrees with it."""
        day = self.listed or ""
        if self.arxiv or any(source.date == day and not source.is_date_assumed for source in self.sources):
            return True
        return not self.sources or _is_soon_after(self.added, day)

    @property
    def code_link(self) -> Link | None:
        """The main repository: the one that a source names, else the first link of kind `code`."""
        code = [link for link in self.links if link.kind == "code"]
        named = [link for link in code if link.url == self.repo]
        return next(iter(named or code), None)

    def has_link(self, kind: LinkKind) -> bool:
        """Return whether the paper has a link of that kind."""
        return any(link.kind == kind for link in self.links)


def _is_soon_after(added: str, day: str) -> bool:
    try:
        distance = datetime.date.fromisoformat(added) - datetime.date.fromisoformat(day)
    except ValueError:
        return False
    return distance.days <= MAX_DAYS_TO_IMPORT


class Problem(Struct, frozen=True):
    """Something in an input or a store that could not be used, with its location."""

    file: str
    line: int | None
    """Counted from 1; None for the whole file."""
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class SavedPage(Struct, frozen=True):
    """A web page that contains the full text of a paper."""

    html: str
    url: str
    """Where it was loaded from, as it states; empty if it does not."""


class ImportedEntry(Struct, frozen=True):
    """One paper of an input: its records (one, except in our own JSON Lines) and the mark that it carries."""

    records: tuple[SourceRecord, ...]
    mark: Mark | None = None
    line: int | None = None
    """Line of the input where it begins, if known, for problems."""
    page: SavedPage | None = None
    """The page that it was read from, if that may be its full text."""
    is_exported: bool = False
    """Whether this program exported it. It may have nothing but a title, as in the library that it comes from."""
    citations: int | None = None
    """How often the source says that the paper is cited. Shown with results of services, not stored."""
