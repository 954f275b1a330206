"""The rows of the list in another order than that of the query."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from paperreader.models import EMPTY_MARK, Mark, PaperTable, SortOrder


def sorted_rows(
    rows: Sequence[int],
    sort: SortOrder,
    table: PaperTable,
    marks: Mapping[int, Mark],
    cancelled: Callable[[], bool],
) -> Sequence[int]:
    """Return the rows in another order (stable)."""
    if sort == "relevance":
        return rows
    if sort == "date":
        days, votes = table.columns.column("day"), table.columns.column("votes")
        # Papers without votes come where those with 0 are.
        return sorted(rows, key=lambda row: (days[row] << 32) + max(votes[row], 0), reverse=True)
    if sort in ("votes", "stars", "comments"):
        return sorted(rows, key=table.columns.column(sort).__getitem__, reverse=True)
    if sort in ("marked", "queue"):
        return _sorted_by_marks(rows, sort, table, marks)
    from paperreader.system.pacing import paced
    from paperreader.text.sanitize import fold_for_search, single_line

    titles: dict[int, str] = {}
    for row in paced(rows):
        if cancelled():
            return rows
        titles[row] = fold_for_search(single_line(table.paper(row).title))
    return sorted(rows, key=titles.__getitem__)


def _sorted_by_marks(
    rows: Sequence[int], sort: SortOrder, table: PaperTable, marks: Mapping[int, Mark]
) -> list[int]:
    if sort == "marked":
        return sorted(rows, key=lambda row: marks.get(row, EMPTY_MARK).last_changed, reverse=True)
    positions = {row: marks.get(row, EMPTY_MARK).queue_position for row in rows}
    # Equal ones newest first, as in the queue itself.
    newest = (row for row in table.newest if row in positions)
    return sorted(newest, key=lambda row: (positions[row] is None, positions[row] or 0.0))
