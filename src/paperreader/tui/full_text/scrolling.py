"""Moving in a full text."""

from __future__ import annotations

from paperreader.fulltext import page_above, page_below
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.widgets.text_line import TextSpan

END_HINT = ("This is the end  ", TextSpan("N", "key"), TextSpan(" marks the paper as read", "muted"))


class ScrollController:
    """Scrolls by lines, pages and sections, and wide lines sideways."""

    def __init__(self, ctx: FullTextContext, documents: DocumentController) -> None:
        self._ctx, self._documents = ctx, documents
        self._view = ctx.widgets.view

    def scroll(self, lines: int) -> None:
        """Scroll by a number of lines."""
        self._view.scroll_lines(lines)

    def page(self, direction: int) -> None:
        """Scroll a page down (1) or up (-1); the last line of the page stays visible."""
        view = self._view
        top, is_complete = view.scroll_offset.y, self._documents.is_complete
        if direction > 0 and is_complete and top >= view.last_top:
            self._ctx.ui.inform(*END_HINT)
        page = page_below if direction > 0 else page_above
        view.scroll_to_line(page(view.layout_shown, self._documents.document, top, max(1, view.size.height)))

    def half_page(self, direction: int) -> None:
        """Scroll half a page down (1) or up (-1)."""
        self._view.scroll_lines(direction * max(1, self._view.size.height // 2))

    def go_to_top(self) -> None:
        """Go to the title."""
        self._documents.when_complete(lambda: self._view.scroll_to_line(0))

    def go_to_end(self) -> None:
        """Go to the last line."""
        self._documents.when_complete(lambda: self._view.scroll_to_line(self._view.last_top))

    def go_to_section(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) section."""
        self._documents.when_complete(lambda: self._go_to_section(direction))

    def _go_to_section(self, direction: int) -> None:
        view = self._view
        top = view.scroll_offset.y
        layout = view.layout_shown
        lines = [
            layout.lines_of(entry.block).start
            for entry in self._documents.text.contents
            if entry.kind == "section"
        ]
        # The last sections may be so short that they never reach the top.
        below = [line for line in lines if line > top]
        above = [line for line in lines if line < top]
        if direction > 0 and below and top < view.last_top:
            view.scroll_to_line(below[0])
        elif direction < 0 and top:
            view.scroll_to_line(above[-1] if above else 0)
        else:
            self._ctx.ui.inform("This is the last section" if direction > 0 else "This is the beginning")

    def scroll_sideways(self, direction: int) -> None:
        """Scroll the visible wide lines to the right (1) or left (-1); without any, those of what is pinned."""
        if self._view.scroll_sideways(direction):
            self._ctx.ui.clear_message()  # perhaps that this was the end
        else:
            wide = any(self._view.layout_shown.lines[number].width for number in self._view.visible_lines)
            pin = self._ctx.widgets.pin
            if not wide and pin.display and pin.view.scroll_sideways(direction):
                return
            end = "This is the end of its lines" if direction > 0 else "This is the start of its lines"
            self._ctx.ui.inform(TextSpan(end if wide else "Nothing here is wider than the screen", "muted"))
