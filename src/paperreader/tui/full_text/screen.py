"""The screen with the full text of a paper."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Input

from paperreader.config import Settings
from paperreader.fulltext import Place
from paperreader.tui.commands.command import Mode, bindings
from paperreader.tui.commands.full_text import FULL_TEXT_COMMANDS_BY_ID, FULL_TEXT_KEYS
from paperreader.tui.context.screen_ui import ScreenUi
from paperreader.tui.context.sharing import Sharing
from paperreader.tui.context.task_runner import TaskRunner
from paperreader.tui.full_text.context import (
    FullTextContext,
    FullTextSignals,
    FullTextWidgets,
    OpenText,
)
from paperreader.tui.full_text.controllers import FullTextControllers
from paperreader.tui.full_text.documents import EarlierPlace
from paperreader.tui.full_text.figures.picture_display import graphics_of
from paperreader.tui.full_text.panes import FullTextPanes
from paperreader.tui.full_text.reader_access import ReaderAccess
from paperreader.tui.runtime.covered_screen import CoveredScreen
from paperreader.tui.terminal.glyphs import select_glyphs
from paperreader.tui.widgets.full_text.contents_pane import ContentsList, ContentsPane
from paperreader.tui.widgets.full_text.find_bar import FindInput
from paperreader.tui.widgets.full_text.pin import Pin, PinView
from paperreader.tui.widgets.full_text.view import FullTextView
from paperreader.tui.widgets.splitter import Splitter

if TYPE_CHECKING:
    from paperreader.library import Library


WIDE_COLUMNS = 120
"""From this width on, the contents stay open beside the text."""


class FullTextScreen(CoveredScreen):
    """Title, contents, text, status bar and footer."""

    BINDINGS = bindings(FULL_TEXT_KEYS)
    AUTO_FOCUS = "#full-text"
    CSS_PATH = "../styles/full_text.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE_COLUMNS, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(
        self,
        text: OpenText,
        library: Library,
        settings: Settings,
        reader: ReaderAccess,
        *,
        place: Place | None = None,
        earlier: Sequence[EarlierPlace] = (),
    ) -> None:
        """
        Args:
            text: what to show first.
            library: where other full texts are loaded from, and places are stored.
            settings: the settings that apply.
            reader: the main screen behind this one.
            place: where to begin; by default where the user left the text.
            earlier: the places to which `backspace` leads.
        """
        super().__init__()
        self.widgets = FullTextWidgets()
        glyphs = select_glyphs(setting=settings.appearance.marks)
        ui, tasks = ScreenUi(self, self.widgets.status), TaskRunner(self)
        self._panes = FullTextPanes(self, self.widgets)
        self._ctx = FullTextContext(
            library,
            settings,
            glyphs,
            self.widgets,
            ui,
            tasks,
            Sharing(ui, tasks, settings, glyphs),
            FullTextSignals(),
            reader,
        )
        self.controllers = FullTextControllers(self._ctx, self._panes, text, place, earlier)
        self.widgets.title.glyphs = self.widgets.status.glyphs = glyphs
        self.widgets.footer.mode = "text"
        self._is_laid_out = False

    def compose(self) -> ComposeResult:
        yield self.widgets.title
        with Container(id="full-text-panes"):
            yield self.widgets.contents
            yield Splitter(id="contents-splitter")
            with Container(id="text-and-pin"):
                yield self.widgets.view
                yield Splitter(id="pin-splitter")
                yield self.widgets.pin
        yield self.widgets.find_bar
        yield self.widgets.selection_bar
        yield self.widgets.status
        yield self.widgets.footer

    def on_mount(self) -> None:
        for splitter in self.query(Splitter):
            splitter.glyphs = self._ctx.glyphs
        if self.app.size.width >= WIDE_COLUMNS:
            self.controllers.contents.restore()
        pictures = self.controllers.pictures
        pictures.use(graphics_of(self.app, self._ctx.settings))
        self.app.app_resume_signal.subscribe(self, lambda _: pictures.forget())
        self.controllers.references.start()
        self.controllers.highlights.connect()
        self.controllers.bookmarks.start()

    def on_unmount(self) -> None:
        self.app.app_resume_signal.unsubscribe(self)  # what is subscribed would keep this screen in memory
        self.controllers.versions.stop()
        self.controllers.references.stop()
        self.controllers.highlights.disconnect()
        self.controllers.bookmarks.stop()
        self.controllers.pictures.stop()
        self.controllers.pdf.stop()

    # Commands and keys

    @property
    def mode(self) -> Mode:
        """What has the focus."""
        return "text-links" if self.controllers.links.is_labelling else self._panes.mode

    async def action_command(self, id: str) -> None:
        """Run the command with that id."""
        command = FULL_TEXT_COMMANDS_BY_ID[id]
        running: Awaitable[None] | None = self._ctx.tasks.run_reported(partial(command.run, self.controllers))
        if running is not None:
            await running

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable commands that are not available in the current mode."""
        if action != "command" or not parameters:
            return True
        return self.mode in FULL_TEXT_COMMANDS_BY_ID[str(parameters[0])].modes

    def on_key(self, event: events.Key) -> None:
        """Choose a link by its label."""
        if self.controllers.links.is_labelling and event.character:
            event.stop()
            self.controllers.links.type_letter(event.character)

    def on_resize(self, event: events.Resize) -> None:
        """Close the contents when there is no more room for them beside the text that has the focus."""
        if event.size.width < WIDE_COLUMNS and self._panes.mode != "contents":
            self._panes.close_contents()
        self._panes.arrange_pin()

    # Messages of the widgets

    def watch_focused(self) -> None:
        """Show what has the focus at once: the widgets hear of it a frame later."""
        self._ctx.signals.mode_changed.emit(None)

    @on(FullTextView.Resized)
    def _lay_out(self) -> None:
        if self._is_laid_out:
            self.controllers.documents.resized()
            self._report_scrolling()  # with the height, how far the user is changes
        elif self.widgets.view.size.area:
            self._is_laid_out = True
            self.controllers.documents.show_first()

    @on(FullTextView.Scrolled)
    def _report_scrolling(self) -> None:
        self._ctx.signals.scrolled.emit(None)

    @on(FullTextView.LinkClicked)
    def _follow_link(self, event: FullTextView.LinkClicked) -> None:
        self.controllers.links.follow(event.target)

    @on(ContentsPane.Accepted)
    def _go_to_chosen(self, event: ContentsPane.Accepted) -> None:
        self.controllers.contents.go_to(event.entry)

    @on(ContentsList.EntryClicked)
    def _go_to_clicked(self, event: ContentsList.EntryClicked) -> None:
        self.controllers.contents.go_to(event.entry)

    @on(FullTextView.Dragged)
    def _select_dragged(self, event: FullTextView.Dragged) -> None:
        self.controllers.selection.drag(event.start, event.end, released=event.released)

    @on(Pin.Changed)
    def _lay_out_pin(self) -> None:
        self.controllers.pins.lay_out()
        self.controllers.pictures.look_soon()

    @on(Splitter.Dragged)
    def _drag_pin(self, event: Splitter.Dragged) -> None:
        if event.splitter.id == "pin-splitter":
            self._panes.drag_pin(event.x, event.y)

    @on(PinView.Requested)
    def _answer_pin(self, event: PinView.Requested) -> None:
        self.controllers.pins.answer(event.request)

    # The note editor is imported late: its messages are handled by name.

    def on_note_text_area_save(self) -> None:
        self.controllers.editing.save()

    def on_note_text_area_close(self) -> None:
        self.controllers.editing.close()

    def on_note_text_area_open_external_editor(self) -> None:
        self.controllers.editing.continue_in_editor()

    def on_text_area_changed(self) -> None:
        self.controllers.editing.text_changed()

    @on(Input.Changed, "#find-input")
    def _find(self, event: Input.Changed) -> None:
        self.controllers.finding.query_typed(event.value)

    @on(FindInput.Moved)
    def _go_to_match(self, event: FindInput.Moved) -> None:
        self.controllers.finding.move(event.delta)

    @on(FindInput.ListRequested)
    def _list_matches(self) -> None:
        self.controllers.finding.show_list()

    @on(FindInput.Accepted)
    def _stay_at_match(self) -> None:
        self.controllers.finding.accept()

    @on(FindInput.Cancelled)
    def _leave_search(self) -> None:
        self.controllers.finding.cancel()

    @on(ContentsPane.Left)
    def _leave_contents(self) -> None:
        self.controllers.contents.leave()

    @on(ContentsPane.Closed)
    def _close_contents(self) -> None:
        self.controllers.contents.close()
