"""The watch list of the settings: authors, words, categories and repositories, and the papers that have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import TYPE_CHECKING

from msgspec import Struct

from paperreader.catalog import CatalogTable
from paperreader.library.stores import Stores
from paperreader.library.types import View, view_for_query
from paperreader.library.watch.query_rows import QueryRows

if TYPE_CHECKING:
    from paperreader.config.watch_settings import Watch
    from paperreader.library.inbox.inbox import Inbox
    from paperreader.models import SearchHits
    from paperreader.text.query.watched import WatchKind

WATCHED: View = view_for_query("is:watched")
"""The view of all papers that the watch list matches."""

NOTHING_WATCHED = "nothing is watched yet: press a on a paper, or run `paperreader watch`"
"""What `is:watched` says while the watch list is empty."""


class WatchedEntry(Struct, frozen=True):
    """An entry of the watch list."""

    kind: WatchKind
    name: str
    query: str
    """Which papers have it."""


class WatchedPapers(Struct, frozen=True):
    """What of the watch list each paper has. Hidden and deleted papers are among them."""

    by_entry: Mapping[WatchedEntry, frozenset[int]] = {}
    rows: Set[int] = frozenset()
    """Those of all entries."""

    def reasons(self, row: int) -> tuple[str, ...]:
        """Return the names of the entries that the paper at a row has, in the order of the settings."""
        if row not in self.rows:
            return ()
        return tuple(dict.fromkeys(entry.name for entry in self.entries_of(row)))

    def entries_of(self, row: int) -> list[WatchedEntry]:
        """Return the entries that the paper at a row has."""
        return [entry for entry, rows in self.by_entry.items() if row in rows]


class WatchList:
    """Finds the papers of the entries. They are read from the settings when they are needed first, or given.

    May be used from several threads.
    """

    def __init__(self, stores: Stores) -> None:
        self._query_rows = QueryRows(stores)
        self._entries: tuple[WatchedEntry, ...] | None = None

    @property
    def entries(self) -> tuple[WatchedEntry, ...]:
        """The valid entries of the settings. The first call reads these."""
        if self._entries is None:
            from paperreader import config

            self.use(config.read_settings().settings.watch)
        return self._entries or ()

    def use(self, settings: Watch) -> bool:
        """Watch what the settings list from now on. Return whether that is something else than before."""
        before = self._entries
        if not any(lists := (settings.authors, settings.words, settings.categories, settings.repositories)):
            self._entries = ()
        else:
            from paperreader.text.query.watched import WATCH_KINDS, watch_query

            self._entries = tuple(
                WatchedEntry(kind, name, watch_query(kind, name))
                for kind, names in zip(WATCH_KINDS, lists, strict=True)
                for name in names
            )
        return self._entries != before

    def papers(self, table: CatalogTable) -> WatchedPapers:
        """Return what each paper has. Papers that are not indexed yet have nothing. For a worker."""
        entries = self.entries
        queries = _queries(entries)
        by_query = self._query_rows.by_query(queries, table)
        found = {entry: by_query.get(entry.query, frozenset()) for entry in entries}
        return WatchedPapers(found, self._query_rows.of_any(queries, table))

    def rows(self, table: CatalogTable) -> Set[int]:
        """Return the rows of the papers that have any entry, also hidden ones. For a worker."""
        return self._query_rows.of_any(_queries(self.entries), table)

    def rows_for(self, query: str, table: CatalogTable) -> Set[int]:
        """Return what `rows` returns if the query may ask for it: each entry costs a search."""
        return self.rows(table) if "is:" in query.casefold() else frozenset()


def computed_rows(
    query: str, table: CatalogTable, inbox: Inbox, watch_list: WatchList
) -> Mapping[str, Set[int]]:
    """Return the rows that `is:new`, `is:watched` and `is:updated` need, as far as a query may ask for them."""
    return {
        "new": inbox.rows_for(query, table),
        "watched": watch_list.rows_for(query, table),
        "updated": inbox.updates.rows_for(query, table),
    }


def explain_watched(hits: SearchHits, watch_list: WatchList) -> SearchHits:
    """Return the hits, and say so if there are none because nothing is watched."""
    if len(hits.rows) or hits.hint or "is:watched" not in hits.query.casefold() or watch_list.entries:
        return hits
    from msgspec.structs import replace

    return replace(hits, hint=NOTHING_WATCHED)


def _queries(entries: Sequence[WatchedEntry]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.query for entry in entries))
