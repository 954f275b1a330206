"""Changes that other processes make to papers and marks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

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
        self.seen_papers: dict[str, Any] | None = None
        """What this visit has shown, while papers may arrive that are not shown (in front is an empty library or the
        samples); None: all papers.
        """
        self._is_first_fill = False
        """Whether this is the first visit to these papers: until it ends, the library may still be filling."""
        self._reported_error = ""
        self._poll_lock = asyncio.Lock()

    @property
    def is_at_start(self) -> bool:
        """Whether papers are being added to the library for the first time, or from here, and the user has not moved.

        A large import arrives in parts, and the cursor should not stay with the first paper of the first part.
        """
        is_filling = self._is_first_fill or self._jobs.is_running("import")
        return is_filling and self._ctx.ui.mode == "list" and not self._ctx.widgets.paper_list.position

    def start(self) -> None:
        """Check for changes from now on."""
        library = self._ctx.library
        is_empty = not len(library.table)
        self._is_first_fill = is_empty or library.state.get("visited") is None
        if is_empty:
            self.seen_papers = library.visits.current()
        self._ctx.tasks.every(POLL_SECONDS, self.poll)
        self._ctx.tasks.start(self._count_and_inform(), group="counting")
        if not is_empty:
            self._indexing.start_update()

    def freeze_seen_papers(self) -> None:
        """Count papers that arrive from now on as new at the next visit: something else covers the list."""
        self.seen_papers = self.seen_papers or self._ctx.library.visits.current()

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

    def apply_update(self, update: Update) -> None:
        """Show what another process changed. Cursor and scroll position stay with their papers."""
        before = len(self._ctx.library.table)
        position = TOP if self.is_at_start else self._results.position
        self._ctx.library.apply_update(update)
        self.show_warnings(update.warnings)
        if update.table is None:
            self._ctx.signals.marks_changed.emit(None)
        else:
            self._ctx.ui.show_empty_library(not len(update.table))
            self._results.refresh(position)
            self._indexing.start_update()
            self._inform_arrived(len(update.table) - before, before)
        self._ctx.signals.library_changed.emit(update)

    def show_warnings(self, warnings: Iterable[str]) -> None:
        """Show the warnings of the library, such as that a file was repaired."""
        for warning in warnings:
            self._ctx.ui.warn(warning)

    def _inform_arrived(self, arrived: int, before: int) -> None:
        reported_at_end = self._jobs.is_running("fetch") or self._jobs.is_running("import")
        if arrived > 0 and before and not reported_at_end:
            self._results.inform_new_papers(f"{arrived:,} new  ")

    async def _count_and_inform(self) -> None:
        """Count the views, and report how many papers are new since the last visit."""
        await self._counts.count()
        counts = self._counts.counts
        if counts is not None and counts.new and self._ctx.library.state.get("visited") is not None:
            self._results.inform_new_papers(f"{counts.new:,} new since your last visit  ")
