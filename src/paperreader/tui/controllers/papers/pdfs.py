"""PDFs: downloaded in a job, and opened in a viewer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paperreader import paths
from paperreader.text.counts import format_count
from paperreader.tui.context.cancellable_job import CancellableJob
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.papers.copy_open import CopyOpenController
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.models import Paper


class PdfController:
    """The user reads on while a PDF is downloaded; it is opened when it is complete."""

    def __init__(
        self, ctx: ReaderContext, marks: MarksController, copy_open: CopyOpenController, jobs: JobStatus
    ) -> None:
        self._ctx, self._marks, self._copy_open = ctx, marks, copy_open
        self.job = CancellableJob(ctx, jobs, "pdf", "Download cancelled")

    def open(self) -> None:
        """Open the PDF of the current paper, which is downloaded first if necessary; download those of a selection."""
        rows = self._marks.target_rows
        if self.job.is_running:
            self._ctx.ui.inform("Already downloading  ", TextSpan("escape", "key"), " cancels it")
        elif rows:
            papers = [paper for row in rows if (paper := self._ctx.paper_at(row)) is not None]
            self._ctx.tasks.start(self._open(papers), group="pdf")

    async def _open(self, papers: Sequence[Paper]) -> None:
        from paperreader.fetch.pdf.files import PdfFiles

        files = PdfFiles(self._ctx.library, self._ctx.settings.pdf)
        known = await run_in_thread(lambda: files.find(papers[0])) if len(papers) == 1 else None
        if known is not None:
            await self._show(known)
        elif papers and not self.job.is_running:
            await self._download([paper.id for paper in papers])

    async def _download(self, ids: Sequence[str]) -> None:
        from paperreader.jobs.client import pdfs_job

        self._ctx.ui.inform("Downloading  ", TextSpan("escape", "key"), TextSpan(" cancels", "muted"))
        report = await self.job.run(pdfs_job(self._ctx.library.folder, ids), "downloading")
        if report is not None:
            await self._report(report, is_single=len(ids) == 1)

    async def _report(self, report: dict[str, Any], *, is_single: bool) -> None:
        for warning in report["warnings"]:
            self._ctx.ui.warn(warning)
        files, problems = report["files"], report["problems"]
        if is_single and files:
            await self._show(Path(files[0]["path"]))
        elif files:
            folder = paths.display_path(paths.expand_path(self._ctx.settings.pdf.folder))
            self._ctx.ui.inform(
                self._check_mark, f"{format_count(len(files), 'PDF')} in ", TextSpan(folder, "text")
            )
        if problems:
            self._ctx.ui.fail(failure_message(report))

    async def _show(self, path: Path) -> None:
        """Open a PDF; report that it is stored if there is no viewer."""
        copies = (TextSpan("  Y", "key"), TextSpan(" copies its path", "muted"))
        await self._copy_open.show_pdf(path, where=copies)

    @property
    def _check_mark(self) -> TextSpan:
        return TextSpan(f"{self._ctx.glyphs.selected} ", "good")


def failure_message(report: dict[str, Any]) -> str:
    """Return the first problem of a job that downloads PDFs, and how many others and papers that are left there are."""
    problem, *others = report["problems"]
    parts = [problem]
    if others:
        parts.append(f"{format_count(len(others), 'other')} failed too.")
    if remaining := report["remaining"]:
        parts.append(f"{format_count(len(remaining), 'paper')} left.")
    return " ".join(parts)
