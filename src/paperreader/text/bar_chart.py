"""Columns of block characters: a chart for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

BLOCK_LEVELS = " ▁▂▃▄▅▆▇█"
"""Eighths of a cell, from none to all."""
ASCII_LEVELS = " .:|"
"""Stand-ins, where a terminal has no blocks: thirds of a cell."""


def bar_chart(values: Sequence[int], height: int, *, levels: str = BLOCK_LEVELS) -> list[str]:
    """A chart of non-negative numbers, one cell wide each: `height` lines, the top one first.

    The largest number fills its column; any other but nought shows at least a little. `steps` are the characters of a
    cell from empty to full.
    """
    most = max(values, default=0)
    fine = len(levels) - 1
    heights = [max(1, round(value * height * fine / most)) if value else 0 for value in values]
    return [
        "".join(levels[min(max(tall - fine * line, 0), fine)] for tall in heights)
        for line in range(height - 1, -1, -1)
    ]
