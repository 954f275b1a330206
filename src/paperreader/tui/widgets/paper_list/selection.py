"""Selecting several papers of a list: single ones that are held, and a range from where it began to the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from paperreader.tui.widgets.paper_list.cursor import MARGIN, RowScroll


class Selection(Struct):
    """Positions of one list, counted from 0."""

    held: set[int] = field(default_factory=set)
    """Selected, wherever the cursor goes."""
    anchor: int | None = None
    """Where the range began that ends at the cursor; None while there is none."""

    def span(self, cursor: int) -> range:
        """The range, both ends included."""
        if self.anchor is None:
            return range(0)
        return range(min(self.anchor, cursor), max(self.anchor, cursor) + 1)

    def turn(self, cursor: int) -> None:
        """Begin a range at the cursor, or hold the one there is; let go of a paper that is held already."""
        if self.anchor is not None:
            self.held.update(self.span(cursor))
            self.anchor = None
        elif cursor in self.held:
            self.held.remove(cursor)
        else:
            self.anchor = cursor

    def count(self, cursor: int) -> int:
        """How many papers are selected."""
        span = self.span(cursor)
        return len(self.held) + len(span) - sum(held in span for held in self.held)


class RowSelection(RowScroll, inherit_bindings=False):
    """A list whose rows can be selected. What is selected stays with its papers when others come in."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: Sequence[int] = ()
        self._selection: Selection | None = None

    @property
    def selecting(self) -> bool:
        """Whether anything is selected."""
        return self._selection is not None

    @property
    def selected_count(self) -> int:
        """How many papers are selected."""
        return 0 if self._selection is None else self._selection.count(self._position)

    @property
    def selected(self) -> list[int]:
        """The rows of the selected papers, in the order of the list."""
        if self._selection is None:
            return []
        positions = self._selection.held.union(self._selection.span(self._position))
        return [self._rows[position] for position in sorted(positions)]

    def select(self) -> None:
        """Begin to select at the cursor; then hold what is selected, or let go of the paper under the cursor."""
        if not self._lines.count:
            return
        if self._selection is None:
            self._selection = Selection()
        self._selection.turn(self._position)
        if not self._selection.count(self._position):
            self._selection = None
        self.refresh()

    def deselect(self) -> None:
        """Select nothing any more."""
        if self._selection is not None:
            self._selection = None
            self.refresh()

    def go(self, position: int, *, margin: int = MARGIN) -> None:
        if self._selection is not None and self._selection.anchor is not None:
            self.refresh()  # the range grows or shrinks by every row between here and there
        super().go(position, margin=margin)

    def _is_selected(self, position: int) -> bool:
        selection = self._selection
        return selection is not None and (
            position in selection.held or position in selection.span(self._position)
        )

    def _reselect(self, before: Sequence[int], position: int) -> None:
        """Find what was selected in `before`, with the cursor at `position`, among the rows there are now."""
        selection = self._selection
        if selection is None:
            return
        places = {row: place for place, row in enumerate(self._rows)}
        anchor = None if selection.anchor is None else places.get(before[selection.anchor])
        held = selection.held if anchor is not None else selection.held.union(selection.span(position))
        moved = {places[row] for row in (before[place] for place in held) if row in places}
        self._selection = Selection(moved, anchor) if moved or anchor is not None else None
