"""Long work in other processes, and what the status bar shows of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Literal

from paperreader.jobs.client import Job
from paperreader.library import Progress, ProgressRate, RateEstimator
from paperreader.tui.context.tasks import TaskRunner
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.status_bar import StatusBar

Source = Literal["index", "import", "fetch"]
"""Who runs jobs: each of them one at a time."""


class JobStatus:
    """Runs jobs and shows their progress, one entry for each source."""

    def __init__(self, status_bar: StatusBar, tasks: TaskRunner, glyphs: Glyphs) -> None:
        self._status_bar, self._tasks, self._glyphs = status_bar, tasks, glyphs
        self._texts: dict[Source, str] = {}
        self._running: set[Source] = set()

    def is_running(self, source: Source) -> bool:
        """Whether a job of that source was announced with `running` and has not ended."""
        return source in self._running

    @contextmanager
    def running(self, source: Source, text: str = "") -> Iterator[None]:
        """Count a source as running while the body runs, and show `text` until there is progress."""
        self._running.add(source)
        self.show(text, source)
        try:
            yield
        finally:
            self._running.discard(source)
            self.show("", source)

    def show(self, text: str, source: Source) -> None:
        """Show what a source is doing; empty: nothing."""
        self._texts[source] = text
        activity = f" {self._glyphs.separator} ".join(filter(None, self._texts.values()))
        self._status_bar.info = self._status_bar.info._replace(activity=activity)

    def run(self, job: Job, source: Source) -> dict[str, Any]:
        """Run a job to its end and show its progress. For worker threads.

        Raises:
            PaperreaderError: the job failed or was stopped.
        """
        estimator, show = RateEstimator(), partial(self._tasks.from_thread, self.show)
        return job.run(lambda progress: show(_status_text(progress, estimator.update(progress)), source))


def _status_text(progress: Progress, rate: ProgressRate) -> str:
    if progress.stage == "waiting":
        return f"waiting {progress.done} {progress.unit}"
    share = "" if progress.fraction is None else f" {int(100 * progress.fraction)}%"
    return ", ".join(filter(None, [f"{progress.stage}{share}", str(rate)]))
