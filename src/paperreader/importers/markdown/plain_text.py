"""Plain text out of Markdown: without emphasis, code marks and HTML tags."""

from __future__ import annotations

import re
from html import unescape

MAX_MARKED_CHARS = 2000
"""Emphasis is removed from titles and names; longer texts are left as they are."""

_TAG = re.compile(
    r"</?(?:a|abbr|b|big|br|center|cite|code|del|details|div|em|font|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|picture|pre|q|s"
    r"|samp|small|source|span|strike|strong|su[bp]|summary|table|tbody|t[dhrt]|thead|u|ul|var)(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
"""Titles contain tokens such as `<think>`, which are no HTML."""

_STRONG = re.compile(r"(\*\*\*?|__|~~)(?=\S)([^\n]{1,600}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*\\])([*_])(?=[^\s*_])([^\n*]{1,600}?)(?<=[^\s*_\\])\1(?!\w)")


def plain(text: str) -> str:
    """Return the text on one line without emphasis, HTML tags and character references."""
    if "<" in text:
        text = _TAG.sub(" ", text)
    if len(text) <= MAX_MARKED_CHARS and ("*" in text or "_" in text or "~~" in text):
        text = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", text))
    return " ".join(unescape(text).split())
