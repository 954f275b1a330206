"""Columns of block characters: a chart for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

BLOCKS = " ▁▂▃▄▅▆▇█"
"""Eighths of a cell, from none to all."""
PLAIN = " .:|"
"""Stand-ins, where a terminal has no blocks: thirds of a cell."""


def columns(values: Sequence[int], height: int, *, steps: str = BLOCKS) -> list[str]:
    """A chart of non-negative numbers, one cell wide each: `height` lines, the top one first.

    The largest number fills its column; any other but nought shows at least a little. `steps` are the characters of a
    cell from empty to full.
    """
    most = max(values, default=0)
    fine = len(steps) - 1
    heights = [max(1, round(value * height * fine / most)) if value else 0 for value in values]
    return [
        "".join(steps[min(max(tall - fine * line, 0), fine)] for tall in heights)
        for line in range(height - 1, -1, -1)
    ]
