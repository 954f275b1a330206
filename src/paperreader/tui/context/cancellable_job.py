"""A job that the user can cancel while working on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from paperreader.errors import PaperreaderError
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.job_status import JobOwner, JobStatus
from paperreader.tui.runtime.threads import run_in_thread

if TYPE_CHECKING:
    from paperreader.jobs.client import Job


class CancellableJob:
    """Runs one job at a time for an owner, and reports its failure or cancellation.

    Args:
        ctx: of the reader.
        jobs: shows the progress.
        owner: what runs it.
        stopped_message: shown after `stop`.
    """

    def __init__(self, ctx: ReaderContext, jobs: JobStatus, owner: JobOwner, stopped_message: str) -> None:
        self._ctx, self._jobs, self._owner, self._stopped_message = ctx, jobs, owner, stopped_message
        self._job: Job | None = None
        self._was_stopped = False

    @property
    def is_running(self) -> bool:
        """Whether a job is running."""
        return self._job is not None

    def stop(self) -> None:
        """Cancel the job that is running. What it has completed stays."""
        if self._job is not None:
            self._was_stopped = True
            self._job.stop()

    async def run(self, job: Job, activity: str) -> dict[str, Any] | None:
        """Run a job to its end, and return its result; None if it failed or was cancelled, which is reported.

        `activity` is shown until there is progress.
        """
        self._job, self._was_stopped = job, False
        try:
            with self._jobs.running(self._owner, activity):
                result = await run_in_thread(lambda: self._jobs.run(job, self._owner))
        except PaperreaderError as error:
            self._ctx.ui.clear_message()
            if self._was_stopped:
                self._ctx.ui.inform(self._stopped_message)
            else:
                self._ctx.ui.fail(error)
            return None
        finally:
            self._job = None
        await run_in_thread(self._ctx.library.state.reload)
        self._ctx.ui.clear_message()
        return result
