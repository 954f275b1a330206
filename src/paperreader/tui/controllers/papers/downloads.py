"""What is being downloaded for papers, and cancelling it."""

from __future__ import annotations

from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.papers.bookmark_texts import BookmarkTextsController
from paperreader.tui.controllers.papers.full_texts import FullTextsController
from paperreader.tui.controllers.papers.pdf_batch import PdfBatchController
from paperreader.tui.controllers.papers.pdfs import PdfController
from paperreader.tui.controllers.results import ResultsController


class DownloadsController:
    """PDFs and full texts: those of single papers, of all bookmarks, and of all listed papers."""

    def __init__(
        self,
        ctx: ReaderContext,
        jobs: JobStatus,
        results: ResultsController,
        pdfs: PdfController,
        full_texts: FullTextsController,
    ) -> None:
        self.bookmark_texts: BookmarkTextsController = BookmarkTextsController(ctx, jobs)
        self.pdf_batch: PdfBatchController = PdfBatchController(ctx, jobs, results)
        self._all = (pdfs.job, full_texts, self.bookmark_texts.job, self.pdf_batch.job)

    @property
    def is_running(self) -> bool:
        """Whether anything is being downloaded."""
        return any(each.is_running for each in self._all)

    def stop(self) -> None:
        """Cancel all downloads. No incomplete file is left."""
        for each in self._all:
            each.stop()
