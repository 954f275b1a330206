"""Views and sorts: which shelf of the library the list shows, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from paperreader.text.query import without_order
from paperreader.tui.controllers.results import Finding
from paperreader.tui.model.list_query import ORDERS, Question, at_once, sorts
from paperreader.tui.model.position import START
from paperreader.tui.model.resuming import Left
from paperreader.tui.model.views import count_of

if TYPE_CHECKING:
    from paperreader.library import Counts, View
    from paperreader.models import Sort

_STEADY = ("all", "code")
"""Views that no mark changes."""

_SORT_KEYS: dict[Sort, str] = {"relevance": "r", "date": "d", "votes": "v", "title": "t", "marked": "m"}


class Arranging(Finding):
    """A view, and the sort by date, leave the cursor on its paper where the list still has it."""

    counts: Counts | None = None
    """The size of every view; None while it is not known."""

    def action_view(self, view: View) -> None:
        """Show a view, with the query still in force. Shown again, it is put right: what left it meanwhile goes."""
        if view == self.question.view and view in _STEADY:
            self.say(f"{self.shelf.place} already")
            return
        self.ask(self.question._replace(view=view), self.place())

    def action_nth_view(self, number: int) -> None:
        """Show the view of that number, counted from 1."""
        if number <= len(self.shelves):
            self.action_view(self.shelves[number - 1].view)
        else:
            self.say(f"There is no view {number} yet")

    def action_views(self) -> None:
        """Choose among all views, with their counts."""
        from paperreader.tui.dialogs.choice import Choice, Chooser

        choices = [
            Choice(shelf.name, count_of(shelf.view, self.counts), shelf.view) for shelf in self.shelves
        ]
        here = next((n for n, shelf in enumerate(self.shelves) if shelf.view == self.question.view), 0)
        self.app.push_screen(Chooser("Views", choices, self.glyphs, at=here), self._view_chosen)

    def _view_chosen(self, view: View | None) -> None:
        if view is not None:
            self.action_view(view)

    def action_only_bookmarks(self) -> None:
        view = "all" if self.question.view == "bookmarks" else "bookmarks"
        self.ask(self.question._replace(view=view), self.place())

    def action_only_code(self) -> None:
        self.ask(self.question._replace(code_only=not self.question.code_only), self.place())

    def action_sort(self) -> None:
        """Choose an order."""
        from paperreader.tui.dialogs.choice import Choice, Chooser

        possible = sorts(self.question)
        choices = [Choice(sort, ORDERS[sort], sort, key=_SORT_KEYS[sort]) for sort in possible]
        here = possible.index(self.question.sort)
        self.app.push_screen(Chooser("Sort by", choices, self.glyphs, at=here), self._sort_chosen)

    def _sort_chosen(self, sort: Sort | None) -> None:
        if sort is None:
            return
        question = self.question._replace(sort=sort)
        if question.is_search:
            question = self._without_order(question)
        # By date one goes on where one is; any other order is asked for to see what comes first in it.
        self.ask(question, self.place() if question.sort == "date" else START)
        self.say(f"Sorted: {ORDERS[question.sort]}")

    def _without_order(self, question: Question) -> Question:
        """The question without a `sort:` in its query, the bar included: what was chosen last is what counts."""
        query = without_order(question.query)
        if query == question.query:
            return question
        with self.bar.input.prevent(Input.Changed):
            self.bar.input.fill(query)
        question = question._replace(query=query)
        if not question.is_search:
            self._origin = None
        possible = sorts(question)
        return question if question.sort in possible else question._replace(sort=possible[0])

    # Coming back

    def come_back(self, left: Left) -> None:
        """Show what one was looking at, once the list of everything stands there with the cursor on its place."""
        question, place, scroll = left
        row, _ = place.rows(self.library.table)
        if row is not None and row == self.row:
            self.detail.scroll_lines(scroll)
        if at_once(question):
            return
        if question.is_search:
            self._origin = place
            with self.bar.input.prevent(Input.Changed):
                self.bar.input.fill(question.query)
        self.ask(question, place, kept=() if row is None or question.is_search else (row,))

    def left_at(self) -> Left:
        """What one is looking at; for related papers, the list that they were asked from."""
        question, place = self._came_from[0] if self._came_from else (self.question, self.place())
        return Left(question, place, round(self.detail.scroll_offset.y))
