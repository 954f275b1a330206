"""The inbox: papers that have arrived and that no rule hides. They are new until they are read or dismissed."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING

from paperreader.catalog import CatalogTable
from paperreader.library.inbox.arrivals import Arrivals
from paperreader.library.inbox.hide_rules import HideRules
from paperreader.library.stores import Stores
from paperreader.library.table_position import TablePosition
from paperreader.models import EMPTY_MARK

if TYPE_CHECKING:
    from paperreader.library.versions.updates import VersionUpdates


class Inbox:
    """Which papers may be new. May be used from several threads.

    Attributes:
        arrivals: the record of when papers began to arrive.
        rules: queries of the settings whose papers are not new.
    """

    def __init__(self, stores: Stores, hide_rules: Callable[[], Sequence[str]]) -> None:
        self._stores = stores
        self.arrivals = Arrivals(stores)
        self.rules = HideRules(stores, hide_rules)

    @cached_property
    def updates(self) -> VersionUpdates:
        """Newer versions of papers that the user has bookmarked or read."""
        from paperreader.library.versions.updates import VersionUpdates

        return VersionUpdates(self._stores)

    def end_interrupted_import(self) -> None:
        """Let what an import has added that was killed not be new, except for the newest day."""
        stores = self._stores
        if stores.state.get("importing") is None:  # mostly, and then the module is not imported
            return
        from paperreader.library.running_import import row_before_interrupted_import

        row = row_before_interrupted_import(stores.state, stores.cache_folder, stores.table)
        if row is not None:
            self.arrivals.end_archive(TablePosition.before_row(stores.table, row), min_papers=0)

    def rows(self, table: CatalogTable) -> frozenset[int]:
        """Return the rows of the papers that are new unless they are marked otherwise. For a worker."""
        return self.arrivals.rows(table) - self.rules.rows(table)

    def rows_for(self, query: str, table: CatalogTable) -> frozenset[int]:
        """Return what `rows` returns if the query may ask for it: each rule costs a search."""
        return self.rows(table) if "is:" in query.casefold() else frozenset()

    def count_since_last_session(self) -> int:
        """Return how many new papers were added since the reader was last quit. For a worker."""
        return self.count_from(self.arrivals.first_row_since_session(self._stores.table))

    def count_from(self, first_row: int) -> int:
        """Return how many papers from a row on are new. For a worker."""
        table, marks = self._stores.table, self._stores.live_marks.by_row
        return sum(marks.get(row, EMPTY_MARK).may_be_new for row in self.rows(table) if row >= first_row)

    def count_hidden_by_rules(self) -> dict[str, int]:
        """Return for each rule how many papers would be new without it. For a worker."""
        new, found = self._new_without_rules(), self.rules.rows_by_rule(self._stores.table)
        return {query: len(new & found.get(query, frozenset())) for query in self.rules.queries}

    def count_hidden_by_any_rule(self) -> int:
        """Return how many papers would be new without the rules. For a worker."""
        return (
            len(self._new_without_rules() & self.rules.rows(self._stores.table)) if self.rules.queries else 0
        )

    def _new_without_rules(self) -> Set[int]:
        marks = self._stores.live_marks.by_row
        arrived = self.arrivals.rows(self._stores.table)
        return {row for row in arrived if marks.get(row, EMPTY_MARK).may_be_new}

    def last_dismissed(self) -> list[int]:
        """Return the rows of the papers that were dismissed last, all at the same time."""
        marks = self._stores.live_marks.by_row
        times = {row: mark.dismissed[1] for row, mark in marks.items() if mark.is_dismissed}
        last = max(times.values(), default=0)
        return [row for row, when in times.items() if when == last]

    def withheld_rows(self) -> Set[int]:
        """Return the rows that no digest contains: hidden and deleted papers, and those of the rules. For a worker."""
        return self._stores.live_marks.unlisted | self.rules.rows(self._stores.table)
