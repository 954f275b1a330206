"""Looks up how often papers are cited, when the user asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paperreader.tui.context.cancellable_job import CancellableJob
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.papers.marks import MarksController, paper_count
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.tui.controllers.papers.citations.shown_citations import ShownCitations


class CitationsController:
    """The counts of the current paper, or of all that are selected. Fresh counts are not requested again."""

    def __init__(self, ctx: ReaderContext, marks: MarksController, jobs: JobStatus) -> None:
        self._ctx, self._marks = ctx, marks
        self.job = CancellableJob(ctx, jobs, "citations", "Looking up citations was cancelled")
        self.when_shown: ShownCitations | None = None
        """Looks up what the detail shows, if the settings say so."""
        if ctx.settings.citations.when_shown:
            from paperreader.tui.controllers.papers.citations.shown_citations import ShownCitations

            self.when_shown = ShownCitations(ctx, lambda: self.job.is_running)

    def look_up(self) -> None:
        """Request the counts of the papers under the cursor or in the selection."""
        rows = self._marks.target_rows
        if self.job.is_running:
            self._ctx.ui.inform("Already looking up citations  ", TextSpan("escape", "key"), " cancels it")
        elif rows:
            ids = [self._ctx.library.table.id_of(row) for row in rows]
            self._ctx.tasks.start(self._look_up(ids), group="citations")

    async def _look_up(self, ids: list[str]) -> None:
        from paperreader.jobs.client import enrich_job

        if self.when_shown is not None:
            self.when_shown.stop()  # one request at a time
        self._ctx.ui.inform(
            "Looking up citations  ", TextSpan("escape", "key"), TextSpan(" cancels", "muted")
        )
        report = await self.job.run(enrich_job(self._ctx.library.folder, ids), "looking up citations")
        if report is not None:
            self._ctx.signals.citations_stored.emit(None)
            self._report(report)
            if self.when_shown is not None and not report["problem"]:
                self.when_shown.resume()

    def _report(self, report: dict[str, Any]) -> None:
        service, unknown = report["service"], report["unknown"]
        known = report["updated"] + report["fresh"]
        if report["problem"]:
            self._ctx.ui.fail(report["problem"])
        elif known:
            missing = f", {len(unknown):,} unknown there" if unknown else ""
            self._ctx.ui.inform(f"Citations of {paper_count(known)} from {service}{missing}")
        else:
            self._ctx.ui.inform(
                f"{service} does not know {'these papers' if len(unknown) > 1 else 'this paper'}"
            )
