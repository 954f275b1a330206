"""Sends papers to Zotero on this machine."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.tui.context.cancellable_job import CancellableJob
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.papers.marks import MarksController, paper_count
from paperreader.tui.widgets.text_line import TextSpan


class ZoteroController:
    """Papers that were sent before are skipped, because Zotero would have them twice."""

    def __init__(self, ctx: ReaderContext, marks: MarksController, jobs: JobStatus) -> None:
        self._ctx, self._marks = ctx, marks
        self._job = CancellableJob(ctx, jobs, "zotero", "Sending stopped")

    async def send(self, rows: Sequence[int]) -> None:
        """Send the papers at `rows`, and report how many."""
        from paperreader.jobs.client import zotero_job

        if self._job.is_running:
            self._ctx.ui.inform("Already sending to Zotero")
            return
        library = self._ctx.library
        ids = [library.table.id_of(int(row)) for row in rows]
        await self._marks.history.wait_until_saved()  # the other process reads what is saved
        report = await self._job.run(zotero_job(library.folder, ids), "sending to Zotero")
        if report is None:
            return
        sent, skipped = report["sent"], report["skipped"]
        if not sent:
            what = "It was" if skipped == 1 else f"All {skipped:,} were"
            self._ctx.ui.inform(f"{what} sent before; paperreader zotero --again repeats it")
            return
        before = f", {skipped:,} sent before" if skipped else ""
        check_mark = TextSpan(f"{self._ctx.glyphs.selected} ", "good")
        self._ctx.ui.inform(check_mark, f"{paper_count(sent)} sent to Zotero{before}")
