"""Downloads the PDFs of all listed papers in a job, at the pace that arXiv asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from paperreader import paths
from paperreader.text.counts import format_count
from paperreader.tui.context.cancellable_job import CancellableJob
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.papers.pdfs import failure_message
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.models import Paper

MAX_WITHOUT_QUESTION = 5
"""PDFs that are downloaded without asking."""

SECONDS_PER_PDF = 15
"""See `fetch.arxiv.CRAWL_DELAY_SECONDS`."""


class PdfBatchController:
    """The user reads on meanwhile. PDFs that are there are skipped, so that starting again continues."""

    def __init__(self, ctx: ReaderContext, jobs: JobStatus, results: ResultsController) -> None:
        self._ctx, self._results = ctx, results
        self.job = CancellableJob(ctx, jobs, "pdf-batch", "Downloading stopped. The PDFs so far are complete")

    def choose(self) -> None:
        """Ask whether to download the missing PDFs of all listed papers; or while that is done, whether to stop."""
        result = self._results.result
        if self.job.is_running:
            self._offer_to_stop()
        elif result is None or not result.full_matches:
            self._ctx.ui.inform("No papers listed")
        else:
            rows = result.rows[: result.full_matches]
            self._ctx.tasks.start(self._choose(rows), group="pdf-batch")

    def _offer_to_stop(self) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        choices = [
            Choice("stop", "the PDFs so far stay", True, "s"),
            Choice("continue", "", False, "c"),
        ]
        dialog = ChoiceDialog("PDFs are being downloaded", choices, self._ctx.glyphs)
        self._ctx.ui.push_dialog(dialog, lambda stops: self.job.stop() if stops else None)

    async def _choose(self, rows: Sequence[int]) -> None:
        from paperreader.tui.dialogs.choice import Choice, ChoiceDialog

        ids, known = await run_in_thread(lambda: self._missing(rows))
        if not ids:
            message = f"All {known:,} PDFs are there" if known else "No PDF of these papers is known"
            self._ctx.ui.inform(message)
        elif len(ids) <= MAX_WITHOUT_QUESTION:
            await self._run(ids)
        else:
            there = f", {known:,} are there" if known else ""
            size = f"{format_count(len(ids), 'PDF')}, {_duration(len(ids))}{there}"
            choices = [Choice("download", size, True, "y"), Choice("cancel", "", False, "n")]
            dialog = ChoiceDialog("Download the PDFs of all listed papers?", choices, self._ctx.glyphs)
            self._ctx.ui.push_dialog(dialog, lambda answer: self._answer(ids) if answer else None)

    def _answer(self, ids: Sequence[str]) -> None:
        if not self.job.is_running:
            self._ctx.tasks.start(self._run(ids), group="pdf-batch")

    def _missing(self, rows: Sequence[int]) -> tuple[list[str], int]:
        """Return the ids of the papers whose PDF is not there but known, and how many are there."""
        from paperreader.fetch.endpoints import configured_endpoints
        from paperreader.fetch.pdf.files import PdfFiles
        from paperreader.text.paper_urls import pdf_url

        library = self._ctx.library
        files, url = PdfFiles(library, self._ctx.settings.pdf), configured_endpoints().arxiv_url
        papers: list[Paper] = [library.paper(int(row)) for row in rows]
        missing = [paper for paper in papers if files.find(paper) is None]
        return [paper.id for paper in missing if pdf_url(paper, url)], len(papers) - len(missing)

    async def _run(self, ids: Sequence[str]) -> None:
        from paperreader.jobs.client import pdfs_job

        self._ctx.ui.inform(
            f"Downloading {format_count(len(ids), 'PDF')}  ",
            TextSpan("choose the command again to stop", "muted"),
        )
        job = pdfs_job(self._ctx.library.folder, ids)
        if (report := await self.job.run(job, "downloading PDFs")) is not None:
            self._report(report)

    def _report(self, report: dict[str, Any]) -> None:
        for warning in report["warnings"]:
            self._ctx.ui.warn(warning)
        if report["downloaded"] or not report["problems"]:
            folder = paths.display_path(paths.expand_path(self._ctx.settings.pdf.folder))
            count = format_count(report["downloaded"], "PDF")
            self._ctx.ui.inform(f"{count} downloaded, in ", TextSpan(folder, "text"))
        if report["problems"]:
            self._ctx.ui.fail(failure_message(report))


def _duration(count: int) -> str:
    """Return how long a batch takes at least."""
    from paperreader.library import format_duration

    return f"about {format_duration(count * SECONDS_PER_PDF)}"
