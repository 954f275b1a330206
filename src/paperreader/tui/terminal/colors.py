"""Themes of the reader, the initial theme, and readable contrast in every theme."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import lru_cache

from rich.color import ColorType
from rich.style import Style
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

DARK_THEME = Theme(
    name="paperreader-dark",
    dark=True,
    primary="#6ea3e4",
    secondary="#8d9bd6",
    accent="#e592bd",
    warning="#e9b45f",
    success="#8fc48a",
    error="#ee8080",
    background="#14171c",
    foreground="#d9dbdd",
    surface="#1b1f26",
    panel="#262b34",
    variables={
        "text-primary": "#8cb8ef",
        "text-accent": "#f0a3c9",
        "text-warning": "#ecbb6c",
        "text-success": "#9fd19a",
        "text-error": "#f49a9a",
        "text-muted": "#9299a3",
        "scrollbar": "#39404c",
        "scrollbar-hover": "#4c5563",
        "scrollbar-active": "#6ea3e4",
    },
)
"""The default dark theme."""

LIGHT_THEME = Theme(
    name="paperreader-light",
    dark=False,
    primary="#2a62a8",
    secondary="#5a55a3",
    accent="#a32a72",
    warning="#9a6200",
    success="#2e713c",
    error="#b3261e",
    background="#fbf9f4",
    foreground="#26241f",
    surface="#f2efe6",
    panel="#e7e2d6",
    variables={
        "text-primary": "#235692",
        "text-accent": "#9b2369",
        "text-warning": "#7f5200",
        "text-success": "#28652f",
        "text-error": "#a02018",
        "text-muted": "#64605a",
        "scrollbar": "#cfc8b8",
        "scrollbar-hover": "#b5ac98",
        "scrollbar-active": "#2a62a8",
    },
)
"""The default light theme."""

OWN_THEMES: tuple[Theme, ...] = (DARK_THEME, LIGHT_THEME)
"""The themes that this program adds to those of Textual."""


DARK, LIGHT, PLAIN, PLAIN_LIGHT = DARK_THEME.name, LIGHT_THEME.name, "ansi-dark", "ansi-light"


def theme_names() -> list[str]:
    """Return the names of all themes, `OWN_THEMES` first."""
    return [*(theme.name for theme in OWN_THEMES), *sorted(BUILTIN_THEMES)]


_MANY_COLORS = frozenset({"truecolor", "256"})
"""Color systems, as Rich calls them, that can show the own themes."""


def initial_theme(
    remembered: object, known: Collection[str], environ: Mapping[str, str], color_system: str | None
) -> str:
    """Return the name of the first theme: the remembered one, else one that suits the terminal.

    `COLORFGBG` (rxvt, Konsole and others; `foreground;background` as palette numbers) indicates a light background.
    Terminals with 8 or 16 colors keep their own palette. `color_system` is what Rich has detected.
    """
    if isinstance(remembered, str) and remembered in known:
        return remembered
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    light = background in ("7", "15")
    if color_system not in _MANY_COLORS:
        return PLAIN_LIGHT if light else PLAIN
    return LIGHT if light else DARK


MIN_TEXT_CONTRAST = 4.5
"""Contrast ratio of text, WCAG 2.1 level AA (1.4.3)."""
MIN_SHAPE_CONTRAST = 3.0
"""Contrast ratio of graphical symbols, WCAG 2.1 level AA (1.4.11)."""

_BLEND_STEPS = 20


def contrast_ratio(one: Color, other: Color) -> float:
    """Return the contrast ratio of two opaque colors as defined by WCAG 2.1, from 1 (none) to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@lru_cache(maxsize=512)
def with_readable_contrast(style: Style, min_contrast: float = MIN_TEXT_CONTRAST) -> Style:
    """Return `style` with at least `min_contrast`, by blending the text color towards black or white if necessary.

    Colors of the terminal (ANSI, or default) are not changed, because their values are unknown.
    """
    if style.color is None or style.bgcolor is None:
        return style
    if not style.color.type == style.bgcolor.type == ColorType.TRUECOLOR:
        return style
    color, background = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
    goal = max(Color(0, 0, 0), Color(255, 255, 255), key=lambda end: contrast_ratio(end, background))
    for step in range(_BLEND_STEPS + 1):
        blended = color.blend(goal, step / _BLEND_STEPS)
        if contrast_ratio(blended, background) >= min_contrast:
            return style + Style(color=blended.rich_color) if step else style
    return style + Style(color=goal.rich_color)


def _luminance(color: Color) -> float:
    red, green, blue = (_linear(value / 255) for value in (color.r, color.g, color.b))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
