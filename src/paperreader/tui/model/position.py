"""Positions in the list and saved sessions, by paper ids, so that they stay valid when the list changes."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, NamedTuple, cast

from paperreader.checked_values import checked_item, whole_number
from paperreader.errors import PaperreaderError
from paperreader.models import PaperTable, SortOrder
from paperreader.tui.model.list_query import ListQuery, available_sorts

_MAX_SCROLL = 10_000
"""No detail has more lines."""


class ListPosition(NamedTuple):
    """Ids of the paper under the cursor and of the paper at the top of the pane."""

    cursor: str | None = None
    top: str | None = None

    @classmethod
    def from_rows(cls, table: PaperTable, cursor: int | None, top: int | None) -> ListPosition:
        """Return the position for two rows."""
        return cls(_id_of_row(table, cursor), _id_of_row(table, top))

    def to_rows(self, table: PaperTable) -> tuple[int | None, int | None]:
        """Return cursor and top as rows of a table, which may be a newer one; None where the paper was deleted."""
        return _row_of_id(table, self.cursor), _row_of_id(table, self.top)


TOP = ListPosition()
"""The start of a list."""


def _id_of_row(table: PaperTable, row: int | None) -> str | None:
    if row is None:
        return None
    try:
        return table.paper(row).id
    except PaperreaderError:
        return None  # a damaged record has no id


def _row_of_id(table: PaperTable, id: str | None) -> int | None:
    row = None if id is None else table.row_of(id)
    return row if row is not None and table.is_live(row) else None


class SavedSession(NamedTuple):
    """What the reader showed when it was closed."""

    query: ListQuery = ListQuery()
    position: ListPosition = TOP
    detail_scroll: int = 0
    """First visible line of the detail."""


def session_to_state(session: SavedSession) -> dict[str, Any]:
    """Return the object for the state file. A list of related papers is saved as the list it was opened from."""
    query, position, scroll = session
    return {
        "id": position.cursor,
        "top": position.top,
        "view": query.view,
        "sort": query.sort,
        "code": query.code_only,
        "query": query.text,
        "scroll": scroll,
    }


def session_from_state(value: Any, views: Container[str]) -> SavedSession:
    """Parse a saved session, replacing invalid parts by defaults. The view `new` is not restored.

    Args:
        value: the object from the state file.
        views: ids of the existing views.
    """
    state = value if isinstance(value, dict) else {}
    view, text = state.get("view"), state.get("query")
    query = ListQuery(
        view=view if isinstance(view, str) and view in views and view != "new" else "all",
        text=text if isinstance(text, str) else "",
        code_only=state.get("code") is True,
    )
    sorts = available_sorts(query)
    query = query._replace(sort=cast(SortOrder, state["sort"]) if state.get("sort") in sorts else sorts[0])
    cursor, top = state.get("id"), state.get("top")
    scroll = checked_item(state, "scroll", lambda value: whole_number(value, 0, _MAX_SCROLL))
    position = ListPosition(
        cursor if isinstance(cursor, str) else None, top if isinstance(top, str) else None
    )
    return SavedSession(query, position, scroll or 0)
