"""The papers that queries of the settings match."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence, Set

from paperreader.catalog import CatalogTable
from paperreader.errors import StorageError
from paperreader.library.stores import Stores
from paperreader.models import CatalogVersion


class QueryRows:
    """Evaluates queries on all papers of a library, again when these or the index change. For several threads.

    Marks do not count: the queries are about papers that have just arrived.
    """

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._lock = threading.Lock()
        """Held while queries are evaluated, so that two threads that need the same do not both evaluate them."""
        self._cached: tuple[tuple[CatalogVersion, bool, Sequence[str]], Mapping[str, frozenset[int]]] | None
        self._cached = None
        self._union: tuple[Mapping[str, frozenset[int]], frozenset[int]] = ({}, frozenset())
        """What `by_query` returned last, and the union of its values."""

    def by_query(self, queries: Sequence[str], table: CatalogTable) -> Mapping[str, frozenset[int]]:
        """Return the rows that each query matches. Papers that are not indexed yet match none. For a worker."""
        if not queries or not len(table):
            return {}
        try:
            engine = self._stores.search_engine()
            key = (table.version, engine.store.is_current(table.version), queries)
            with self._lock:
                cached = self._cached
                if cached is None or cached[0] != key:
                    cached = key, {query: engine.matching_rows(query, table) for query in queries}
                    self._cached = cached
        except StorageError:
            return {}  # there is no index yet, which a search reports
        return cached[1]

    def of_any(self, queries: Sequence[str], table: CatalogTable) -> Set[int]:
        """Return the rows that any of the queries matches. For a worker."""
        by_query, (known, rows) = self.by_query(queries, table), self._union
        if by_query is not known:  # not for each key that is typed: a query may match most papers
            rows = frozenset().union(*by_query.values())
            self._union = by_query, rows
        return rows
