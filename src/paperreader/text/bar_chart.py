"""Bar charts of block characters for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

BLOCK_LEVELS = " ▁▂▃▄▅▆▇█"
"""Eighths of a cell, from empty to full."""
ASCII_LEVELS = " .:|"
"""Thirds of a cell, for terminals without block characters."""


def bar_chart(
    values: Sequence[int], height: int, *, levels: str = BLOCK_LEVELS, limit: int | None = None
) -> list[str]:
    """Return a chart of non-negative numbers, one column each, as `height` lines from top to bottom.

    The largest number fills its column; any other number above 0 is at least one level high.

    Args:
        values: the numbers.
        height: number of lines.
        levels: the characters of a cell, from empty to full.
        limit: the number that fills a column, at which larger ones are cut; the largest by default.
    """
    maximum = max(values, default=0) if limit is None else limit
    steps = len(levels) - 1
    heights = [
        max(1, round(min(value, maximum) * height * steps / maximum)) if value else 0 for value in values
    ]
    return [
        "".join(levels[min(max(bar - steps * line, 0), steps)] for bar in heights)
        for line in range(height - 1, -1, -1)
    ]
