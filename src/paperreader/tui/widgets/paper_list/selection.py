"""The selection of a paper list: single papers, and a range from an anchor to the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field


class Selection(Struct):
    """Selected positions, from 0. The range ends at the cursor, so every method takes the cursor position."""

    fixed: set[int] = field(default_factory=set)
    """Positions that stay selected when the cursor moves."""
    anchor: int | None = None
    """Start of the range; None while there is none."""

    def active_range(self, cursor: int) -> range:
        """Return the range, both ends included."""
        if self.anchor is None:
            return range(0)
        return range(min(self.anchor, cursor), max(self.anchor, cursor) + 1)

    def toggle(self, cursor: int) -> None:
        """End the range and keep it selected; without a range, deselect the paper at the cursor or start a range."""
        if self.anchor is not None:
            self.fixed.update(self.active_range(cursor))
            self.anchor = None
        elif cursor in self.fixed:
            self.fixed.remove(cursor)
        else:
            self.anchor = cursor

    def contains(self, position: int, cursor: int) -> bool:
        """Return whether a position is selected."""
        return position in self.fixed or position in self.active_range(cursor)

    def positions(self, cursor: int) -> list[int]:
        """Return all selected positions in ascending order."""
        return sorted(self.fixed.union(self.active_range(cursor)))

    def count(self, cursor: int) -> int:
        """Return the number of selected positions."""
        active = self.active_range(cursor)
        return len(self.fixed) + len(active) - sum(position in active for position in self.fixed)

    def remapped(self, before: Sequence[int], after: Sequence[int], cursor: int) -> Selection | None:
        """Return the selection of the same papers in another list; None when none of them is in it.

        Args:
            before: the rows that the positions refer to.
            after: the rows of the other list.
            cursor: the cursor position in `before`.
        """
        positions = {row: position for position, row in enumerate(after)}
        anchor = None if self.anchor is None else positions.get(before[self.anchor])
        # Without its anchor the range cannot follow the cursor any more: its papers are selected one by one.
        fixed = self.fixed if anchor is not None else self.fixed.union(self.active_range(cursor))
        moved = {positions[row] for row in (before[position] for position in fixed) if row in positions}
        return Selection(moved, anchor) if moved or anchor is not None else None
