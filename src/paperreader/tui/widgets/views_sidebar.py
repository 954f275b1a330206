"""The sidebar of a wide screen, which lists the views with their sizes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message
from textual.reactive import reactive

from paperreader.text.cell_width import cell_width, truncate_cells
from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.model.views import BUILT_IN_VIEWS, ListView, count_label, listed_views, numbers_of
from paperreader.tui.terminal.glyphs import UNICODE, Glyphs
from paperreader.tui.widgets.text_line import TextLine, TextSpan

if TYPE_CHECKING:
    from paperreader.library import View, ViewCounts


class ViewsSidebar(TextLine):
    """One line for each view: number, name, count. A click shows the view."""

    current_view: reactive[View] = reactive["View"]("all")
    views: reactive[tuple[ListView, ...]] = reactive(listed_views(BUILT_IN_VIEWS))
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

    def _view_line(self, index: int, width: int) -> list[TextSpan]:
        view = self.views[index]
        is_current = view.id == self.current_view
        count = self._count_span(view.id)
        bar = TextSpan(self.glyphs.cursor if is_current else " ", "key")
        number = TextSpan(f"{self._key(index):<2}", "muted")
        left = width - cell_width(bar.text + number.text) - cell_width(count.text) - 2
        name = TextSpan(
            truncate_cells(view.name, max(1, left - 1), self.glyphs.ellipsis), "key" if is_current else "text"
        )
        room = left - cell_width(name.text)
        return [bar, number, name, TextSpan(" " * max(1, room)), count]

    def _key(self, index: int) -> str:
        """Return the key of a view: its number, or one character."""
        if command := self.views[index].command:
            key = get_keymap(self.app).label(command)
            return key if len(key) == 1 else ""
        return numbers_of(self.views)[index]

    def _count_span(self, view: View) -> TextSpan:
        """Return the size of a view. For a subscription with unread papers, return their number."""
        subscription = self.counts.queries.get(view) if self.counts is not None else None
        if subscription is not None and subscription.unread:
            return TextSpan(f"{self.glyphs.unread}{subscription.unread:,}", "key")
        return TextSpan(count_label(view, self.counts), "muted")
