"""The index is updated once at a time, again after a lock, and compacted when idle."""

from __future__ import annotations

import pytest

from paperreader.errors import LockTimeout, StorageError
from paperreader.tui.context.job_status import JobStatus
from paperreader.tui.controllers.library.indexing import IDLE_SECONDS, RETRY_SECONDS, IndexingController


@pytest.fixture
def jobs(ctx):
    return JobStatus(ctx.widgets.status_bar, ctx.tasks, ctx.glyphs)


@pytest.fixture
def outcomes(ctx, jobs, monkeypatch):
    """What each run of a job does, in order: returns a report or raises an error."""
    outcomes = []

    def run(job, owner):
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(jobs, "run", run)
    monkeypatch.setattr(ctx.library.maintenance, "index_is_current", lambda: False)
    return outcomes


@pytest.fixture
def updates(ctx):
    """One entry for each time the index was updated."""
    updates = []
    ctx.signals.index_updated.connect(updates.append)
    return updates


async def test_a_current_index_is_left_alone_and_maintained_when_idle(ctx, jobs, updates):
    indexing = IndexingController(ctx, jobs)
    indexing.start_update()
    await ctx.tasks.wait()
    assert updates == []
    assert [timer.seconds for timer in ctx.tasks.timers] == [IDLE_SECONDS]


async def test_an_update_is_announced(ctx, jobs, outcomes, updates):
    outcomes.append({})
    indexing = IndexingController(ctx, jobs)
    indexing.start_update()
    indexing.start_update()
    await ctx.tasks.wait()
    assert updates == [None]
    assert not indexing.is_updating
    assert ctx.widgets.status_bar.info.activity == ""


async def test_an_update_waits_for_another_process(ctx, jobs, outcomes, updates):
    outcomes += [LockTimeout("held by another paperreader"), {}]
    indexing = IndexingController(ctx, jobs)
    indexing.start_update()
    await ctx.tasks.wait()
    assert ctx.ui.errors == []
    assert [timer.seconds for timer in ctx.tasks.timers] == [RETRY_SECONDS]
    ctx.tasks.run_timers()
    await ctx.tasks.wait()
    assert updates == [None]


async def test_other_errors_are_reported(ctx, jobs, outcomes, updates):
    outcomes.append(StorageError("no space left"))
    indexing = IndexingController(ctx, jobs)
    indexing.start_update()
    await ctx.tasks.wait()
    assert ctx.ui.errors == ["no space left"]
    assert updates == []


async def test_no_update_runs_while_an_import_indexes(ctx, jobs, outcomes, updates):
    indexing = IndexingController(ctx, jobs)
    with jobs.running("import", "importing"):
        assert indexing.is_updating
        assert ctx.widgets.status_bar.info.activity == "importing"
        indexing.start_update()
        await ctx.tasks.wait()
    assert updates == []
    assert not indexing.is_updating


async def test_a_failed_search_is_reported_unless_the_index_is_being_built(ctx, jobs):
    IndexingController(ctx, jobs)
    with jobs.running("import"):
        ctx.signals.search_failed.emit(StorageError("no index"))
    assert ctx.ui.errors == []
    ctx.signals.search_failed.emit(StorageError("no index"))
    assert ctx.ui.errors == ["no index"]
