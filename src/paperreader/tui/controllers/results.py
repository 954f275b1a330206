"""From a list query (view, words, sort) to what the list shows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence, Set

from textual.timer import Timer

from paperreader.errors import PaperreaderError
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.controllers.result_count import show_count
from paperreader.tui.controllers.result_reasons import ResultReasons
from paperreader.tui.model.list_query import (
    ListQuery,
    ListRequest,
    ListResult,
    is_for_user,
    is_instant,
    run_query,
    with_sticky_rows,
)
from paperreader.tui.model.position import TOP, ListPosition
from paperreader.tui.model.shown_rows import ShownRows, row_beside
from paperreader.tui.runtime.threads import LatestOnly
from paperreader.tui.widgets.paper_list.geometry import index_of_row
from paperreader.tui.widgets.text_line import TextSpan

SPINNER_DELAY_SECONDS = 0.15
"""How long a query may run before the search bar shows that it is running."""


COMPLETION_DELAY_SECONDS = 0.25
"""After the results of what is being typed, until papers that are near in meaning complete them."""


class ResultsController:
    """Runs queries in the background. Old results stay until new ones are there; a stale result is dropped."""

    def __init__(self, ctx: ReaderContext) -> None:
        self._ctx = ctx
        self.query = ListQuery()
        """What the list is to show."""
        self.result: ListResult | None = None
        """What it shows."""
        self._target = TOP
        """Where the cursor goes when the result is there."""
        self._sticky_rows: tuple[int, ...] = ()
        """Rows that stay in the list although they are not in the view any more."""
        self._shown = ShownRows()
        self._spinner_timer: Timer | None = None
        self._runs = LatestOnly[ListRequest, ListResult](
            work=self._run,
            done=lambda request, result: self._while_running(
                lambda: self._apply_in_one_frame(request, result)
            ),
            failed=lambda request, error: self._while_running(lambda: self._fail(error)),
            start=lambda work: ctx.tasks.start(work, group="results"),
        )
        self.reasons = ResultReasons(ctx, self._sentences_found)
        """Why papers are among the results."""
        self._follows_first = False
        """Whether the cursor stays on the first result of a search while more results arrive."""
        ctx.signals.index_updated.connect(lambda _: self._search_again())
        ctx.signals.cursor_moved.connect(self._note_cursor)
        ctx.signals.key_pressed.connect(lambda _: self._note_key())

    @property
    def is_pending(self) -> bool:
        """Whether a query is running."""
        return self._runs.is_busy

    @property
    def position(self) -> ListPosition:
        """The papers at the cursor and at the top of the list."""
        papers = self._ctx.widgets.paper_list
        return ListPosition.from_rows(self._ctx.library.table, papers.cursor, papers.top)

    def show(self, query: ListQuery, position: ListPosition = TOP, *, sticky: tuple[int, ...] = ()) -> None:
        """Show the results of `query`: at once where that costs nothing, else when they are found.

        Args:
            query: what to show.
            position: where to put the cursor and to scroll to.
            sticky: rows that are shown as well, if they are still in the library.
        """
        if query != self.query:
            self.clear_selection()
            self._ctx.ui.clear_message()  # it was about the papers shown before
            self._ctx.commands.discard()
            self._follows_first = query.is_search and position == TOP
        self.query, self._target, self._sticky_rows = query, position, sticky
        if is_instant(query):
            self._runs.discard()
            self._apply_found(run_query(self._ctx.library, query))
            return
        self._runs.submit(ListRequest(query, meaning=not query.is_typing))
        if self._spinner_timer is None:
            self._spinner_timer = self._ctx.tasks.after(SPINNER_DELAY_SECONDS, self.show_spinner)

    def refresh(self, position: ListPosition | None = None) -> None:
        """Run the same query again, because the papers changed.

        Cursor and scroll position stay with their papers, unless `position` is given. The cursor stays on the first
        result of a search until the user does anything with it.
        """
        if self._runs.is_busy:
            position = self._target
        elif position is None:
            position = TOP if self._follows_first else self.position
        is_view = not self.query.is_search and not self.query.related_to and not is_instant(self.query)
        sticky = self._shown.all_since_opened(self._ctx.library.table.generation) if is_view else ()
        self.show(self.query, position, sticky=sticky)

    def update_rows(self, changed: Set[int]) -> None:
        """Remove those papers from the list that were hidden, deleted or dismissed, or show them again after an undo.

        All others stay until the list is opened again, also those that the query would not find any more. The cursor
        goes to the only paper that came back, or to the next one that stays.

        Args:
            changed: rows whose marks changed.
        """
        library = self._ctx.library
        result = None
        if not self._runs.is_busy:
            result = self._shown.update(changed, library.marks, library.table.generation)
        before = set(self.result.rows) if self.result is not None else set()
        staying = None if result is None else set(result.rows)
        left = {row for row in changed & before if staying is None or row not in staying}
        came_back = {row for row in changed - before if staying is None or row in staying}
        position = self._position_without(left, came_back)
        if result is None:
            self.refresh(position)
        else:
            self._show_changed(result, position)

    def keep_only(self, rows: Set[int]) -> None:
        """Forget the other papers of the list: an undo does not bring them back."""
        before = set(self.result.rows) if self.result is not None else set()
        result = self._shown.keep_only(rows, self._ctx.library.table.generation)
        if result is not None and not self._runs.is_busy:
            self._show_changed(result, self._position_without(before - rows, set()))

    def _position_without(self, left: Set[int], came_back: Set[int]) -> ListPosition:
        papers, rows = self._ctx.widgets.paper_list, self.result.rows if self.result is not None else ()
        cursor, top = papers.cursor, papers.top
        if len(came_back) == 1 and not left:
            (cursor,) = came_back
        elif cursor in left:
            cursor = row_beside(rows, papers.position, left)
        if (
            top is not None
            and top in left
            and (first := index_of_row(rows, top, papers.position)) is not None
        ):
            top = row_beside(rows, first, left)
        return ListPosition.from_rows(self._ctx.library.table, cursor, top)

    def _show_changed(self, result: ListResult, position: ListPosition) -> None:
        self._target = position
        self._apply(result)

    def finish_query(self) -> None:
        """Search again with the last word finished. Cursor, selection and waiting commands stay."""
        self.query = self.query._replace(is_typing=False)
        self.refresh()

    def when_ready(self, command: Callable[[], object]) -> None:
        """Run a command on the current paper: now, or when the results of a pending search are shown."""
        if self._runs.is_busy and self.query.is_search:
            self._ctx.commands.add(command)
        else:
            command()

    def clear_selection(self) -> None:
        """Deselect all papers."""
        if self._ctx.widgets.paper_list.is_selecting:
            self._ctx.widgets.paper_list.deselect_all()
            self._ctx.signals.mode_changed.emit(None)

    def inform_new_papers(self, message: str) -> None:
        """Report new papers, and the keys that show them: a query would hide those that it does not match."""
        if self.query.view == "new" and not self.query.is_search:
            with_code = (TextSpan("c", "key"), " shows those without code") if self.query.code_only else ()
            self._ctx.ui.inform(message, *with_code)
            return
        first = (TextSpan("escape", "key"), TextSpan(" ")) if self.query.is_search else ()
        self._ctx.ui.inform(message, *first, TextSpan("2", "key"), " shows them")

    def show_spinner(self) -> None:
        """Show that a query is running, if one is."""
        self._spinner_timer = None
        if self._runs.is_busy:
            self._ctx.widgets.search_bar.result_count.is_waiting = True

    def _run(self, request: ListRequest, cancelled: Callable[[], bool]) -> ListResult:
        """Run a query, for a worker thread."""
        sticky, library = self._sticky_rows, self._ctx.library
        found = run_query(library, request.query, cancelled, meaning=request.meaning)
        return with_sticky_rows(found, sticky, library)

    def _while_running(self, action: Callable[[], None]) -> None:
        """Run `action`, unless the app is shutting down and has no widgets to show a result."""
        if self._ctx.tasks.is_running:
            action()

    def _apply_in_one_frame(self, request: ListRequest, result: ListResult) -> None:
        if request.completes:
            self._target = TOP if self._follows_first else self.position
            if self._ctx.current_row not in result.rows and not self._follows_first:
                return  # the user has gone to a partial match that is not near
        with self._ctx.ui.single_frame():
            self._apply_found(result)

    def _complete_later(self) -> None:
        """Complete the list by papers that are near in meaning, if nothing is typed meanwhile."""
        query = self.query

        def complete() -> None:
            is_shown = query == self.query and not self._runs.is_busy
            if is_shown and self.result is not None and self.result.hits.can_be_completed:
                self._runs.submit(ListRequest(query, meaning=True, completes=True))

        self._ctx.tasks.after(COMPLETION_DELAY_SECONDS, complete)

    def _apply_found(self, result: ListResult) -> None:
        if result.generation != self._ctx.library.table.generation:
            # The rows belong to a table that was replaced.
            self._runs.submit(ListRequest(self.query, meaning=not self.query.is_typing))
            return
        if result.hits.can_be_completed:
            self._complete_later()
        self._stop_spinner()
        self._shown.begin(result, self._ctx.library.marks, self._sticky_rows)
        self._apply(result)

    def _apply(self, result: ListResult) -> None:
        table = self._ctx.library.table
        self.result = result
        find_reason = self.reasons.use(result, table)
        cursor, top = self._target.to_rows(table)
        complete = result.full_matches == len(result.rows)
        self._ctx.widgets.paper_list.show(
            table,
            self._ctx.library.marks,
            result.rows,
            find_matches=result.find_matches,
            find_reason=find_reason,
            by_date=result.sort == "date" and complete and not result.is_reversed,
            today=datetime.date.today(),
            cursor=cursor,
            top=top,
            partial_from=None if complete else result.full_matches,
            partial_label=result.partial_label,
            dim_read=result.query.view in ("unread", "new") or is_for_user(result.query),
        )
        show_count(self._ctx, result)
        self._ctx.signals.results_shown.emit(result)
        self._ctx.commands.run_all()

    def _sentences_found(self, rows: Sequence[int]) -> None:
        if self._ctx.tasks.is_running:
            self._ctx.widgets.paper_list.repaint_rows(rows)
            self._ctx.signals.sentences_found.emit(rows)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, PaperreaderError):
            raise error
        self._stop_spinner()
        self._ctx.commands.discard()
        self._ctx.widgets.search_bar.result_count.status_note = "no index yet"
        self._ctx.signals.search_failed.emit(error)

    def _stop_spinner(self) -> None:
        if self._spinner_timer is not None:
            self._spinner_timer.stop()
            self._spinner_timer = None
        self._ctx.widgets.search_bar.result_count.is_waiting = False

    def _note_cursor(self, row: int | None) -> None:
        if self.result is not None and row is not None and row != next(iter(self.result.rows), None):
            self._follows_first = False

    def _note_key(self) -> None:
        if self._ctx.ui.mode != "search":
            self._follows_first = False

    def _search_again(self) -> None:
        """The index holds more than before."""
        self._ctx.widgets.search_bar.result_count.status_note = ""
        if self.query.is_search:
            self.refresh()
        elif is_for_user(self.query):
            self.refresh()  # papers that have just arrived get their place
        elif self.query.view == "new" and self._ctx.library.inbox.rules.queries:
            self.refresh()  # the rules apply to papers once they are indexed
