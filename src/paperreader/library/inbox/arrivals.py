"""A record of when papers began to arrive in a library, as opposed to those that it had before."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from paperreader.catalog import CatalogTable
from paperreader.checked_values import calendar_day, checked_item
from paperreader.errors import PaperreaderError
from paperreader.library.stores import Stores
from paperreader.library.table_position import TablePosition
from paperreader.models import EMPTY_MARK, CatalogVersion

STATE_KEY = "inbox"
"""Key of the local state: papers after that position have arrived, and those of `earlier`."""

LAST_VISIT_KEY = "visited"
"""Key of the local state: the end of the library when the reader was last quit. In earlier versions, papers after that
were new, so it counts until there is a `STATE_KEY`."""

MIN_ARCHIVE_PAPERS = 1000
"""An import of files that adds more papers is that of an archive: only its newest day arrives."""

MAX_UNDATED_PAPERS = 100
"""An import of files that adds more papers without a date is that of old pages: none of these arrives."""

MAX_ARRIVED_ROWS, KEPT_ROWS = 5000, 2500
"""When more rows follow the position, it is moved forward, so that this many follow it."""

MAX_EARLIER = 5000
"""Papers before the position that are stored by their id. With more of them, the position is not moved."""

MAX_ALIAS_CHECKS = MAX_ARRIVED_ROWS
"""At most this many rows are checked for papers that were known under another id."""


class Arrivals:
    """A record in the local state of when papers began to arrive. May be used from several threads.

    Only imports and fetches change it. Quitting the reader does not, except that there is a record from then on.
    """

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._cached: tuple[CatalogVersion, object, frozenset[int]] | None = None

    @property
    def is_recorded(self) -> bool:
        """Whether anything but the first import or fetch was ever done with the library."""
        return self._record() is not None

    def rows(self, table: CatalogTable) -> frozenset[int]:
        """Return the rows of the papers that have arrived. Until there is a record, those of the newest day."""
        cached = self._cached
        if cached is None or cached[0] != table.version:
            self._stores.state.reload()  # a job may have changed the record
        record = self._record()
        if cached is None or cached[:2] != (table.version, record):
            key = LAST_VISIT_KEY if self._stores.state.get(STATE_KEY) is None else STATE_KEY
            rows = self._stores.state.parse(key, lambda value: frozenset(_arrived_rows(table, value)))
            cached = self._cached = (table.version, record, rows)
        return cached[2]

    def begin(self) -> TablePosition:
        """Record that papers arrive from now on, unless that is known. Called before an import or a fetch.

        In an empty library it has no effect, so that not all papers of the first import are new.

        Returns:
            The end of the library, for `end_archive`.
        """
        table, state = self._stores.table, self._stores.state
        if len(table) and state.folder is not None:
            state.reload()
            record = self._record()
            if record is None:
                self._store(table, table.size, _newest_day(table, lambda _: True))
            elif state.get(STATE_KEY) is None:
                state.set(STATE_KEY, record)
            elif table.size - _first_row(table, record) > MAX_ARRIVED_ROWS:
                self._move(table, table.size - KEPT_ROWS)
        return TablePosition.end_of(table)

    def end_session(self) -> None:
        """Record that the reader is quit, for `first_row_since_session`."""
        end = self.begin()
        self._stores.state.set(LAST_VISIT_KEY, {**end.to_json(), "day": _today()})

    def first_row_since_session(self, table: CatalogTable) -> int:
        """Return the row from which on papers were added since the reader was last quit; the end if that is unknown."""
        return _first_row(table, self._stores.state.get(LAST_VISIT_KEY))

    def end_archive(self, start: TablePosition, min_papers: int | None = None) -> None:
        """Record that what was added since `begin` returned `start` is an archive, of which the newest day arrives.

        If not more than `min_papers` were added, by default `MIN_ARCHIVE_PAPERS`, all of them arrive, except those
        without a date if these are more than `MAX_UNDATED_PAPERS`.
        """
        table = self._stores.table
        first = start.first_new_row(table)
        limit = MIN_ARCHIVE_PAPERS if min_papers is None else min_papers
        if first is None or not self.is_recorded:
            return
        arrived: Iterable[int]
        if table.size - first > limit:
            arrived = _newest_day(table, lambda row: row >= first)
        else:
            added = sorted(row for row in self.rows(table) if row >= first)
            arrived = [row for row in added if table.day(row)]
            if len(added) - len(arrived) <= MAX_UNDATED_PAPERS:
                return
        before = self._still_new(row for row in self.rows(table) if row < first)
        self._store(table, table.size, [*before, *arrived])

    def _move(self, table: CatalogTable, row: int) -> None:
        """Move the position to a later row. New papers before it stay new."""
        earlier = self._still_new(each for each in self.rows(table) if each < row)
        if len(earlier) <= MAX_EARLIER:
            self._store(table, row, earlier)

    def _still_new(self, rows: Iterable[int]) -> list[int]:
        marks = self._stores.live_marks.by_row
        return sorted(row for row in rows if marks.get(row, EMPTY_MARK).may_be_new)

    def _store(self, table: CatalogTable, row: int, earlier: Iterable[int]) -> None:
        record = {
            **TablePosition.before_row(table, row).to_json(),
            "day": _today(),
            "earlier": [table.id_of(each) for each in earlier][-MAX_EARLIER:],
        }
        self._stores.state.set(STATE_KEY, record)

    def _record(self) -> Any:
        state = self._stores.state
        record = state.get(STATE_KEY)
        return state.get(LAST_VISIT_KEY) if record is None else record


def _arrived_rows(table: CatalogTable, record: Any) -> Iterator[int]:
    if record is None:
        yield from _newest_day(table, lambda _: True)
        return
    first = _first_row(table, record)
    values = record if isinstance(record, dict) else {}
    day, earlier = checked_item(values, "day", calendar_day), values.get("earlier")
    may_be_known = day is not None and table.size - first <= MAX_ALIAS_CHECKS
    for row in range(first, table.size):
        if table.is_live(row) and not (may_be_known and _was_known_before(table, row, str(day))):
            yield row
    for id in earlier if isinstance(earlier, list) else ():
        if isinstance(id, str) and (found := table.row_of(id)) is not None:
            yield found


def _first_row(table: CatalogTable, record: Any) -> int:
    """Return the first row after the recorded position; the end of the table if that is unknown."""
    position = TablePosition.from_json(record)
    first = position.first_new_row(table) if position else None
    return table.size if first is None else first


def _newest_day(table: CatalogTable, is_wanted: Callable[[int], bool]) -> Sequence[int]:
    """Return the rows of the latest day of those that are wanted.

    Days in the future are errors of a source. Papers without a date belong to no day.
    """
    today = _today()
    wanted = (row for row in table.newest if is_wanted(row) and "" < table.day(row) <= today)
    return next((list(rows) for _, rows in itertools.groupby(wanted, key=table.day)), [])


def _today() -> str:
    return dt.datetime.now(dt.UTC).date().isoformat()


def _was_known_before(table: CatalogTable, row: int, day: str) -> bool:
    """Return whether a paper with a new row was known before: it has another id too, and was added earlier.

    NOTE: import times are stored as days. A paper added on the recorded day, after that, and from two sources counts as
    known.
    """
    try:
        if b'"aliases"' not in table.line(row):
            return False  # in a text the quotes would be escaped
        paper = table.paper(row)
    except PaperreaderError:
        return False  # the line is damaged, which is reported where the paper is shown
    return bool(paper.aliases) and paper.added <= day
