"""Marking a paper read because somebody has been reading it for a while, where the settings want that."""

from __future__ import annotations

from textual.timer import Timer

from paperreader.models import MarkChange
from paperreader.tui.controllers.context import Desk
from paperreader.tui.controllers.marks import Marking


class Lingering(Marking, Desk):
    """The time counts while the detail has the attention, from anew for every paper. Moving about marks nothing."""

    _linger: Timer | None = None

    def on_screen_resume(self) -> None:
        self.linger()

    def linger(self) -> None:
        """Begin to count: another paper is at hand, or the attention went elsewhere."""
        if self._linger is not None:
            self._linger.stop()
            self._linger = None
        seconds = self.settings.reading.mark_read
        if seconds != "key" and self.row is not None and self._reads():
            place = (self.library.table.generation, self.row)
            self._linger = self.set_timer(seconds, lambda: self._lingered(place))

    def _lingered(self, place: tuple[int, int]) -> None:
        if place == (self.library.table.generation, self.row) and self._reads():
            self.mark_all([place[1]], MarkChange("", read=True), "read mark", "Read: ")

    def _reads(self) -> bool:
        """Whether the attention is on the detail, and nothing in front of it."""
        return self.mode == "detail" and self.app.screen is self
