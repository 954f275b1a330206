"""Views of the library as the reader offers them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from paperreader.library import FOR_YOU, WATCHED, tag_of_view, view_for_query
from paperreader.text.sanitize import single_line

if TYPE_CHECKING:
    from paperreader.library import View, ViewCounts


class ListView(Struct, frozen=True):
    """A named selection of papers."""

    id: View
    name: str
    """Name in the sidebar: a single line without control characters."""
    title: str
    """Title in the status bar."""
    empty_message: str
    """Message when the view is empty."""
    is_numbered: bool = True
    """Whether it may have a number."""
    command: str = ""
    """The id of a command with a key that shows it, if it has no number."""


BUILT_IN_VIEWS: tuple[ListView, ...] = (
    ListView("all", "All", "All papers", "No papers yet."),
    ListView("new", "New", "New", "You are caught up: nothing is new."),
    ListView("unread", "Unread", "Unread", "No unread papers."),
    ListView("bookmarks", "Bookmarks", "Bookmarks", "No bookmarks yet. Press b on a paper to add one."),
    ListView("code", "With code", "With code", "No papers with a link to code yet."),
)
"""In the order of the keys 1 to 5. Subscriptions follow at 6 to 9; `0` lists all views."""

FOR_YOU_VIEW = ListView(
    FOR_YOU,
    "For you",
    "For you",
    "Nothing left to read: all papers are read or bookmarked.",
    is_numbered=False,
    command="view-for-you",
)
"""Listed after the built-in views, without a number: the numbers of subscriptions stay."""

WATCHED_VIEW = ListView(WATCHED, "Watched", "Watched", "No paper has anything of your watch list yet.")
"""Listed last, if anything is watched: the numbers of subscriptions stay."""

UPDATED_VIEW = ListView(
    view_for_query("is:updated"),
    "Updated",
    "Updated",
    "No bookmarked or read paper has a newer version than you have seen.",
    is_numbered=False,
)
"""Listed last, if a paper has a newer version, without a number."""

MAX_NUMBERED_VIEWS = 9
"""Number of views with their own key."""


def listed_views(views: Sequence[ListView]) -> tuple[ListView, ...]:
    """Return all views in the order of the lists: `views` are those with numbers."""
    built_in = len(BUILT_IN_VIEWS)
    return (*views[:built_in], FOR_YOU_VIEW, *views[built_in:])


def numbers_of(views: Sequence[ListView]) -> list[str]:
    """Return the numbers of listed views; "" for those that have none."""
    found: list[str] = []
    number = 0
    for view in views:
        number += view.is_numbered
        found.append(str(number) if view.is_numbered and number <= MAX_NUMBERED_VIEWS else "")
    return found


def view_by_id(id: View, views: Sequence[ListView]) -> ListView:
    """Return the view with this id; all papers if it no longer exists."""
    if tag := tag_of_view(id):
        title = f"For you: more for #{single_line(tag)}"
        return ListView(id, title, title, FOR_YOU_VIEW.empty_message)
    known = (*listed_views(views), UPDATED_VIEW)  # which stays shown when all its papers have been seen
    return next((view for view in known if view.id == id), BUILT_IN_VIEWS[0])


def numbered_views(views: Sequence[ListView]) -> list[ListView]:
    """Return those of `views` that have a number, in its order."""
    return [view for view in views if view.is_numbered]


def count_label(view: View, counts: ViewCounts | None) -> str:
    """Format the size of a view, and the unread papers of a subscription; "" until they are counted."""
    if counts is not None and (found := counts.queries.get(view)) is not None:
        return f"{found.all:,}, {found.unread:,} unread" if found.unread else f"{found.all:,}"
    count = counts.size_of(view) if counts is not None else None
    return "" if count is None else f"{count:,}"
