"""The views: their names, and the column that lists them with their counts on a wide screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from textual import events
from textual.message import Message
from textual.reactive import reactive

from paperreader.text.cell_width import cells, cut
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.text_line import OneLine, Piece

if TYPE_CHECKING:
    from paperreader.library import Counts, View


class Shelf(Struct, frozen=True):
    """One view as the reader offers it."""

    view: View
    name: str
    """In the column of views. Single line, printable."""
    place: str
    """What the status line calls it."""
    empty: str
    """What it says when it holds nothing."""


BUILT_IN: tuple[Shelf, ...] = (
    Shelf("all", "All", "All papers", "There are no papers yet."),
    Shelf("new", "New", "New", "Nothing new since your last visit."),
    Shelf("unread", "Unread", "Unread", "Nothing unread: you are through."),
    Shelf("bookmarks", "Bookmarks", "Bookmarks", "No bookmarks yet: b on a paper sets one."),
    Shelf("code", "With code", "With code", "No paper with a link to code yet."),
)
"""In the order of the keys 1 to 5. What else there is follows: 6 to 9, and `0` for all of them."""

NUMBERED = 9
"""Views that have a key of their own."""


def shelf_of(view: View, shelves: Sequence[Shelf]) -> Shelf:
    """The shelf of a view; all papers where it is not there any more."""
    return next((shelf for shelf in shelves if shelf.view == view), BUILT_IN[0])


class ViewsColumn(OneLine):
    """One line a view: number, name, count. A click shows the view."""

    view: reactive[View] = reactive["View"]("all")
    shelves: reactive[tuple[Shelf, ...]] = reactive(BUILT_IN)
    counts: reactive[Counts | None] = reactive["Counts | None"](None)
    glyphs: reactive[Glyphs] = reactive(UNICODE)

    class Picked(Message):
        """A view was clicked."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    def pieces_at(self, y: int) -> Sequence[Piece]:
        return self._line(y, self.size.width) if y < len(self.shelves) else ()

    async def on_click(self, event: events.Click) -> None:
        if 0 <= event.y < len(self.shelves):
            event.stop()
            self.post_message(self.Picked(self.shelves[event.y].view))

    def _line(self, place: int, width: int) -> list[Piece]:
        shelf = self.shelves[place]
        here = shelf.view == self.view
        count = self._count(shelf.view)
        bar = Piece(self.glyphs.cursor if here else " ", "key")
        number = Piece(f"{place + 1} " if place < NUMBERED else "  ", "muted")
        left = width - cells(bar.text + number.text) - cells(count.text) - 2
        name = Piece(cut(shelf.name, max(1, left - 1), self.glyphs.cut), "key" if here else "text")
        room = left - cells(name.text)
        return [bar, number, name, Piece(" " * max(1, room)), count]

    def _count(self, view: View) -> Piece:
        """The size of a view; of a subscription what is unread, if anything, with the mark of what is unread."""
        found = self.counts.queries.get(view) if self.counts is not None else None
        if found is not None and found.unread:
            return Piece(f"{self.glyphs.unread}{found.unread:,}", "key")
        return Piece(count_of(view, self.counts), "muted")


def count_of(view: View, counts: Counts | None) -> str:
    """The size of a view for people, and how much of a subscription is unread; empty while it is not known."""
    if counts is not None and (found := counts.queries.get(view)) is not None:
        return f"{found.all:,}, {found.unread:,} unread" if found.unread else f"{found.all:,}"
    count = counts.of(view) if counts is not None else None
    return "" if count is None else f"{count:,}"
