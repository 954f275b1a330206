"""The timer that marks a paper read."""

from __future__ import annotations

from msgspec.structs import replace

from paperreader.config import Settings
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.controllers.papers.reading_timer import ReadingTimerController
from paperreader.tui.controllers.results import ResultsController
from tests.tui.controllers.fakes import fake_context


def open_timer(library, mark_read=3.0):
    settings = Settings()
    ctx = fake_context(library, replace(settings, reading=replace(settings.reading, mark_read=mark_read)))
    return ctx, ReadingTimerController(ctx, MarksController(ctx, ResultsController(ctx)))


async def test_a_paper_is_marked_read_after_its_time_in_the_detail(library):
    ctx, _ = open_timer(library)
    ctx.ui.mode = "detail"
    ctx.signals.mode_changed.emit(None)
    assert [each.seconds for each in ctx.tasks.timers] == [3.0]
    ctx.tasks.run_timers()
    assert library.mark(ctx.current_row).is_read
    await ctx.tasks.wait()


async def test_another_paper_starts_the_time_again(library):
    ctx, timer = open_timer(library)
    ctx.ui.mode = "detail"
    ctx.signals.mode_changed.emit(None)
    first = ctx.tasks.timers[0]
    ctx.widgets.paper_list.move_by(1)
    ctx.signals.cursor_moved.emit(ctx.current_row)
    assert first.is_stopped
    assert timer.is_running


async def test_nothing_is_marked_in_the_list_or_under_a_dialog(library):
    ctx, timer = open_timer(library)
    ctx.signals.mode_changed.emit(None)
    assert not timer.is_running
    ctx.ui.mode = "detail"
    timer.restart()
    ctx.ui.is_in_front = False
    ctx.tasks.run_timers()
    assert not library.marks


async def test_the_default_setting_starts_no_timer(library):
    ctx, timer = open_timer(library, "key")
    ctx.ui.mode = "detail"
    timer.restart()
    assert not timer.is_running
