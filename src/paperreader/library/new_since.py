"""The last visit: which papers were there when it ended, and so which are new since."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from msgspec import Struct

from paperreader.catalog import CatalogTable
from paperreader.errors import PaperreaderError
from paperreader.models import CatalogVersion

REMEMBERED_PAPERS = 32
"""Papers by which the end of a visit is found again when the rows are numbered anew."""

MAX_ALIAS_CHECKS = 5000
"""New rows of which it is found out whether they only came again; a whole library that comes in at once is new."""


OPEN_VISIT_KEY = "visiting"
"""The key of the state under which a visit that goes on is kept, for the next start where it is killed."""


class NewSince(Struct, frozen=True):
    """What is new: the rows from `start` on, but for `again`."""

    first_new_row: int
    not_new: Collection[int] = frozenset()
    """Papers that were there under another id, and have a new row with the new one."""

    def is_new(self, row: int) -> bool:
        """Whether the paper at that row came in since."""
        return row >= self.first_new_row and row not in self.not_new


class NewPapersTracker:
    """Finds out what is new, once for every state of the catalog. May be used from several threads."""

    def __init__(self) -> None:
        self._cached: tuple[CatalogVersion, object, NewSince] | None = None

    def new_since(self, table: CatalogTable, visited: Any) -> NewSince:
        """What is new in `table` after the visit that ended as `visited` (see `ended`): everything before the first."""
        known = self._cached
        if known is None or known[:2] != (table.version, visited):
            known = self._cached = (table.version, visited, _compute_new_since(table, visited))
        return known[2]


def visit_record(table: CatalogTable, today: datetime.date) -> dict[str, Any]:
    """What to remember of a visit that ends now."""
    return {
        "generation": table.generation,
        "rows": table.size,
        "last": [
            id for row in islice(_live_rows_backwards(table), REMEMBERED_PAPERS) if (id := _id_at(table, row))
        ],
        "day": today.isoformat(),
    }


def _compute_new_since(table: CatalogTable, visited: Any) -> NewSince:
    if visited is None:
        return NewSince(0)
    known = visited if isinstance(visited, dict) else {}
    rows, last, day = known.get("rows"), known.get("last"), known.get("day")
    if rows == 0:  # there was nothing yet, and so everything came since, however the rows are numbered
        start = 0
    elif known.get("generation") == table.generation and isinstance(rows, int):
        start = rows
    else:
        found = (
            [_row_with_exact_id(table, id) for id in last if isinstance(id, str)]
            if isinstance(last, list)
            else []
        )
        start = max((row + 1 for row in found if row is not None), default=table.size)
    if not isinstance(day, str) or table.size - start > MAX_ALIAS_CHECKS:
        return NewSince(start)
    return NewSince(
        start, frozenset(row for row in range(start, table.size) if _was_known_before(table, row, day))
    )


def _was_known_before(table: CatalogTable, row: int, day: str) -> bool:
    """Whether a paper with a row of its own since was there before: it goes by another id too, and came in earlier.

    NOTE: moments of imports are kept as days. A paper that came in on the very day of the visit, after it, and out of
    two sources is taken for an old one.
    """
    if not table.is_live(row):
        return False
    try:
        paper = table.paper(row)
    except PaperreaderError:
        return False  # the line is damaged, which is told where it is shown
    return bool(paper.aliases) and paper.added <= day


def _live_rows_backwards(table: CatalogTable) -> Iterator[int]:
    return (row for row in range(table.size - 1, -1, -1) if table.is_live(row))


def _id_at(table: CatalogTable, row: int) -> str:
    try:
        return table.paper(row).id
    except PaperreaderError:
        return ""


def _row_with_exact_id(table: CatalogTable, id: str) -> int | None:
    """The row of a paper of exactly that id: an alias leads to a row that may be new."""
    row = table.row_of(id)
    return row if row is not None and _id_at(table, row) == id else None
