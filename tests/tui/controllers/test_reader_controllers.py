"""All controllers together, without an app: the order of signals, going back, and search."""

from __future__ import annotations

import pytest_asyncio

from paperreader.tui.controllers.controller_set import ControllerSet
from paperreader.tui.controllers.list_controllers import ListControllers
from paperreader.tui.controllers.reader_controllers import ReaderControllers
from paperreader.tui.model.list_query import ListQuery
from paperreader.tui.model.position import SavedSession


@pytest_asyncio.fixture
async def shown(ctx):
    """The controllers of the first frame."""
    return ListControllers(ctx)


@pytest_asyncio.fixture
async def controllers(ctx, shown):
    """All controllers, with all papers shown and counted."""
    controllers = ReaderControllers(ctx, shown, open_library=lambda library: None)
    ctx.widgets.paper_list.cursor_callback = ctx.signals.cursor_moved.emit
    controllers.results.show(ListQuery())
    controllers.view_counts.start()
    await ctx.tasks.wait()
    return controllers


async def test_a_mark_changes_list_detail_counts_and_status_in_this_order(ctx, controllers, monkeypatch):
    order = []
    monkeypatch.setattr(ctx.widgets.paper_list, "refresh_marks", lambda *_: order.append("list"))
    monkeypatch.setattr(ctx.widgets.detail, "refresh_mark", lambda *_: order.append("detail"))
    ctx.signals.counts_changed.connect(lambda _: order.append(ctx.widgets.status_bar.info.bookmarks))
    controllers.marks.toggle_bookmark()
    assert order == ["list", "detail", 1]
    await ctx.tasks.wait()


async def test_results_show_paper_and_status_before_commands_run(ctx, controllers):
    seen = []

    def record():
        seen.append((ctx.widgets.detail.paper, ctx.widgets.status_bar.info.list_length))

    controllers.search.query_typed("umbrella")
    controllers.results.when_ready(record)
    await ctx.tasks.wait()
    rows = controllers.results.result.rows
    assert seen == [(ctx.library.paper(rows[0]), len(rows))]


async def test_clearing_a_search_restores_the_position(ctx, controllers):
    ctx.widgets.paper_list.move_by(3)
    row = ctx.current_row
    controllers.search.query_typed("umbrella")
    await ctx.tasks.wait()
    assert ctx.current_row != row
    controllers.search.query_typed("")
    await ctx.tasks.wait()
    assert ctx.current_row == row


async def test_related_papers_are_closed_one_list_at_a_time(ctx, controllers):
    first = ctx.current_row
    controllers.search.open_related(ctx.current_paper, "related")
    await ctx.tasks.wait()
    second = ctx.current_row
    assert second != first
    controllers.search.open_related(ctx.current_paper, "related")
    await ctx.tasks.wait()
    assert controllers.search.resumable[0] == ListQuery()
    assert controllers.search.close_related()
    await ctx.tasks.wait()
    assert ctx.current_row == second
    assert controllers.search.close_related()
    await ctx.tasks.wait()
    assert ctx.current_row == first
    assert not controllers.search.close_related()


async def test_going_back_is_one_step_at_a_time(ctx, controllers):
    ctx.ui.notifications = 1
    ctx.widgets.paper_list.toggle_selection()
    ctx.ui.mode = "detail"
    controllers.back.go_back()
    assert ctx.widgets.paper_list.is_selecting
    controllers.back.go_back()
    assert not ctx.widgets.paper_list.is_selecting
    assert ctx.ui.mode == "detail"
    controllers.back.go_back()
    assert ctx.ui.mode == "list"
    controllers.search.search_for("umbrella")
    controllers.search.query_typed("umbrella")
    await ctx.tasks.wait()
    controllers.back.go_back()
    assert ctx.widgets.search_bar.input.value == ""


async def test_a_session_is_saved_and_restored(ctx, shown, controllers):
    controllers.views.show("unread")
    ctx.widgets.paper_list.move_by(2)
    await ctx.tasks.wait()
    session = controllers.session.current
    assert session.query.view == "unread"
    controllers.session.save_position()
    assert shown.load_session(None) == session
    controllers.results.show(ListQuery())
    shown.restore(session)
    await ctx.tasks.wait()
    assert controllers.results.query == session.query
    assert controllers.results.position.cursor == session.position.cursor


async def test_results_that_came_before_the_other_controllers_are_checked(ctx, shown, monkeypatch):
    shown.results.show(ListQuery())
    late = ReaderControllers(ctx, shown, open_library=lambda library: None)
    checked = []
    monkeypatch.setattr(late.indexing, "check_result", checked.append)
    monkeypatch.setattr(
        ctx.tasks, "run_reported", lambda step: None, raising=False
    )  # what uses the real disk
    late.start()
    assert checked == [shown.results.result]
    await ctx.tasks.wait()


async def test_a_search_is_restored_when_all_controllers_are_there(ctx):
    controllers = ControllerSet(ctx, open_library=lambda library: None)
    controllers.first.results.show(ListQuery())
    controllers.restore(SavedSession())
    assert "all" not in vars(controllers)
    controllers.restore(SavedSession(ListQuery(text="umbrella")))
    assert "all" in vars(controllers)
    await ctx.tasks.wait()
    assert controllers.first.results.query.text == "umbrella"
