"""Time functions and compute percentiles."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterable, Sequence


def time_each(
    function: Callable[[str], object], queries: Iterable[str], max_seconds: float = math.inf
) -> list[float]:
    """Call a function with each query until they have taken `max_seconds`; return the milliseconds of each call."""
    durations: list[float] = []
    for query in queries:
        if sum(durations) > 1000 * max_seconds:
            break
        started = time.perf_counter()
        function(query)
        durations.append(1000 * (time.perf_counter() - started))
    return durations


def time_once(function: Callable[[], object]) -> float:
    """Return the milliseconds of one call."""
    return time_each(lambda _: function(), [""])[0]


def percentiles(durations: Sequence[float]) -> tuple[float, float]:
    """Return the 50th and 95th percentile."""
    if len(durations) == 1:
        return durations[0], durations[0]
    quantiles = statistics.quantiles(durations, n=100, method="inclusive")
    return quantiles[49], quantiles[94]
