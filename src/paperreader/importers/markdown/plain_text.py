"""Plain text out of Markdown: without emphasis, code marks and HTML tags."""

from __future__ import annotations

import re
from html import unescape

MAX_MARKED_CHARS = 2000
"""Emphasis is removed from titles and names; longer texts are left as they are."""

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_STRONG = re.compile(r"(\*\*\*?|__|~~)(?=\S)([^\n]{1,600}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*\\])([*_])(?=[^\s*_])([^\n*]{1,600}?)(?<=[^\s*_])\1(?!\w)")


def plain(text: str) -> str:
    """Return the text on one line without emphasis, HTML tags and character references."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    if len(text) <= MAX_MARKED_CHARS and ("*" in text or "_" in text or "~~" in text):
        text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
    return " ".join(unescape(text).split())
