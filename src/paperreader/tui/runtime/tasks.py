"""Work beside the user interface: threads that quitting never waits for, and that keep only the newest question."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

Request = TypeVar("Request")
Result = TypeVar("Result")


async def run_in_thread(work: Callable[[], Result]) -> Result:
    """What `work` returns or raises, done in a thread of its own.

    NOTE: not `asyncio.to_thread`, nor a thread worker of Textual: both use the event loop's pool, whose threads are
    waited for when the loop closes, so a hung clipboard program would hold up quitting.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Result] = loop.create_future()

    def settle(result: Result | None, error: BaseException | None) -> None:
        if answer.done():  # the asker was cancelled meanwhile
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result: Result | None = None
        failure: BaseException | None = None
        try:
            result = work()
        except BaseException as error:
            failure = error
        try:
            loop.call_soon_threadsafe(settle, result, failure)
        except RuntimeError:
            return  # the loop has closed: the reader quit, and nobody waits for this answer

    threading.Thread(target=run, daemon=True, name="paperreader-work").start()
    return await answer


class LatestOnly(Generic[Request, Result]):
    """Asks one question at a time, and of those that came in meanwhile only the newest.

    `work(asked, cancelled)` runs in a thread; `cancelled()` turns true as soon as somebody asks again.
    `done(asked, result)` and `failed(asked, error)` run in the event loop, for the newest question only.
    """

    def __init__(
        self,
        work: Callable[[Request, Callable[[], bool]], Result],
        done: Callable[[Request, Result], None],
        failed: Callable[[Request, Exception], None],
        start: Callable[[Coroutine[Any, Any, None]], object],
    ) -> None:
        """`start` runs a coroutine beside the user interface (`run_worker`)."""
        self._work, self._done, self._failed, self._start = work, done, failed, start
        self._number = 0
        self._queued: tuple[int, Request] | None = None
        self._busy = False

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._busy

    def submit(self, request: Request) -> None:
        """Answer `asked` as soon as the thread is free."""
        self._number += 1
        self._queued = (self._number, request)
        if not self._busy:
            self._busy = True
            self._start(self._run())

    def discard(self) -> None:
        """Nobody wants the answer to what was asked so far any more."""
        self._number += 1
        self._queued = None

    async def _run(self) -> None:
        try:
            while self._queued is not None:
                (number, asked), self._queued = self._queued, None
                await self._process(number, asked)
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
