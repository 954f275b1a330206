"""What `escape` does in list and detail."""

from __future__ import annotations

from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.library.fetch import FetchController
from paperreader.tui.controllers.papers.downloads import DownloadsController
from paperreader.tui.controllers.programs.pipes import PipeController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.search import SearchController


class BackController:
    """Goes back one step at a time."""

    def __init__(
        self,
        ctx: ReaderContext,
        results: ResultsController,
        search: SearchController,
        fetch: FetchController,
        downloads: DownloadsController,
        pipes: PipeController,
    ) -> None:
        self._ctx, self._results, self._search = ctx, results, search
        self._fetch, self._downloads, self._summaries = fetch, downloads, pipes.summaries

    def go_back(self) -> None:
        """Dismiss notifications, deselect, leave the detail, related papers or the search: the first that applies.

        Where none does, cancel a command that makes summaries, or fetching a full text or PDFs, or stop a running fetch
        of papers.
        """
        ui = self._ctx.ui
        if ui.dismiss_notifications():
            return
        if self._ctx.widgets.paper_list.is_selecting:
            self._results.clear_selection()
        elif ui.mode == "detail" or ui.is_zoomed:
            ui.focus_list()
        elif self._search.close_related():
            return
        elif self._results.query.is_search:
            self._search.clear()
        elif self._summaries.is_running:
            self._summaries.stop()
        elif self._downloads.is_running:
            self._downloads.stop()
        else:
            self._fetch.stop()

    def stop_fetching(self) -> None:
        """Dismiss notifications; where there are none, stop a running fetch."""
        if not self._ctx.ui.dismiss_notifications():
            self._fetch.stop()
