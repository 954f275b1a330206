"""How well papers fit the user: a level for each row, and the reasons for the paper under the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.timer import Timer

from paperreader.errors import PaperreaderError
from paperreader.library import Explanation, tag_of_view
from paperreader.models import MarkChange
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.runtime.threads import LatestOnly
from paperreader.tui.widgets.detail.fit import Fit

LEARN_SECONDS = 0.6
"""How long no mark changes before the levels are computed again."""

EXPLAIN_SECONDS = 0.12
"""How long the cursor stays on a paper before the reasons are looked for: never between two keys."""

Question = tuple[int, str]
"""A row, and the tag whose papers it is compared with; "" for the bookmarks."""

PAUSE_SECONDS = 0.003
"""After some milliseconds of work, for the screen and for searches."""


class FitLoader:
    """Computes in threads, when marks or papers changed. Until that is done, what was known stays."""

    def __init__(self, ctx: ReaderContext, results: ResultsController) -> None:
        self._ctx, self._results = ctx, results
        self._levels = b""
        self._generation = -1
        """Generation of the table of the levels."""
        self._known: dict[Question, Fit] = {}
        self._timers: dict[str, Timer] = {}
        self._was_started = False
        self._learning = LatestOnly[None, tuple[int, bytes]](
            work=lambda _, cancelled: self._learn(),
            done=lambda _, found: self._use(*found),
            failed=lambda _, error: self._ignore(error),
            start=lambda work: ctx.tasks.start(work, group="learning"),
        )
        self._explaining = LatestOnly[Question, Fit](
            work=lambda question, cancelled: self._explain(question),
            done=self._explained,
            failed=lambda _, error: self._ignore(error),
            start=lambda work: ctx.tasks.start(work, group="explaining"),
        )
        ctx.signals.results_shown.connect(lambda _: self._start())
        ctx.signals.marks_changed.connect(self._marks_changed)
        ctx.signals.library_changed.connect(lambda _: self.learn_soon())
        ctx.signals.index_updated.connect(lambda _: self.learn_soon())

    def get(self, row: int) -> Fit | None:
        """Return how well the paper of a row fits; None if it is not rated. The reasons are looked for."""
        mark = self._ctx.library.mark(row)
        if not self._levels or self._generation != self._ctx.library.table.generation:
            return None
        if mark.is_read or mark.bookmarked or mark.is_disliked or not mark.is_listed:
            return None
        tag, level = self._tag, self._levels[row] if row < len(self._levels) else 0
        if not level and tag is None:
            return None
        question = (row, tag or "")
        if question in self._known:
            return self._known[question]
        self._after("explain", EXPLAIN_SECONDS, lambda: self._explain_current(question))
        return Fit(level, is_explained=False)

    def learn_soon(self) -> None:
        """Compute the levels again, when marks have not changed for a moment."""
        self._after("learn", LEARN_SECONDS, lambda: self._learning.submit(None))

    @property
    def _tag(self) -> str | None:
        """The tag of the list for the user, "" for that of all bookmarks; None for other lists."""
        return tag_of_view(self._results.query.view)

    def _start(self) -> None:
        if not self._was_started:
            self._was_started = True
            self.learn_soon()

    def _after(self, name: str, seconds: float, action: Callable[[], object]) -> None:
        """Call `action` later, in place of what was to be called under that name."""
        if (timer := self._timers.get(name)) is not None:
            timer.stop()
        self._timers[name] = self._ctx.tasks.after(seconds, action)

    def _marks_changed(self, changes: Sequence[MarkChange] | None) -> None:
        if changes is None or any(_is_learned_from(change) for change in changes):
            self.learn_soon()

    # In threads

    def _learn(self) -> tuple[int, bytes]:
        library = self._ctx.library
        table, marks = library.table, library.marks
        return table.generation, library.for_you.levels(table, marks, pause_seconds=PAUSE_SECONDS)

    def _explain(self, question: Question) -> Fit:
        library = self._ctx.library
        row, tag = question
        level = self._levels[row : row + 1]
        found = library.for_you.explain(row, library.table, library.marks, tag)
        return _fit(int.from_bytes(level), found)

    # Their results

    def _use(self, generation: int, levels: bytes) -> None:
        if generation != self._ctx.library.table.generation:
            self.learn_soon()
            return
        self._known.clear()
        self._generation = generation
        if levels != self._levels:
            self._levels = self._ctx.widgets.paper_list.facts.levels = levels
            self._ctx.widgets.paper_list.repaint_rows()
        self._ctx.signals.fits_changed.emit(None)

    def _explain_current(self, question: Question) -> None:
        if question[0] == self._ctx.current_row:
            self._explaining.submit(question)

    def _explained(self, question: Question, fit: Fit) -> None:
        self._known[question] = fit
        self._ctx.signals.fits_changed.emit(None)

    def _ignore(self, error: Exception) -> None:
        """A search reports that there is no index; `check` reports damaged lines."""
        if not isinstance(error, PaperreaderError):
            raise error


def _is_learned_from(change: MarkChange) -> bool:
    return bool(change.tags) or any(name not in ("read", "dismissed") for name in change.flags)


def _fit(level: int, found: Explanation | None) -> Fit:
    if found is None:
        return Fit(level)
    return Fit(level, found.words, found.nearest.title if found.nearest is not None else "")
