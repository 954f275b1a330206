"""Speed of long work, and the time that it will still take."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import NamedTuple

from paperreader.library.types import Progress

WINDOW_SECONDS = 10.0
"""Period that the rate is measured over: long enough to be steady, short enough to react to changes."""

MIN_SECONDS = 1.0
"""Duration of a stage before anything is estimated."""


class ProgressRate(NamedTuple):
    """Estimates; None means not yet known, or never."""

    papers_per_second: float | None
    """None if something other than papers is counted."""
    seconds_left: float | None
    """Until the end of the stage."""

    def __str__(self) -> str:
        left = [] if self.seconds_left is None else [f"{format_duration(self.seconds_left)} left"]
        rate = [] if self.papers_per_second is None else [f"{self.papers_per_second:,.0f}/s"]
        return ", ".join([*left, *rate])


UNKNOWN_RATE = ProgressRate(None, None)


class RateEstimator:
    """Estimates the rate from the progress of a stage."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._stage = ""
        self._samples: deque[tuple[float, Progress]] = deque()

    def update(self, progress: Progress) -> ProgressRate:
        """Record the current progress and return the rate."""
        now = self._clock()
        if progress.stage != self._stage:
            self._stage = progress.stage
            self._samples.clear()
        self._samples.append((now, progress))
        while len(self._samples) > 2 and self._samples[1][0] <= now - WINDOW_SECONDS:
            self._samples.popleft()
        began, first = self._samples[0]
        elapsed = now - began
        if elapsed < MIN_SECONDS:
            return UNKNOWN_RATE
        left = None
        if (
            progress.fraction is not None
            and first.fraction is not None
            and progress.fraction > first.fraction
        ):
            left = (1 - progress.fraction) * elapsed / (progress.fraction - first.fraction)
        # Days and requests take about a second each: the time left is more useful than their rate.
        rate = (progress.done - first.done) / elapsed if progress.unit == "papers" else None
        return ProgressRate(rate, left)


def format_duration(seconds: float) -> str:
    """Return `9 s`, `2 min` or `1 h 5 min`, as precise as an estimate can be."""
    if seconds < 59.5:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
