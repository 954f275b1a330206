"""Plot the results of `growth.py --plot`: each metric against the number of papers, on logarithmic axes.

A horizontal line means constant cost, a slope of one grid square per square linear growth.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 460
LEFT, RIGHT, TOP, BOTTOM = 60, 210, 20, 50
MIN_LABEL_GAP = 15
"""Minimum distance in pixels between the labels of two lines."""

SERIES = {
    "import CPU seconds": "import, CPU seconds",
    "import peak MB": "import, peak memory, MB",
    "50 more seconds": "add 50 papers, s",
    "start ms": "start, ms",
    "search p95 ms": "search, p95, ms",
    "memory MB": "memory after searches, MB",
    "disk MB": "disk, MB",
}
COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#777777")
"""Color-blind safe palette (Okabe and Ito)."""


def render_svg(results: Sequence[dict[str, float]]) -> str:
    """Return the plot as SVG."""
    sizes = [size["papers"] for size in results]
    values = [size[name] for size in results for name in SERIES]
    across = _axis(min(sizes), max(sizes), LEFT, WIDTH - RIGHT)
    up = _axis(
        10 ** math.floor(math.log10(min(values))),
        10 ** math.ceil(math.log10(max(values))),
        HEIGHT - BOTTOM,
        TOP,
    )
    parts = [*_grid(sizes, values, across, up)]
    line_ends = {name: up(results[-1][name]) for name in SERIES}
    labels = _spread_labels(line_ends)
    for colour, (name, label) in zip(COLORS, SERIES.items(), strict=True):
        points = " ".join(f"{across(size['papers']):.1f},{up(size[name]):.1f}" for size in results)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        x = WIDTH - RIGHT
        parts.append(f'<text x="{x + 10}" y="{labels[name] + 4:.1f}" fill="{colour}">{escape(label)}</text>')
    content = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="13">\n<rect width="100%" height="100%" fill="white"/>\n{content}\n</svg>\n'
    )


def _axis(smallest: float, largest: float, start: float, end: float):
    low, high = math.log10(smallest), math.log10(largest)
    return lambda value: start + (math.log10(value) - low) / ((high - low) or 1) * (end - start)


def _grid(sizes: Sequence[float], values: Sequence[float], across, up):
    for size in sizes:
        x = across(size)
        yield f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" stroke="#ddd"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{size:,.0f}</text>'
    for power in range(math.floor(math.log10(min(values))), math.ceil(math.log10(max(values))) + 1):
        y = up(10**power)
        yield f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#ddd"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:,g}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 10}" text-anchor="middle">papers in the library</text>'


def _spread_labels(line_ends: dict[str, float]) -> dict[str, float]:
    """Return the vertical position of each label: at the end of its line, moved down to avoid overlaps."""
    placed: dict[str, float] = {}
    last = -math.inf
    for name in sorted(line_ends, key=line_ends.__getitem__):
        last = placed[name] = max(line_ends[name], last + MIN_LABEL_GAP)
    return placed
