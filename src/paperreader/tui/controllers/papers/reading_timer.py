"""Marking a paper read after it was read for some time, if the settings say so."""

from __future__ import annotations

from textual.timer import Timer

from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.papers.marks import MarksController


class ReadingTimerController:
    """The time runs while the detail has the focus, and starts again for every paper."""

    def __init__(self, ctx: ReaderContext, marks: MarksController) -> None:
        self._ctx, self._marks = ctx, marks
        self._timer: Timer | None = None
        ctx.signals.cursor_moved.connect(lambda _: self.restart())
        ctx.signals.mode_changed.connect(lambda _: self.restart())

    @property
    def is_running(self) -> bool:
        """Whether a paper will be marked read."""
        return self._timer is not None

    def restart(self) -> None:
        """Start again: another paper is shown, or the focus moved."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        seconds, row = self._ctx.settings.reading.mark_read, self._ctx.current_row
        if seconds != "key" and row is not None and self._is_reading():
            generation = self._ctx.library.table.generation
            self._timer = self._ctx.tasks.after(seconds, lambda: self._mark_read(generation, row))

    def _mark_read(self, generation: int, row: int) -> None:
        current = (self._ctx.library.table.generation, self._ctx.current_row)
        if current == (generation, row) and self._is_reading():
            self._marks.mark_as_read([row])

    def _is_reading(self) -> bool:
        return self._ctx.ui.mode == "detail" and self._ctx.ui.is_in_front
