"""Changes that other processes make to papers and marks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from paperreader.errors import PaperreaderError
from paperreader.library import Update
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.library.indexing import IndexingController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.view_counts import ViewCountsController
from paperreader.tui.model.position import TOP
from paperreader.tui.runtime.threads import run_in_thread

POLL_SECONDS = 1.0
"""How often the library is checked for changes."""


class SyncController:
    """Shows new papers and marks without moving the cursor or scrolling."""

    def __init__(
        self,
        ctx: ReaderContext,
        results: ResultsController,
        counts: ViewCountsController,
        indexing: IndexingController,
        jobs: JobStatus,
    ) -> None:
        self._ctx, self._results, self._counts = ctx, results, counts
        self._indexing, self._jobs = indexing, jobs
        self.is_filling = False
        """Whether the library was empty at the start: its first import or fetch may still be running."""
        self._is_first_session = False
        """Whether this is the first session with these papers: until it ends, the library may still be filling."""
        self._reported_error = ""
        self._first_arrived: int | None = None
        """The first row of the papers that another process added and that are not reported yet: more may follow."""
        self._poll_lock = asyncio.Lock()

    @property
    def is_at_start(self) -> bool:
        """Whether papers are being added to the library for the first time, or from here, and the user has not moved.

        A large import arrives in parts, and the cursor should not stay with the first paper of the first part.
        """
        is_filling = self._is_first_session or self._jobs.is_running("import")
        return is_filling and self._ctx.ui.mode == "list" and not self._ctx.widgets.paper_list.position

    def start(self) -> None:
        """Check for changes from now on."""
        library = self._ctx.library
        is_empty = not len(library.table)
        self.is_filling = is_empty
        self._is_first_session = is_empty or not library.inbox.arrivals.is_recorded
        self._ctx.tasks.every(POLL_SECONDS, self.poll)
        self._ctx.tasks.start(self._count_and_inform(), group="counting")
        if not is_empty:
            self._indexing.start_update()

    def poll(self) -> None:
        """Check for changes now, in the background."""
        if not self._poll_lock.locked():
            self._ctx.tasks.start(self.refresh(), group="polling")

    async def refresh(self) -> None:
        """Check for changes; return when they are shown."""
        async with self._poll_lock:
            try:
                update = await run_in_thread(self._ctx.library.poll)
            except PaperreaderError as error:
                if str(error) != self._reported_error:  # once, not every second
                    self._reported_error = str(error)
                    self._ctx.ui.fail(error)
                return
            self._reported_error = ""
            if update is not None:
                self.apply_update(update)
            if self._first_arrived is not None and (update is None or update.table is None):
                await self._inform_arrived(self._first_arrived)

    def apply_update(self, update: Update) -> None:
        """Show what another process changed. Cursor and scroll position stay with their papers."""
        before, generation = self._ctx.library.table.size, self._ctx.library.table.generation
        position = TOP if self.is_at_start else self._results.position
        self._ctx.library.apply_update(update)
        self.show_warnings(update.warnings)
        if update.table is None:
            self._ctx.signals.marks_changed.emit(None)
        else:
            self._ctx.ui.show_empty_library(not len(update.table))
            self._results.refresh(position)
            self._indexing.start_update()
            is_reported_at_end = self._jobs.is_running("fetch") or self._jobs.is_running("import")
            if update.table.generation != generation:
                self._first_arrived = None  # rows have other numbers now
            elif before and self._first_arrived is None and not is_reported_at_end:
                self._first_arrived = before
        self._ctx.signals.library_changed.emit(update)

    def show_warnings(self, warnings: Iterable[str]) -> None:
        """Show the warnings of the library, such as that a file was repaired."""
        for warning in warnings:
            self._ctx.ui.warn(warning)

    async def _inform_arrived(self, first_row: int) -> None:
        """Report how many papers from a row on are new, once no more of them arrive and the rules apply to them."""
        library = self._ctx.library

        def count() -> int | None:
            if library.inbox.rules.queries and not library.maintenance.index_is_current():
                return None
            return library.inbox.count_from(first_row)

        new = await run_in_thread(count)
        if new is None:
            return
        self._first_arrived = None
        if new:
            self._results.inform_new_papers(f"{new:,} new  ")

    async def _count_and_inform(self) -> None:
        """Count the views, and report how many new papers there are since the last session."""
        await self._counts.count()
        new = await run_in_thread(self._ctx.library.inbox.count_since_last_session)
        if new:
            self._results.inform_new_papers(f"{new:,} new since your last visit  ")
