"""Rules of the user: queries whose papers are neither new nor in a digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property

from paperreader.catalog import CatalogTable
from paperreader.library.stores import Stores
from paperreader.library.watch.query_rows import QueryRows


class HideRules:
    """Evaluates the rules on all papers of a library. May be used from several threads.

    Args:
        stores: the stores of the library.
        load_queries: returns one query a rule.
    """

    def __init__(self, stores: Stores, load_queries: Callable[[], Sequence[str]]) -> None:
        self._load_queries = load_queries
        self._query_rows = QueryRows(stores)

    @cached_property
    def queries(self) -> tuple[str, ...]:
        """The rules, without repetitions."""
        return tuple(dict.fromkeys(self._load_queries()))

    def rows_by_rule(self, table: CatalogTable) -> Mapping[str, frozenset[int]]:
        """Return the rows that each rule matches. Papers that are not indexed yet match none. For a worker."""
        return self._query_rows.by_query(self.queries, table)

    def rows(self, table: CatalogTable) -> Set[int]:
        """Return the rows that any rule matches. For a worker."""
        return self._query_rows.of_any(self.queries, table)
