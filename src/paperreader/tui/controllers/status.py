"""What status bar, footer and sidebar show of list, counts and mode."""

from __future__ import annotations

from paperreader.text.cell_width import truncate_cells
from paperreader.tui.commands.command import Mode
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.controllers.view_counts import ViewCountsController
from paperreader.tui.controllers.views import ViewsController
from paperreader.tui.model.list_query import is_for_user
from paperreader.tui.model.list_sort import SORT_LABELS
from paperreader.tui.model.relations import RELATION_TITLES
from paperreader.tui.model.views import listed_views

MAX_RELATED_TITLE_WIDTH = 40


class StatusController:
    """Updates status bar, footer and sidebar after every signal that changes them."""

    def __init__(
        self,
        ctx: ReaderContext,
        results: ResultsController,
        search: SearchController,
        views: ViewsController,
        counts: ViewCountsController,
    ) -> None:
        self._ctx, self._results, self._search = ctx, results, search
        self._views, self._counts = views, counts
        ctx.signals.results_shown.connect(lambda _: self.refresh())
        ctx.signals.cursor_moved.connect(lambda _: self.refresh())
        ctx.signals.counts_changed.connect(lambda _: self.refresh())
        ctx.signals.mode_changed.connect(lambda _: self.refresh_mode())

    def refresh(self) -> None:
        """Show position, counts and views."""
        widgets, result, counts = self._ctx.widgets, self._results.result, self._counts.counts
        papers = widgets.paper_list
        widgets.status_bar.info = widgets.status_bar.info._replace(
            selected_count=papers.selected_count,
            view_title=self._title(),
            sort_label=result.sort_label if result else SORT_LABELS[self._results.query.sort],
            unread=counts.unread if counts else None,
            bookmarks=counts.bookmarks if counts else None,
            position=papers.position + 1 if papers.cursor is not None else None,
            list_length=len(result.rows) if result else 0,
        )
        widgets.footer.mode = self._footer_mode()
        widgets.sidebar.current_view = self._results.query.view
        widgets.sidebar.views = listed_views(self._counts.views)
        widgets.sidebar.counts = counts

    def refresh_mode(self) -> None:
        """Show what has the focus, and how many papers are selected."""
        self._ctx.widgets.status_bar.mode = self._ctx.ui.mode
        self.refresh()

    def _title(self) -> str:
        query = self._results.query
        if query.related_to:
            title = truncate_cells(
                self._search.related_title, MAX_RELATED_TITLE_WIDTH, self._ctx.glyphs.ellipsis
            )
            return f"{RELATION_TITLES[query.relation]} {title}"
        title = self._views.current.title + (" with code" if query.code_only else "")
        hidden = self._counts.counts.hidden_by_rules if self._counts.counts and query.view == "new" else 0
        return f"{title}, {hidden:,} hidden by rules" if hidden else title

    def _footer_mode(self) -> Mode:
        """The mode, with one of its own for each kind of empty list: most commands need a paper."""
        mode, query, result = self._ctx.ui.mode, self._results.query, self._results.result
        is_whole_view = not query.is_search and not query.related_to
        is_new = query.view == "new" and is_whole_view
        if mode != "list" or result is None or len(result.rows):
            if mode == "list" and is_whole_view and is_for_user(query):
                return "for-you"
            return "new" if mode == "list" and is_new else mode
        if query.is_search or query.related_to:
            return "empty-search"
        if query.code_only:
            return "empty-code"
        return "empty-new" if is_new else "empty"
