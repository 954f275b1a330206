"""The views: their names, and the column that lists them with their counts on a wide screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from textual import events
from textual.message import Message
from textual.reactive import reactive

from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.text_line import TextLine, TextSpan

if TYPE_CHECKING:
    from paperreader.library import View, ViewCounts


class ListView(Struct, frozen=True):
    """One view as the reader offers it."""

    id: View
    name: str
    """In the column of views. Single line, printable."""
    title: str
    """What the status line calls it."""
    empty_message: str
    """What it says when it holds nothing."""


BUILT_IN_VIEWS: tuple[ListView, ...] = (
    ListView("all", "All", "All papers", "There are no papers yet."),
    ListView("new", "New", "New", "Nothing new since your last visit."),
    ListView("unread", "Unread", "Unread", "Nothing unread: you are through."),
    ListView("bookmarks", "Bookmarks", "Bookmarks", "No bookmarks yet: b on a paper sets one."),
    ListView("code", "With code", "With code", "No paper with a link to code yet."),
)
"""In the order of the keys 1 to 5. What else there is follows: 6 to 9, and `0` for all of them."""

MAX_NUMBERED_VIEWS = 9
"""Views that have a key of their own."""


def view_by_id(id: View, views: Sequence[ListView]) -> ListView:
    """The shelf of a view; all papers where it is not there any more."""
    return next((shelf for shelf in views if shelf.id == id), BUILT_IN_VIEWS[0])


class ViewsSidebar(TextLine):
    """One line a view: number, name, count. A click shows the view."""

    current_view: reactive[View] = reactive["View"]("all")
    views: reactive[tuple[ListView, ...]] = reactive(BUILT_IN_VIEWS)
    counts: reactive[ViewCounts | None] = reactive["ViewCounts | None"](None)
    glyphs: reactive[Glyphs] = reactive(UNICODE)

    class ViewSelected(Message):
        """A view was clicked."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    def spans_at(self, y: int) -> Sequence[TextSpan]:
        return self._view_line(y, self.size.width) if y < len(self.views) else ()

    async def on_click(self, event: events.Click) -> None:
        if 0 <= event.y < len(self.views):
            event.stop()
            self.post_message(self.ViewSelected(self.views[event.y].id))

    def _view_line(self, place: int, width: int) -> list[TextSpan]:
        shelf = self.views[place]
        here = shelf.id == self.current_view
        count = self._count_span(shelf.id)
        bar = TextSpan(self.glyphs.cursor if here else " ", "key")
        number = TextSpan(f"{place + 1} " if place < MAX_NUMBERED_VIEWS else "  ", "muted")
        left = width - cell_width(bar.text + number.text) - cell_width(count.text) - 2
        name = TextSpan(
            truncate_cells(shelf.name, max(1, left - 1), self.glyphs.ellipsis), "key" if here else "text"
        )
        room = left - cell_width(name.text)
        return [bar, number, name, TextSpan(" " * max(1, room)), count]

    def _count_span(self, view: View) -> TextSpan:
        """The size of a view; of a subscription what is unread, if anything, with the mark of what is unread."""
        found = self.counts.queries.get(view) if self.counts is not None else None
        if found is not None and found.unread:
            return TextSpan(f"{self.glyphs.unread}{found.unread:,}", "key")
        return TextSpan(count_label(view, self.counts), "muted")


def count_label(view: View, counts: ViewCounts | None) -> str:
    """The size of a view for people, and how much of a subscription is unread; empty while it is not known."""
    if counts is not None and (found := counts.queries.get(view)) is not None:
        return f"{found.all:,}, {found.unread:,} unread" if found.unread else f"{found.all:,}"
    count = counts.size_of(view) if counts is not None else None
    return "" if count is None else f"{count:,}"
