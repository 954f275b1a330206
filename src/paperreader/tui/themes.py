"""Which colours: Textual's own themes, and a guess at the terminal's background before anybody has chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from textual.theme import BUILTIN_THEMES, Theme

OWN: tuple[Theme, ...] = ()
"""The themes of this program."""


def names() -> list[str]:
    """Every theme there is, our own first."""
    return [*(theme.name for theme in OWN), *sorted(BUILTIN_THEMES)]


DARK, LIGHT, PLAIN = "textual-dark", "textual-light", "ansi-dark"

_FEW_COLOURS = frozenset({"linux", "vt100", "vt102", "vt220", "xterm", "screen", "tmux", "ansi"})


def initial(remembered: object, known: Collection[str], environ: Mapping[str, str]) -> str:
    """The theme to start with: the one chosen last time, else one that suits the terminal.

    `COLORFGBG` (rxvt, Konsole and others; `foreground;background` as palette numbers) tells a light background.
    Terminals with 16 colours keep their own.
    """
    if isinstance(remembered, str) and remembered in known:
        return remembered
    background = environ.get("COLORFGBG", "").rpartition(";")[2]
    light = background in ("7", "15")
    if environ.get("TERM", "") in _FEW_COLOURS and not environ.get("COLORTERM"):
        return "ansi-light" if light else PLAIN
    return LIGHT if light else DARK
