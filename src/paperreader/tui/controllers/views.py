"""Views and sorts: which shelf of the library the list shows, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Input

from paperreader.text.query import strip_sort
from paperreader.tui.controllers.results import Finding
from paperreader.tui.model.list_query import SORT_LABELS, ListQuery, available_sorts, is_instant
from paperreader.tui.model.position import TOP, SavedSession
from paperreader.tui.model.views import count_label

if TYPE_CHECKING:
    from paperreader.library import View, ViewCounts
    from paperreader.models import SortOrder

_VIEWS_WITHOUT_MARKS = ("all", "code")
"""Views that no mark changes."""

_SORT_KEYS: dict[SortOrder, str] = {"relevance": "r", "date": "d", "votes": "v", "title": "t", "marked": "m"}


class Arranging(Finding):
    """A view, and the sort by date, leave the cursor on its paper where the list still has it."""

    counts: ViewCounts | None = None
    """The size of every view; None while it is not known."""

    def action_view(self, view: View) -> None:
        """Show a view, with the query still in force. Shown again, it is put right: what left it meanwhile goes."""
        if view == self.question.view and view in _VIEWS_WITHOUT_MARKS:
            self.say(f"{self.shelf.title} already")
            return
        self.ask(self.question._replace(view=view), self.place())

    def action_nth_view(self, number: int) -> None:
        """Show the view of that number, counted from 1."""
        if number <= len(self.shelves):
            self.action_view(self.shelves[number - 1].id)
        else:
            self.say(f"There is no view {number} yet")

    def action_views(self) -> None:
        """Choose among all views, with their counts."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        choices = [Choice(shelf.name, count_label(shelf.id, self.counts), shelf.id) for shelf in self.shelves]
        here = next((n for n, shelf in enumerate(self.shelves) if shelf.id == self.question.view), 0)
        self.app.push_screen(
            ChoiceDialog("Views", choices, self.glyphs, initial_index=here), self._view_chosen
        )

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
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        possible = available_sorts(self.question)
        choices = [Choice(sort, SORT_LABELS[sort], sort, key=_SORT_KEYS[sort]) for sort in possible]
        here = possible.index(self.question.sort)
        self.app.push_screen(
            ChoiceDialog("Sort by", choices, self.glyphs, initial_index=here), self._sort_chosen
        )

    def _sort_chosen(self, sort: SortOrder | None) -> None:
        if sort is None:
            return
        question = self.question._replace(sort=sort)
        if question.is_search:
            question = self._without_order(question)
        # By date one goes on where one is; any other order is asked for to see what comes first in it.
        self.ask(question, self.place() if question.sort == "date" else TOP)
        self.say(f"Sorted: {SORT_LABELS[question.sort]}")

    def _without_order(self, question: ListQuery) -> ListQuery:
        """The question without a `sort:` in its query, the bar included: what was chosen last is what counts."""
        query = strip_sort(question.text)
        if query == question.text:
            return question
        with self.bar.input.prevent(Input.Changed):
            self.bar.input.set_query(query)
        question = question._replace(text=query)
        if not question.is_search:
            self._origin = None
        possible = available_sorts(question)
        return question if question.sort in possible else question._replace(sort=possible[0])

    # Coming back

    def come_back(self, left: SavedSession) -> None:
        """Show what one was looking at, once the list of everything stands there with the cursor on its place."""
        question, place, scroll = left
        row, _ = place.to_rows(self.library.table)
        if row is not None and row == self.row:
            self.detail.scroll_lines(scroll)
        if is_instant(question):
            return
        if question.is_search:
            self._origin = place
            with self.bar.input.prevent(Input.Changed):
                self.bar.input.set_query(question.text)
        self.ask(question, place, kept=() if row is None or question.is_search else (row,))

    def left_at(self) -> SavedSession:
        """What one is looking at; for related papers, the list that they were asked from."""
        question, place = self._came_from[0] if self._came_from else (self.question, self.place())
        return SavedSession(question, place, round(self.detail.scroll_offset.y))
