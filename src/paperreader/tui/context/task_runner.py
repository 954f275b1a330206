"""Background work and timers of the reader screen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from textual.screen import Screen
from textual.timer import Timer

from paperreader.errors import PaperreaderError
from paperreader.storage import describe_os_error
from paperreader.text.sanitize import single_line
from paperreader.tui.runtime.threads import run_in_thread

Result = TypeVar("Result")


class TaskRunner:
    """Starts coroutines and timers that end with the screen, and threads."""

    def __init__(self, screen: Screen[None]) -> None:
        self._screen = screen

    @property
    def is_running(self) -> bool:
        """Whether the app is running; False while it shuts down and nothing can be shown any more."""
        return self._screen.app.is_running

    def start(self, work: Coroutine[Any, Any, object], group: str = "work") -> None:
        """Run a coroutine in the background, unless the app is shutting down. Errors that it raises are reported."""
        if self.is_running:
            self._screen.run_worker(self._run_reported(work), group=group, exit_on_error=True)
        else:
            work.close()

    def run_reported(self, function: Callable[[], Result]) -> Result | None:
        """Call a function. An error of the program or the system is reported and does not end the reader."""
        try:
            return function()
        except (PaperreaderError, OSError) as error:
            self._report(error)
            return None

    async def _run_reported(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except (PaperreaderError, OSError) as error:
            self._report(error)

    def _report(self, error: PaperreaderError | OSError) -> None:
        message = describe_os_error(error) if isinstance(error, OSError) else str(error)
        self._screen.notify(single_line(message), severity="error", markup=False)

    def start_in_thread(self, work: Callable[[], object], group: str = "work") -> None:
        """Run a function in a thread of its own; its result is ignored. It does not end with the screen: it saves."""
        if self.is_running:
            self._screen.app.run_worker(
                self._run_reported(run_in_thread(work)), group=group, exit_on_error=True
            )

    def after(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback` once, unless the timer is stopped before."""
        return self._screen.set_timer(seconds, partial(self.run_reported, callback))

    def every(self, seconds: float, callback: Callable[[], object]) -> Timer:
        """Call `callback` periodically."""
        return self._screen.set_interval(seconds, partial(self.run_reported, callback))

    def after_refresh(self, callback: Callable[[], object]) -> None:
        """Call `callback` when everything that changed so far is painted."""
        self._screen.call_after_refresh(callback)

    def after_messages(self, callback: Callable[..., object], *arguments: object) -> None:
        """Call `callback` (it may be a coroutine function) when the messages that are queued now are handled."""
        self._screen.call_later(callback, *arguments)

    def from_thread(self, callback: Callable[..., object], *arguments: object) -> None:
        """Call `callback` in the event loop and wait for its end. For worker threads."""
        self._screen.app.call_from_thread(callback, *arguments)
