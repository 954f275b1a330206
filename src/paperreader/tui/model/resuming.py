"""Where the reader was left: view, sort, search, paper and scroll, kept in the state and looked at with mistrust."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, NamedTuple, cast

from paperreader.models import SortOrder
from paperreader.tui.model.list_query import ListQuery, available_sorts
from paperreader.tui.model.position import TOP, ListPosition


class SavedSession(NamedTuple):
    """What one was looking at."""

    query: ListQuery = ListQuery()
    position: ListPosition = TOP
    detail_scroll: int = 0
    """Lines of the detail above the pane."""


def session_to_state(session: SavedSession) -> dict[str, Any]:
    """What the state keeps of it. Related papers are not come back to, but for the list that they were asked from."""
    question, place, scroll = session
    return {
        "id": place.cursor,
        "top": place.top,
        "view": question.view,
        "sort": question.sort,
        "code": question.code_only,
        "query": question.text,
        "scroll": scroll,
    }


def session_from_state(value: Any, views: Container[str]) -> SavedSession:
    """What was kept, as far as it makes sense; `views` are those that there are. New papers are new only once."""
    told = value if isinstance(value, dict) else {}
    view, query = told.get("view"), told.get("query")
    question = ListQuery(
        view=view if isinstance(view, str) and view in views and view != "new" else "all",
        text=query if isinstance(query, str) else "",
        code_only=told.get("code") is True,
    )
    possible = available_sorts(question)
    question = question._replace(
        sort=cast(SortOrder, told["sort"]) if told.get("sort") in possible else possible[0]
    )
    cursor, top, scroll = told.get("id"), told.get("top"), told.get("scroll")
    place = ListPosition(cursor if isinstance(cursor, str) else None, top if isinstance(top, str) else None)
    return SavedSession(question, place, scroll if isinstance(scroll, int) and 0 < scroll < 10_000 else 0)
