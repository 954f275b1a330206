"""The main screen: creates widgets and controllers, and passes what widgets report to controllers."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from paperreader.config import Settings
from paperreader.library import Library
from paperreader.tui.commands.command import BROWSING, Command, Mode, bindings
from paperreader.tui.commands.reader import COMMANDS, READER_KEYS
from paperreader.tui.context.command_queue import CommandQueue
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.signals import ReaderSignals
from paperreader.tui.context.task_runner import TaskRunner
from paperreader.tui.context.ui import ReaderUi
from paperreader.tui.context.widgets import ReaderWidgets
from paperreader.tui.controllers.controller_set import ControllerSet
from paperreader.tui.controllers.pane_layout import breakpoints
from paperreader.tui.model.list_query import ListQuery
from paperreader.tui.model.position import SavedSession
from paperreader.tui.model.views import ListView
from paperreader.tui.runtime.covered_screen import CoveredScreen
from paperreader.tui.runtime.idle_gc import IdleCollector
from paperreader.tui.terminal.glyphs import select_glyphs
from paperreader.tui.widgets.detail.widget import Detail
from paperreader.tui.widgets.paper_list.widget import PaperList
from paperreader.tui.widgets.sample_banner import SampleBanner
from paperreader.tui.widgets.search_bar import QueryInput
from paperreader.tui.widgets.splitter import Splitter
from paperreader.tui.widgets.views_sidebar import ViewsSidebar

if TYPE_CHECKING:
    from paperreader.tui.controllers.reader_controllers import ReaderControllers


class ReaderScreen(CoveredScreen):
    """Search bar, views, list, detail, status bar and footer."""

    BINDINGS = bindings(READER_KEYS)
    AUTO_FOCUS = "#paper-list"

    def __init__(
        self,
        library: Library,
        settings: Settings,
        *,
        start_row: int | None = None,
        width: int = 0,
        painted: Callable[[], object] | None = None,
    ) -> None:
        """
        Args:
            library: what to show.
            settings: the settings that apply.
            start_row: the row of the paper to begin with; None restores the last session.
            width: columns of the screen, if known: saves styling everything twice at the start.
            painted: called when the first frame is complete, in place of starting what runs in the background.
        """
        super().__init__()
        self.library, self.settings = library, settings
        self._start_row, self._painted = start_row, painted
        self._set_breakpoints(width)
        self.idle_collector = IdleCollector()
        self.widgets = ReaderWidgets()
        self.ui = ReaderUi(self, self.widgets)
        self._ctx = ReaderContext(
            library,
            settings,
            select_glyphs(setting=settings.appearance.marks),
            self.widgets,
            self.ui,
            TaskRunner(self),
            ReaderSignals(),
            CommandQueue(),
        )
        self._controllers = ControllerSet(self._ctx, open_library=self._open_library)
        self.first_controllers = self._controllers.first

    @property
    def controllers(self) -> ReaderControllers:
        """All controllers."""
        return self._controllers.all

    def _set_breakpoints(self, width: int) -> None:
        self.HORIZONTAL_BREAKPOINTS = breakpoints(self.settings.appearance.layout)
        name = next(name for start, name in reversed(self.HORIZONTAL_BREAKPOINTS) if width >= start)
        self.add_class(name, update=False)

    def compose(self) -> ComposeResult:
        widgets = self.widgets
        if self.library.is_sample:
            yield SampleBanner(id="banner")
        yield widgets.search_bar
        with widgets.panes:
            yield widgets.sidebar
            yield widgets.views_splitter
            with widgets.list_pane:
                yield widgets.paper_list
                yield widgets.empty_list
            yield widgets.splitter
            with widgets.detail_pane:
                yield widgets.detail
        yield widgets.empty_library
        yield widgets.status_bar
        yield widgets.footer

    def on_mount(self) -> None:
        for key in (key for key in self.ui.keymap.user_keys if key.keys):
            self._bindings.bind(key.keys, key.action, key.help, show=False, priority=True)
        self.widgets.configure(self.settings.appearance, self._ctx.glyphs, self.ui.keymap)
        self.widgets.paper_list.cursor_callback = self._ctx.signals.cursor_moved.emit
        session = self.first_controllers.load_session(self._start_row)
        self.first_controllers.results.show(ListQuery(), session.position)
        self.first_controllers.pane_layout.apply_split()
        self.ui.show_empty_library(not len(self.library.table))
        self.first_controllers.onboarding.show_hint()
        self.call_after_refresh(self._painted or partial(self._finish_start, session))

    async def _finish_start(self, session: SavedSession) -> None:
        """Do what can wait until the list is painted."""
        if not gc.isenabled():
            self.idle_collector.enable(len(self._ctx.library.table))  # turned off for the start
            self.set_interval(1.0, self.idle_collector.collect_if_idle)
        self._ctx.tasks.run_reported(partial(self._controllers.restore, session))
        self.call_next(getattr(self.app._driver, "accept_input", lambda: None))
        self._ctx.tasks.start(self._controllers.start(), group="starting")

    # Commands and keys

    @property
    def mode(self) -> Mode:
        """What has the focus."""
        return self.ui.mode

    async def action_command(self, id: str) -> None:
        """Run the command with that id; one for the current paper waits for the results of a pending search."""
        command = COMMANDS[id]
        if command.waits_for_results:
            self.first_controllers.results.when_ready(partial(self._run_command, command))
        elif (running := self._run_command(command)) is not None:
            await running

    def _run_command(self, command: Command[ReaderControllers]) -> Awaitable[None] | None:
        """Run a command; an error is reported and does not end the reader."""
        return self._ctx.tasks.run_reported(partial(command.run, self._controllers.available))

    def action_run_program(self, name: str) -> None:
        """Run the command of the user with that name for the papers that are shown when results have arrived."""
        results, pipes = self.controllers.results, self.controllers.pipes
        results.when_ready(lambda: self._ctx.tasks.run_reported(partial(pipes.run_named, name)))

    def can_run(self, id: str) -> bool:
        """Return whether a command is available in the current mode and library."""
        command = COMMANDS[id]
        return self.mode in command.modes and (self.shows_samples or not command.in_sample_only)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable commands that are not available in the current mode."""
        if action == "run_program":
            return self.mode in BROWSING
        return action != "command" or self.can_run(str(parameters[0]))

    def key_pressed(self) -> None:
        """Report every key to the controllers, with or without an effect."""
        self._ctx.signals.key_pressed.emit(None)
        self.idle_collector.note_activity()

    @property
    def has_pending_commands(self) -> bool:
        """Whether a command waits for results, or keys are deferred."""
        return self._ctx.commands.is_busy

    async def wait_for_commands(self) -> None:
        """Wait for commands that wait for results: the next key may ask for other ones."""
        await self._ctx.commands.wait()

    # For the palette

    @property
    def list_views(self) -> Sequence[ListView]:
        """All views, the subscriptions last."""
        return self.controllers.view_counts.views

    @property
    def shows_samples(self) -> bool:
        return self.library.is_sample

    @property
    def is_searching(self) -> bool:
        return self.mode == "search"

    def show_view(self, view: str) -> None:
        """Show the papers of a view."""
        self.controllers.views.show(view)

    def focus_list(self) -> None:
        """Move the focus to the list."""
        self.set_focus(self.widgets.paper_list)

    def _open_library(self, library: Library) -> None:
        """Show a library: the screen behind this one if it shows that library, else a new one in front."""
        behind = self.app.screen_stack[-2] if len(self.app.screen_stack) > 1 else None
        if isinstance(behind, ReaderScreen) and behind.library.folder == library.folder:
            self.app.pop_screen()
            return
        self.app.push_screen(ReaderScreen(library, self.settings, width=self.size.width))

    # Messages of the widgets

    def on_resize(self) -> None:
        self.first_controllers.pane_layout.apply_split()

    def on_screen_resume(self) -> None:
        self.first_controllers.reading_timer.restart()

    def watch_focused(self) -> None:
        """Show what has the focus at once: the widgets hear of it a frame later."""
        self._ctx.signals.mode_changed.emit(None)

    def on_descendant_focus(self) -> None:
        # NOTE: Not the widget of the event, which arrives late: another key may have moved the focus on.
        if self.focused is self.widgets.paper_list:
            self.ui.end_zoom()

    def on_paste(self, event: events.Paste) -> None:
        """Offer to add the papers that a pasted text names. A text input handles its pastes itself."""
        if self.mode in ("list", "detail", "welcome"):
            event.stop()
            self.controllers.fetch.offer_pasted(event.text)

    def on_click(self) -> None:
        """Finish the word in the search bar when a click leaves it."""
        if self.mode != "search":
            self.first_controllers.search.finish_word()

    @on(PaperList.Activated)
    def _open_detail(self) -> None:
        self.controllers.results.when_ready(self.controllers.navigation.open_detail)

    @on(ViewsSidebar.ViewSelected)
    def _show_view(self, event: ViewsSidebar.ViewSelected) -> None:
        self.controllers.views.show(event.view)

    @on(Detail.LinkClicked)
    def _open_link(self, event: Detail.LinkClicked) -> None:
        self.controllers.copy_open.open_url(event.url)

    @on(Splitter.Dragged)
    def _move_splitter(self, event: Splitter.Dragged) -> None:
        if event.splitter.id == "splitter":
            self.controllers.pane_layout.drag(event.x, event.y, released=event.released)

    @on(Input.Changed, "#query")
    def _search(self, event: Input.Changed) -> None:
        event.stop()
        self.first_controllers.search.query_typed(event.value)

    @on(QueryInput.MoveResults)
    def _move_in_results(self, event: QueryInput.MoveResults) -> None:
        self.first_controllers.search.move_in_results(event.delta, pages=event.pages)

    @on(QueryInput.Accepted)
    def _leave_search_bar(self) -> None:
        self.ui.focus_list()
        self.controllers.search.accept()
        self.controllers.results.when_ready(self.controllers.fetch.offer_missing)

    @on(QueryInput.Cleared)
    def _clear_search(self) -> None:
        self.controllers.search.clear()
        self.ui.focus_list()

    @on(QueryInput.QueryRemembered)
    def _remember_query(self, event: QueryInput.QueryRemembered) -> None:
        self.controllers.search.remember(event.query)

    @on(QueryInput.CompletionChanged)
    def _show_completion_key(self, event: QueryInput.CompletionChanged) -> None:
        self.widgets.footer.completion_available = event.available

    # The note editor is imported late: its messages are handled by name.

    def on_note_text_area_save(self) -> None:
        self.controllers.notes.save()

    def on_note_text_area_close(self) -> None:
        self.controllers.notes.close()

    def on_note_text_area_open_external_editor(self) -> None:
        self.controllers.external_editing.continue_note()

    def on_text_area_changed(self) -> None:
        self.controllers.notes.text_changed()
