"""Drives the reader in tests: sends keys and reads the screen."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress

import pytest
from textual import events
from textual._context import visible_screen_stack
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import WorkerCancelled

from paperreader import config
from paperreader.config import LoadedSettings
from paperreader.library import Library, Update, ViewCounts
from paperreader.models import MarkChange, Paper
from paperreader.text.tex_display import tex_to_unicode
from paperreader.tui.app import ReaderApp
from paperreader.tui.controllers.reader_controllers import ReaderControllers
from paperreader.tui.model.list_query import ListQuery, ListResult
from paperreader.tui.model.position import ListPosition
from paperreader.tui.reader_screen import ReaderScreen
from paperreader.tui.widgets.detail.widget import Detail
from paperreader.tui.widgets.empty_state import EmptyList
from paperreader.tui.widgets.key_footer import KeyFooter
from paperreader.tui.widgets.note_editor import NoteEditor
from paperreader.tui.widgets.paper_list.widget import PaperList
from paperreader.tui.widgets.search_bar import SearchBar
from paperreader.tui.widgets.status_bar import StatusBar
from paperreader.tui.widgets.text_line import TextLine
from paperreader.tui.widgets.views_sidebar import ViewsSidebar
from tests.waiting import TIMEOUT_SECONDS

IDLE_ROUNDS = 8
"""A key may change the focus, which changes a style, which changes the layout, which scrolls; and with a margin."""


class ReaderDriver:
    """An open reader, its widgets, and the texts on its screen."""

    def __init__(self, app: ReaderApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    @classmethod
    @asynccontextmanager
    async def open(
        cls,
        library: Library,
        *,
        size: tuple[int, int] = (80, 24),
        start_row: int | None = None,
        toml: str = "",
    ) -> AsyncIterator[ReaderDriver]:
        app = ReaderApp(library, start_row=start_row, loaded=load_settings(toml))
        with _paint_on_request(app):
            async with app.run_test(size=size, notifications=True) as pilot:
                reader = cls(app, pilot)
                await reader.wait_until_idle()
                yield reader

    async def wait_until_idle(self) -> None:
        """Wait until all messages are handled, all workers have finished, and the result is painted."""
        await self._settle()
        self._paint()

    async def _settle(self) -> None:
        for _ in range(IDLE_ROUNDS):
            while self.app.workers:
                with suppress(WorkerCancelled):  # by quitting
                    await self.app.workers.wait_for_complete()
            await self._handle_messages()

    def _paint(self) -> None:
        """Render the widgets that have changed. `screen_text` combines them, and renders what a dialog covers."""
        screen = self.app.screen
        changed = screen._compositor._dirty_regions.copy()
        screen._compositor._dirty_regions.clear()
        for widget, (region, clip) in screen._compositor.visible_widgets.items():
            shown = region.intersection(clip)
            if widget is not screen and any(map(shown.overlaps, changed)):
                widget.render_lines(shown.translate((-region.x, -region.y)))

    async def _handle_messages(self) -> None:
        """Wait until only timers, threads and files can wake a task, and lay out what is due.

        NOTE: `Pilot.pause` sends a message to each widget, which were two thirds of all messages.
        """
        await self._yield_to_tasks()
        self.app.screen._on_timer_update()

    @staticmethod
    async def _yield_to_tasks() -> None:
        ready = asyncio.get_running_loop()._ready  # type: ignore[attr-defined]  # there is no public way to see it
        await asyncio.sleep(0)
        while ready:
            await asyncio.sleep(0)

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, each after the effect of the one before, and paint the effect of the last.

        NOTE: `Pilot.press` also waits for an idle processor, which takes longer than everything else here together.
        """
        for key in keys:
            self.send_keys(key)
            await self._settle()
        self._paint()

    def send_keys(self, *keys: str) -> None:
        """Send keys all at once, without waiting."""
        for key in keys:
            name = _character_to_key(key) if len(key) == 1 else key
            self.app.post_message(events.Key(name, " " if key == "space" else key if len(key) == 1 else None))

    async def type(self, text: str) -> None:
        """Type text quickly: the reader handles one key after the other, and is waited for after the last one."""
        self.send_keys(*("space" if letter == " " else letter for letter in text))
        await self.wait_until_idle()

    @property
    def screen(self) -> ReaderScreen:
        """The main screen, also while a dialog covers it."""
        return next(screen for screen in reversed(self.app.screen_stack) if isinstance(screen, ReaderScreen))

    @property
    def controllers(self) -> ReaderControllers:
        return self.screen.controllers

    @property
    def library(self) -> Library:
        return self.screen.library

    @property
    def paper_list(self) -> PaperList:
        return self.screen.widgets.paper_list

    @property
    def detail(self) -> Detail:
        return self.screen.widgets.detail

    @property
    def note_editor(self) -> NoteEditor | None:
        """The open note editor."""
        return self.controllers.notes.editor

    @property
    def status_bar(self) -> StatusBar:
        return self.screen.widgets.status_bar

    @property
    def footer(self) -> KeyFooter:
        return self.screen.widgets.footer

    @property
    def sidebar(self) -> ViewsSidebar:
        return self.screen.widgets.sidebar

    @property
    def search_bar(self) -> SearchBar:
        return self.screen.widgets.search_bar

    @property
    def empty_list(self) -> EmptyList:
        return self.screen.widgets.empty_list

    @property
    def list_query(self) -> ListQuery:
        """What the list is to show."""
        return self.controllers.results.query

    @property
    def result(self) -> ListResult:
        """What the list shows."""
        result = self.controllers.results.result
        assert result is not None
        return result

    @property
    def counts(self) -> ViewCounts:
        """The sizes of the views."""
        counts = self.controllers.view_counts.counts
        assert counts is not None
        return counts

    @property
    def position(self) -> ListPosition:
        """The papers at the cursor and at the top of the list."""
        return self.controllers.results.position

    @property
    def paper(self) -> Paper | None:
        """The paper under the cursor."""
        row = self.paper_list.cursor
        return None if row is None else self.library.paper(row)

    @property
    def mode(self) -> str:
        return self.status_bar.mode

    @property
    def title(self) -> str:
        """The title of the paper under the cursor."""
        row = self.paper_list.cursor
        return "" if row is None else tex_to_unicode(self.library.paper(row).title)

    @property
    def titles(self) -> list[str]:
        """The titles of the list, in its order."""
        return [tex_to_unicode(self.library.paper(row).title) for row in self.result.rows]

    @property
    def status(self) -> str:
        """The text of the status bar."""
        return line_text(self.status_bar)

    @property
    def result_count(self) -> str:
        """The text at the right of the search bar."""
        return line_text(self.search_bar.result_count)

    @property
    def query(self) -> str:
        """The text in the search bar."""
        return self.search_bar.input.value

    @property
    def notifications(self) -> list[str]:
        """Errors and warnings, oldest first."""
        return [str(message.message) for message in self.app._notifications]

    @property
    def screen_text(self) -> str:
        """Everything on the screen, line by line."""
        visible_screen_stack.set(self.app._background_screens)
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in strips)

    def is_visible(self, widget: Widget) -> bool:
        """Return whether a widget has an area on the screen."""
        return widget.is_on_screen and widget.region.area > 0


@contextmanager
def _paint_on_request(app: ReaderApp) -> Iterator[None]:
    """Do not paint frames before all messages are handled, as on a slow terminal: they took a fifth of the time."""
    refresh = Screen._compositor_refresh

    def refreshed(screen: Screen[object]) -> None:
        if screen.app is app and screen is app.screen:
            screen._dirty_widgets.clear()  # the compositor knows their regions
            app._update_mouse_over(screen)
        else:
            refresh(screen)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Screen, "_compositor_refresh", refreshed)
        yield


def load_settings(toml: str) -> LoadedSettings:
    """Write the settings file, if `toml` is not empty, and read it."""
    file = config.settings_file()
    if toml:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(toml, encoding="utf-8")
    return config.read_settings()


async def wait_until(condition: Callable[[], object]) -> None:
    """Let the reader run until the condition holds.

    Raises:
        TimeoutError: it never does.
    """
    async with asyncio.timeout(TIMEOUT_SECONDS):
        while not condition():
            await asyncio.sleep(0.005)


async def poll_until_quiet(reader: ReaderDriver) -> None:
    """Check for changes of other processes until there are no more, as the reader does every second."""
    for _ in range(2):
        reader.controllers.sync.poll()
        await reader.wait_until_idle()


def line_text(line: TextLine) -> str:
    """Return the text of a line, without spaces at its ends."""
    return "".join(piece.text for piece in line.spans(line.size.width)).strip()


def block_saves(library: Library, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Make saves wait until the returned event is set."""
    released = threading.Event()
    save = library.save

    def slow(changes: Sequence[MarkChange]) -> Update:
        released.wait(TIMEOUT_SECONDS)
        return save(changes)

    monkeypatch.setattr(library, "save", slow)
    return released
