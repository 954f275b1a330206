"""Keeping the search index current, in jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.timer import Timer

from paperreader.errors import LockTimeout, PaperreaderError
from paperreader.jobs.client import Job
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.runtime.threads import run_in_thread

if TYPE_CHECKING:
    from paperreader.tui.model.list_query import ListResult

RETRY_SECONDS = 5.0
"""After so long an update is tried again that failed because another process was writing the index."""

IDLE_SECONDS = 10.0
"""So long after the start, and after each update, the index is verified and compacted."""


class IndexingController:
    """Updates the index in the background; searches use what is indexed so far."""

    def __init__(self, ctx: ReaderContext, jobs: JobStatus) -> None:
        self._ctx, self._jobs = ctx, jobs
        self._update_job: Job | None = None
        self._maintenance_job: Job | None = None
        self._text_job: Job | None = None
        self._text_index_exists: bool | None = None
        """Whether the last update of the index of full texts built one; None before the first."""
        self._idle_timer: Timer | None = None
        self._meaning_problem: str | None = None
        """What was reported about search by meaning; None before anything was found to be missing."""
        ctx.signals.search_failed.connect(self._report_search_error)
        ctx.signals.results_shown.connect(self.check_result)
        ctx.signals.full_text_stored.connect(lambda _: self.start_text_update())

    @property
    def is_updating(self) -> bool:
        """Whether the index is being updated, by an update or by an import that the reader started."""
        return self._update_job is not None or self._jobs.is_running("import")

    def start_update(self) -> None:
        """Update the index if it is not current, and report the progress."""
        self._ctx.tasks.start(self._update(), group="indexing")

    def start_maintenance(self) -> None:
        """Verify and compact the index. Damage is repaired and reported; other errors are not."""
        self._ctx.tasks.start(self._run_maintenance(), group="maintenance")

    def stop(self) -> None:
        """Stop all jobs; what they have done so far stays."""
        for job in (self._update_job, self._maintenance_job, self._text_job):
            if job is not None:
                job.stop()

    def start_text_update(self) -> None:
        """Update the index of full texts to what is stored."""
        self._ctx.tasks.start(self._update_texts(), group="text-indexing")

    def check_result(self, result: ListResult) -> None:
        """Compute what these results show to be missing: the index of full texts, or what search by meaning needs."""
        self._update_texts_if_needed(result)
        self._prepare_meaning(result)

    def _update_texts_if_needed(self, result: ListResult) -> None:
        """Update the index of full texts before the first search in it, or if it turned out to be damaged."""
        if result.hits.texts is None or self._text_job is not None:
            return
        if self._text_index_exists is None or (self._text_index_exists and not result.hits.texts.is_indexed):
            self.start_text_update()

    def _prepare_meaning(self, result: ListResult) -> None:
        """Compute what search by meaning needs, once if it is missing, and report once why it cannot be used."""
        near = result.hits.near
        if near is None or (near.is_complete and not near.problem) or self._meaning_problem == near.problem:
            return
        self._meaning_problem = near.problem
        if near.problem:
            self._ctx.ui.inform(near.problem)
        if not near.is_complete:
            self.start_maintenance()

    async def _update_texts(self) -> None:
        if self._text_job is not None:
            return
        job = self._text_job = Job(self._ctx.library.folder, "index-texts")
        try:
            report = await run_in_thread(lambda: self._jobs.run(job, "text-index"))
        except PaperreaderError as error:
            self._text_index_exists = False  # it is not tried again with every letter
            if not isinstance(error, LockTimeout):  # another process is building it
                self._ctx.ui.fail(error)
            return
        finally:
            self._text_job = None
            self._jobs.show("", "text-index")
        self._text_index_exists = report["texts"] > 0
        if report["changed"]:
            self._ctx.signals.index_updated.emit(None)

    async def _update(self) -> None:
        if self.is_updating:
            return
        if self._maintenance_job is not None:
            self._maintenance_job.stop()  # new papers come first, and nothing of the index is lost
        job = self._update_job = Job(self._ctx.library.folder, "reindex")
        try:
            if await run_in_thread(self._ctx.library.maintenance.index_is_current):
                self._maintain_later()
                return
            await run_in_thread(lambda: self._jobs.run(job, "index"))
        except PaperreaderError as error:
            self._report_update_error(error)
            return
        finally:
            self._update_job = None
            self._jobs.show("", "index")
        self._maintain_later()
        self._ctx.signals.index_updated.emit(None)

    async def _run_maintenance(self) -> None:
        if self._update_job is not None or self._maintenance_job is not None:
            return
        job = self._maintenance_job = Job(self._ctx.library.folder, "maintain")
        try:
            report = await run_in_thread(lambda: self._jobs.run(job, "index"))
        except PaperreaderError:
            return  # another process is writing the index, or an update stopped the job: it runs again later
        finally:
            self._maintenance_job = None
            if self._update_job is None:
                self._jobs.show("", "index")
        for message in report["repaired"]:
            self._ctx.ui.inform(message)
        if report["repaired"] or "vectors" in report:
            self._ctx.signals.index_updated.emit(None)

    def _maintain_later(self) -> None:
        if self._idle_timer is not None:
            self._idle_timer.stop()
        self._idle_timer = self._ctx.tasks.after(IDLE_SECONDS, self.start_maintenance)

    def _report_update_error(self, error: PaperreaderError) -> None:
        if isinstance(error, LockTimeout):
            self._ctx.tasks.after(RETRY_SECONDS, self.start_update)
        else:
            self._ctx.ui.fail(error)

    def _report_search_error(self, error: PaperreaderError) -> None:
        if not self.is_updating:
            self._ctx.ui.fail(error)
