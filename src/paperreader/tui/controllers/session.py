"""Keeping the place and the visit now and then, so that a reader that is killed comes back to them as well."""

from __future__ import annotations

from typing import Any

from paperreader.models import CatalogVersion
from paperreader.tui.controllers.sync import Following
from paperreader.tui.model.position import SavedSession, session_to_state
from paperreader.tui.runtime.tasks import run_in_thread

SAVE_SECONDS = 3.0
"""How often it is looked whether there is another place to be kept."""


class Keeping(Following):
    """What is kept is some seconds old at most. Papers that come in count as shown when a key follows: until then there
    may be nobody who sees them.
    """

    _shown: CatalogVersion | None = None
    """The catalog as it was when the last key came."""
    _written: tuple[dict[str, Any], CatalogVersion | None] | None = None
    """What was kept last."""

    def begin_keeping(self) -> None:
        """Keep the place from now on."""
        self._shown = self.library.table.version
        self.set_interval(SAVE_SECONDS, self.keep_place)

    def key_pressed(self) -> None:
        """Whoever pressed it sees what is there."""
        super().key_pressed()
        self._shown = self.library.table.version

    def keep_place(self) -> None:
        """Keep place and visit, where they are others than those kept last."""
        if self._asker.is_busy or not len(self.library.table) or self.library.state.write_failed:
            return
        left = self.left_at()
        now = (session_to_state(left), self._shown)
        if now != self._written:
            self._written = now
            self.beside(run_in_thread(lambda: self._keep(left)), group="state")

    def _keep(self, left: SavedSession) -> None:
        self.library.visits.save_open(self.seen)
        self.library.state.set("position", session_to_state(left))

    def remember(self, left: SavedSession) -> None:
        """End the visit here."""
        if len(self.library.table):
            self.library.visits.end(self.seen)
            self.library.state.set("position", session_to_state(left))
