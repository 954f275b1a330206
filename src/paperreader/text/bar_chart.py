"""Bar charts of block characters for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

BLOCK_LEVELS = " ▁▂▃▄▅▆▇█"
"""Eighths of a cell, from empty to full."""
ASCII_LEVELS = " .:|"
"""Thirds of a cell, for terminals without block characters."""


def bar_chart(values: Sequence[int], height: int, *, levels: str = BLOCK_LEVELS) -> list[str]:
    """Return a chart of non-negative numbers, one column each, as `height` lines from top to bottom.

    The largest number fills its column; any other number above 0 is at least one level high. `levels` are the
    characters of a cell, from empty to full.
    """
    maximum = max(values, default=0)
    steps = len(levels) - 1
    heights = [max(1, round(value * height * steps / maximum)) if value else 0 for value in values]
    return [
        "".join(levels[min(max(bar - steps * line, 0), steps)] for bar in heights)
        for line in range(height - 1, -1, -1)
    ]
