"""The PDF of the paper whose text is open: downloaded in a job, and opened in a viewer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.errors import PaperreaderError
from paperreader.tui.full_text.context import FullTextContext
from paperreader.tui.full_text.documents import DocumentController
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.jobs.client import Job


class TextPdfController:
    """The user reads on while the PDF is downloaded. Closing the text cancels that."""

    def __init__(self, ctx: FullTextContext, documents: DocumentController) -> None:
        self._ctx, self._documents = ctx, documents
        self._job: Job | None = None
        self._was_stopped = False

    def open(self) -> None:
        """Open the PDF of the paper, which is downloaded first if necessary."""
        if self._job is not None:
            self._ctx.ui.inform("Already downloading the PDF")
        else:
            self._ctx.tasks.start(self._open(self._documents.text.paper), group="pdf")

    def stop(self) -> None:
        """Cancel the download. No incomplete file is left."""
        if self._job is not None:
            self._was_stopped = True
            self._job.stop()

    async def _open(self, id: str) -> None:
        known = await run_in_thread(lambda: self._find(id))
        if known is not None:
            await self._show(known)
        elif self._job is None:
            await self._download(id)

    def _find(self, id: str) -> Path | None:
        """Return the PDF of a paper that is there already. In a thread: it imports modules and looks for files."""
        from paperreader.fetch.pdf.files import PdfFiles

        library = self._ctx.library
        row = library.table.row_of(id)
        return PdfFiles(library, self._ctx.settings.pdf).find(library.paper(row)) if row is not None else None

    async def _download(self, id: str) -> None:
        from paperreader.jobs.client import Job

        job = self._job = Job(self._ctx.library.folder, "pdf", [id])
        self._was_stopped = False
        self._ctx.widgets.status.show_activity("downloading the PDF", "pdf")
        try:
            report = await run_in_thread(lambda: job.run(lambda _: None))
        except PaperreaderError as error:
            if not self._was_stopped:
                self._ctx.ui.fail(error)
            return
        finally:
            self._job = None
            self._ctx.widgets.status.show_activity("", "pdf")
        await run_in_thread(self._ctx.library.state.reload)
        for message in (*report["warnings"], *report["problems"]):
            self._ctx.ui.warn(message)
        if report["files"]:
            await self._show(Path(report["files"][0]["path"]))

    async def _show(self, path: Path) -> None:
        folder = TextSpan(f"  in {paths.display_path(path.parent)}", "muted")
        await self._ctx.sharing.show_pdf(path, where=[folder])
