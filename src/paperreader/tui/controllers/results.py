"""From what is asked (view, query, sort) to what the list shows."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

from textual import on
from textual.timer import Timer
from textual.widgets import Input

from paperreader.errors import PaperreaderError
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode
from paperreader.tui.controllers.context import Desk
from paperreader.tui.controllers.navigation import Moving
from paperreader.tui.model.list_query import (
    ListQuery,
    ListResult,
    available_sorts,
    is_instant,
    run_query,
    with_sticky_rows,
)
from paperreader.tui.model.position import TOP, ListPosition
from paperreader.tui.runtime.tasks import LatestOnly
from paperreader.tui.widgets.empty_state import EmptyList
from paperreader.tui.widgets.search_bar import QueryInput
from paperreader.tui.widgets.suggestions import Suggestion, suggestion_for

SPINNER_DELAY_SECONDS = 0.15
"""How long an answer may take before the tally says that it is awaited."""

BATCH_SECONDS = 0.001
"""How long widgets take to say that they changed: some rounds of the event loop."""

MAX_WAIT_SECONDS = 3.0
"""How long keys wait for an act that waits for an answer."""


class Finding(Moving, Desk):
    """Old results stay until new ones are there; an answer to a question of before is dropped."""

    _origin: ListPosition | None = None
    """Where one stood before the search; escape goes back to it."""
    _landing: ListPosition = TOP
    """Where the cursor goes when the answer comes."""
    related_to: str = ""
    """The title of the paper whose related ones are shown."""
    _came_from: tuple[tuple[ListQuery, ListPosition], ...] = ()
    """What was shown before each list of related papers, and where one stood in it."""
    _kept: tuple[int, ...] = ()
    """Rows that stay although they do not belong to the view any more."""
    _patience: Timer | None = None
    _then: tuple[Callable[[], object], ...] = ()
    """What waits for the answer."""

    _under_way = 0
    """Acts that keys wait for."""

    def open_finding(self) -> None:
        """Start with nothing asked."""
        self._acted = asyncio.Event()
        self.nothing = EmptyList(id="nothing")
        self._asker = LatestOnly[ListQuery, ListResult](
            work=self._answer,
            done=lambda question, found: self._while_shown(lambda: self._show_in_one_frame(found)),
            failed=lambda question, error: self._while_shown(lambda: self._failed(question, error)),
            start=lambda work: self.beside(work, group="finding"),
        )

    def _while_shown(self, act: Callable[[], None]) -> None:
        """Do it, unless the reader is being taken down: an answer that comes then has nothing to be shown on."""
        if self.app.is_running:
            act()

    # Asking

    def ask(self, question: ListQuery, landing: ListPosition = TOP, *, kept: tuple[int, ...] = ()) -> None:
        """Make the list show the answer to `question`, the cursor landing on a place."""
        if question != self.question:
            self.deselect()
            self.status.clear_message()  # what was said is about the papers of before
            self._then = ()  # meant for the papers of another question: better not done than done to the wrong one
        self.question, self._landing, self._kept = question, landing, kept
        if is_instant(question):
            self._asker.discard()
            self._show(run_query(self.library, question))
            return
        self._asker.submit(question)
        if self._patience is None:
            self._patience = self.set_timer(SPINNER_DELAY_SECONDS, self._impatient)

    def ask_again(self, landing: ListPosition | None = None) -> None:
        """Ask the same once more, because the papers changed: cursor and pane stay where they are (`landing`)."""
        if self._asker.is_busy:
            landing = self._landing  # of a question whose answer is still to come
        elif landing is None:
            landing = self.place()
        shown = self.answer
        kept: tuple[int, ...] = ()
        searched = self.question.is_search or self.question.related_to
        if shown is not None and not searched and not is_instant(self.question):
            kept = tuple(shown.rows) if shown.generation == self.library.table.generation else ()
        self.ask(self.question, landing, kept=kept)

    def when_answered(self, act: Callable[[], object]) -> None:
        if self._asker.is_busy and self.question.is_search:
            self._then += (act,)
            self._acted.clear()
        else:
            act()

    @property
    def acts_wait(self) -> bool:
        """Whether an act waits for an answer, or is under way."""
        return bool(self._then or self._under_way)

    @contextmanager
    def holding_keys(self) -> Iterator[None]:
        self._under_way += 1
        self._acted.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            self._acted.set()

    async def acts_done(self) -> None:
        """Wait for what waits for an answer: the next key may ask something else."""
        if self.acts_wait:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._acted.wait(), MAX_WAIT_SECONDS)

    def place(self) -> ListPosition:
        """Where one stands now."""
        return ListPosition.from_rows(self.library.table, self.papers.cursor, self.papers.top)

    def _answer(self, question: ListQuery, cancelled: Callable[[], bool]) -> ListResult:
        """The answer with what was kept of the one before. For a worker."""
        kept = self._kept
        return with_sticky_rows(run_query(self.library, question, cancelled), kept, self.library)

    # Showing

    def _show_in_one_frame(self, found: ListResult) -> None:
        """`_show`, with nothing painted until every widget has said that it changed.

        A scrollbar says so first, and painting it alone would keep the list waiting for most of a frame.
        """
        frame = ExitStack()
        frame.enter_context(self.app.batch_update())
        try:
            self._show(found)
        finally:
            asyncio.get_running_loop().call_later(BATCH_SECONDS, self._paint, frame)

    def _paint(self, frame: ExitStack) -> None:
        frame.close()
        self.check_idle()  # asked by nobody while the frame was held back

    def _show(self, found: ListResult) -> None:
        table = self.library.table
        if found.generation != table.generation:
            self._asker.submit(self.question)  # rows of a table that is no more
            return
        self._be_patient()
        self.answer = found
        question = found.query
        cursor, top = self._landing.to_rows(table)
        self.papers.show(
            table,
            self.library.marks,
            found.rows,
            highlighter=found.highlighter,
            by_date=found.sort == "date" and found.full_matches == len(found.rows),
            today=datetime.date.today(),
            cursor=cursor,
            top=top,
            partial_from=found.full_matches if found.full_matches < len(found.rows) else None,
            dim_read=question.view == "unread",
        )
        tally = self.bar.result_count
        tally.total, tally.seconds = len(table), found.seconds
        tally.found = found.full_matches if question.is_search else None
        tally.hint = found.hint
        self.bar.input.did_you_mean = tally.suggestion = found.suggestion
        self.nothing.explain(found, self.shelf)
        self.show_paper()
        self.counted()
        waiting, self._then = self._then, ()
        for act in waiting:
            act()
        self._acted.set()

    def _failed(self, question: ListQuery, error: Exception) -> None:
        if not isinstance(error, PaperreaderError):
            raise error
        self._be_patient()
        self._then = ()
        self._acted.set()
        self.cannot_find(error)

    def cannot_find(self, error: PaperreaderError) -> None:
        """A question could not be answered."""
        raise NotImplementedError

    def show_paper(self) -> None:
        """Show the paper under the cursor in the detail."""
        raise NotImplementedError

    def _impatient(self) -> None:
        self._patience = None
        if self._asker.is_busy:
            self.bar.result_count.is_waiting = True

    def _be_patient(self) -> None:
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        self.bar.result_count.is_waiting = False

    # The search bar

    def action_search(self) -> None:
        self.remove_class("-reading", "-zoomed")
        self.set_focus(self.bar.input)

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        query = event.value
        if query == self.question.text or not (query.strip() or self.question.text.strip()):
            return
        if not self.question.is_search and self._origin is None:
            self._origin = self.place()
        asked = self.question._replace(text=query, related_to="")
        self._came_from = ()
        if self.question.related_to or asked.is_search != self.question.is_search:
            asked = asked._replace(sort=available_sorts(asked)[0])
        back = TOP if asked.is_search else (self._origin or TOP)
        if not asked.is_search:
            self._origin = None
        self.ask(asked, back)

    @on(QueryInput.MoveResults)
    def _step_results(self, event: QueryInput.MoveResults) -> None:
        step = self.papers.move_page if event.pages else self.papers.move_by
        self.when_answered(lambda: step(event.delta))

    @on(QueryInput.Accepted)
    def _keep_query(self) -> None:
        self.to_list()

    @on(QueryInput.Cleared)
    def _clear_query(self) -> None:
        self.clear_search()
        self.to_list()

    def clear_search(self) -> None:
        """Empty the bar; its change brings back the list and the paper one came from."""
        self.bar.input.value = ""

    def completed(self, query: str, cancelled: Callable[[], bool]) -> Suggestion | None:
        """The query with its last word completed; None when there is nothing to add. For a worker."""
        try:
            found = self.library.complete(query, len(query), cancelled=cancelled)
        except PaperreaderError:
            return None  # There is no index yet, which is told when it is searched.
        return next((ahead for each in found if (ahead := suggestion_for(query, each)) is not None), None)

    # Related papers

    def action_related(self) -> None:
        """The papers nearest to the one at hand."""
        if (paper := self.paper) is None:
            return
        self._came_from += ((self.question, self.place()),)
        self.related_to = single_line(tex_to_unicode(paper.title))
        self.status.clear_message()  # whose papers these are is told there, and how to get back
        self.ask(self.question._replace(related_to=paper.id, sort="relevance", view="all", code_only=False))

    def leave_related(self) -> bool:
        """Go back to where one came from; False when these are not related papers."""
        if not self.question.related_to or not self._came_from:
            return False
        *before, (question, place) = self._came_from
        self.status.clear_message()
        self._came_from = tuple(before)
        if question.related_to and (row := self.library.table.row_of(question.related_to)) is not None:
            self.related_to = single_line(tex_to_unicode(self.library.paper(row).title))
        self.ask(question, place)
        return True
