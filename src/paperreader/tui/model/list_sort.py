"""The orders of the list and their names. Plain functions that run in a thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from paperreader.library import tag_of_view
from paperreader.models import SortOrder
from paperreader.tui.model.row_order import sorted_rows

if TYPE_CHECKING:
    from paperreader.library import Library, View

SORT_LABELS: dict[SortOrder, str] = {
    "date": "newest first",
    "votes": "most votes first",
    "title": "by title",
    "relevance": "best match first",
    "marked": "recently marked first",
    "stars": "most stars first",
    "comments": "most comments first",
    "citations": "most cited first",
    "queue": "reading queue",
    "foryou": "best for you first",
}
"""Labels of the sorts for the status bar."""

REVERSED_LABELS: dict[SortOrder, str] = {
    "date": "oldest first",
    "votes": "fewest votes first",
    "title": "by title, Z to A",
    "relevance": "best match last",
    "marked": "marked longest ago first",
    "stars": "fewest stars first",
    "comments": "fewest comments first",
    "citations": "least cited first",
    "queue": "reading queue, last first",
    "foryou": "best for you last",
}

NO_CITATIONS = "No citations looked up yet: sorted by date"


def sort_rows(
    library: Library,
    rows: Sequence[int],
    sort: SortOrder,
    view: View,
    cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Sequence[int], SortOrder, str]:
    """Return rows of a view in another order (stable), which order that is, and why if it is not the wanted one."""
    table, marks = library.table, library.marks
    if sort == "citations":
        counts = library.citation_counts.rows(table)
        if not any(row in counts for row in rows):
            return sorted_rows(rows, "date", table, marks, cancelled), "date", NO_CITATIONS if rows else ""
        # Papers whose number is unknown come after those with 0.
        return sorted(rows, key=lambda row: counts.get(row, -1), reverse=True), sort, ""
    if sort != "foryou":
        return sorted_rows(rows, sort, table, marks, cancelled), sort, ""
    from paperreader.library import NO_BOOKMARKS, NO_TAGGED_PAPERS

    tag = tag_of_view(view) or ""
    if (found := library.for_you.sorted(rows, table, marks, tag)) is not None:
        return found, sort, ""
    return (
        sorted_rows(rows, "votes", table, marks, cancelled),
        "votes",
        NO_TAGGED_PAPERS if tag else NO_BOOKMARKS,
    )
