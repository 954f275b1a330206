"""The order of the list, and how it changes with a few rows."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence

from paperreader.catalog.row_table.format import COLUMNS, PAGE_POSITION_OFFSET, RECORD, Row

REMOVED = 2**32 - 1
"""In place of a row in an `OrderEdit`: the one at the index is removed. Not a row: that many papers have no number."""

OrderEdit = tuple[int, int]
"""An index in the order before all edits, and the row that is inserted before it, or `REMOVED`."""

SortKey = tuple[int, int, int, int]


def row_sort_key(row: Row, number: int) -> SortKey:
    """Sort key for the order of the list: newest day, most votes, position on the page, oldest row."""
    return (-row.day, -row.votes, row.page_position, number)


def find_edits(
    order: Sequence[int], old_row: Callable[[int], Row], old_rows: Iterable[int], new_keys: Iterable[SortKey]
) -> list[OrderEdit]:
    """Return the edits that remove `old_rows` from an order and insert rows with `new_keys`, in ascending order.

    Args:
        order: the order.
        old_row: returns the record that a row had when the order was made.
        old_rows: rows in the order.
        new_keys: sort keys of the rows to insert.
    """

    def old_key(number: int) -> SortKey:
        return row_sort_key(old_row(number), number)

    edits, done = [], 0
    for key, add in sorted(
        [*((old_key(row), False) for row in old_rows), *((key, True) for key in new_keys)]
    ):
        index = bisect_left(order, key, lo=done, key=old_key)
        edits.append((index, key[-1] if add else REMOVED))
        done = index if add else index + 1
    return edits


def merge_edits(
    edits: Iterable[OrderEdit], others: Iterable[OrderEdit], row: Callable[[int], Row]
) -> list[OrderEdit]:
    """Return edits of one order, sorted; `row` returns the records of the inserted rows."""

    def sort_key(edit: OrderEdit) -> tuple[int, bool, SortKey | None]:
        index, number = edit
        return index, number == REMOVED, None if number == REMOVED else row_sort_key(row(number), number)

    return sorted([*edits, *others], key=sort_key)


def apply_edits(order: memoryview, edits: Iterable[OrderEdit]) -> memoryview:
    """Return an order with edits. What is between two of them is copied at once."""
    edited, done, old = array("I"), 0, order.cast("B")
    for index, row in edits:
        edited.frombytes(old[done * 4 : index * 4])
        done = index
        if row == REMOVED:
            done += 1
        else:
            edited.append(row)
    edited.frombytes(old[done * 4 :])
    return memoryview(edited)


def sort_live_rows(records: memoryview | bytearray) -> memoryview:
    """Return the live rows sorted by `row_sort_key`, using NumPy: worth its import only for very many rows."""
    import numpy as np

    def column(kind: str, offset: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        size = len(records) // RECORD.size
        return np.ndarray((size,), kind, records, offset, (RECORD.size,)).astype(np.int64)

    columns = {name: column(f"={kind}", offset) for name, (kind, offset) in COLUMNS.items()}
    order = np.lexsort((column("=u4", PAGE_POSITION_OFFSET), -columns["votes"], -columns["day"]))
    live = order[columns["length"][order] > 0]
    return memoryview(live.astype("=u4").tobytes()).cast("I")
