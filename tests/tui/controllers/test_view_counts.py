"""Counts without an app: counted once, then updated with each mark."""

from __future__ import annotations

import pytest_asyncio

from paperreader.library import view_for_query
from paperreader.tui.controllers import view_counts
from paperreader.tui.controllers.papers.marks import MarksController
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.controllers.view_counts import ViewCountsController
from paperreader.tui.model.views import BUILT_IN_VIEWS, ListView

CLOCKS = view_for_query("clocks")


@pytest_asyncio.fixture
async def counted(ctx, monkeypatch):
    """Controllers of marks and counts, and how often the library counted all views."""
    calls = []
    count = ctx.library.view_counts

    def counting(queries, *, marks):
        calls.append(queries)
        return count(queries, marks=marks)

    monkeypatch.setattr(ctx.library, "view_counts", counting)
    marks = MarksController(ctx, ResultsController(ctx))
    counts = ViewCountsController(ctx)
    counts.set_views([*BUILT_IN_VIEWS, ListView(CLOCKS, "Clocks", "Clocks", "")])
    return marks, counts, calls


async def test_a_mark_changes_the_counts_without_counting_again(ctx, counted):
    marks, counts, calls = counted
    await ctx.tasks.wait()
    assert (counts.counts.unread, counts.counts.bookmarks) == (10, 0)
    marks.toggle_read()
    assert counts.counts.unread == 9
    marks.toggle_bookmark()
    assert counts.counts.bookmarks == 1
    marks.undo()
    marks.undo()
    assert (counts.counts.unread, counts.counts.bookmarks) == (10, 0)
    await ctx.tasks.wait()
    assert len(calls) == 1


async def test_counts_of_a_subscription_follow_its_own_papers(ctx, counted):
    marks, counts, calls = counted
    await ctx.tasks.wait()
    before = counts.counts.queries[CLOCKS].unread
    row = next(row for row in ctx.library.table.newest if counts.counts.queries[CLOCKS].contains(row))
    ctx.widgets.paper_list.go_to_row(row)
    marks.toggle_read()
    assert counts.counts.queries[CLOCKS].unread == before - 1
    await ctx.tasks.wait()
    assert len(calls) == 1


async def test_many_marks_are_counted_again(ctx, counted, monkeypatch):
    monkeypatch.setattr(view_counts, "MAX_INCREMENTAL", 1)
    marks, counts, calls = counted
    await ctx.tasks.wait()
    ctx.widgets.paper_list.selection = list(ctx.library.table.newest[:3])
    marks.toggle_read()
    await ctx.tasks.wait()
    assert counts.counts.unread == 7
    assert len(calls) >= 2, "when they are shown, and when they are saved"


async def test_every_change_of_the_counts_is_announced(ctx, counted):
    marks, counts, _ = counted
    announced = []
    ctx.signals.counts_changed.connect(lambda _: announced.append(counts.counts.bookmarks))
    await ctx.tasks.wait()
    marks.toggle_bookmark()
    assert announced == [0, 1]
    await ctx.tasks.wait()
