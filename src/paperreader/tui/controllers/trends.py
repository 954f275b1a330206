"""From the reader to the trends, and back to a search or a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.search import SearchController

if TYPE_CHECKING:
    from paperreader.tui.dialogs.trends import TrendTarget


_WEEKS_KEY = "trends_weeks"
"""Key of the local state: the number of weeks chosen last."""


class TrendsController:
    """Shows rising terms and most voted papers."""

    def __init__(self, ctx: ReaderContext, search: SearchController) -> None:
        self._ctx, self._search = ctx, search
        self._weeks = 0
        """The number of weeks chosen last."""

    def open(self) -> None:
        """Show the trends."""
        from paperreader.digest.trends.window import DEFAULT_WEEKS, WINDOWS
        from paperreader.tui.dialogs.trends import TrendsDialog

        library = self._ctx.library
        stored = library.state.get(_WEEKS_KEY)
        weeks = stored if stored in WINDOWS else DEFAULT_WEEKS
        dialog = TrendsDialog(library.folder, self._ctx.glyphs, weeks, self._remember_weeks)
        self._ctx.ui.push_dialog(dialog, self._go_to)

    def _remember_weeks(self, weeks: int) -> None:
        self._weeks, state = weeks, self._ctx.library.state
        # Threads may run in any order: each stores the last choice, not the one that started it.
        self._ctx.tasks.start_in_thread(
            lambda: state.update(_WEEKS_KEY, lambda _: self._weeks), group="state"
        )

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
