"""Parameter and result types of the library."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from paperreader.catalog import CatalogTable
from paperreader.models import Mark, MarkChange, Problem

View = str
"""A selection of the library, newest first: one of `VIEWS`, or the results of a query (`view_for_query`)."""

VIEWS: tuple[View, ...] = ("all", "new", "unread", "bookmarks", "code")
"""In the order of the keys 1 to 5."""

FOR_YOU: View = "foryou"
"""Unread papers without a bookmark, for the personal order. `for_you_of_tag` returns that of a tag."""

_QUERY_PREFIX = "?"


def view_for_query(query: str) -> View:
    """Return the view of all papers that match every word and filter of a query."""
    return _QUERY_PREFIX + query


def query_of_view(view: View) -> str | None:
    """Return the query of a view of `view_for_query`; None for the other views."""
    return view.removeprefix(_QUERY_PREFIX) if view.startswith(_QUERY_PREFIX) else None


def for_you_of_tag(tag: str) -> View:
    """Return the view of unread papers for the order that is learned from the papers with a tag."""
    return f"{FOR_YOU}#{tag}"


def tag_of_view(view: View) -> str | None:
    """Return the tag of a view of `for_you_of_tag`, "" for `FOR_YOU`; None for the other views."""
    name, mark, tag = view.partition("#")
    return tag if name == FOR_YOU and (tag or not mark) else None


class Progress(Struct, frozen=True):
    """Progress of long work."""

    stage: Literal["reading", "indexing", "fetching", "exporting", "downloading", "converting", "waiting"]
    done: int
    total: int | None
    """None while it is not known."""
    unit: str = "papers"
    """What is counted."""
    bytes_fraction: float | None = None
    """How much of the input is read, 0 to 1, if `total` is not known."""

    @property
    def fraction(self) -> float | None:
        """How much of the stage is done, 0 to 1; None if unknown."""
        return min(1.0, self.done / self.total) if self.total else self.bytes_fraction


class VectorUpdate(Struct, frozen=True):
    """What an update of the vectors of papers did."""

    computed: int = 0
    """Papers whose vectors were computed."""
    was_damaged: bool = False

    @property
    def messages(self) -> tuple[str, ...]:
        """One sentence for each repair."""
        if not self.was_damaged:
            return ()
        return ("What search by meaning needs was damaged and has been computed again.",)


class ImportReport(Struct, frozen=True):
    """What an import read: `read = new + merged + unchanged`, counted per record."""

    read: int
    new: int
    merged: int
    unchanged: int
    problems: tuple[Problem, ...]
    unreadable: int
    """How many of the given paths could not be read at all."""
    full_texts: int = 0
    """How many full texts of saved pages were stored."""


class QueryViewCount(Struct, frozen=True):
    """The size of the view of a query."""

    all: int
    unread: int
    rows: bytes
    """One byte per row of the library, not 0 if the view contains the row."""

    def contains(self, row: int) -> bool:
        """Return whether the view contains the paper at that row."""
        return row < len(self.rows) and bool(self.rows[row])


class ViewCounts(Struct, frozen=True):
    """The size of each view."""

    all: int
    new: int
    unread: int
    bookmarks: int
    code: int
    queries: Mapping[View, QueryViewCount] = field(default_factory=dict)
    """The views of queries that were counted as well."""
    arrived: frozenset[int] = frozenset()
    """Rows of the papers that are new unless they are marked otherwise."""
    hidden_by_rules: int = 0
    """How many more papers would be new without the rules of the settings."""

    def size_of(self, view: View) -> int | None:
        """Return the size of one view; None if it was not counted."""
        if view in VIEWS:
            return int(getattr(self, view))
        return self.queries[view].all if view in self.queries else None


class Update(Struct, frozen=True):
    """New values for `Library.apply_update`: what changed since the current ones were read."""

    table: CatalogTable | None = None
    notebook: Mapping[str, Mark] | None = None
    saved_changes: tuple[MarkChange, ...] = ()
    """Previewed changes that `notebook` contains."""
    note_conflicts: tuple[str, ...] = ()
    """Ids of papers whose note or comment was changed by another process as well: both texts were stored."""
    warnings: tuple[str, ...] = ()

    @property
    def edited_text(self) -> Literal["note", "comment"]:
        """What the changes are about, if they change a text."""
        return "comment" if any(change.comment_bases for change in self.saved_changes) else "note"
