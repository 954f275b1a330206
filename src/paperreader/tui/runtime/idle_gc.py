"""Looking for garbage when nobody waits for a key to have its effect."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from paperreader.system.memory import release_free_memory

IDLE_SECONDS = 0.8
"""How long no key must have come."""

_YOUNG_THRESHOLD = 5_000
"""Objects made before the youngest are looked through: about half of what a painted screen makes."""
_FULL_THRESHOLD = 20
"""Rounds of ten of those after which all are looked through even while keys come, so that nothing grows for long."""


class IdleCollector:
    """The garbage of painted screens hangs together in circles, and only looking through everything finds it.

    That takes 10 to 20 ms, which a letter on its way to its results need not wait for.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last_key = clock()

    def enable(self) -> None:
        """From now on garbage is looked for. What is there already, mostly the program itself, never is."""
        gc.freeze()
        gc.set_threshold(_YOUNG_THRESHOLD, 10, _FULL_THRESHOLD)
        gc.enable()

    def note_activity(self) -> None:
        """A key came."""
        self._last_key = self._clock()

    def collect_if_idle(self) -> bool:
        """Look through everything and return what is free, when no key came for a while and there is anything to find;
        False otherwise.
        """
        _, young, rounds = gc.get_count()
        if self._clock() - self._last_key < IDLE_SECONDS or not (young or rounds):
            return False
        gc.collect()
        release_free_memory()
        return True
