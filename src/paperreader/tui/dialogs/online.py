"""Results of services, such as those of a search online: papers that are not necessarily in the library."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import ModalScreen

from paperreader.errors import PaperreaderError
from paperreader.fetch.online.pages import OnlinePages
from paperreader.library import OnlinePaper
from paperreader.models import EMPTY_MARK, Mark, Paper
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import bindings
from paperreader.tui.commands.dialogs import ONLINE_KEYS
from paperreader.tui.model.online_message import count_label, page_message, paper_facts
from paperreader.tui.model.online_source import Action, OnlineLibrary, OnlineSource
from paperreader.tui.model.online_table import OnlineTable
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.detail.widget import Detail
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.online_line import OnlineLine
from paperreader.tui.widgets.paper_list.widget import PaperList
from paperreader.tui.widgets.text_line import TextSpan

if TYPE_CHECKING:
    from paperreader.tui.widgets.note_editor import NoteEditor

ROWS_BEFORE_END = 5
"""The next page is requested when the cursor is so near the end."""

WIDE_COLUMNS = 100


class OnlineDialog(ModalScreen[None]):
    """Lists papers of services as they arrive. Those that are in the library are dim."""

    BINDINGS = bindings(ONLINE_KEYS)
    AUTO_FOCUS = "#online-list"
    CSS_PATH = "../styles/online.tcss"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE_COLUMNS, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(
        self,
        subject: str,
        sources: Sequence[OnlineSource],
        library: OnlineLibrary,
        glyphs: Glyphs,
        *,
        initial_source: int = 0,
    ) -> None:
        """
        Args:
            subject: what the results are about, such as the query.
            sources: those that take turns; at least one.
            library: marks what is known, and adds papers.
            glyphs: the symbols to paint with.
            initial_source: index of the source that is asked first.
        """
        super().__init__()
        self._subject, self._library, self._glyphs = subject, library, glyphs
        self._sources, self._source_index = sources, initial_source
        self._pages = OnlinePages()
        self._generation = 0
        self._editor: NoteEditor | None = None
        self._is_loading = self._is_taking = False
        self._title, self._message = OnlineLine("online-title"), OnlineLine("online-message")
        self._footer = KeyFooter(classes="footer")
        self._footer.mode = "online"
        self._list = PaperList(id="online-list")
        self._detail = Detail(id="online-detail")
        self._detail.can_focus = False
        self._list.glyphs = self._detail.glyphs = glyphs

    def compose(self) -> ComposeResult:
        with Container(id="online"):
            yield self._title
            with Container(id="online-panes"):
                yield self._list
                yield self._detail
            yield self._message
            yield self._footer

    def on_mount(self) -> None:
        self._list.cursor_callback = lambda _: self._show_paper()
        self._start()

    # Requests

    def _start(self) -> None:
        """Request the current source, from the first page on."""
        self._generation += 1
        self._pages = OnlinePages()
        following = self._sources[(self._source_index + 1) % len(self._sources)]
        self._footer.labels = {"online-source": following.hint}
        self._list.show(self._table, {}, (), by_date=False, today=datetime.date.today())
        self._detail.show(None)
        self._load()

    def _load(self) -> None:
        """Request the next page."""
        if self._pages.next_start is not None and not self._is_loading:
            self._is_loading = True
            self._say(f"Searching {self._source.service} {self._glyphs.ellipsis}")
            self._show_title()
            self.run_worker(self._request(self._generation, self._pages.next_start), group="online")

    async def _request(self, generation: int, start: int) -> None:
        try:
            reply = await self._source.request(start)
        except PaperreaderError as error:
            if generation == self._generation:
                self._is_loading = False
                self._pages.fail(start)
                self._say(single_line(str(error)), "yours")
                self._show_title()
            return
        if generation != self._generation or not self.is_attached:
            return
        self._is_loading = False
        loads_next = self._pages.add(reply)
        self._say(page_message(reply, len(self._pages.papers)))
        self._show_papers()
        if loads_next:
            self._load()

    # What is shown

    @property
    def _table(self) -> OnlineTable:
        return OnlineTable(self._pages.papers, self._generation)

    def _show_papers(self) -> None:
        marks, table = self._marks(), self._table
        today, cursor = datetime.date.today(), self._list.position
        self._list.facts.citations = table.citations
        self._list.show(table, marks, table.newest, by_date=False, today=today, cursor=cursor, dim_read=True)
        self._show_title()
        self._show_paper()

    def _marks(self) -> dict[int, Mark]:
        """Return the marks of the papers that are in the library, all of which look like read ones."""
        found = {}
        for row, each in enumerate(self._pages.papers):
            if (mark := self._library.mark_of(each.paper)) is not None:
                found[row] = replace(
                    EMPTY_MARK, bookmark=mark.bookmark, note=mark.note, tags=mark.tags, read=(True, 1)
                )
        return found

    def _show_title(self) -> None:
        self._title.show(
            TextSpan(self._source.title, "strong"),
            TextSpan(f"  {single_line(self._subject)}", "text"),
            TextSpan(f"  {count_label(self._pages, is_loading=self._is_loading)}", "muted"),
            shortened=1,
        )

    def _show_paper(self) -> None:
        found = self._current
        if found is None:
            self._detail.show(None)
            return
        mark = self._library.mark_of(found.paper)
        facts = paper_facts(found, is_known=mark is not None, glyphs=self._glyphs)
        self._detail.show(found.paper, mark or EMPTY_MARK, facts=facts)
        if self._list.position >= len(self._pages.papers) - ROWS_BEFORE_END:
            self._load()

    def show_marks(self, message: str = "") -> None:
        """Show the marks as they are now, and a message."""
        if message:
            self._say(message)
        self._show_papers()

    def _say(self, text: str, role: Literal["muted", "yours"] = "muted") -> None:
        self._message.show(TextSpan(text, role))

    @property
    def _source(self) -> OnlineSource:
        return self._sources[self._source_index]

    @property
    def _current(self) -> OnlinePaper | None:
        papers = self._pages.papers
        return papers[self._list.position] if papers else None

    # The editor of a note

    async def open_note_editor(self, editor: NoteEditor) -> None:
        """Put the editor below the results, and focus it."""
        self._editor = editor
        await self.query_one("#online").mount(editor, before=self._message)
        self._footer.mode = "note"
        self.set_focus(editor.text_area)

    def close_note_editor(self, editor: NoteEditor) -> None:
        """Remove the editor, and focus the results."""
        self._editor = None
        self._footer.mode = "online"
        self.set_focus(self._list)
        editor.remove()

    def on_note_text_area_save(self) -> None:
        self._library.note_command("save")

    def on_note_text_area_close(self) -> None:
        self._library.note_command("close")

    def on_note_text_area_open_external_editor(self) -> None:
        self._library.note_command("continue")

    def on_text_area_changed(self) -> None:
        self._library.note_command("changed")

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that the editor does not use do nothing while a note is written."""
        is_own = action == "close" or hasattr(self, f"action_{action}")
        return not (self._editor is not None and is_own) and super().check_action(action, parameters)

    def action_move(self, delta: int) -> None:
        self._list.move_by(delta)

    def action_page(self, direction: int) -> None:
        """Scroll the abstract; at its end go to the next result, or one page of results up."""
        if direction < 0:
            self._list.move_page(-1)
        elif not self._detail.page_down():
            self._list.move_by(1)

    def action_edge(self, direction: int) -> None:
        (self._list.go_to_last if direction > 0 else self._list.go_to_first)()

    def action_next_source(self) -> None:
        self._source_index = (self._source_index + 1) % len(self._sources)
        self._is_loading = False
        self._start()

    def action_close(self) -> None:
        self.dismiss(None)

    def action_copy(self) -> None:
        """Copy a link of the paper."""
        if (found := self._current) is not None:
            self.run_worker(self._copy(found.paper), group="taking")

    async def _copy(self, paper: Paper) -> None:
        self._say(await self._library.copy(paper))

    def action_browse(self) -> None:
        """Open the page of the paper in the browser."""
        if (found := self._current) is not None:
            self._say(self._library.open_page(found.paper))

    def action_take(self, action: Action) -> None:
        """Add the paper, unless it is in the library, and do something with it."""
        found = self._current
        if found is not None and not self._is_taking:
            self._is_taking = True
            self.run_worker(self._take(found, action), group="taking")

    async def _take(self, found: OnlinePaper, action: Action) -> None:
        is_known = self._library.mark_of(found.paper) is not None
        if not is_known:
            self._say(f"Adding {self._glyphs.ellipsis}")
        try:
            closes = await self._library.take(found, action)
        except PaperreaderError as error:
            self._say(single_line(str(error)), "yours")
            return
        finally:
            self._is_taking = False
        if closes:
            self.dismiss(None)
            return
        done = ["Added"] if not is_known else []
        self._say(" and ".join([*done, "bookmarked"] if action == "bookmark" else done).capitalize())
        self.show_marks()

    @on(PaperList.Activated)
    def _activated(self, event: PaperList.Activated) -> None:
        event.stop()
        self.action_take("open")

    @on(PaperList.CursorMoved)
    def _moved(self, event: PaperList.CursorMoved) -> None:
        event.stop()

    def on_click(self, event: events.Click) -> None:
        event.stop()
