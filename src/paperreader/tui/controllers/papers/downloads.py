"""What is being downloaded for papers, and cancelling it."""

from __future__ import annotations

from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.papers.bookmark_texts import BookmarkTextsController
from paperreader.tui.controllers.papers.citations.citations import CitationsController
from paperreader.tui.controllers.papers.full_texts import FullTextsController
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.controllers.papers.pdf_batch import PdfBatchController
from paperreader.tui.controllers.papers.pdfs import PdfController
from paperreader.tui.controllers.results import ResultsController


class DownloadsController:
    """PDFs, full texts and citation counts: of single papers, of all bookmarks, and of all listed papers."""

    def __init__(
        self,
        ctx: ReaderContext,
        jobs: JobStatus,
        results: ResultsController,
        marks: MarksController,
        pdfs: PdfController,
        full_texts: FullTextsController,
    ) -> None:
        self.bookmark_texts: BookmarkTextsController = BookmarkTextsController(ctx, jobs)
        self.pdf_batch: PdfBatchController = PdfBatchController(ctx, jobs, results)
        self.citations: CitationsController = CitationsController(ctx, marks, jobs)
        jobs_of_papers = (self.bookmark_texts.job, self.pdf_batch.job, self.citations.job)
        self._all = (pdfs.job, full_texts, *jobs_of_papers)

    @property
    def is_running(self) -> bool:
        """Whether anything is being downloaded."""
        return any(each.is_running for each in self._all)

    def stop(self) -> None:
        """Cancel all downloads. No incomplete file is left."""
        for each in self._all:
            each.stop()
        if self.citations.when_shown is not None:
            self.citations.when_shown.stop()
