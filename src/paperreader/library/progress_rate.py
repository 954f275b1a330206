"""How fast a long piece of work goes on, and how long it will still take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from paperreader.library.types import Progress

WINDOW_SECONDS = 10.0
"""Seconds that the pace is taken from: long enough to be steady, short enough to follow a busier machine."""

MIN_SECONDS = 1.0
"""Seconds of a stage before which nothing is foretold."""


class ProgressRate(NamedTuple):
    """What is known of the speed; None: not yet, or never."""

    papers_per_second: float | None
    """Papers a second; None where something else is counted."""
    seconds_left: float | None
    """Seconds until the end of the stage."""

    def __str__(self) -> str:
        left = [] if self.seconds_left is None else [f"{format_duration(self.seconds_left)} left"]
        return ", ".join(
            [*left, *([] if self.papers_per_second is None else [f"{self.papers_per_second:,.0f}/s"])]
        )


UNKNOWN_RATE = ProgressRate(None, None)
"""Before there is anything to tell."""


class RateEstimator:
    """Takes down how far a stage is at which moment."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stage = ""
        self._samples: deque[tuple[float, Progress]] = deque()

    def update(self, progress: Progress) -> ProgressRate:
        """The pace at which that far was come."""
        now = self._clock()
        if progress.stage != self._stage:
            self._stage = progress.stage
            self._samples.clear()
        self._samples.append((now, progress))
        while len(self._samples) > 2 and self._samples[1][0] <= now - WINDOW_SECONDS:
            self._samples.popleft()
        began, first = self._samples[0]
        took = now - began
        if took < MIN_SECONDS:
            return UNKNOWN_RATE
        left = None
        if (
            progress.fraction is not None
            and first.fraction is not None
            and progress.fraction > first.fraction
        ):
            left = (1 - progress.fraction) * took / (progress.fraction - first.fraction)
        # Days and questions come one in a second or so: what is left of them says more.
        rate = (progress.done - first.done) / took if progress.unit == "papers" else None
        return ProgressRate(rate, left)


def format_duration(seconds: float) -> str:
    """`9 s`, `2 min`, `1 h 5 min`: as precise as a guess deserves."""
    if seconds < 59.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
