"""PDFs: downloaded in a job, and opened in a viewer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paperreader import paths
from paperreader.errors import PaperreaderError
from paperreader.text.counts import format_count
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.papers.copy_open import CopyOpenController
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.jobs.client import Job
    from paperreader.models import Paper

MAX_PDFS = 100
"""PDFs of one selection."""


class PdfController:
    """The user reads on while a PDF is downloaded; it is opened when it is complete."""

    def __init__(
        self, ctx: ReaderContext, marks: MarksController, copy_open: CopyOpenController, jobs: JobStatus
    ) -> None:
        self._ctx, self._marks, self._copy_open, self._jobs = ctx, marks, copy_open, jobs
        self._job: Job | None = None
        self._was_stopped = False

    @property
    def is_running(self) -> bool:
        """Whether PDFs are being downloaded."""
        return self._job is not None

    def open(self) -> None:
        """Open the PDF of the current paper, which is downloaded first if necessary; download those of a selection."""
        rows = self._marks.target_rows
        if self._job is not None:
            self._ctx.ui.inform("Already downloading  ", TextSpan("escape", "key"), " cancels it")
        elif len(rows) > MAX_PDFS:
            self._ctx.ui.inform(f"Too many PDFs at once: select at most {MAX_PDFS}")
        elif rows:
            papers = [paper for row in rows if (paper := self._ctx.paper_at(row)) is not None]
            self._ctx.tasks.start(self._open(papers), group="pdf")

    def stop(self) -> None:
        """Cancel the download. No incomplete file is left."""
        if self._job is not None:
            self._was_stopped = True
            self._job.stop()

    async def _open(self, papers: Sequence[Paper]) -> None:
        from paperreader.fetch.pdf.files import PdfFiles

        files = PdfFiles(self._ctx.library, self._ctx.settings.pdf)
        known = await run_in_thread(lambda: files.find(papers[0])) if len(papers) == 1 else None
        if known is not None:
            await self._show(known)
        elif papers and self._job is None:
            await self._download([paper.id for paper in papers])

    async def _download(self, ids: Sequence[str]) -> None:
        from paperreader.jobs.client import Job

        job = self._job = Job(self._ctx.library.folder, "pdf", ids)
        self._was_stopped = False
        self._ctx.ui.inform("Downloading  ", TextSpan("escape", "key"), TextSpan(" cancels", "muted"))
        try:
            with self._jobs.running("pdf", "downloading"):
                report = await run_in_thread(lambda: self._jobs.run(job, "pdf"))
        except PaperreaderError as error:
            if self._was_stopped:
                self._ctx.ui.inform("Download cancelled")
            else:
                self._ctx.ui.clear_message()
                self._ctx.ui.fail(error)
            return
        finally:
            self._job = None
        await run_in_thread(self._ctx.library.state.reload)
        await self._report(report, is_single=len(ids) == 1)

    async def _report(self, report: dict[str, Any], *, is_single: bool) -> None:
        self._ctx.ui.clear_message()
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
            others = f" {format_count(len(problems) - 1, 'other')} failed too." if len(problems) > 1 else ""
            self._ctx.ui.fail(f"{problems[0]}{others}")

    async def _show(self, path: Path) -> None:
        """Open a PDF; report that it is stored if there is no viewer."""
        copies = (TextSpan("  Y", "key"), TextSpan(" copies its path", "muted"))
        await self._copy_open.show_pdf(path, where=copies)

    @property
    def _check_mark(self) -> TextSpan:
        return TextSpan(f"{self._ctx.glyphs.selected} ", "good")
