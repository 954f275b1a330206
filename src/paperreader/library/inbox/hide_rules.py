"""Rules of the user: queries whose papers are neither new nor in a digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property

from paperreader.catalog import CatalogTable
from paperreader.errors import StorageError
from paperreader.library.stores import Stores
from paperreader.models import CatalogVersion


class HideRules:
    """Evaluates the rules on all papers of a library. May be used from several threads.

    Args:
        stores: the stores of the library.
        load_queries: returns one query a rule. Marks do not count: a rule is about papers that have just arrived.
    """

    def __init__(self, stores: Stores, load_queries: Callable[[], Sequence[str]]) -> None:
        self._stores = stores
        self._load_queries = load_queries
        self._cached: tuple[tuple[CatalogVersion, bool], Mapping[str, frozenset[int]]] | None = None
        self._union: tuple[Mapping[str, frozenset[int]], frozenset[int]] = ({}, frozenset())
        """What `rows_by_rule` returned last, and the union of its values."""

    @cached_property
    def queries(self) -> tuple[str, ...]:
        """The rules, without repetitions."""
        return tuple(dict.fromkeys(self._load_queries()))

    def rows_by_rule(self, table: CatalogTable) -> Mapping[str, frozenset[int]]:
        """Return the rows that each rule matches. Papers that are not indexed yet match none. For a worker."""
        if not self.queries or not len(table):
            return {}
        try:
            engine = self._stores.search_engine()
            key = (table.version, engine.store.is_current(table.version))
            if self._cached is None or self._cached[0] != key:
                self._cached = key, {query: engine.matching_rows(query, table, {}) for query in self.queries}
        except StorageError:
            return {}  # there is no index yet, which a search reports
        return self._cached[1]

    def rows(self, table: CatalogTable) -> Set[int]:
        """Return the rows that any rule matches. For a worker."""
        by_rule, (known, rows) = self.rows_by_rule(table), self._union
        if by_rule is not known:  # not for each key that is typed: a rule may match most papers
            rows = frozenset().union(*by_rule.values())
            self._union = by_rule, rows
        return rows
