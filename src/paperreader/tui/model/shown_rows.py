"""The rows of the list while the user hides, deletes or dismisses papers, and undoes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

from paperreader.models import EMPTY_MARK, Mark
from paperreader.tui.model.list_query import ListResult, without_rows


class ShownRows:
    """What a query found, without the papers that left the list since.

    The query is not run again for this: papers that it would not find any more, such as those that were read in New,
    stay until it is opened again.
    """

    def __init__(self) -> None:
        self._found: ListResult | None = None
        self._found_rows: frozenset[int] = frozenset()
        self._marks: Mapping[int, Mark] = {}
        """The marks when it was found."""
        self._gone: set[int] = set()
        self._earlier: tuple[int, ...] = ()

    def begin(self, result: ListResult, marks: Mapping[int, Mark], earlier: Sequence[int]) -> None:
        """Begin with what a query found.

        Args:
            result: what it found.
            marks: the marks now.
            earlier: rows that the list had before, since the query was opened.
        """
        self._found, self._marks, self._earlier = result, marks, tuple(earlier)
        self._found_rows, self._gone = frozenset(), set()

    def all_since_opened(self, generation: int) -> tuple[int, ...]:
        """Return all rows that the list had since the query was opened, also those that left."""
        if self._found is None or self._found.generation != generation:
            return ()
        return tuple(dict.fromkeys((*self._found.rows, *self._earlier)))

    def update(self, changed: Set[int], marks: Mapping[int, Mark], generation: int) -> ListResult | None:
        """Return what the list shows after the marks of the `changed` rows changed.

        Returns:
            None if the query has to be run again, because it did not find all of these rows.
        """
        found = self._found
        if found is None or found.generation != generation:
            return None
        self._found_rows = self._found_rows or frozenset(found.rows)
        if not changed <= self._found_rows:
            return None
        for row in changed:
            # A list of hidden papers shows a paper while it is hidden.
            if self._is_listed_as_before(found, row, marks):
                self._gone.discard(row)
            else:
                self._gone.add(row)
        return without_rows(found, self._gone)

    def keep_only(self, rows: Set[int], generation: int) -> ListResult | None:
        """Forget all other rows.

        Returns:
            What the list shows then; None if it is about to show something else.
        """
        if self._found is None or self._found.generation != generation:
            return None
        self._found = without_rows(self._found, set(self._found.rows) - rows)
        self._found_rows, self._earlier = frozenset(), ()
        return without_rows(self._found, self._gone)

    def _is_listed_as_before(self, found: ListResult, row: int, marks: Mapping[int, Mark]) -> bool:
        before, now = self._marks.get(row, EMPTY_MARK), marks.get(row, EMPTY_MARK)
        if (before.is_hidden, before.is_deleted) != (now.is_hidden, now.is_deleted):
            return False
        return found.query.view != "new" or before.is_dismissed == now.is_dismissed


def row_beside(rows: Sequence[int], position: int, leaving: Set[int]) -> int | None:
    """Return the row at a position, or, if it leaves the list, the next one that stays, else the one before."""
    after = (*rows[position:], *reversed(rows[:position]))
    return next((row for row in after if row not in leaving), None)
