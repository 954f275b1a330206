"""Symbols of the reader, with ASCII replacements for terminals that cannot show them."""

from __future__ import annotations

import os
from collections.abc import Mapping

from msgspec import Struct

from paperreader.tui.terminal.encoding import UTF8_ENCODINGS, terminal_encoding


class Glyphs(Struct, frozen=True):
    """A set of symbols. Each is one cell wide, except `ellipsis` and `code`."""

    cursor: str = "▌"
    unread: str = "●"
    bookmark: str = "★"
    note: str = "✎"
    votes: str = "▲"
    citations: str = "”"
    selected: str = "✓"
    partial: str = "–"
    """Only some of several papers have it."""
    ellipsis: str = "…"
    code: str = "</>"
    horizontal_line: str = "─"
    """Horizontal line."""
    vertical_line: str = "│"
    """Vertical line, left of a note."""
    bullet: str = "•"
    """Before list items."""
    separator: str = "·"
    """Between metadata fields."""
    levels: tuple[str, str, str] = ("▁", "▃", "▅")
    """How well a paper fits the user, the best last."""
    less: str = "↓"
    """The user wants less of it."""
    watched: str = "◆"
    """The watch list has something of it."""


UNICODE = Glyphs()
ASCII = Glyphs(
    cursor=">",
    unread="N",
    bookmark="*",
    note='"',
    votes="^",
    citations='"',
    selected="+",
    partial="-",
    ellipsis="..",
    horizontal_line="-",
    vertical_line="|",
    bullet="-",
    separator="-",
    levels=("-", "=", "#"),
    less="v",
    watched="w",
)

_ASCII_REPLACEMENTS = str.maketrans(
    {
        "▌": ">",
        "●": "N",
        "★": "*",
        "✎": '"',
        "▲": "^",
        "▁": "-",
        "▃": "=",
        "▅": "#",
        "◆": "w",
        "✓": "+",
        "─": "-",
        "│": "|",
        "·": "-",
        "…": "~",
        "↓": "v",
        "↑": "^",
        # Tall brackets and braces of formulas
        **dict(zip("⎛⎜⎝⎞⎟⎠⎰⎱", "/|\\\\|/{{", strict=True)),
        **dict(zip("⎡⎢⎣⎤⎥⎦⎧⎨⎩⎪⎫⎬⎭", "||||||/<\\|\\>/", strict=True)),
        **dict(zip("╰┬╯╭┴╮", "\\-//-\\", strict=True)),
    }
)

_ASCII_TERMINALS = frozenset({"linux", "dumb", "vt100", "vt102", "vt220"})


def to_ascii(text: str) -> str:
    """Replace the symbols in a text of the reader by ASCII characters of the same width."""
    return text.translate(_ASCII_REPLACEMENTS)


def get_glyphs(app: object) -> Glyphs:
    """Return the symbols of an app."""
    found = getattr(app, "glyphs", UNICODE)
    return found if isinstance(found, Glyphs) else UNICODE


def select_glyphs(
    *,
    setting: str = "auto",
    environ: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Glyphs:
    """Return the symbols that this terminal can show.

    Args:
        setting: `unicode`, `ascii` or `auto`. `auto` selects ASCII when the terminal is not UTF-8, on the Linux
            console, and when `PAPERREADER_ASCII` is set and not `0`.
        environ: the environment variables; None for those of this process.
        encoding: the encoding of the terminal; None for what the environment says.
    """
    if setting != "auto":
        return ASCII if setting == "ascii" else UNICODE
    variables = os.environ if environ is None else environ
    if variables.get("PAPERREADER_ASCII", "0") not in ("", "0"):
        return ASCII
    if (
        terminal_encoding(environ, encoding) not in UTF8_ENCODINGS
        or variables.get("TERM", "") in _ASCII_TERMINALS
    ):
        return ASCII
    return UNICODE
