"""Keeping the search index up with the papers, in a process of its own."""

from __future__ import annotations

from paperreader.errors import PaperreaderError
from paperreader.library import Progress
from paperreader.library.child import Child
from paperreader.tui.background import in_thread
from paperreader.tui.desk import Desk

RETRY_SECONDS = 5.0
"""After so long the index is looked at again, when another process held it."""


class Indexing(Desk):
    """Searching goes on over what is indexed so far."""

    _child: Child | None = None

    @property
    def indexing(self) -> bool:
        """Whether the index is being looked at or built."""
        return self._child is not None

    async def keep_index(self) -> None:
        """Bring the index up to date if it is behind, showing how far it is."""
        if self._child is not None:
            return
        self._child = Child(self.library.folder, "reindex")
        try:
            if await in_thread(self.library.index_ready):
                return
            await in_thread(lambda: self._run(self._child))
        except PaperreaderError as error:
            self.index_failed(error)
            return
        finally:
            self._child = None
            self.busy("")
        self.index_renewed()

    def stop_indexing(self) -> None:
        """End the work behind: what is done of it stays."""
        if self._child is not None:
            self._child.stop()

    def busy(self, what: str) -> None:
        """Say in the status line what goes on behind; empty: nothing."""
        self.status.facts = self.status.facts._replace(busy=what)

    def index_renewed(self) -> None:
        """The index holds more than it did."""
        raise NotImplementedError

    def index_failed(self, error: PaperreaderError) -> None:
        """The index could not be brought up to date."""
        raise NotImplementedError

    def _run(self, child: Child | None) -> None:
        if child is not None:
            child.run(lambda progress: self.app.call_from_thread(self.busy, _told(progress)))


def _told(progress: Progress) -> str:
    if not progress.total:
        return progress.stage
    return f"{progress.stage} {min(100, 100 * progress.done // progress.total)}%"
