"""From the reader to its trends and back: to a search, or to a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperreader.tui.controllers.results import Finding
from paperreader.tui.model.list_query import ListQuery
from paperreader.tui.model.position import ListPosition

if TYPE_CHECKING:
    from paperreader.tui.dialogs.trends import TrendTarget


class Trending(Finding):
    """What is on the rise."""

    def action_trends(self) -> None:
        from paperreader.tui.dialogs.trends import TrendsDialog

        self.app.push_screen(TrendsDialog(self.library.folder, self.glyphs), self._go)

    def _go(self, goal: TrendTarget | None) -> None:
        if goal is None:
            return
        self.to_list()
        if goal.query:
            # The blank says that the word is whole.
            self.bar.input.value = f"{goal.query} "
            return
        row = self.library.table.row_of(goal.paper)
        if row is None:
            self.say("That paper is not here any more")
            return
        self.bar.input.value = ""
        self.ask(ListQuery(), ListPosition.from_rows(self.library.table, row, None))
