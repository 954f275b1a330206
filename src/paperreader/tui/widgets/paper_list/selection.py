"""Selecting several papers of a list: single ones that are held, and a range from where it began to the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from paperreader.tui.widgets.paper_list.cursor import SCROLL_MARGIN_ROWS, CursorList


class Selection(Struct):
    """Positions of one list, counted from 0."""

    fixed: set[int] = field(default_factory=set)
    """Selected, wherever the cursor goes."""
    anchor: int | None = None
    """Where the range began that ends at the cursor; None while there is none."""

    def active_range(self, cursor: int) -> range:
        """The range, both ends included."""
        if self.anchor is None:
            return range(0)
        return range(min(self.anchor, cursor), max(self.anchor, cursor) + 1)

    def toggle(self, cursor: int) -> None:
        """Begin a range at the cursor, or hold the one there is; let go of a paper that is held already."""
        if self.anchor is not None:
            self.fixed.update(self.active_range(cursor))
            self.anchor = None
        elif cursor in self.fixed:
            self.fixed.remove(cursor)
        else:
            self.anchor = cursor

    def count(self, cursor: int) -> int:
        """How many papers are selected."""
        span = self.active_range(cursor)
        return len(self.fixed) + len(span) - sum(held in span for held in self.fixed)


class SelectableList(CursorList, inherit_bindings=False):
    """A list whose rows can be selected. What is selected stays with its papers when others come in."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._rows: Sequence[int] = ()
        self._selection: Selection | None = None

    @property
    def is_selecting(self) -> bool:
        """Whether anything is selected."""
        return self._selection is not None

    @property
    def selected_count(self) -> int:
        """How many papers are selected."""
        return 0 if self._selection is None else self._selection.count(self._position)

    @property
    def selected_rows(self) -> list[int]:
        """The rows of the selected papers, in the order of the list."""
        if self._selection is None:
            return []
        positions = self._selection.fixed.union(self._selection.active_range(self._position))
        return [self._rows[position] for position in sorted(positions)]

    def toggle_selection(self) -> None:
        """Begin to select at the cursor; then hold what is selected, or let go of the paper under the cursor."""
        if not self._geometry.count:
            return
        if self._selection is None:
            self._selection = Selection()
        self._selection.toggle(self._position)
        if not self._selection.count(self._position):
            self._selection = None
        self.refresh()

    def deselect_all(self) -> None:
        """Select nothing any more."""
        if self._selection is not None:
            self._selection = None
            self.refresh()

    def go_to_position(self, position: int, *, margin: int = SCROLL_MARGIN_ROWS) -> None:
        if self._selection is not None and self._selection.anchor is not None:
            self.refresh()  # the range grows or shrinks by every row between here and there
        super().go_to_position(position, margin=margin)

    def _is_selected(self, position: int) -> bool:
        selection = self._selection
        return selection is not None and (
            position in selection.fixed or position in selection.active_range(self._position)
        )

    def _remap_selection(self, before: Sequence[int], position: int) -> None:
        """Find what was selected in `before`, with the cursor at `position`, among the rows there are now."""
        selection = self._selection
        if selection is None:
            return
        places = {row: place for place, row in enumerate(self._rows)}
        anchor = None if selection.anchor is None else places.get(before[selection.anchor])
        held = (
            selection.fixed if anchor is not None else selection.fixed.union(selection.active_range(position))
        )
        moved = {places[row] for row in (before[place] for place in held) if row in places}
        self._selection = Selection(moved, anchor) if moved or anchor is not None else None
