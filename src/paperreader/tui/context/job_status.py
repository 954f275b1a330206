"""Long work in other processes, and what the status bar shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

from paperreader.jobs.client import Job
from paperreader.library import Progress, ProgressRate, RateEstimator
from paperreader.tui.context.task_runner import TaskRunner
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.status_bar import StatusBar

JobOwner = Literal[
    "index",
    "text-index",
    "import",
    "fetch",
    "export",
    "pdf",
    "pdf-batch",
    "text",
    "texts",
    "citations",
    "summaries",
    "zotero",
]
"""What runs jobs, each one at a time."""


class JobStatus:
    """Runs jobs and shows their progress, one entry for each owner."""

    def __init__(self, status_bar: StatusBar, tasks: TaskRunner, glyphs: Glyphs) -> None:
        self._status_bar, self._tasks, self._glyphs = status_bar, tasks, glyphs
        self._texts: dict[JobOwner, str] = {}
        self._running: set[JobOwner] = set()

    def is_running(self, owner: JobOwner) -> bool:
        """Whether a job of that owner was announced with `running` and has not ended."""
        return owner in self._running

    @contextmanager
    def running(self, owner: JobOwner, text: str = "") -> Iterator[None]:
        """Count an owner as running while the body runs, and show `text` until there is progress."""
        self._running.add(owner)
        self.show(text, owner)
        try:
            yield
        finally:
            self._running.discard(owner)
            self.show("", owner)

    def show(self, text: str, owner: JobOwner) -> None:
        """Show what an owner is doing; empty: nothing."""
        self._texts[owner] = text
        activity = f" {self._glyphs.separator} ".join(filter(None, self._texts.values()))
        self._status_bar.info = self._status_bar.info._replace(activity=activity)

    def run(self, job: Job, owner: JobOwner) -> dict[str, Any]:
        """Run a job to its end and show its progress. For worker threads.

        Raises:
            PaperreaderError: the job failed or was stopped.
        """
        estimator, show = RateEstimator(), partial(self._tasks.from_thread, self.show)
        return job.run(lambda progress: show(_status_text(progress, estimator.update(progress)), owner))


def _status_text(progress: Progress, rate: ProgressRate) -> str:
    if progress.stage == "waiting":
        return f"waiting {progress.done} {progress.unit}"
    if progress.stage == "downloading" and progress.total is None:
        return f"downloading {progress.done / 1000:.1f} MB" if progress.done else "downloading"
    share = "" if progress.fraction is None else f" {int(100 * progress.fraction)}%"
    return ", ".join(filter(None, [f"{progress.stage}{share}", str(rate)]))
