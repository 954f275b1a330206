"""Parse a BibTeX entry: fields, values and names."""

from __future__ import annotations

import re
from collections.abc import Mapping

from paperreader.importers.references.fields import given_name_first
from paperreader.text.dates import MONTHS
from paperreader.text.tex.braces import brace_content, strip_case_braces
from paperreader.text.tex_display import tex_to_unicode

MAX_FIELDS = 1000
MAX_DEPTH = 1000
"""Levels of nested braces."""
MAX_PIECES = 1000
"""Parts of one value, joined by `#`."""

_KEY = re.compile(r"\s*([^\s,{}=\"]*)\s*(?:,|(?=[})]))", re.ASCII)
_NAME = re.compile(r"[\s,]*([A-Za-z][\w:.+/-]*)\s*=\s*", re.ASCII)
_WORD = re.compile(r"[^\s,{}\"#=()]+")
_BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
_QUOTE = re.compile(r"\\.|[{}\"]", re.DOTALL)
_CONCATENATION = re.compile(r"\s*#\s*")
_MONTHS = {name.lower(): name for name in MONTHS}
_AND = re.compile(r"\s+and\s+", re.IGNORECASE)
_OTHERS = "others"


def parse_fields(body: str, strings: Mapping[str, str], *, keyed: bool) -> tuple[str, dict[str, str], str]:
    """Return the key of an entry, its fields by name in lower case, and what is wrong with it (empty: nothing).

    Args:
        body: what follows the opening brace of the entry.
        strings: abbreviations by name in lower case.
        keyed: whether it begins with a key.
    """
    key, offset = "", 0
    fields: dict[str, str] = {}
    if keyed:
        found = _KEY.match(body)
        if not found:
            return "", fields, "has no key"
        key, offset = found[1], found.end()
    while len(fields) < MAX_FIELDS:
        name = _NAME.match(body, offset)
        if not name:
            rest = body[offset:].lstrip(" \t\r\n,")
            if rest[:1] in ("}", ")"):
                return key, fields, ""
            return key, fields, "is incomplete" if not rest else "has a field that cannot be read"
        value, offset = _value(body, name.end(), strings)
        if value is None:
            return key, fields, f"does not end within its field {name[1].lower()}"
        fields.setdefault(name[1].lower(), value)
    return key, fields, "has too many fields"


def parse_names(text: str) -> list[str]:
    """Return the names in an author field, given name first, without `and others`. Text in braces is one name."""
    if not text.strip():
        return []
    parts = [part.strip() for part in _split_names(text)]
    return [_name(part) for part in parts if part and part.lower() != _OTHERS]


def _split_names(text: str) -> list[str]:
    """Split `text` at each `and` outside braces."""
    parts, start, depth, done = [], 0, 0, 0
    for separator in _AND.finditer(text):
        for brace in _BRACE.finditer(text, done, separator.start()):
            depth += (brace[0] == "{") - (brace[0] == "}")
        done = separator.start()
        if depth <= 0:
            parts.append(text[start : separator.start()])
            start = separator.end()
    return [*parts, text[start:]]


def _name(part: str) -> str:
    content = brace_content(part)
    # A name in braces stays unchanged: that of a group, or one that contains a comma or an "and".
    return (
        " ".join(tex_to_unicode(content).split())
        if content != part
        else given_name_first(tex_to_unicode(strip_case_braces(part)))
    )


def _value(body: str, offset: int, strings: Mapping[str, str]) -> tuple[str | None, int]:
    """Return the value at `offset`, None if it does not end, and the offset of its end."""
    pieces: list[str] = []
    while len(pieces) < MAX_PIECES:
        start = body[offset : offset + 1]
        if start in ("{", '"') and start:
            end = _closing_offset(body, offset + 1, start)
            if end is None:
                return None, len(body)
            pieces.append(body[offset + 1 : end])
            offset = end + 1
        elif word := _WORD.match(body, offset):
            pieces.append(strings.get(word[0].lower(), _MONTHS.get(word[0].lower(), word[0])))
            offset = word.end()
        else:
            return "".join(pieces), offset
        separator = _CONCATENATION.match(body, offset)
        if not separator:
            return "".join(pieces), offset
        offset = separator.end()
    return None, offset


def _closing_offset(body: str, offset: int, opening: str) -> int | None:
    """Return the offset where the brace or quote that opened before `offset` is closed; None if it is not."""
    depth = 0
    for found in (_BRACE if opening == "{" else _QUOTE).finditer(body, offset):
        mark = found[0]
        if mark == "{":
            depth += 1
            if depth > MAX_DEPTH:
                return None
        elif mark == '"' and depth == 0:
            return found.start()
        elif mark == "}":
            if depth == 0:
                return found.start() if opening == "{" else None
            depth -= 1
    return None
