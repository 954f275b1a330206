"""A context for controllers without an app: a real library; widgets, user interface and timers that record."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace

from paperreader.config import Settings
from paperreader.tui.commands.keymap import DEFAULT_KEYMAP
from paperreader.tui.context.command_queue import CommandQueue
from paperreader.tui.context.context import ReaderContext
from paperreader.tui.context.signals import ReaderSignals
from paperreader.tui.terminal.glyphs import UNICODE
from paperreader.tui.widgets.status_bar import StatusInfo


class FakeTimer:
    def __init__(self, seconds, callback):
        self.seconds, self.callback = seconds, callback
        self.is_stopped = False

    def stop(self):
        self.is_stopped = True


class FakeTasks:
    """Runs background work as asyncio tasks, and timers when the test says so."""

    def __init__(self):
        self.is_running = True
        self.timers = []
        self._tasks = []

    def start(self, work, group="work"):
        self._tasks.append(asyncio.ensure_future(work))

    def start_in_thread(self, work, group="work"):
        work()

    def after(self, seconds, callback):
        self.timers.append(FakeTimer(seconds, callback))
        return self.timers[-1]

    every = after

    def after_refresh(self, callback):
        callback()

    def after_messages(self, callback, *arguments):
        self.start(callback(*arguments))

    def from_thread(self, callback, *arguments):
        callback(*arguments)

    def run_timers(self):
        """Let the time of all timers pass once."""
        timers, self.timers = self.timers, []
        for timer in timers:
            if not timer.is_stopped:
                timer.callback()

    async def wait(self):
        """Wait for all background work, and what that starts."""
        while self._tasks:
            await self._tasks.pop(0)


class FakeUi:
    """Records messages; a dialog is answered with the next of `answers`."""

    def __init__(self):
        self.mode = "list"
        self.is_in_front = True
        self.is_zoomed = False
        self.arrangement = "side"
        self.has_sidebar = False
        self.keymap = DEFAULT_KEYMAP
        self.message = ""
        self.errors = []
        self.warnings = []
        self.dialogs = []
        self.answers = []
        self.is_empty = None
        self.open_notes = []
        self.notifications = 0

    def inform(self, *parts):
        self.message = "".join(getattr(part, "text", part) for part in parts)

    def clear_message(self):
        self.message = ""

    def fail(self, error):
        self.errors.append(str(error))

    def warn(self, text):
        self.warnings.append(text)

    def dismiss_notifications(self):
        found, self.notifications = self.notifications, 0
        return bool(found)

    def push_dialog(self, dialog, callback=None):
        self.dialogs.append(dialog)
        if callback is not None and self.answers:
            callback(self.answers.pop(0))

    def focus_list(self):
        self.mode = "list"
        self.is_zoomed = False

    def focus_search(self):
        self.mode = "search"

    def focus_detail(self, *, in_place_of_list):
        self.mode = "detail"

    def zoom_detail(self):
        self.mode = "detail"
        self.is_zoomed = True

    def end_zoom(self):
        self.is_zoomed = False

    def show_empty_library(self, empty):
        self.is_empty = empty

    def show_status_bar(self):
        pass

    async def open_note_editor(self, editor):
        self.open_notes.append(editor)

    def close_note_editor(self, editor):
        self.open_notes.remove(editor)

    def repaint(self):
        pass

    @contextmanager
    def single_frame(self):
        yield

    def suspend(self):
        return nullcontext()


class FakePaperList:
    """A cursor in a list of rows."""

    def __init__(self):
        self.rows = ()
        self.position = 0
        self.selection = []
        self.marks = {}
        self.repainted = []
        self.cursor_callback = None

    @property
    def cursor(self):
        return self.rows[self.position] if len(self.rows) else None

    top = cursor

    @property
    def is_selecting(self):
        return bool(self.selection)

    @property
    def selected_rows(self):
        return self.selection

    @property
    def selected_count(self):
        return len(self.selection)

    def show(self, table, marks, rows, *, cursor=None, **options):
        self.rows, self.marks = rows, marks
        self.position = list(rows).index(cursor) if cursor in rows else 0

    def refresh_marks(self, marks, rows=None):
        self.marks = marks
        self.repainted.append(rows)

    def deselect_all(self):
        self.selection = []

    def toggle_selection(self):
        self.selection = [self.cursor]

    def move_by(self, delta):
        self.position = max(0, min(self.position + delta, len(self.rows) - 1))

    def go_to_row(self, row):
        if row not in self.rows:
            return False
        self.position = list(self.rows).index(row)
        return True

    def jump_unread(self, direction):
        position = self.position + direction
        while 0 <= position < len(self.rows):
            mark = self.marks.get(self.rows[position])
            if mark is None or not mark.is_read:
                self.position = position
                return True
            position += direction
        return False


class FakeDetail:
    def __init__(self):
        self.paper = None
        self.mark = None
        self.display = True
        self.size = SimpleNamespace(height=10)
        self.scroll_offset = SimpleNamespace(y=0)
        self.pages = 0
        """How many pages there are below."""
        self.is_raw = False

    def show(self, paper, mark, *, find_matches=None, sentence="", facts=(), fit=None):
        self.paper, self.mark = paper, mark

    def refresh_mark(self, mark, fit=None):
        self.mark = mark

    def page_down(self):
        if not self.pages:
            return False
        self.pages -= 1
        return True

    def set_raw(self, raw):
        self.is_raw = raw

    def scroll_lines(self, count):
        self.scroll_offset.y += count


class FakeInput:
    def __init__(self):
        self.value = ""
        self.did_you_mean = ""
        self.is_recalled = False
        self.query_suggester = SimpleNamespace(history=[], completer=None)

    def prevent(self, *messages):
        return nullcontext()

    def set_query(self, text):
        self.value = text


def fake_widgets():
    return SimpleNamespace(
        search_bar=SimpleNamespace(
            input=FakeInput(),
            result_count=SimpleNamespace(is_waiting=False, status_note="", total=0, found=None),
        ),
        sidebar=SimpleNamespace(outer_size=SimpleNamespace(width=0)),
        paper_list=FakePaperList(),
        empty_list=SimpleNamespace(explain=lambda result, view: None),
        detail=FakeDetail(),
        empty_library=SimpleNamespace(),
        status_bar=SimpleNamespace(info=StatusInfo(), mode="list", hint=()),
        footer=SimpleNamespace(mode="list"),
    )


def fake_context(library, settings=None):
    """The paper list shows all papers of the library, the cursor on the first."""
    ctx = ReaderContext(
        library,
        settings or Settings(),
        UNICODE,
        fake_widgets(),
        FakeUi(),
        FakeTasks(),
        ReaderSignals(),
        CommandQueue(),
    )
    ctx.widgets.paper_list.rows = library.table.newest
    return ctx
