"""Keeping the search index up with the papers, in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from textual.timer import Timer

from paperreader.errors import PaperreaderError
from paperreader.jobs.client import Job
from paperreader.library import Progress, ProgressRate, RateEstimator
from paperreader.tui.controllers.context import Desk
from paperreader.tui.runtime.tasks import run_in_thread

RETRY_SECONDS = 5.0
"""After so long the index is looked at again, when another process held it."""


IDLE_SECONDS = 10.0
"""So long after the start, or after the index changed, it is read through and tidied."""


class Indexing(Desk):
    """Searching goes on over what is indexed so far."""

    _child: Job | None = None
    _tending: Job | None = None
    _until_idle: Timer | None = None
    bringing_in = False
    """Whether an import of ours runs behind: it indexes what it brings, and tells of it at its end."""
    _busy: Mapping[str, str] = MappingProxyType({})
    """What goes on behind, by who does it."""

    @property
    def indexing(self) -> bool:
        """Whether the index is being looked at or built."""
        return self._child is not None or self.bringing_in

    async def keep_index(self) -> None:
        """Bring the index up to date if it is behind, showing how far it is."""
        if self.indexing:
            return
        if self._tending is not None:
            self._tending.stop()  # what is new comes first; nothing of the index is lost
        self._child = Job(self.library.folder, "reindex")
        try:
            if await run_in_thread(self.library.maintenance.index_is_current):
                self._tend_later()
                return
            child = self._child
            await run_in_thread(lambda: self.follow_child(child))
        except PaperreaderError as error:
            self.index_failed(error)
            return
        finally:
            self._child = None
            self.busy("")
        self._tend_later()
        self.index_renewed()

    async def tend_index(self) -> None:
        """Have the index read through and tidied; damage is mended and told, anything else stays behind the scenes."""
        if self._child is not None or self._tending is not None:
            return
        child = self._tending = Job(self.library.folder, "maintain")
        try:
            found = await run_in_thread(lambda: self.follow_child(child))
        except PaperreaderError:
            return  # Another process is at the index, or this one has something better to do: there is a next time.
        finally:
            self._tending = None
            if self._child is None:
                self.busy("")
        for sentence in found["repaired"]:
            self.say(sentence)
        if found["repaired"]:
            self.index_renewed()

    def stop_indexing(self) -> None:
        """End the work behind: what is done of it stays."""
        for child in (self._child, self._tending):
            if child is not None:
                child.stop()

    def _tend_later(self) -> None:
        if self._until_idle is not None:
            self._until_idle.stop()
        self._until_idle = self.set_timer(
            IDLE_SECONDS, lambda: self.beside(self.tend_index(), group="tending")
        )

    def busy(self, what: str, who: str = "index") -> None:
        """Say in the status line what goes on behind, `who` being one of those that may do so at a time; empty:
        nothing.
        """
        self._busy = {**self._busy, who: what}
        told = f" {self.glyphs.separator} ".join(filter(None, self._busy.values()))
        self.status.info = self.status.info._replace(activity=told)

    def index_renewed(self) -> None:
        """The index holds more than it did."""
        raise NotImplementedError

    def index_failed(self, error: PaperreaderError) -> None:
        """The index could not be brought up to date."""
        raise NotImplementedError

    def follow_child(self, child: Job, who: str = "index") -> dict[str, Any]:
        """Run a child to its end and show how far it is: for a worker. Gives its result."""
        pacing, show = RateEstimator(), partial(self.app.call_from_thread, self.busy)
        return child.run(lambda progress: show(_status_text(progress, pacing.update(progress)), who))


def _status_text(progress: Progress, pace: ProgressRate) -> str:
    if progress.stage == "waiting":
        return f"waiting {progress.done} {progress.unit}"
    share = "" if progress.fraction is None else f" {int(100 * progress.fraction)}%"
    return ", ".join(filter(None, [f"{progress.stage}{share}", str(pace)]))
