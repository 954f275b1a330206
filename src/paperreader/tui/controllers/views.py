"""Views, the code filter and the sort order of the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.controllers.view_counts import ViewCountsController
from paperreader.tui.model.list_query import ListQuery, available_sorts, in_view
from paperreader.tui.model.list_sort import SORT_LABELS
from paperreader.tui.model.position import TOP
from paperreader.tui.model.views import (
    MAX_NUMBERED_VIEWS,
    ListView,
    count_label,
    listed_views,
    numbered_views,
    numbers_of,
    view_by_id,
)
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.library import View
    from paperreader.models import SortOrder
    from paperreader.tui.model.list_query import ListResult

_VIEWS_WITHOUT_MARKS = ("all", "code")
"""No mark changes what is in these views."""

_SORT_KEYS: dict[SortOrder, str] = {
    "relevance": "r",
    "date": "d",
    "votes": "v",
    "stars": "s",
    "comments": "c",
    "citations": "i",
    "title": "t",
    "marked": "m",
    "queue": "b",
    "foryou": "f",
}


class ViewsController:
    """Another view, and the sort by date, leave the cursor on its paper where the list still has it."""

    def __init__(
        self,
        ctx: ReaderContext,
        results: ResultsController,
        search: SearchController,
        counts: ViewCountsController,
    ) -> None:
        self._ctx, self._results, self._search, self._counts = ctx, results, search, counts
        ctx.signals.results_shown.connect(self._explain_empty_list)

    @property
    def current(self) -> ListView:
        """The view that the list is to show."""
        return view_by_id(self._results.query.view, self._counts.views)

    def show(self, view: View) -> None:
        """Show a view, searched for the same words. Shown again, it leaves the search.

        Without a search, it drops the papers that have left the view meanwhile.
        """
        query = self._results.query
        if query.is_search:
            if view == query.view:
                self._search.clear()
            else:
                self._show(in_view(query, view))
                self._explain_search_in_view()
            return
        if view == query.view and view in _VIEWS_WITHOUT_MARKS:
            self._ctx.ui.inform(f"Shown already: {self.current.title}")
            return
        self._show(in_view(query, view))
        if query.code_only:
            self._ctx.ui.inform("Only papers with code  ", TextSpan("c", "key"), " shows all")

    def show_nth(self, number: int) -> None:
        """Show the view of that number, counted from 1."""
        views = numbered_views(self._counts.views)
        if number <= len(views):
            self.show(views[number - 1].id)
        else:
            self._ctx.ui.inform(f"There is no view {number} yet")

    def choose(self) -> None:
        """Choose from all views, with their sizes."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        views = listed_views(self._counts.views)
        keymap, counts = self._ctx.ui.keymap, self._counts.counts
        keys = [
            keymap.label(view.command) if view.command else number
            for view, number in zip(views, numbers_of(views), strict=True)
        ]
        choices = [
            Choice(view.name, count_label(view.id, counts), view.id, key=key)
            for view, key in zip(views, keys, strict=True)
        ]
        current = next((n for n, view in enumerate(views) if view.id == self._results.query.view), 0)
        dialog = ChoiceDialog("Views", choices, self._ctx.glyphs, initial_index=current)
        self._ctx.ui.push_dialog(dialog, lambda view: self.show(view) if view is not None else None)

    def toggle_bookmarks(self) -> None:
        """Show the bookmarks, or all papers again."""
        query = self._results.query
        self._show(in_view(query, "all" if query.view == "bookmarks" else "bookmarks"))

    def toggle_code_only(self) -> None:
        """Show only papers with a link to code, or the others again too."""
        query = self._results.query
        self._show(query._replace(code_only=not query.code_only))

    def choose_sort(self) -> None:
        """Choose a sort order."""
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        sorts = available_sorts(self._results.query)
        choices = [Choice(sort, SORT_LABELS[sort], sort, key=_SORT_KEYS[sort]) for sort in sorts]
        current = sorts.index(self._results.query.sort)
        dialog = ChoiceDialog("Sort by", choices, self._ctx.glyphs, initial_index=current)
        self._ctx.ui.push_dialog(dialog, self._sort)

    def _explain_search_in_view(self) -> None:
        """Report that the search still applies, and the key that leaves it."""
        view, views = self.current, numbered_views(self._counts.views)
        number = next((number for number, each in enumerate(views, 1) if each.id == view.id), 0)
        if 0 < number <= MAX_NUMBERED_VIEWS:
            key, again = str(number), " again leaves the search"
        else:
            key, again = "escape", " leaves the search"
        self._ctx.ui.inform(
            "Results in ", TextSpan(view.title, "text"), ".  ", TextSpan(key, "key"), TextSpan(again, "muted")
        )

    def _show(self, query: ListQuery) -> None:
        # The personal order is chosen to see what comes first.
        self._results.show(query, TOP if query.sort == "foryou" else self._results.position)

    def _sort(self, sort: SortOrder | None) -> None:
        if sort is None:
            return
        query = self._results.query._replace(sort=sort)
        if query.is_search:
            query = self._without_sort_field(query)
        # A sort by date leaves the cursor on its paper; any other is chosen to see what comes first.
        self._results.show(query, self._results.position if query.sort == "date" else TOP)
        self._ctx.ui.inform(f"Sorted: {SORT_LABELS[query.sort]}")

    def _without_sort_field(self, query: ListQuery) -> ListQuery:
        """Remove `sort:` from the query and the search bar: the order chosen last applies."""
        from paperreader.text.query import strip_sort

        text = strip_sort(query.text)
        if text == query.text:
            return query
        self._search.set_text(text)
        query = query._replace(text=text, is_typing=False)
        sorts = available_sorts(query)
        return query if query.sort in sorts else query._replace(sort=sorts[0])

    def _explain_empty_list(self, result: ListResult) -> None:
        self._ctx.widgets.empty_list.explain(result, self.current)
