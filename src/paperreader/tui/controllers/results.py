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
from paperreader.text.clean import printable
from paperreader.text.tex_display import readable
from paperreader.tui.controllers.context import Desk
from paperreader.tui.controllers.navigation import Moving
from paperreader.tui.model.list_query import Answer, Question, answer, at_once, keep, sorts
from paperreader.tui.model.position import START, Place
from paperreader.tui.runtime.tasks import Newest
from paperreader.tui.widgets.empty_state import Nothing
from paperreader.tui.widgets.search_bar import QueryInput
from paperreader.tui.widgets.suggestions import Ahead, ahead_of

PATIENCE_SECONDS = 0.15
"""How long an answer may take before the tally says that it is awaited."""

SAYING_SECONDS = 0.001
"""How long widgets take to say that they changed: some rounds of the event loop."""

ANSWER_SECONDS = 3.0
"""How long keys wait for an act that waits for an answer."""


class Finding(Moving, Desk):
    """Old results stay until new ones are there; an answer to a question of before is dropped."""

    _origin: Place | None = None
    """Where one stood before the search; escape goes back to it."""
    _landing: Place = START
    """Where the cursor goes when the answer comes."""
    related_to: str = ""
    """The title of the paper whose related ones are shown."""
    _came_from: tuple[tuple[Question, Place], ...] = ()
    """What was shown before each list of related papers, and where one stood in it."""
    _kept: tuple[int, ...] = ()
    """Rows that stay although they do not belong to the view any more."""
    _patience: Timer | None = None
    _then: tuple[Callable[[], None], ...] = ()
    """What waits for the answer."""

    _under_way = 0
    """Acts that keys wait for."""

    def open_finding(self) -> None:
        """Start with nothing asked."""
        self._acted = asyncio.Event()
        self.nothing = Nothing(id="nothing")
        self._asker = Newest[Question, Answer](
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

    def ask(self, question: Question, landing: Place = START, *, kept: tuple[int, ...] = ()) -> None:
        """Make the list show the answer to `question`, the cursor landing on a place."""
        if question != self.question:
            self.deselect()
            self.status.hush()  # what was said is about the papers of before
            self._then = ()  # meant for the papers of another question: better not done than done to the wrong one
        self.question, self._landing, self._kept = question, landing, kept
        if at_once(question):
            self._asker.forget()
            self._show(answer(self.library, question))
            return
        self._asker.ask(question)
        if self._patience is None:
            self._patience = self.set_timer(PATIENCE_SECONDS, self._impatient)

    def ask_again(self, landing: Place | None = None) -> None:
        """Ask the same once more, because the papers changed: cursor and pane stay where they are (`landing`)."""
        if self._asker.busy:
            landing = self._landing  # of a question whose answer is still to come
        elif landing is None:
            landing = self.place()
        shown = self.answer
        kept: tuple[int, ...] = ()
        searched = self.question.is_search or self.question.like
        if shown is not None and not searched and not at_once(self.question):
            kept = tuple(shown.rows) if shown.generation == self.library.table.generation else ()
        self.ask(self.question, landing, kept=kept)

    def when_answered(self, act: Callable[[], None]) -> None:
        if self._asker.busy and self.question.is_search:
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
                await asyncio.wait_for(self._acted.wait(), ANSWER_SECONDS)

    def place(self) -> Place:
        """Where one stands now."""
        return Place.of(self.library.table, self.papers.cursor, self.papers.top)

    def _answer(self, question: Question, cancelled: Callable[[], bool]) -> Answer:
        """The answer with what was kept of the one before. For a worker."""
        kept = self._kept
        return keep(answer(self.library, question, cancelled), kept, self.library)

    # Showing

    def _show_in_one_frame(self, found: Answer) -> None:
        """`_show`, with nothing painted until every widget has said that it changed.

        A scrollbar says so first, and painting it alone would keep the list waiting for most of a frame.
        """
        frame = ExitStack()
        frame.enter_context(self.app.batch_update())
        try:
            self._show(found)
        finally:
            asyncio.get_running_loop().call_later(SAYING_SECONDS, self._paint, frame)

    def _paint(self, frame: ExitStack) -> None:
        frame.close()
        self.check_idle()  # asked by nobody while the frame was held back

    def _show(self, found: Answer) -> None:
        table = self.library.table
        if found.generation != table.generation:
            self._asker.ask(self.question)  # rows of a table that is no more
            return
        self._be_patient()
        self.answer = found
        question = found.question
        cursor, top = self._landing.rows(table)
        self.papers.show(
            table,
            self.library.marks,
            found.rows,
            find=found.find,
            by_date=found.order == "date" and found.full == len(found.rows),
            today=datetime.date.today(),
            cursor=cursor,
            top=top,
            partial_from=found.full if found.full < len(found.rows) else None,
            dim_read=question.view == "unread",
        )
        tally = self.bar.tally
        tally.total, tally.seconds = len(table), found.seconds
        tally.found = found.full if question.is_search else None
        tally.hint = found.hint
        self.bar.input.did_you_mean = tally.instead = found.suggestion
        self.nothing.tell(found, self.shelf)
        self.show_paper()
        self.counted()
        waiting, self._then = self._then, ()
        for act in waiting:
            act()
        self._acted.set()

    def _failed(self, question: Question, error: Exception) -> None:
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
        if self._asker.busy:
            self.bar.tally.waiting = True

    def _be_patient(self) -> None:
        if self._patience is not None:
            self._patience.stop()
            self._patience = None
        self.bar.tally.waiting = False

    # The search bar

    def action_search(self) -> None:
        self.remove_class("-reading", "-zoomed")
        self.set_focus(self.bar.input)

    @on(Input.Changed, "#query")
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        query = event.value
        if query == self.question.query or not (query.strip() or self.question.query.strip()):
            return
        if not self.question.is_search and self._origin is None:
            self._origin = self.place()
        asked = self.question._replace(query=query, like="")
        self._came_from = ()
        if self.question.like or asked.is_search != self.question.is_search:
            asked = asked._replace(sort=sorts(asked)[0])
        back = START if asked.is_search else (self._origin or START)
        if not asked.is_search:
            self._origin = None
        self.ask(asked, back)

    @on(QueryInput.Step)
    def _step_results(self, event: QueryInput.Step) -> None:
        step = self.papers.page if event.pages else self.papers.move
        self.when_answered(lambda: step(event.delta))

    @on(QueryInput.Kept)
    def _keep_query(self) -> None:
        self.to_list()

    @on(QueryInput.Cleared)
    def _clear_query(self) -> None:
        self.clear_search()
        self.to_list()

    def clear_search(self) -> None:
        """Empty the bar; its change brings back the list and the paper one came from."""
        self.bar.input.value = ""

    def completed(self, query: str, cancelled: Callable[[], bool]) -> Ahead | None:
        """The query with its last word completed; None when there is nothing to add. For a worker."""
        try:
            found = self.library.complete(query, len(query), cancelled=cancelled)
        except PaperreaderError:
            return None  # There is no index yet, which is told when it is searched.
        return next((ahead for each in found if (ahead := ahead_of(query, each)) is not None), None)

    # Related papers

    def action_related(self) -> None:
        """The papers nearest to the one at hand."""
        if (paper := self.paper) is None:
            return
        self._came_from += ((self.question, self.place()),)
        self.related_to = printable(readable(paper.title))
        self.status.hush()  # whose papers these are is told there, and how to get back
        self.ask(self.question._replace(like=paper.id, sort="relevance", view="all", code_only=False))

    def leave_related(self) -> bool:
        """Go back to where one came from; False when these are not related papers."""
        if not self.question.like or not self._came_from:
            return False
        *before, (question, place) = self._came_from
        self.status.hush()
        self._came_from = tuple(before)
        if question.like and (row := self.library.table.row_of(question.like)) is not None:
            self.related_to = printable(readable(self.library.paper(row).title))
        self.ask(question, place)
        return True
