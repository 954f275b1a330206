"""What is being downloaded for papers, and cancelling it."""

from __future__ import annotations

from paperreader.tui.controllers.papers.full_texts import FullTextsController
from paperreader.tui.controllers.papers.pdfs import PdfController


class DownloadsController:
    """PDFs and full texts."""

    def __init__(self, pdfs: PdfController, full_texts: FullTextsController) -> None:
        self._pdfs, self._full_texts = pdfs, full_texts

    @property
    def is_running(self) -> bool:
        """Whether anything is being downloaded."""
        return self._pdfs.is_running or self._full_texts.is_running

    def stop(self) -> None:
        """Cancel all downloads. No incomplete file is left."""
        self._pdfs.stop()
        self._full_texts.stop()
