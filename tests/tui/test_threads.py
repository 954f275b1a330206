"""Background threads, and the worker that processes only the latest request."""

from __future__ import annotations

import asyncio
import threading

import pytest

from paperreader.tui.runtime.threads import LatestOnly, run_in_thread
from tests.waiting import TIMEOUT_SECONDS


async def test_run_in_thread_returns_result_or_raises():
    assert await run_in_thread(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await run_in_thread(lambda: 1 // 0)


async def test_only_latest_waiting_request_is_processed():
    may_finish, started = threading.Event(), threading.Event()
    tasks, reported, seen = [], [], []

    def work(request, cancelled):
        seen.append(request)
        started.set()
        if request == "a":
            may_finish.wait(TIMEOUT_SECONDS)
            return cancelled()
        return request

    newest = LatestOnly(
        work,
        done=lambda request, result: reported.append((request, result)),
        failed=lambda request, error: reported.append((request, error)),
        start=lambda coroutine: tasks.append(asyncio.ensure_future(coroutine)),
    )
    newest.submit("a")
    await run_in_thread(lambda: started.wait(TIMEOUT_SECONDS))
    newest.submit("b")
    newest.submit("c")
    assert newest.is_busy
    may_finish.set()
    await asyncio.gather(*tasks)
    assert seen == ["a", "c"]
    assert reported == [("c", "c")]
    assert not newest.is_busy


async def test_discarded_request_is_not_reported():
    tasks, reported = [], []
    newest = LatestOnly(
        lambda request, cancelled: request,
        done=lambda request, result: reported.append(request),
        failed=lambda request, error: reported.append(error),
        start=lambda coroutine: tasks.append(asyncio.ensure_future(coroutine)),
    )
    newest.submit("a")
    newest.discard()
    await asyncio.gather(*tasks)
    assert reported == []
