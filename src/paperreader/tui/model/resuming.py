"""Where the reader was left: view, sort, search, paper and scroll, kept in the state and looked at with mistrust."""

from __future__ import annotations

from collections.abc import Container
from typing import Any, NamedTuple, cast

from paperreader.models import Sort
from paperreader.tui.model.list_query import Question, sorts
from paperreader.tui.model.position import START, Place


class Left(NamedTuple):
    """What one was looking at."""

    question: Question = Question()
    place: Place = START
    scroll: int = 0
    """Lines of the detail above the pane."""


def to_keep(left: Left) -> dict[str, Any]:
    """What the state keeps of it. Related papers are not come back to, but for the list that they were asked from."""
    question, place, scroll = left
    return {
        "id": place.cursor,
        "top": place.top,
        "view": question.view,
        "sort": question.sort,
        "code": question.code_only,
        "query": question.query,
        "scroll": scroll,
    }


def kept(value: Any, views: Container[str]) -> Left:
    """What was kept, as far as it makes sense; `views` are those that there are. New papers are new only once."""
    told = value if isinstance(value, dict) else {}
    view, query = told.get("view"), told.get("query")
    question = Question(
        view=view if isinstance(view, str) and view in views and view != "new" else "all",
        query=query if isinstance(query, str) else "",
        code_only=told.get("code") is True,
    )
    possible = sorts(question)
    question = question._replace(
        sort=cast(Sort, told["sort"]) if told.get("sort") in possible else possible[0]
    )
    cursor, top, scroll = told.get("id"), told.get("top"), told.get("scroll")
    place = Place(cursor if isinstance(cursor, str) else None, top if isinstance(top, str) else None)
    return Left(question, place, scroll if isinstance(scroll, int) and 0 < scroll < 10_000 else 0)
