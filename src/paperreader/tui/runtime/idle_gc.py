"""Looking for garbage when nobody waits for a key to have its effect."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

from paperreader.system.memory import give_back

LULL_SECONDS = 0.8
"""How long no key must have come."""

_YOUNG = 5_000
"""Objects made before the youngest are looked through: about half of what a painted screen makes."""
_FULL = 20
"""Rounds of ten of those after which all are looked through even while keys come, so that nothing grows for long."""


class Tidying:
    """The garbage of painted screens hangs together in circles, and only looking through everything finds it.

    That takes 10 to 20 ms, which a letter on its way to its results need not wait for.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last_key = clock()

    def begin(self) -> None:
        """From now on garbage is looked for. What is there already, mostly the program itself, never is."""
        gc.freeze()
        gc.set_threshold(_YOUNG, 10, _FULL)
        gc.enable()

    def pressed(self) -> None:
        """A key came."""
        self._last_key = self._clock()

    def tidy(self) -> bool:
        """Look through everything and return what is free, when no key came for a while and there is anything to find;
        False otherwise.
        """
        _, young, rounds = gc.get_count()
        if self._clock() - self._last_key < LULL_SECONDS or not (young or rounds):
            return False
        gc.collect()
        give_back()
        return True
