"""Colors for terminals with 256 colors."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from rich.color import Color, ColorType
from rich.segment import Segment
from rich.style import Style
from textual.color import Color as TextualColor
from textual.filter import LineFilter

_CUBE_LEVELS = (0, 95, 135, 175, 215, 255)
_FIRST_CUBE_COLOR = 16
_FIRST_GREY = 232
_LAST_GREY = 255


class NearestPaletteColors(LineFilter):
    """Replaces each color by the most similar one of the 240 colors that every terminal with 256 colors has.

    Rich keeps the hue instead, which turns the dark grey blue of the cursor row into a bright blue.
    """

    def apply(self, segments: list[Segment], background: TextualColor) -> list[Segment]:
        return [
            segment
            if segment.style is None
            else Segment(segment.text, _palette_style(segment.style), segment.control)
            for segment in segments
        ]


@lru_cache(maxsize=2048)
def _palette_style(style: Style) -> Style:
    """Return a style with its true colors replaced."""
    color, background = _palette_color(style.color), _palette_color(style.bgcolor)
    return style + Style(color=color, bgcolor=background) if color or background else style


def _palette_color(color: Color | None) -> Color | None:
    if color is None or color.type is not ColorType.TRUECOLOR or color.triplet is None:
        return None
    return Color.from_ansi(nearest_color(*color.triplet))


@lru_cache(maxsize=4096)
def nearest_color(red: int, green: int, blue: int) -> int:
    """Return the number of the most similar color of the palette, from 16 to 255."""
    return min(_palette(), key=lambda entry: _distance((red, green, blue), entry[1]))[0]


def _palette() -> Iterator[tuple[int, tuple[int, int, int]]]:
    """Yield numbers and values: a cube of 6 levels, and 24 greys (xterm, 256colres.pl)."""
    for number in range(_FIRST_CUBE_COLOR, _FIRST_GREY):
        cube = number - _FIRST_CUBE_COLOR
        yield number, (_CUBE_LEVELS[cube // 36], _CUBE_LEVELS[cube // 6 % 6], _CUBE_LEVELS[cube % 6])
    for number in range(_FIRST_GREY, _LAST_GREY + 1):
        level = 8 + 10 * (number - _FIRST_GREY)
        yield number, (level, level, level)


def _distance(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Return how different two colors look: "redmean", a weighted distance (https://www.compuphase.com/cmetric.htm)."""
    mean_red = (one[0] + other[0]) / 2
    red, green, blue = (a - b for a, b in zip(one, other, strict=True))
    return (2 + mean_red / 256) * red**2 + 4 * green**2 + (2 + (255 - mean_red) / 256) * blue**2
