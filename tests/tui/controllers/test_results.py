"""Queries and results without an app."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from paperreader.errors import StorageError
from paperreader.tui.controllers.results import ResultsController
from paperreader.tui.model.list_query import ListQuery

CLOCK = ListQuery(text="clock", sort="relevance")


async def test_all_papers_are_shown_at_once(ctx):
    results, shown = ResultsController(ctx), []
    ctx.signals.results_shown.connect(shown.append)
    results.show(ListQuery())
    assert len(shown) == 1
    assert list(results.result.rows) == list(ctx.library.table.newest)


async def test_a_search_runs_in_the_background(ctx):
    results = ResultsController(ctx)
    results.show(ListQuery())
    results.show(CLOCK)
    assert results.is_pending
    assert results.result.query == ListQuery()
    await ctx.tasks.wait()
    assert results.result.query == CLOCK
    assert ctx.widgets.search_bar.result_count.found == results.result.full_matches


async def test_commands_wait_for_the_results_they_are_about(ctx):
    results, rows = ResultsController(ctx), []
    results.show(CLOCK)
    results.when_ready(lambda: rows.append(ctx.current_row))
    assert rows == []
    await ctx.tasks.wait()
    assert rows == [results.result.rows[0]]
    results.when_ready(lambda: rows.append("now"))
    assert rows[-1] == "now"


async def test_commands_for_results_that_never_come_are_dropped(ctx):
    results, calls = ResultsController(ctx), []
    results.show(CLOCK)
    results.when_ready(lambda: calls.append("clock"))
    results.show(ListQuery(text="umbrella", sort="relevance"))
    await ctx.tasks.wait()
    assert calls == []
    assert not ctx.commands.is_busy


async def test_another_query_clears_the_selection(ctx):
    results, changes = ResultsController(ctx), []
    ctx.signals.mode_changed.connect(changes.append)
    ctx.widgets.paper_list.selection = [ctx.current_row]
    results.show(results.query)
    assert changes == []
    results.show(ListQuery(view="unread"))
    assert changes == [None]
    await ctx.tasks.wait()


async def test_a_failed_search_leaves_the_list_and_is_announced(ctx, monkeypatch):
    def broken(text, **options):
        raise StorageError("no index")

    monkeypatch.setattr(ctx.library, "search", broken)
    results, errors = ResultsController(ctx), []
    ctx.signals.search_failed.connect(errors.append)
    results.show(ListQuery())
    results.show(CLOCK)
    await ctx.tasks.wait()
    assert [str(error) for error in errors] == ["no index"]
    assert results.result.query == ListQuery()
    assert ctx.widgets.search_bar.result_count.status_note == "no index yet"


async def test_an_updated_index_is_searched_again(ctx):
    results, shown = ResultsController(ctx), []
    results.show(CLOCK)
    await ctx.tasks.wait()
    ctx.signals.results_shown.connect(shown.append)
    ctx.signals.index_updated.emit(None)
    await ctx.tasks.wait()
    assert [result.query for result in shown] == [CLOCK]


@pytest.mark.parametrize("action", ["none", "move", "key in the list", "key in the search bar"])
async def test_cursor_stays_on_the_first_result_until_the_user_moves_it(ctx, action):
    results, search = ResultsController(ctx), ctx.library.search
    hidden = []
    ctx.library.search = lambda text, **options: without(search(text, **options), hidden)
    first, *others = search("the", is_typing=False).rows
    hidden.append(first)
    ctx.ui.mode = "search"
    results.show(ListQuery(text="the", sort="relevance"))
    await ctx.tasks.wait()
    assert results.position.cursor == ctx.library.paper(others[0]).id
    if action == "move":
        ctx.widgets.paper_list.position = 1
        ctx.signals.cursor_moved.emit(others[1])
    elif action != "none":
        ctx.ui.mode = "list" if action == "key in the list" else "search"
        ctx.signals.key_pressed.emit(None)
    before = results.position.cursor
    hidden.clear()  # the index holds more
    ctx.signals.index_updated.emit(None)
    await ctx.tasks.wait()
    stays = action in ("none", "key in the search bar")
    assert results.position.cursor == (ctx.library.paper(first).id if stays else before)


def without(hits, rows):
    """Return the hits of an index that lacks these rows."""
    left = [row for row in hits.rows if row not in rows]
    return replace(hits, rows=left, full_matches=hits.full_matches - (len(hits.rows) - len(left)))
