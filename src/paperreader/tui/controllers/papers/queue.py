"""Moving papers in the reading queue."""

from __future__ import annotations

from collections.abc import Sequence

from paperreader.errors import PaperreaderError
from paperreader.library import queue_changes, queue_order
from paperreader.models import MarkChange
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.papers.marks import UNDO_HINT, MarksController, paper_count
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.model.position import ListPosition
from paperreader.tui.widgets.text_line import TextSpan


class QueueController:
    """Moves papers past their neighbour in the list if the list is in the order of the queue, else in the queue."""

    def __init__(self, ctx: ReaderContext, results: ResultsController, marks: MarksController) -> None:
        self._ctx, self._results, self._marks = ctx, results, marks
        ctx.signals.marks_changed.connect(self._update_list)

    def move(self, step: int) -> None:
        """Move the current paper, or the selected ones as a block, up (-1) or down (1).

        Papers without a bookmark become the last ones.
        """
        rows = [row for row in self._marks.target_rows if row not in self._ctx.library.unlisted]
        if not rows:
            if self._ctx.current_row is not None:
                self._ctx.ui.inform("Hidden papers are not in the reading queue")
            return
        try:
            order = queue_order(self._ctx.library)
            if added := [row for row in rows if row not in set(order)]:
                self._apply(added, [*order, *added], "Bookmarked, last in the reading queue")
            else:
                self._move(rows, step, order)
        except PaperreaderError as error:  # a line of the catalog is damaged
            self._ctx.ui.fail(error)

    @property
    def _is_shown(self) -> bool:
        return self._results.result is not None and self._results.result.sort == "queue"

    def _move(self, rows: Sequence[int], step: int, order: list[int]) -> None:
        """Move papers of the queue; those that are apart are brought together."""
        result, moved = self._results.result, set(rows)
        neighbours = order
        if result is not None and self._is_shown:
            listed = set(result.rows)
            neighbours = [each for each in order if each in listed]
            step = -step if result.is_reversed else step
        block = [row for row in order if row in moved]
        forward = neighbours if step > 0 else neighbours[::-1]
        last = max(forward.index(row) for row in block)
        passed = next((row for row in forward[last + 1 :] if row not in moved), None)
        if passed is None:  # they are at the end: what is between them goes to the other side
            passed = next((row for row in reversed(forward) if row not in moved), None)
            if passed is None or forward.index(passed) < min(forward.index(row) for row in block):
                self._inform(f"{'First' if step < 0 else 'Last'} in the reading queue already")
                return
        others = [row for row in order if row not in moved]
        index = others.index(passed) + (step > 0)
        others[index:index] = block
        what = "Moved" if len(block) == 1 else f"Moved {len(block):,} papers"
        self._apply(block, others, f"{what} to {index + 1:,} of {len(order):,} in the reading queue")

    def _apply(self, block: Sequence[int], order: Sequence[int], message: str) -> None:
        changes = queue_changes(self._ctx.library, order, order.index(block[0]), len(block))
        title = changes[0].title if len(block) == 1 else paper_count(len(block))
        self._marks.history.apply(
            "move in the queue", title, changes, on_failed=self._marks.report_save_error
        )
        self._inform(message, *UNDO_HINT)

    def _inform(self, message: str, *spans: TextSpan) -> None:
        if not self._is_shown:
            spans = (*spans, TextSpan("  s b", "key"), TextSpan(" shows it", "muted"))
        self._ctx.ui.inform(message, *spans)

    def _update_list(self, changes: Sequence[MarkChange] | None) -> None:
        """Put the list into the new order, with the cursor on the paper that was moved; it may be one of several."""
        table, papers = self._ctx.library.table, self._ctx.widgets.paper_list
        moved = [change.id for change in changes or () if change.queue is not None]
        if moved and self._is_shown:
            rows = [table.row_of(id) for id in moved]
            cursor = papers.cursor if papers.cursor in rows else rows[0]
            self._results.refresh(ListPosition.from_rows(table, cursor, papers.top))
