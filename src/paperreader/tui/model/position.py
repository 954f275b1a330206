"""Where the reader stands in the list, told by papers and not by positions, so that it outlives other lists."""

from __future__ import annotations

from typing import NamedTuple

from paperreader.errors import PaperreaderError
from paperreader.models import PaperTable


class ListPosition(NamedTuple):
    """The paper under the cursor and the one at the top of the pane, by id."""

    cursor: str | None = None
    top: str | None = None

    @classmethod
    def from_rows(cls, table: PaperTable, cursor: int | None, top: int | None) -> ListPosition:
        """The place of two rows."""
        return cls(_id_of_row(table, cursor), _id_of_row(table, top))

    def to_rows(self, table: PaperTable) -> tuple[int | None, int | None]:
        """Cursor and top as rows of a table, which may be another one; None where the paper is gone."""
        return _row_of_id(table, self.cursor), _row_of_id(table, self.top)


TOP = ListPosition()
"""The first paper of a list."""


def _id_of_row(table: PaperTable, row: int | None) -> str | None:
    if row is None:
        return None
    try:
        return table.paper(row).id
    except PaperreaderError:
        return None  # a damaged line has no id to come back to


def _row_of_id(table: PaperTable, id: str | None) -> int | None:
    row = None if id is None else table.row_of(id)
    return row if row is not None and table.is_live(row) else None
