"""The marks of the reader, with ASCII stand-ins for terminals that cannot show them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from msgspec import Struct


class Glyphs(Struct, frozen=True):
    """One set of marks; every one is a single cell wide, but for `cut` and `code`."""

    cursor: str = "▌"
    unread: str = "●"
    bookmark: str = "★"
    note: str = "✎"
    votes: str = "▲"
    selected: str = "✓"
    partial: str = "–"
    """Some of several have it."""
    ellipsis: str = "…"
    code: str = "</>"
    horizontal_line: str = "─"
    """A horizontal line."""
    vertical_line: str = "│"
    """A vertical line, beside a note."""
    bullet: str = "•"
    """Before the items of a list."""
    separator: str = "·"
    """Parts facts."""


UNICODE = Glyphs()
ASCII = Glyphs(
    cursor=">",
    unread="N",
    bookmark="*",
    note='"',
    votes="^",
    selected="+",
    partial="-",
    ellipsis="..",
    horizontal_line="-",
    vertical_line="|",
    bullet="-",
    separator="-",
)

_ASCII_REPLACEMENTS = str.maketrans(
    {
        "▌": ">",
        "●": "N",
        "★": "*",
        "✎": '"',
        "▲": "^",
        "✓": "+",
        "─": "-",
        "│": "|",
        "·": "-",
        "…": "~",
        "↓": "v",
        "↑": "^",
    }
)

_UTF8 = frozenset({"utf8", "utf_8", "cp65001"})
_ASCII_TERMINALS = frozenset({"linux", "dumb", "vt100", "vt102", "vt220"})


def to_ascii(text: str) -> str:
    """`text` of the reader's own with each of its signs replaced by one of ASCII, in as many cells."""
    return text.translate(_ASCII_REPLACEMENTS)


def get_glyphs(app: object) -> Glyphs:
    """The set that an app paints with."""
    found = getattr(app, "glyphs", UNICODE)
    return found if isinstance(found, Glyphs) else UNICODE


def select_glyphs(
    *,
    setting: str = "auto",
    environ: Mapping[str, str] = os.environ,
    encoding: str | None = None,
) -> Glyphs:
    """The set that this terminal can show.

    `wanted` is `unicode`, `ascii` or `auto`: with `auto`, ASCII where the output is not UTF-8 (`encoding`, that
    of standard output unless given), on the Linux console, and where `PAPERREADER_ASCII` is set and not `0`.
    """
    if setting != "auto":
        return ASCII if setting == "ascii" else UNICODE
    if environ.get("PAPERREADER_ASCII", "0") not in ("", "0"):
        return ASCII
    spelling = (encoding or getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    if spelling not in _UTF8 or environ.get("TERM", "") in _ASCII_TERMINALS:
        return ASCII
    return UNICODE
