"""Which format is this file?"""

from __future__ import annotations

import json
import re
from typing import Literal

from paperreader.sources.decoding import what_binary

Format = Literal["capture", "jsonl", "empty", "unsupported"]

HEAD = 65536
"""Bytes that are looked at."""

_OTHERS = (
    (
        re.compile(rb"<(?:!doctype|!--|\?xml|html|head|body|feed|rss)\b", re.IGNORECASE),
        "a web page or feed as markup; save the page as text",
    ),
    (re.compile(rb"(?:%[^\n]*\n\s*)*@[a-z]+\s*\{", re.IGNORECASE), "BibTeX, which is not read yet"),
    (re.compile(rb"TY  - "), "RIS, which is not read yet"),
)
_ARRAY = re.compile(rb"\[\s*(?:[{\[\"]|-?[0-9.]+\s*[,\]]|(?:true|false|null)\b)")
"""A title may begin with a bracket (`[CLS] Attention ...`); an array of JSON goes on with a value."""

_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_BOM = b"\xef\xbb\xbf"


def detect(head: bytes) -> tuple[Format, str]:
    """The format of a file by its first `HEAD` bytes, never by its name; for an unsupported one what it is, in words.

    Text that is nothing else is taken for a page saved as text: its reader looks closer.
    """
    if not head.removeprefix(_BOM).strip():
        return "empty", ""
    if head.startswith(_UTF16_BOMS):
        return "capture", ""
    if binary := what_binary(head):
        return "unsupported", f"{binary}, not text"
    head = head.removeprefix(_BOM).lstrip()
    if head[:1] in (b"{", b"["):
        return _json_format(head)
    for looks, name in _OTHERS:
        if looks.match(head):
            return "unsupported", name
    return "capture", ""


def _json_format(head: bytes) -> tuple[Format, str]:
    if head[:1] == b"[":
        return (
            ("unsupported", "a JSON array, which is not read yet") if _ARRAY.match(head) else ("capture", "")
        )
    first = head.split(b"\n", 1)[0].strip()
    try:
        json.loads(first)
    except ValueError:
        # Cut off by the look at the head, damaged, or spread over lines.
        return ("jsonl", "") if re.match(rb"\{\s*\"", head) else ("capture", "")
    return "jsonl", ""
