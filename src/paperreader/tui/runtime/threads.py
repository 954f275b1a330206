"""Background threads that never delay quitting, and a worker that processes only the latest request."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

Request = TypeVar("Request")
Result = TypeVar("Result")


async def run_in_thread(work: Callable[[], Result]) -> Result:
    """Run `work` in a thread of its own. Return its result, or raise its exception.

    NOTE: neither `asyncio.to_thread` nor a thread worker of Textual: both use the pool of the event loop, which waits
    for its threads when the loop closes. A clipboard program that hangs would block quitting.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def resolve(result: Result | None, error: BaseException | None) -> None:
        if future.done():  # the caller was cancelled
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result: Result | None = None
        failure: BaseException | None = None
        try:
            result = work()
        except BaseException as error:
            failure = error
        try:
            loop.call_soon_threadsafe(resolve, result, failure)
        except RuntimeError:
            return  # the loop is closed, because the reader quit

    _run_in_idle_thread(run)
    return await future


_Work = Callable[[], None]

_idle_threads: list[SimpleQueue[_Work]] = []
"""The queues of threads that wait for work."""


def _run_in_idle_thread(work: _Work) -> None:
    """Run `work` in a thread that has nothing to do, or in a new one.

    NOTE: `Thread.start` waits until the new thread runs, which then holds the interpreter for a millisecond or more:
    with each letter of a search, before its echo.
    """
    try:
        queue = _idle_threads.pop()
    except IndexError:
        queue = SimpleQueue()
        threading.Thread(target=_work_forever, args=(queue,), daemon=True, name="paperreader-work").start()
    queue.put(work)


def _work_forever(queue: SimpleQueue[_Work]) -> None:
    while True:
        queue.get()()
        _idle_threads.append(queue)


class LatestOnly(Generic[Request, Result]):
    """Processes one request at a time. Of the requests that arrive meanwhile, only the latest is processed.

    `work(request, cancelled)` runs in a thread; `cancelled()` is true once there is a newer request.
    `done(request, result)` and `failed(request, error)` run in the event loop, for the latest request only.
    """

    def __init__(
        self,
        work: Callable[[Request, Callable[[], bool]], Result],
        done: Callable[[Request, Result], None],
        failed: Callable[[Request, Exception], None],
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`start` runs a coroutine in the background (`run_worker`)."""
        self._work, self._done, self._failed, self._start = work, done, failed, start
        self._number = 0
        self._queued: tuple[int, Request] | None = None
        self._busy = False

    @property
    def is_busy(self) -> bool:
        """Whether a request is being processed."""
        return self._busy

    def submit(self, request: Request) -> None:
        """Process `request` as soon as the thread is free."""
        self._number += 1
        self._queued = (self._number, request)
        if not self._busy:
            self._busy = True
            self._start(self._run())

    def discard(self) -> None:
        """Drop all requests so far: their results are not reported."""
        self._number += 1
        self._queued = None

    async def _run(self) -> None:
        try:
            while self._queued is not None:
                (number, request), self._queued = self._queued, None
                await self._process(number, request)
        finally:
            self._busy = False

    async def _process(self, number: int, request: Request) -> None:
        try:
            result = await run_in_thread(lambda: self._work(request, lambda: number != self._number))
        except Exception as error:
            if number == self._number:
                self._failed(request, error)
            return
        if number == self._number:
            self._done(request, result)
