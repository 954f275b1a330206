"""Visits of the user to a library, and which papers are new since the last one that ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from msgspec import Struct

from paperreader.catalog import CatalogTable
from paperreader.checked_values import calendar_day, checked_item
from paperreader.errors import PaperreaderError
from paperreader.library.stores import Stores
from paperreader.library.table_position import TablePosition
from paperreader.models import CatalogVersion

MAX_ALIAS_CHECKS = 5000
"""At most this many new rows are checked for papers that were known under another id."""

LAST_VISIT_KEY = "visited"
"""Key of the local state: the last visit that ended. One that was killed has not, and what was new stays new."""


class NewSince(Struct, frozen=True):
    """Which papers are new: the rows from `first_new_row` on, except `not_new`."""

    first_new_row: int
    not_new: Collection[int] = frozenset()
    """Papers that were known under another id, and have a new row because their id changed."""

    def is_new(self, row: int) -> bool:
        """Return whether the paper at that row was added since."""
        return row >= self.first_new_row and row not in self.not_new


class Visits:
    """Records of visits in the local state. May be used from several threads."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._cached: tuple[CatalogVersion, object, NewSince] | None = None

    def new_since(self, table: CatalogTable) -> NewSince:
        """Return what is new in `table` since the last visit that ended: everything, if there was none."""
        state = self._stores.state
        record = state.get(LAST_VISIT_KEY)
        cached = self._cached
        if cached is None or cached[:2] != (table.version, record):
            new = state.parse(LAST_VISIT_KEY, lambda value: _new_since(table, value))
            cached = self._cached = (table.version, record, new)
        return cached[2]

    def current(self) -> dict[str, Any]:
        """Return the record of a visit that shows what is in the library now."""
        return _visit_record(self._stores.table, dt.datetime.now(dt.UTC).date())

    def end(self, record: dict[str, Any] | None = None) -> None:
        """Store that everything in `record` (by default: everything now) has been shown. `new` counts from here."""
        self._stores.state.set(LAST_VISIT_KEY, record or self.current())


def _visit_record(table: CatalogTable, today: dt.date) -> dict[str, Any]:
    return {**TablePosition.end_of(table).to_json(), "day": today.isoformat()}


def _new_since(table: CatalogTable, record: Any) -> NewSince:
    if record is None:
        return NewSince(0)
    position = TablePosition.from_json(record)
    start = position.first_new_row(table) if position else None
    start = table.size if start is None else start
    day = checked_item(record, "day", calendar_day) if isinstance(record, dict) else None
    if day is None or table.size - start > MAX_ALIAS_CHECKS:
        return NewSince(start)
    iso = day.isoformat()
    return NewSince(
        start, frozenset(row for row in range(start, table.size) if _was_known_before(table, row, iso))
    )


def _was_known_before(table: CatalogTable, row: int, day: str) -> bool:
    """Return whether a paper with a new row was known before: it has another id too, and was added earlier.

    NOTE: import times are stored as days. A paper added on the day of the visit, after it, and from two sources
    counts as known.
    """
    if not table.is_live(row):
        return False
    try:
        paper = table.paper(row)
    except PaperreaderError:
        return False  # the line is damaged, which is reported where the paper is shown
    return bool(paper.aliases) and paper.added <= day
