"""The weeks that trends cover, and the bars of their chart: neither depends on single papers or on a bulk import."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median, quantiles

DEFAULT_WEEKS = 8
"""The last week, and seven to compare it with."""

WINDOWS = (2, 4, 8, 12, 26, 52)
"""Numbers of weeks that the reader offers."""

MAX_STRAY_PAPERS, STRAY_SHARE = 10, 0.05
"""A week at the end with fewer papers, and with a smaller share of those of a usual week, is left out."""

MAX_BAR_RATIO = 4
"""A bar is cut at this many times the upper quartile of the bars, because a bulk import would flatten all others."""


def last_busy_day(days: Mapping[str, int]) -> str:
    """Return the latest of ISO days, with their numbers of papers, after which there are only a few stray papers."""
    per_day = Counter({dt.date.fromisoformat(day): papers for day, papers in days.items()})
    newest = max(per_day)
    weeks: Counter[int] = Counter()
    for day, papers in per_day.items():
        weeks[(newest - day).days // 7] += papers
    enough = min(MAX_STRAY_PAPERS, STRAY_SHARE * median(weeks.values()))
    for day in sorted(per_day, reverse=True):
        if sum(per_day[day - dt.timedelta(days=before)] for before in range(7)) >= enough:
            return day.isoformat()
    return newest.isoformat()


def chart_bars(days: Sequence[int], width: int) -> tuple[list[int], str]:
    """Return the bars of a chart of at most `width` columns, and what each of them counts: a `day` or a `week`."""
    if len(days) <= width:
        return list(days), "day"
    return [sum(days[start : start + 7]) for start in range(0, len(days), 7)], "week"


def bar_limit(bars: Sequence[int]) -> int:
    """Return the number at which the bars of a chart are cut: their maximum, unless a few stand out."""
    used = [bar for bar in bars if bar]
    if len(used) < 2:
        return max(bars, default=0)
    limit = round(MAX_BAR_RATIO * quantiles(used, n=4, method="inclusive")[2])
    return min(max(used), limit)
