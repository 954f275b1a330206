"""Marks without an app: what is changed, saved, undone and reported."""

from __future__ import annotations

from paperreader.errors import StorageError
from paperreader.models import MarkChange
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.controllers.results import ResultsController


def make_marks(ctx):
    return MarksController(ctx, ResultsController(ctx))


async def test_bookmark_is_shown_at_once_and_saved_in_the_background(ctx):
    marks, row = make_marks(ctx), ctx.current_row
    marks.toggle_bookmark()
    assert ctx.library.mark(row).bookmarked
    assert ctx.widgets.paper_list.repainted == [{row}]
    assert ctx.ui.message.startswith("Bookmarked")
    assert marks.history.has_unsaved
    await ctx.tasks.wait()
    assert not marks.history.has_unsaved
    assert ctx.widgets.paper_list.repainted == [{row}, None]


async def test_selection_is_the_target_of_a_command(ctx):
    marks, rows = make_marks(ctx), list(ctx.library.table.newest[2:5])
    ctx.widgets.paper_list.selection = rows
    marks.toggle_read()
    assert [row for row in ctx.library.table.newest if ctx.library.mark(row).is_read] == rows
    await ctx.tasks.wait()
    marks.undo()
    assert not any(ctx.library.mark(row).is_read for row in rows)
    await ctx.tasks.wait()


async def test_next_unread_clears_the_selection_and_moves_on(ctx):
    marks, papers = make_marks(ctx), ctx.widgets.paper_list
    papers.selection = [papers.cursor]
    marks.read_and_next()
    assert not papers.is_selecting
    assert papers.position == 1
    await ctx.tasks.wait()


async def test_page_or_next_unread_marks_read_only_at_the_end(ctx):
    marks, row = make_marks(ctx), ctx.current_row
    ctx.widgets.detail.pages = 1
    marks.page_or_next_unread()
    assert not ctx.library.mark(row).is_read
    marks.page_or_next_unread()
    assert ctx.library.mark(row).is_read
    await ctx.tasks.wait()


async def test_failed_save_is_rolled_back_and_reported(ctx, monkeypatch):
    def full(changes):
        raise StorageError("no space left on device")

    monkeypatch.setattr(ctx.library, "save", full)
    marks, row = make_marks(ctx), ctx.current_row
    marks.toggle_bookmark()
    await ctx.tasks.wait()
    assert not ctx.library.mark(row).bookmarked
    assert marks.failed_saves == 1
    assert ctx.ui.errors == ["Not saved: no space left on device"]
    marks.undo()
    assert ctx.ui.message == "Nothing to undo"


async def test_mark_all_read_asks_first(ctx):
    results = ResultsController(ctx)
    marks = MarksController(ctx, results)
    results.show(results.query)
    ctx.ui.answers = [None, True]
    marks.mark_all_read()
    assert len(ctx.library.view("unread")) == 10
    marks.mark_all_read()
    assert len(ctx.library.view("unread")) == 0
    marks.mark_all_read()
    assert ctx.ui.message == "Nothing unread here"
    await ctx.tasks.wait()


async def test_change_without_effect_is_not_recorded(ctx):
    marks = make_marks(ctx)
    marks.apply([ctx.current_row], MarkChange("", read=False), "mark as unread", "Marked as unread: ")
    assert not marks.history.has_unsaved
    assert ctx.ui.message == ""
