"""The contents pane: opens and closes it, goes to its entries, and marks the section that is read."""

from __future__ import annotations

from functools import partial

from paperreader.fulltext import ContentsEntry, Place, float_start
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.full_text.panes import FullTextPanes

_STATE_KEY = "full_text_contents"
"""Whether the contents were open beside the text when the user last opened or closed them."""


class ContentsController:
    """On a wide screen the contents stay open beside the text, also in the next one; on others they cover it until an
    entry is chosen.
    """

    def __init__(self, ctx: FullTextContext, documents: DocumentController, panes: FullTextPanes) -> None:
        self._ctx, self._documents, self._panes = ctx, documents, panes
        self._pane = ctx.widgets.contents
        ctx.signals.text_shown.connect(lambda _: documents.when_complete(self._show_if_open))
        ctx.signals.lines_changed.connect(lambda _: self._mark_current())
        ctx.signals.scrolled.connect(lambda _: self._mark_current())

    def restore(self) -> None:
        """Show the contents beside the text if they were open there the last time. Before anything is laid out."""
        if self._ctx.library.state.get(_STATE_KEY) is True and self._documents.has_sections:
            self._panes.show_contents()

    def open(self) -> None:
        """Show the contents, and move the focus there."""
        self._documents.when_complete(self._open)

    def go_to(self, entry: ContentsEntry) -> None:
        """Go to an entry. The contents stay open only beside the text."""
        place = float_start(self._documents.document, Place(entry.block, 0))
        if self._panes.is_wide:
            self._panes.focus_text()
            self._documents.jump(place)
        else:
            self.close()
            self._ctx.tasks.after_refresh(
                lambda: self._documents.jump(place)
            )  # when the text has its size again

    def leave(self) -> None:
        """Move the focus to the text."""
        if self._panes.is_wide:
            self._panes.focus_text()
        else:
            self.close()

    def close(self) -> None:
        """Close the contents."""
        self._remember(is_open=False)
        self._panes.close_contents()
        self._panes.focus_text()

    def _open(self) -> None:
        if not self._documents.text.contents:
            self._ctx.ui.inform("This text has no sections")
            return
        self._remember(is_open=True)
        self._panes.open_contents()
        self._pane.show(self._documents.text.contents, self._current)

    def _remember(self, *, is_open: bool) -> None:
        state = self._ctx.library.state
        if self._panes.is_wide and (state.get(_STATE_KEY) is True) != is_open:
            change = partial(state.set, _STATE_KEY, True if is_open else None)
            self._ctx.tasks.start_in_thread(change, group="state")

    @property
    def _current(self) -> ContentsEntry | None:
        return self._documents.text.section_at(self._ctx.widgets.view.reading_place)

    def _show_if_open(self) -> None:
        if self._panes.has_contents:
            self._pane.show(self._documents.text.contents, self._current)

    def _mark_current(self) -> None:
        if self._panes.has_contents and self._documents.is_complete:
            self._pane.list.set_current(self._current)
