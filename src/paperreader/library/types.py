"""What the facade gives and takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from paperreader.catalog import CatalogTable
from paperreader.models import Mark, MarkChange, Problem

View = str
"""A selection of the library, newest first: one of `VIEWS`, or what a query finds (`query_view`)."""

VIEWS: tuple[View, ...] = ("all", "new", "unread", "bookmarks", "code")
"""In the order of the keys 1 to 5."""

_QUERY_PREFIX = "?"


def view_for_query(query: str) -> View:
    """The view of all papers that hold every word of a query and pass its filters."""
    return _QUERY_PREFIX + query


def query_of_view(view: View) -> str | None:
    """The query of such a view; None for the others."""
    return view.removeprefix(_QUERY_PREFIX) if view.startswith(_QUERY_PREFIX) else None


class Progress(Struct, frozen=True):
    """How far a long piece of work has come."""

    stage: Literal["reading", "indexing", "fetching", "waiting"]
    done: int
    total: int | None
    """None while it is not known how much there is."""
    unit: str = "papers"
    """What is counted."""
    bytes_fraction: float | None = None
    """How much of the input is read, 0 to 1, where that is known and `total` is not."""

    @property
    def fraction(self) -> float | None:
        """How much of the stage is done, 0 to 1; None where nobody knows."""
        return min(1.0, self.done / self.total) if self.total else self.bytes_fraction


class ImportReport(Struct, frozen=True):
    """What an import met: `read = new + merged + unchanged`, counted per record."""

    read: int
    new: int
    merged: int
    unchanged: int
    problems: tuple[Problem, ...]
    unreadable: int
    """How many of the given paths could not be read at all."""


class QueryViewCount(Struct, frozen=True):
    """How many papers the view of a query holds."""

    all: int
    unread: int
    rows: bytes
    """Not 0 at the place of every row that it holds: one byte a paper of the library."""

    def contains(self, row: int) -> bool:
        """Whether the paper at that row is one of them."""
        return row < len(self.rows) and bool(self.rows[row])


class ViewCounts(Struct, frozen=True):
    """How many papers each view holds."""

    all: int
    new: int
    unread: int
    bookmarks: int
    code: int
    queries: Mapping[View, QueryViewCount] = field(default_factory=dict)
    """The views of queries that were counted as well."""

    def size_of(self, view: View) -> int | None:
        """The size of one view; None where it was not counted."""
        if view in VIEWS:
            return int(getattr(self, view))
        return self.queries[view].all if view in self.queries else None


class Update(Struct, frozen=True):
    """Fresh values for `Library.adopt`: what changed on disk since the ones in force."""

    table: CatalogTable | None = None
    notebook: Mapping[str, Mark] | None = None
    saved_changes: tuple[MarkChange, ...] = ()
    """Previewed changes that `notebook` already holds."""
    note_conflicts: tuple[str, ...] = ()
    """Ids whose note had been changed elsewhere: both texts were kept."""
    warnings: tuple[str, ...] = ()
