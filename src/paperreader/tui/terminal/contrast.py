"""Colours that can be read: a theme's own where it can, drawn towards black or white where it cannot."""

from __future__ import annotations

from functools import lru_cache

from rich.color import ColorType
from rich.style import Style
from textual.color import Color

MIN_TEXT_CONTRAST = 4.5
"""Contrast of text, by WCAG 2.1 level AA."""
MIN_SHAPE_CONTRAST = 3.0
"""Contrast of signs that are recognised by their shape, by the same."""

_BLEND_STEPS = 20


def contrast_ratio(one: Color, other: Color) -> float:
    """The contrast of two opaque colours, from 1 (none) to 21, as WCAG 2.1 defines it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=512)
def with_readable_contrast(style: Style, min_contrast: float = MIN_TEXT_CONTRAST) -> Style:
    """`style` with at least that contrast between text and ground.

    A colour that the terminal decides about (ANSI, or none) is left alone: nobody knows what it looks like.
    """
    if style.color is None or style.bgcolor is None:
        return style
    if not style.color.type == style.bgcolor.type == ColorType.TRUECOLOR:
        return style
    color, ground = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
    goal = max(Color(0, 0, 0), Color(255, 255, 255), key=lambda end: contrast_ratio(end, ground))
    for step in range(_BLEND_STEPS + 1):
        tried = color.blend(goal, step / _BLEND_STEPS)
        if contrast_ratio(tried, ground) >= min_contrast:
            return style + Style(color=tried.rich_color) if step else style
    return style + Style(color=goal.rich_color)


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(value / 255) for value in (color.r, color.g, color.b))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
