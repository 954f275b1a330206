"""The reading queue: the bookmarked papers in the order in which they are to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from paperreader.checked_values import MAX_QUEUE_POSITION
from paperreader.models import EMPTY_MARK, Mark, MarkChange

if TYPE_CHECKING:
    from paperreader.library.library import Library


def queue_order(library: Library) -> list[int]:
    """Return the rows of the queue in its order. Of equal positions, as after a merge, the newest paper is first."""
    marks = library.marks
    rows = library.view("bookmarks")
    return sorted(rows, key=lambda row: marks.get(row, EMPTY_MARK).queue_position or 0.0)


def queue_changes(library: Library, order: Sequence[int], start: int, count: int) -> list[MarkChange]:
    """Return the changes that make `order` the order of the queue, those of the moved papers first.

    Args:
        library: the library.
        order: all rows of the queue in the wanted order, with those that are to be bookmarked.
        start: index of the first of the moved rows.
        count: how many were moved; without them, `order` is the present one.

    Raises:
        StorageError: the line of a paper is damaged.
    """
    positions = changed_positions(order, start, count, library.marks)
    moved = set(order[start : start + count])
    papers = {row: library.paper(row) for row in sorted(positions, key=lambda row: row not in moved)}
    return [
        MarkChange(
            paper.id,
            title=paper.title,
            bookmark=None if library.mark(row).bookmarked else True,
            queue=positions[row],
        )
        for row, paper in papers.items()
    ]


def changed_positions(
    order: Sequence[int], start: int, count: int, marks: Mapping[int, Mark]
) -> dict[int, float]:
    """Return the positions that make `order` the order of the queue, by row; for the arguments see `queue_changes`.

    Only those of the moved papers change if there is room between their neighbours. Otherwise, as between papers that
    were bookmarked in the same millisecond, the papers around them are spread too, as few as possible.
    """
    stop = start + count
    while True:
        before = _position(marks, order[start - 1]) if start else 0.0
        after = _position(marks, order[stop]) if stop < len(order) else None
        spread = _spread(before, after, stop - start, is_first=not start)
        if spread is not None:
            return dict(zip(order[start:stop], spread, strict=True))
        start, stop = max(0, start - 1), min(len(order), stop + 1)


def _position(marks: Mapping[int, Mark], row: int) -> float:
    return marks.get(row, EMPTY_MARK).queue_position or 0.0


def _spread(before: float, after: float | None, count: int, *, is_first: bool) -> list[float] | None:
    """Return ascending positions between two others, `after` None for the end; None if there is no room."""
    if after is None:
        # A millisecond later: what is bookmarked from now on comes after it.
        spread = [before + number for number in range(1, count + 1)]
    elif is_first and after > count:
        spread = [after - count + number for number in range(count)]
    else:
        spread = [before + (after - before) * number / (count + 1) for number in range(1, count + 1)]
    limits = [before, *spread, MAX_QUEUE_POSITION if after is None else after]
    is_ascending = all(one < other for one, other in pairwise(limits))
    return spread if is_ascending else None
