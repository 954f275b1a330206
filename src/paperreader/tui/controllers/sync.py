"""Following what changes behind the reader: other processes' papers and marks, and the index that has to catch up."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from paperreader.errors import LockTimeout, PaperreaderError
from paperreader.library import Update
from paperreader.tui.controllers.fetch import Fetching
from paperreader.tui.controllers.indexing import RETRY_SECONDS
from paperreader.tui.controllers.marks import Marking
from paperreader.tui.controllers.views import Arranging
from paperreader.tui.model.position import TOP, SavedSession
from paperreader.tui.runtime.tasks import run_in_thread

POLL_SECONDS = 1.0
"""How often other processes' changes are looked for."""


class Following(Arranging, Marking, Fetching):
    """Changes from outside never move the cursor or scroll."""

    seen: dict[str, Any] | None = None
    """What this visit has shown, where papers may come in behind the welcome or the samples; None: all there is."""

    _filling = False
    """Whether this is the first visit to papers: until it ends, the library may still be filling."""
    _told_error = ""

    def follow(self) -> None:
        """Look for changes from now on."""
        self._polls = asyncio.Lock()
        empty = not len(self.library.table)
        self._filling = empty or self.library.state.get("visited") is None
        if empty:
            self.seen = self.library.visits.current()
        self.set_interval(POLL_SECONDS, self.poll)
        self.beside(self._tell_new(), group="counting")
        if len(self.library.table):
            self.beside(self.keep_index(), group="indexing")

    async def _tell_new(self) -> None:
        """Count, and say how much came in since the last visit."""
        await self.count()
        if self.counts is not None and self.counts.new and self.library.state.get("visited") is not None:
            self.say_new(f"{self.counts.new:,} new since your last visit  ")

    def poll(self) -> None:
        """Look for changes now."""
        if not self._polls.locked():
            self.beside(self._poll(), group="polling")

    async def _poll(self) -> None:
        async with self._polls:  # one after the other: whoever waits for one finds its changes on the screen
            try:
                update = await run_in_thread(self.library.poll)
            except PaperreaderError as error:
                if str(error) != self._told_error:  # once, not every second
                    self._told_error = str(error)
                    self.complain(error)
                return
            self._told_error = ""
            if update is not None:
                self.adopt(update)

    async def catch_up(self) -> None:
        await self._poll()

    def adopt(self, update: Update) -> None:
        """Show what another process changed; cursor and pane stay with their papers."""
        before = len(self.library.table)
        landing = TOP if self._at_the_first else self.place()
        self.library.adopt(update)
        self.tell_notices(update.warnings)
        if update.table is None:
            self.papers.refresh_marks(self.library.marks)
            self.show_paper()
        else:
            self.empty_or_not()
            self.ask_again(landing)
            self.beside(self.keep_index(), group="indexing")
            arrived = len(update.table) - before
            if arrived > 0 and before and not (self.fetching or self.bringing_in):  # they tell at their end
                self.say_new(f"{arrived:,} new  ")
        self.beside(self.count(), group="counting")

    @property
    def _at_the_first(self) -> bool:
        """Whether the library fills for the first time, or from here, and nobody has gone anywhere yet.

        A large import comes in chunks, and the first paper of the first one is nothing to stay with.
        """
        filling = self._filling or self.bringing_in
        return filling and self.mode == "list" and not self.papers.position

    def left_at(self) -> SavedSession:
        left = super().left_at()
        return left._replace(position=TOP) if self._at_the_first else left

    def tell_notices(self, notices: Iterable[str]) -> None:
        """Tell what the stores had to say: that one was mended, say."""
        for notice in notices:
            self.warn(notice)

    def empty_or_not(self) -> None:
        """Show that there are no papers, or that there are some now."""
        raise NotImplementedError

    # The index

    def cannot_find(self, error: PaperreaderError) -> None:
        self.bar.result_count.status_note = "no index yet"
        if not self.indexing:
            self.complain(error)

    def index_renewed(self) -> None:
        self.bar.result_count.status_note = ""
        if self.question.is_search:
            self.ask_again()

    def index_failed(self, error: PaperreaderError) -> None:
        if isinstance(error, LockTimeout):
            self.set_timer(RETRY_SECONDS, lambda: self.beside(self.keep_index(), group="indexing"))
        else:
            self.complain(error)
