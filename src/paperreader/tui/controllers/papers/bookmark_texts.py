"""Fetches the full texts of all bookmarks in a job, at the pace that arXiv asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from paperreader.text.counts import format_count
from paperreader.tui.context.cancellable_job import CancellableJob
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan


class BookmarkTextsController:
    """The user reads on meanwhile. What has arrived is stored, and starting again continues."""

    def __init__(self, ctx: ReaderContext, jobs: JobStatus) -> None:
        self._ctx = ctx
        self.job = CancellableJob(ctx, jobs, "texts", "Fetching stopped. What has arrived is stored")

    def start(self) -> None:
        """Fetch the full texts of the bookmarks that are not stored."""
        if self.job.is_running:
            self._ctx.ui.inform("Already fetching full texts  ", TextSpan("escape", "key"), " stops it")
        else:
            self._ctx.tasks.start(self._start(), group="full-texts")

    async def _start(self) -> None:
        ids = await run_in_thread(self._missing)
        if ids is None:
            self._ctx.ui.inform("No bookmarks. Press ", TextSpan("b", "key"), " to bookmark a paper")
        elif not ids:
            self._ctx.ui.inform("The full texts of all bookmarks are stored, or not available")
        elif not self.job.is_running:
            await self._run(ids)

    def _missing(self) -> list[str] | None:
        """Return the ids of the bookmarks whose full text is neither stored nor known to be missing; None if there is
        no bookmark.
        """
        library = self._ctx.library
        rows = library.view("bookmarks")
        ids = [library.table.id_of(row) for row in rows]
        texts = library.full_texts
        wanted = [id for id in ids if not texts.stored(id) and not texts.unavailable.reason(id)]
        return wanted if ids else None

    async def _run(self, ids: Sequence[str]) -> None:
        from paperreader.jobs.client import full_texts_job

        self._ctx.ui.inform(
            f"Fetching {format_count(len(ids), 'full text')}  ",
            TextSpan("escape", "key"),
            TextSpan(" stops", "muted"),
        )
        job = full_texts_job(self._ctx.library.folder, ids)
        if (report := await self.job.run(job, "fetching full texts")) is not None:
            self._report(report)

    def _report(self, report: dict[str, Any]) -> None:
        for warning in report["warnings"]:
            self._ctx.ui.warn(warning)
        parts = [f"{format_count(report['fetched'], 'full text')} fetched"]
        if report["missing"]:
            parts.append(f"{len(report['missing']):,} not available")
        if report["fetched"] or not report["problems"]:
            self._ctx.ui.inform(", ".join(parts))
        if report["problems"]:
            left = f" {format_count(len(report['remaining']), 'paper')} left." if report["remaining"] else ""
            self._ctx.ui.fail(f"{report['problems'][0]}{left}")
