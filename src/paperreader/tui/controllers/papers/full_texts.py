"""Opens full texts: from this machine, else fetched in a job."""

from __future__ import annotations

from typing import TYPE_CHECKING

from paperreader.errors import PaperreaderError
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.runtime.threads import run_in_thread
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.fulltext import Document
    from paperreader.jobs.client import Job
    from paperreader.library import Library
    from paperreader.models import Paper


class FullTextsController:
    """The user goes on working while a full text is fetched. It is shown if the paper is still the current one."""

    def __init__(self, ctx: ReaderContext, jobs: JobStatus) -> None:
        self._ctx, self._jobs = ctx, jobs
        self._job: Job | None = None
        self._was_stopped = False
        self._is_opening = False

    @property
    def is_running(self) -> bool:
        """Whether a full text is being fetched."""
        return self._job is not None

    def open_from_detail(self) -> bool:
        """Show the full text if the detail has the focus; return False if it has not."""
        if self._ctx.ui.mode != "detail":
            return False
        self.open()
        return True

    def open(self) -> None:
        """Show the full text of the current paper, which is fetched first if necessary."""
        paper = self._ctx.current_paper
        if paper is None or self._is_opening:
            return
        if self._job is not None:
            self._ctx.ui.inform("Already fetching  ", TextSpan("escape", "key"), " cancels it")
        else:
            self._is_opening = True
            self._ctx.tasks.start(self._open(paper), group="full-text")

    def stop(self) -> None:
        """Cancel fetching."""
        if self._job is not None:
            self._was_stopped = True
            self._job.stop()

    async def _open(self, paper: Paper) -> None:
        try:
            document = await run_in_thread(lambda: _load(self._ctx.library, paper))
        finally:
            self._is_opening = False
        texts = self._ctx.library.full_texts
        if document is not None:
            self._show(paper, document)
        elif reason := texts.unavailable.reason(paper.id):
            self._report_missing(reason)
        else:
            await self._fetch(paper)

    async def _fetch(self, paper: Paper) -> None:
        from paperreader.jobs.client import Job

        job = self._job = Job(self._ctx.library.folder, "full-text", [paper.id])
        self._was_stopped = False
        self._ctx.ui.inform("Fetching the full text  ", TextSpan("escape", "key"), " cancels")
        try:
            with self._jobs.running("text", "fetching the full text"):
                result = await run_in_thread(lambda: self._jobs.run(job, "text"))
        except PaperreaderError as error:
            self._ctx.ui.clear_message()
            if self._was_stopped:
                self._ctx.ui.inform("Fetching cancelled")
            else:
                self._ctx.ui.fail(error)
            return
        finally:
            self._job = None
        await run_in_thread(self._ctx.library.state.reload)
        self._ctx.ui.clear_message()
        if warning := result.get("warning"):
            self._ctx.ui.warn(warning)
        if reason := result.get("missing"):
            self._report_missing(reason)
            return
        document = await run_in_thread(lambda: self._ctx.library.full_texts.load(paper.id))
        if document is None:
            self._ctx.ui.fail(
                "The full text was fetched, but cannot be read. Check the free space on the disk."
            )
        elif self._is_current(paper):
            self._show(paper, document)
        else:
            self._ctx.ui.inform("Fetched the full text of ", TextSpan(_title(paper), "text"))

    def _is_current(self, paper: Paper) -> bool:
        current = self._ctx.current_paper
        return self._ctx.ui.is_in_front and current is not None and current.id == paper.id

    def _show(self, paper: Paper, document: Document) -> None:
        from paperreader.tui.full_text.context import OpenText
        from paperreader.tui.full_text.screen import FullTextScreen

        text = OpenText(paper.id, _title(paper), document)
        self._ctx.ui.push_screen(FullTextScreen(text, self._ctx.library, self._ctx.settings))

    def _report_missing(self, reason: str) -> None:
        """Say why there is no full text, and what to do instead."""
        self._ctx.ui.inform(f"{reason} Press ", TextSpan("p", "key"), " for the PDF")


def _load(library: Library, paper: Paper) -> Document | None:
    """Return the stored full text of a paper. In a thread: the first time, modules are imported for it as well."""
    import paperreader.tui.full_text.screen  # noqa: F401

    return library.full_texts.load(paper.id)


def _title(paper: Paper) -> str:
    from paperreader.text.tex_display import tex_to_unicode

    return " ".join(tex_to_unicode(paper.title).split())
