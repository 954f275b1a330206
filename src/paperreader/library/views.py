"""Rows and sizes of the views of a library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from paperreader.catalog import CatalogTable
from paperreader.library.types import QueryViewCount, View, ViewCounts
from paperreader.library.visits import NewSince
from paperreader.models import CODE_FLAG, Mark


def rows_of_view(
    view: View, table: CatalogTable, marks: Mapping[int, Mark], since: NewSince
) -> Sequence[int]:
    """Return the rows of one of `VIEWS`, newest first."""
    newest = table.newest
    if view == "all":
        return newest
    if view == "unread":
        return [row for row in newest if not (row in marks and marks[row].is_read)]
    if view == "code":
        return [row for row in newest if table.flags(row) & CODE_FLAG]
    if view == "new":
        return [row for row in newest if since.is_new(row)]
    return sort_newest_first((row for row, mark in marks.items() if mark.bookmarked), table)


def sort_newest_first(rows: Iterable[int], table: CatalogTable) -> list[int]:
    """Return the live rows among `rows` in the order of the table."""
    chosen = set(rows)
    return [row for row in table.newest if row in chosen]


def count_query_view(rows: Iterable[int], read: Iterable[int], size: int) -> QueryViewCount:
    """Count the rows that a query found, and those of them that are not in `read`.

    Rows from `size` on belong to a later table and are ignored: they are counted with it.
    """
    contained = bytearray(size)
    for row in rows:
        if row < size:
            contained[row] = 1
    total = contained.count(1)
    return QueryViewCount(total, total - sum(contained[row] for row in read if row < size), bytes(contained))


def count_views(
    table: CatalogTable,
    marks: Mapping[int, Mark],
    since: NewSince,
    queries: Mapping[View, QueryViewCount],
) -> ViewCounts:
    """Count every view in one pass over the table, and combine that with the counts of queries."""
    total = len(table)
    live = [(row, mark) for row, mark in marks.items() if table.is_live(row)]
    return ViewCounts(
        all=total,
        new=len(rows_of_view("new", table, marks, since)),
        unread=total - sum(mark.is_read for _, mark in live),
        bookmarks=sum(mark.bookmarked for _, mark in live),
        code=sum(1 for row in table.newest if table.flags(row) & CODE_FLAG),
        queries=queries,
    )
