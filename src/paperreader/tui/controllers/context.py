"""What the reader's actions work with: the library, the widgets, the paper at hand."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from paperreader.config import Settings
from paperreader.errors import PaperreaderError
from paperreader.models import Paper
from paperreader.text.sanitize import single_line
from paperreader.tui.commands.command import Mode
from paperreader.tui.commands.keymap import get_keymap
from paperreader.tui.model.list_query import ListQuery, ListResult
from paperreader.tui.model.views import BUILT_IN_VIEWS, ListView, view_by_id
from paperreader.tui.terminal.glyphs import Glyphs
from paperreader.tui.widgets.detail.widget import Detail
from paperreader.tui.widgets.paper_list.widget import PaperList
from paperreader.tui.widgets.search_bar import QueryInput, SearchBar
from paperreader.tui.widgets.status_bar import StatusBar
from paperreader.tui.widgets.text_line import TextSpan, with_effective_key
from paperreader.tui.widgets.views_sidebar import ViewsSidebar

if TYPE_CHECKING:
    from paperreader.library import Library


class Desk(Screen[None]):
    """The part of the screen that all groups of actions share."""

    def __init__(self, library: Library, settings: Settings, glyphs: Glyphs) -> None:
        super().__init__()
        self.library = library
        self.settings = settings
        self.glyphs = glyphs
        self.question = ListQuery()
        """What the list is to show."""
        self.answer: ListResult | None = None
        """What it shows."""
        self.shelves: tuple[ListView, ...] = BUILT_IN_VIEWS
        """The views on offer, in the order of their keys."""
        self.unsaved = 0
        """How many acts could not be saved so far."""
        self.key_came = False
        """Whether a key was pressed since the start."""
        self.views = ViewsSidebar(id="views")
        self.bar = SearchBar(id="bar")
        self.papers = PaperList(id="papers")
        self.detail = Detail(id="detail")
        self.status = StatusBar(id="status")

    @property
    def mode(self) -> Mode:
        """Where the attention is."""
        if self.has_class("-empty"):
            return "welcome"
        if isinstance(self.focused, QueryInput):
            return "search"
        if self.focused is self.detail:
            return "detail"
        if self.focused is not None and self.focused.id == "note-text":
            return "note"
        return "select" if self.papers.is_selecting else "list"

    @property
    def footer_mode(self) -> Mode:
        """A list of nothing has keys of its own: most need a paper."""
        question = self.question
        if self.mode != "list" or self.answer is None or len(self.answer.rows):
            return self.mode
        return (
            "empty-search"
            if question.is_search or question.related_to
            else "empty-code"
            if question.code_only
            else "empty"
        )

    @property
    def shelf(self) -> ListView:
        """The view that the list is to show."""
        return view_by_id(self.question.view, self.shelves)

    @property
    def row(self) -> int | None:
        """The row of the paper at hand."""
        return self.papers.cursor

    @property
    def paper(self) -> Paper | None:
        """The paper at hand; None in an empty list, or when it cannot be read."""
        return None if self.row is None else self.paper_at(self.row)

    def paper_at(self, row: int) -> Paper | None:
        """The paper at a row; None when it cannot be read, which is said."""
        try:
            return self.library.paper(row)
        except PaperreaderError as error:
            self.complain(error)
            return None

    def when_answered(self, act: Callable[[], object]) -> None:
        """Do something with the paper at hand: now, or when the list shows what was searched for last."""
        act()

    def deselect(self) -> None:
        """Select nothing any more."""
        if self.papers.is_selecting:
            self.papers.deselect_all()
            self.tell_mode()
            self.counted()

    def tell_mode(self) -> None:
        """Show in status line and footer where the attention is."""
        raise NotImplementedError

    def key_pressed(self) -> None:
        """A key came, whatever it does."""
        self.key_came = True

    def counted(self) -> None:
        """Show counts and position."""
        raise NotImplementedError

    def holding_keys(self) -> AbstractContextManager[None]:
        """Let the keys that come in while the body runs wait for its end."""
        raise NotImplementedError

    def say(self, *parts: str | TextSpan) -> None:
        """Confirm something in the status line."""
        keymap = get_keymap(self.app)
        self.status.show_message(
            *(with_effective_key(part, keymap) if isinstance(part, TextSpan) else part for part in parts)
        )

    def say_new(self, told: str) -> None:
        """Tell of new papers, and what shows them: a query would hide those that it does not find."""
        first = (TextSpan("escape", "key"), TextSpan(" ")) if self.question.is_search else ()
        self.say(told, *first, TextSpan("2", "key"), " shows them")

    def complain(self, error: PaperreaderError | str) -> None:
        """Tell of an error, where it cannot be missed."""
        self.notify(single_line(str(error)), severity="error", markup=False)

    def warn(self, text: str) -> None:
        """Tell of something that is no failure, and that nobody asked for."""
        self.notify(single_line(text), severity="warning", markup=False)

    def beside(self, work: Coroutine[Any, Any, None], group: str = "work") -> None:
        """Run a coroutine beside the user interface, unless that is being taken down: nothing could be shown."""
        if self.app.is_running:
            self.run_worker(work, group=group, exit_on_error=True)
        else:
            work.close()
