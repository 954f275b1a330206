"""The main screen: puts the widgets together and carries what one of them says to the others."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from functools import partial

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Vertical

from paperreader.config import Settings
from paperreader.errors import PaperreaderError
from paperreader.library import Library
from paperreader.models import EMPTY_MARK, Mark, Paper
from paperreader.text.cell_width import truncate_cells
from paperreader.tui.commands.command import bindings
from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.commands.reader import COMMANDS, READER_KEYS
from paperreader.tui.controllers.export import Exporting
from paperreader.tui.controllers.notes import Noting
from paperreader.tui.controllers.onboarding import Greeting
from paperreader.tui.controllers.pane_layout import Panes, breakpoints
from paperreader.tui.controllers.reading_timer import Lingering
from paperreader.tui.controllers.session import Keeping
from paperreader.tui.controllers.subscriptions import Subscribing
from paperreader.tui.controllers.tags import Tagging
from paperreader.tui.controllers.trends import Trending
from paperreader.tui.model.list_query import SORT_LABELS, ListQuery
from paperreader.tui.model.position import ListPosition, SavedSession, session_from_state
from paperreader.tui.model.views import ListView
from paperreader.tui.runtime import notifications
from paperreader.tui.runtime.idle_gc import IdleCollector
from paperreader.tui.runtime.tasks import run_in_thread
from paperreader.tui.terminal.glyphs import select_glyphs
from paperreader.tui.widgets.empty_state import EmptyLibrary
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.paper_list.widget import PaperList
from paperreader.tui.widgets.search_bar import QueryInput
from paperreader.tui.widgets.splitter import Splitter
from paperreader.tui.widgets.text_line import TextLine, TextSpan
from paperreader.tui.widgets.views_sidebar import ViewsSidebar


class SampleBanner(TextLine):
    """Says that these are the samples."""

    def spans(self, width: int) -> list[TextSpan]:
        return [
            TextSpan(" Sample papers", "strong"),
            TextSpan("  in a library of their own: nothing here touches yours", "muted"),
        ]


class ReaderScreen(Keeping, Subscribing, Noting, Tagging, Lingering, Exporting, Trending, Panes, Greeting):
    """Search bar, views, list, detail, status, footer."""

    BINDINGS = bindings(READER_KEYS)
    AUTO_FOCUS = "#papers"

    def __init__(
        self, library: Library, settings: Settings, *, start_row: int | None = None, width: int = 0
    ) -> None:
        """
        Args:
            library: what to show.
            settings: what is in force.
            at: the row of the paper to begin with; None resumes where the last visit ended.
            width: columns of the screen, if known: saves styling everything twice at the start.
        """
        super().__init__(library, settings, select_glyphs(setting=settings.appearance.marks))
        self.HORIZONTAL_BREAKPOINTS = breakpoints(settings.appearance.layout)
        self.add_class(
            next(name for least, name in reversed(self.HORIZONTAL_BREAKPOINTS) if width >= least),
            update=False,
        )
        self._at = start_row
        self.tidying = IdleCollector()
        self.footer = KeyFooter(id="footer")
        self.welcome = EmptyLibrary(id="welcome")
        self.open_finding()
        self.open_ledger()

    def compose(self) -> ComposeResult:
        if self.library.is_sample:
            yield SampleBanner(id="banner")
        yield self.bar
        with Container(id="panes"):
            yield self.views
            yield Splitter(id="views-rule")
            with Container(id="list-pane"):
                yield self.papers
                yield self.nothing
            yield Splitter(id="rule")
            with Vertical(id="detail-pane"):
                yield self.detail
        yield self.welcome
        yield self.status
        yield self.footer

    def on_mount(self) -> None:
        appearance = self.settings.appearance
        self.papers.density, self.papers.date_format = appearance.density, appearance.date_format
        if appearance.layout == "stacked":
            self.papers.two_lines_min_width = sys.maxsize
        self.detail.configure(
            date_format=appearance.date_format, copy_key=get_keymap(self.app).label("copy-repo")
        )
        for widget in (self.papers, self.detail, self.status, self.views, *self.query(Splitter)):
            widget.glyphs = self.glyphs
        self.papers.cursor_callback = self._moved
        left = self._where_left()
        self.ask(ListQuery(), left.position)
        self.part_room()
        self.empty_or_not()
        self.call_after_refresh(self._settle_in, left)

    def _where_left(self) -> SavedSession:
        """The paper asked for; else where the last visit ended."""
        table = self.library.table
        if self._at is not None:
            return SavedSession(position=ListPosition.from_rows(table, self._at, None))
        return session_from_state(self.library.state.get("position"), self.views_to_come())

    async def _settle_in(self, left: SavedSession) -> None:
        """What can wait until the list is painted."""
        if not gc.isenabled():
            self.tidying.enable()  # turned off for the start
            self.set_interval(1.0, self.tidying.collect_if_idle)
        self.tell_notices(self.library.pop_warnings())
        self.bar.input.query_suggester.history[:] = self.library.state.query_history
        self.bar.input.query_suggester.completer = self.completed
        self.greet()
        if self.library.visits.has_open:
            await run_in_thread(self.library.visits.close_open)
        self.come_back(left)
        self.follow()
        self.begin_keeping()
        self.offer_drafts()
        self.expect_notes()

    def key_pressed(self) -> None:
        super().key_pressed()
        self.tidying.note_activity()

    def on_resize(self) -> None:
        self.part_room()

    # What the widgets say

    def _moved(self, row: int | None) -> None:
        """Called by the list itself, not by its message: cursor and detail change in the same frame."""
        self.show_paper()
        self.counted()
        self.linger()

    @on(PaperList.Activated)
    def _chosen(self) -> None:
        self.when_answered(self.action_into)

    @on(ViewsSidebar.ViewSelected)
    def _picked(self, event: ViewsSidebar.ViewSelected) -> None:
        self.action_view(event.view)

    @on(QueryInput.CompletionChanged)
    def _completing(self, event: QueryInput.CompletionChanged) -> None:
        self.footer.completion_available = event.available

    @on(QueryInput.QueryRemembered)
    def _asked(self, event: QueryInput.QueryRemembered) -> None:
        history = self.bar.input.query_suggester.history
        history[:] = [event.query, *(past for past in history if past != event.query)]
        state = self.library.state
        self.beside(run_in_thread(lambda: state.remember_query(event.query)), group="state")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        if event.widget is self.papers:
            self.remove_class("-reading", "-zoomed")
        self.tell_mode()

    def on_descendant_blur(self) -> None:
        self.tell_mode()

    def tell_mode(self) -> None:
        self.linger()
        self.status.mode = self.mode
        self.footer.mode = self.footer_mode

    def action_back(self) -> None:
        """One step back: from what is told in the corner, a selection, the detail, related papers, the search; where
        there is none, a fetch is stopped.
        """
        if notifications.dismiss_all(self.app):
            return
        if self.papers.is_selecting:
            self.deselect()
        elif self.mode == "detail" or self.has_class("-zoomed"):
            self.to_list()
        elif self.leave_related():
            return
        elif self.question.is_search:
            self.clear_search()
        else:
            self.stop_fetching()

    def action_help(self) -> None:
        from paperreader.tui.dialogs.help import HelpDialog

        self.app.push_screen(HelpDialog())

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable the commands of list and detail while the user types, and most of them in an empty library."""
        return action != "command" or self.can_run(str(parameters[0]))

    async def action_command(self, id: str) -> None:
        """Run a command; one that needs the papers of a pending search waits for them."""
        command = COMMANDS[id]
        if command.waits_for_results:
            self.when_answered(partial(command.run, self))
        elif (running := command.run(self)) is not None:
            await running

    def can_run(self, id: str) -> bool:
        """Return whether a command is available in the current mode."""
        return self.mode in COMMANDS[id].modes

    # For the palette

    @property
    def list_views(self) -> Sequence[ListView]:
        return self.shelves

    @property
    def is_searching(self) -> bool:
        return isinstance(self.focused, QueryInput)

    def show_view(self, view: str) -> None:
        self.action_view(view)

    def focus_list(self) -> None:
        self.set_focus(self.papers)

    # Showing

    def show_paper(self) -> None:
        row, paper = self.row, self.paper
        mark = self.library.mark(row) if row is not None else EMPTY_MARK
        query = self.answer.query.text if self.answer else ""
        before, self._in_detail = self._in_detail, (paper, mark, query)
        if before == self._in_detail:
            return
        if (before[0], before[2]) == (paper, query):
            self.detail.refresh_mark(mark)
        else:
            self.detail.show(paper, mark, highlighter=self.answer.highlighter if self.answer else None)

    _in_detail: tuple[Paper | None, Mark, str] = (None, EMPTY_MARK, "")
    """What the detail shows: paper, mark, and the query whose words are lit."""

    def show_everything_at(self, row: int) -> None:
        self.clear_search()
        self.ask(ListQuery(), ListPosition.from_rows(self.library.table, row, None))

    def counted(self) -> None:
        question, counts = self.question, self.counts
        here = self.papers.position + 1 if self.papers.cursor is not None else None
        place = self.shelf.title + (" with code" if question.code_only else "")
        if question.related_to:
            place = f"Related to {truncate_cells(self.related_to, 40, self.glyphs.ellipsis)}"
        self.status.info = self.status.info._replace(
            selected_count=self.papers.selected_count,
            view_title=place,
            sort_label=SORT_LABELS[self.answer.sort if self.answer else question.sort],
            unread=counts.unread if counts else None,
            bookmarks=counts.bookmarks if counts else None,
            position=here,
            list_length=len(self.answer.rows) if self.answer else 0,
        )
        self.footer.mode = self.footer_mode
        self.views.current_view, self.views.views = question.view, self.shelves
        self.views.counts = counts

    def action_sample(self) -> None:
        """Open the sample library in front of this one."""
        self.beside(self._open_sample(), group="opening")

    async def _open_sample(self) -> None:
        try:
            library = await run_in_thread(lambda: Library.open(sample=True))
        except PaperreaderError as error:
            self.complain(error)
            return
        self.seen = self.seen or self.library.visits.current()  # what comes in behind the samples is not seen
        self.app.push_screen(ReaderScreen(library, self.settings, width=self.size.width))

    def empty_or_not(self) -> None:
        """The welcome in place of list and detail while there is no paper."""
        empty = not len(self.library.table)
        if empty == self.has_class("-empty") and self.is_mounted:
            return
        self.set_class(empty, "-empty")
        self.greet()
        self.set_focus(self.welcome if empty else self.papers)

    # Leaving

    def go_to(self, row: int) -> None:
        self.ask(ListQuery(), ListPosition.from_rows(self.library.table, row, None))
        self.to_list()

    async def leave(self) -> bool:
        """Save what is not saved and remember the place; False when something could not be saved, which was said."""
        lost = self.unsaved
        self.keep_draft()
        await self.ledger.wait_until_saved()
        if self.unsaved != lost:
            return False
        self.stop_indexing()
        self.stop_fetching()
        left = self.left_at()
        await run_in_thread(lambda: self.remember(left))
        return True
