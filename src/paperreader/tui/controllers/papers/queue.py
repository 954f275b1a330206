"""Moving papers in the reading queue."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.errors import PaperreaderError
from paperreader.library import queue_changes, queue_order
from paperreader.models import MarkChange
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.papers.marks import UNDO_HINT, MarksController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.model.position import ListPosition
from paperreader.tui.widgets.text_line import TextSpan


class QueueController:
    """Moves a paper past its neighbour in the list if the list is in the order of the queue, else in the queue."""

    def __init__(self, ctx: ReaderContext, results: ResultsController, marks: MarksController) -> None:
        self._ctx, self._results, self._marks = ctx, results, marks
        ctx.signals.marks_changed.connect(self._update_list)

    def move(self, step: int) -> None:
        """Move the current paper up (-1) or down (1); a paper without a bookmark becomes the last one."""
        row = self._ctx.current_row
        if row is None:
            return
        if row in self._ctx.library.unlisted:
            self._ctx.ui.inform("Hidden papers are not in the reading queue")
            return
        try:
            order = queue_order(self._ctx.library)
            if row in order:
                self._move(row, step, order)
            else:
                self._apply(row, [*order, row], "Bookmarked, last in the reading queue")
        except PaperreaderError as error:  # a line of the catalog is damaged
            self._ctx.ui.fail(error)

    @property
    def _is_shown(self) -> bool:
        return self._results.result is not None and self._results.result.sort == "queue"

    def _move(self, row: int, step: int, order: list[int]) -> None:
        result = self._results.result
        neighbours = order
        if result is not None and self._is_shown:
            listed = set(result.rows)
            neighbours = [each for each in order if each in listed]
            step = -step if result.is_reversed else step
        target = neighbours.index(row) + step
        if not 0 <= target < len(neighbours):
            self._inform(f"{'First' if step < 0 else 'Last'} in the reading queue already")
            return
        index = order.index(neighbours[target])
        order.remove(row)
        order.insert(index, row)
        self._apply(row, order, f"Moved to {index + 1:,} of {len(order):,} in the reading queue")

    def _apply(self, row: int, order: Sequence[int], message: str) -> None:
        changes = queue_changes(self._ctx.library, order, order.index(row), 1)
        self._results.clear_selection()
        self._marks.history.apply(
            "move in the queue", changes[0].title, changes, on_failed=self._marks.report_save_error
        )
        self._inform(message, *UNDO_HINT)

    def _inform(self, message: str, *spans: TextSpan) -> None:
        if not self._is_shown:
            spans = (*spans, TextSpan("  s b", "key"), TextSpan(" shows it", "muted"))
        self._ctx.ui.inform(message, *spans)

    def _update_list(self, changes: Sequence[MarkChange] | None) -> None:
        """Put the list into the new order, with the cursor on the paper that was moved."""
        moved = next((change.id for change in changes or () if change.queue is not None), None)
        if moved is not None and self._is_shown:
            table, top = self._ctx.library.table, self._ctx.widgets.paper_list.top
            self._results.refresh(ListPosition.from_rows(table, table.row_of(moved), top))
