"""Saving and restoring view, search, paper and scroll position."""

from __future__ import annotations

from typing import Any

from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.library.sync import SyncController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.search import SearchController
from paperreader.tui.model.position import (
    TOP,
    SavedSession,
    session_to_state,
)
from paperreader.tui.runtime.threads import run_in_thread

SAVE_SECONDS = 3.0
"""How often a changed position is saved, so that a reader that is killed can restore it too."""


class SessionController:
    """Saves the position every few seconds and at the end."""

    def __init__(
        self,
        ctx: ReaderContext,
        results: ResultsController,
        search: SearchController,
        sync: SyncController,
    ) -> None:
        self._ctx, self._results, self._search, self._sync = ctx, results, search, sync
        self._saved: dict[str, Any] | None = None
        """What was saved last."""

    def start(self) -> None:
        """Save the position from now on."""
        self._ctx.tasks.every(SAVE_SECONDS, self.save_position)

    @property
    def current(self) -> SavedSession:
        """What a later session is to restore."""
        query, position = self._search.resumable
        if self._sync.is_at_start:
            position = TOP
        return SavedSession(query, position, round(self._ctx.widgets.detail.scroll_offset.y))

    def save_position(self) -> None:
        """Save the position, if it changed."""
        library = self._ctx.library
        if self._results.is_pending or not len(library.table) or library.state.write_failed:
            return
        session = session_to_state(self.current)
        if session != self._saved:
            self._saved = session
            self._ctx.tasks.start_in_thread(lambda: library.state.set("position", session), group="state")

    async def save_at_end(self) -> None:
        """Save the position, and when the reader was quit."""
        session = session_to_state(self.current)
        await run_in_thread(lambda: self._save_at_end(session))

    def _save_at_end(self, session: dict[str, Any]) -> None:
        library = self._ctx.library
        if len(library.table):
            if not self._sync.is_filling:
                library.inbox.arrivals.end_session()
            library.state.set("position", session)
