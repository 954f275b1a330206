"""How long things take, and what that comes to over many of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterable, Sequence


def time_each(act: Callable[[str], object], queries: Iterable[str]) -> list[float]:
    """Milliseconds of each."""
    found = []
    for query in queries:
        began = time.perf_counter()
        act(query)
        found.append(1000 * (time.perf_counter() - began))
    return found


def time_once(act: Callable[[], object]) -> float:
    """Milliseconds of one act."""
    return time_each(lambda _: act(), [""])[0]


def percentiles(found: Sequence[float]) -> tuple[float, float]:
    """The 50th and the 95th."""
    if len(found) == 1:
        return found[0], found[0]
    cut = statistics.quantiles(found, n=100, method="inclusive")
    return cut[49], cut[94]
