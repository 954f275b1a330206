"""The views: their names, and the column that lists them with their counts on a wide screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message
from textual.reactive import reactive

from paperreader.text.width import cells
from paperreader.tui.glyphs import UNICODE, Glyphs
from paperreader.tui.one_line import OneLine, Piece

if TYPE_CHECKING:
    from paperreader.library import Counts, View

NAMES: dict[View, str] = {
    "all": "All",
    "new": "New",
    "unread": "Unread",
    "bookmarks": "Bookmarks",
    "code": "With code",
}
"""In the order of the keys 1 to 5."""

PLACES: dict[View, str] = {**NAMES, "all": "All papers"}
"""The views as the status line calls them."""

EMPTY: dict[View, str] = {
    "all": "There are no papers yet.",
    "new": "Nothing new since your last visit.",
    "unread": "Nothing unread: you are through.",
    "bookmarks": "No bookmarks yet: b on a paper sets one.",
    "code": "No paper with a link to code yet.",
}
"""What an empty view says."""


class ViewsColumn(OneLine):
    """One line a view: number, name, count. A click shows the view."""

    view: reactive[View] = reactive["View"]("all")
    counts: reactive[Counts | None] = reactive["Counts | None"](None)
    glyphs: reactive[Glyphs] = reactive(UNICODE)

    class Picked(Message):
        """A view was clicked."""

        def __init__(self, view: View) -> None:
            super().__init__()
            self.view = view

    def pieces_at(self, y: int) -> Sequence[Piece]:
        return self._line(list(NAMES)[y], self.size.width) if y < len(NAMES) else ()

    async def on_click(self, event: events.Click) -> None:
        if 0 <= event.y < len(NAMES):
            event.stop()
            self.post_message(self.Picked(list(NAMES)[event.y]))

    def _line(self, view: View, width: int) -> list[Piece]:
        here = view == self.view
        count = f"{self.counts.of(view):,}" if self.counts is not None else ""
        bar = Piece(self.glyphs.cursor if here else " ", "key")
        number = Piece(f"{list(NAMES).index(view) + 1} ", "muted")
        name = Piece(NAMES[view], "key" if here else "text")
        room = width - cells(bar.text + number.text + name.text) - cells(count) - 2
        return [bar, number, name, Piece(" " * max(1, room)), Piece(count, "muted")]
