"""Rows and sizes of the views of a library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from time import perf_counter

from paperreader.catalog import CatalogTable
from paperreader.errors import StorageError
from paperreader.library.types import QueryViewCount, View, ViewCounts, tag_of_view
from paperreader.models import CODE_FLAG, EMPTY_MARK, Mark, SearchHits

_FEW_ROWS = 200
"""So many rows are read one by one, in 0.2 ms. Reading the column of a million papers takes 30 ms."""

_QUERIES_AT_ONCE = 1
"""Queries that are counted before keys are handled: about a millisecond. There may be thousands."""


_HAS_CODE = bytes(bool(flags & CODE_FLAG) for flags in range(256))
"""By the lowest byte of the flags of a row, 1 for a paper with code."""


def rows_of_view(
    view: View, table: CatalogTable, marks: Mapping[int, Mark], unlisted: Set[int], arrived: Iterable[int]
) -> Sequence[int]:
    """Return the rows of one of `VIEWS` or of `FOR_YOU`, newest first.

    Args:
        view: which view.
        table: the papers.
        marks: their marks.
        unlisted: rows of hidden and deleted papers, which no view contains.
        arrived: rows of the papers that are new until they are read or dismissed.
    """
    newest = listed_rows(table, unlisted)
    if view == "all":
        return newest
    if view == "unread":
        return [row for row in newest if not (row in marks and marks[row].is_read)]
    if tag_of_view(view) is not None:
        return [row for row in newest if not ((mark := marks.get(row)) and (mark.is_read or mark.bookmarked))]
    if view == "code":
        return [row for row in newest if table.flags(row) & CODE_FLAG]
    if view == "new":
        return sort_newest_first((row for row in arrived if marks.get(row, EMPTY_MARK).may_be_new), table)
    return sort_newest_first(
        (row for row, mark in marks.items() if mark.bookmarked and mark.is_listed), table
    )


def listed_rows(table: CatalogTable, unlisted: Set[int]) -> Sequence[int]:
    """Return the rows of all papers except for the hidden and deleted ones, newest first."""
    return [row for row in table.newest if row not in unlisted] if unlisted else table.newest


def count_live(rows: Set[int], table: CatalogTable) -> int:
    """Return how many of the rows hold a paper."""
    if len(rows) <= _FEW_ROWS:
        return sum(map(table.is_live, rows))
    lengths = table.columns.column("length")
    return sum(1 for row in rows if row < len(lengths) and lengths[row])


def hits_of_all(query: str, table: CatalogTable, unlisted: Set[int]) -> SearchHits:
    """Return the listed papers as the hits of a query without words, for which no index is needed."""
    began, rows = perf_counter(), listed_rows(table, unlisted)
    seconds = perf_counter() - began
    return SearchHits(
        query, table.generation, rows, len(rows), (), seconds, lambda text: [], sorted_by="date"
    )


def sort_newest_first(rows: Iterable[int], table: CatalogTable) -> list[int]:
    """Return the live rows among `rows` in the order of the table."""
    chosen = set(rows)
    return [row for row in table.newest if row in chosen] if chosen else []


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


def count_query_views(
    rows_of: Callable[[View], Iterable[int]], views: Iterable[View], marks: Mapping[int, Mark], size: int
) -> dict[View, QueryViewCount]:
    """Return the counts of views of queries; of none if there is no usable index, which is reported by a search.

    Args:
        rows_of: returns the rows of a view.
        views: the views.
        marks: the marks by row.
        size: the number of rows of the table.
    """
    from paperreader.system.pacing import paced  # not before the first frame

    read = [row for row, mark in marks.items() if mark.is_read]
    try:
        return {view: count_query_view(rows_of(view), read, size) for view in paced(views, _QUERIES_AT_ONCE)}
    except StorageError:
        return {}


def count_views(
    table: CatalogTable,
    marks: Mapping[int, Mark],
    arrived: frozenset[int],
    queries: Mapping[View, QueryViewCount],
    hidden_by_rules: int,
) -> ViewCounts:
    """Count every view, and combine that with the counts of queries. Reads columns of the table, not rows."""
    lengths, flags = table.columns.column("length"), table.columns.column("flags")
    live = {row: mark for row, mark in marks.items() if row < len(lengths) and lengths[row]}
    unlisted = [row for row, mark in live.items() if not mark.is_listed]
    total = len(table) - len(unlisted)
    listed = [mark for mark in live.values() if mark.is_listed]
    with_code = (
        table.columns.low_bytes("flags").translate(_HAS_CODE).count(1)
    )  # a row that is not live has no flags
    return ViewCounts(
        all=total,
        new=sum(marks.get(row, EMPTY_MARK).may_be_new for row in arrived),
        unread=total - sum(mark.is_read for mark in listed),
        bookmarks=sum(mark.bookmarked for mark in listed),
        code=with_code - sum(1 for row in unlisted if flags[row] & CODE_FLAG),
        queries=queries,
        arrived=arrived,
        hidden_by_rules=hidden_by_rules,
    )
