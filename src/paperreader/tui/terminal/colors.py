"""Which colours: our own themes beside Textual's, and a guess at the background before anybody has chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping

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
"""Soft light on ink: our own dark theme."""

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
"""Ink on paper: our own light theme."""

OWN_THEMES: tuple[Theme, ...] = (DARK_THEME, LIGHT_THEME)
"""The themes of this program."""


DARK, LIGHT, PLAIN = DARK_THEME.name, LIGHT_THEME.name, "ansi-dark"


def theme_names() -> list[str]:
    """Every theme there is, our own first."""
    return [*(theme.name for theme in OWN_THEMES), *sorted(BUILTIN_THEMES)]


_LIMITED_COLOR_TERMINALS = frozenset({"linux", "vt100", "vt102", "vt220", "xterm", "screen", "tmux", "ansi"})


def initial_theme(remembered: object, known: Collection[str], environ: Mapping[str, str]) -> str:
    """The theme to start with: the one chosen last time, else one that suits the terminal.

    `COLORFGBG` (rxvt, Konsole and others; `foreground;background` as palette numbers) tells a light background.
    Terminals with 16 colours keep their own.
    """
    if isinstance(remembered, str) and remembered in known:
        return remembered
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    light = background in ("7", "15")
    if environ.get("TERM", "") in _LIMITED_COLOR_TERMINALS and not environ.get("COLORTERM"):
        return "ansi-light" if light else PLAIN
    return LIGHT if light else DARK
