"""Runs the garbage collector while the user is not pressing keys."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from paperreader.system.memory import keep_freed_memory, release_free_memory

IDLE_SECONDS = 0.8
"""Pause after a key press before garbage is collected."""

_YOUNG_THRESHOLD = 5_000
"""New objects before the youngest generation is collected: about half of those of one repaint."""
_MIDDLE_THRESHOLD = 3
"""Collections of the youngest generation before one of the middle one: with more, it takes longer than a repaint."""
_FULL_THRESHOLD = 60
"""Collections of the middle generation before a full one, which then runs even while keys arrive."""


class IdleCollector:
    """Collects the reference cycles of painted screens when the user pauses.

    A full collection takes 10 to 20 ms, which should not delay the results of a keystroke.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last_key = clock()

    def enable(self, papers: int) -> None:
        """Enable collection, and set up the heap for so many papers. Existing objects are never examined."""
        keep_freed_memory(papers)
        gc.freeze()
        gc.set_threshold(_YOUNG_THRESHOLD, _MIDDLE_THRESHOLD, _FULL_THRESHOLD)
        gc.enable()

    def note_activity(self) -> None:
        """Record that a key was pressed."""
        self._last_key = self._clock()

    def collect_if_idle(self) -> bool:
        """Collect everything and return free memory to the system, if no key was pressed for `IDLE_SECONDS`.

        Return whether it ran. It does not run when nothing was allocated since the last time.
        """
        _, young, rounds = gc.get_count()
        if self._clock() - self._last_key < IDLE_SECONDS or not (young or rounds):
            return False
        gc.collect()
        release_free_memory()
        return True
