"""The controllers of list, detail, counts and status bar: what the first frame needs."""

from __future__ import annotations

from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.fits import FitLoader
from paperreader.tui.controllers.library.onboarding import OnboardingController
from paperreader.tui.controllers.navigation import NavigationController
from paperreader.tui.controllers.pane_layout import PaneLayoutController
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.controllers.papers.reading_timer import ReadingTimerController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.controllers.status import StatusController
from paperreader.tui.controllers.view_counts import ViewCountsController
from paperreader.tui.controllers.views import ViewsController
from paperreader.tui.model.list_query import is_instant
from paperreader.tui.model.position import ListPosition, SavedSession, session_from_state


class ListControllers:
    """Created in the order in which they handle a signal."""

    def __init__(self, ctx: ReaderContext) -> None:
        self._ctx = ctx
        self.results = ResultsController(ctx)
        self.search = SearchController(ctx, self.results)
        self.marks = MarksController(ctx, self.results)
        self.fits = FitLoader(ctx, self.results)
        self.navigation = NavigationController(ctx, self.results, self.fits)
        self.view_counts = ViewCountsController(ctx)
        self.views = ViewsController(ctx, self.results, self.search, self.view_counts)
        self.status = StatusController(ctx, self.results, self.search, self.views, self.view_counts)
        self.reading_timer = ReadingTimerController(ctx, self.marks)
        self.pane_layout = PaneLayoutController(ctx)
        self.onboarding = OnboardingController(ctx)

    def load_session(self, start_row: int | None) -> SavedSession:
        """Return where to begin: at the paper of `start_row`, or where the last session ended."""
        library = self._ctx.library
        if start_row is not None:
            return SavedSession(position=ListPosition.from_rows(library.table, start_row, None))
        return library.state.parse(
            "position", lambda value: session_from_state(value, self.view_counts.expected_views())
        )

    def restore(self, session: SavedSession) -> None:
        """Show the list of a session. All papers must be shown already, with the cursor at its position."""
        query, position, scroll = session
        row, _ = position.to_rows(self._ctx.library.table)
        if row is not None and row == self._ctx.current_row:
            self._ctx.widgets.detail.scroll_lines(scroll)
        if is_instant(query):
            return
        if query.is_search:
            self.search.restore(query.text, position)
        sticky = () if row is None or query.is_search else (row,)
        self.results.show(query, position, sticky=sticky)
