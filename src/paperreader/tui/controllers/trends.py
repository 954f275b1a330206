"""From the reader to the trends, and back to a search or a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.search import SearchController

if TYPE_CHECKING:
    from paperreader.tui.dialogs.trends import TrendTarget


class TrendsController:
    """Shows rising terms and most voted papers."""

    def __init__(self, ctx: ReaderContext, search: SearchController) -> None:
        self._ctx, self._search = ctx, search

    def open(self) -> None:
        """Show the trends."""
        from paperreader.tui.dialogs.trends import TrendsDialog

        self._ctx.ui.push_dialog(TrendsDialog(self._ctx.library.folder, self._ctx.glyphs), self._go_to)

    def _go_to(self, target: TrendTarget | None) -> None:
        if target is None:
            return
        self._ctx.ui.focus_list()
        if target.query:
            self._search.search_for(f"{target.query} ")  # the space says that the word is complete
            return
        row = self._ctx.library.table.row_of(target.paper)
        if row is None:
            self._ctx.ui.inform("That paper is no longer in the library")
            return
        self._search.show_in_all_papers(row)
