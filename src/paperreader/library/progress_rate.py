"""How fast a long piece of work goes on, and how long it will still take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from paperreader.library.types import Progress

LOOKED_BACK = 10.0
"""Seconds that the pace is taken from: long enough to be steady, short enough to follow a busier machine."""

LEAST = 1.0
"""Seconds of a stage before which nothing is foretold."""


class Pace(NamedTuple):
    """What is known of the speed; None: not yet, or never."""

    rate: float | None
    """Papers a second; None where something else is counted."""
    left: float | None
    """Seconds until the end of the stage."""

    def __str__(self) -> str:
        left = [] if self.left is None else [f"{duration(self.left)} left"]
        return ", ".join([*left, *([] if self.rate is None else [f"{self.rate:,.0f}/s"])])


UNKNOWN_PACE = Pace(None, None)
"""Before there is anything to tell."""


class Pacing:
    """Takes down how far a stage is at which moment."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stage = ""
        self._marks: deque[tuple[float, Progress]] = deque()

    def pace(self, progress: Progress) -> Pace:
        """The pace at which that far was come."""
        now = self._clock()
        if progress.stage != self._stage:
            self._stage = progress.stage
            self._marks.clear()
        self._marks.append((now, progress))
        while len(self._marks) > 2 and self._marks[1][0] <= now - LOOKED_BACK:
            self._marks.popleft()
        began, first = self._marks[0]
        took = now - began
        if took < LEAST:
            return UNKNOWN_PACE
        left = None
        if progress.share is not None and first.share is not None and progress.share > first.share:
            left = (1 - progress.share) * took / (progress.share - first.share)
        # Days and questions come one in a second or so: what is left of them says more.
        rate = (progress.done - first.done) / took if progress.unit == "papers" else None
        return Pace(rate, left)


def duration(seconds: float) -> str:
    """`9 s`, `2 min`, `1 h 5 min`: as precise as a guess deserves."""
    if seconds < 59.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
