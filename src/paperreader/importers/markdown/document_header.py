"""Read what a program writes above a page that it saves as Markdown: front matter in YAML, or the lines of Jina Reader.

Of YAML, what such programs write is enough: `key: value`, lists in brackets or as items, quoted values, and values that
continue on indented lines.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

MAX_LINES = 200
"""Lines of a header."""

_KEY = re.compile(r"([A-Za-z][\w -]{0,40}?)\s{0,9}:(?:\s+(\S.*)|\s*)")
_ITEM = re.compile(r"\s{0,9}-\s+(\S.*)")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{0,200}\|)?([^\[\]|\n]{1,200})\]\]")
"""`[[Ada Lee]]` or `[[people/ada|Ada Lee]]`, as Obsidian links to notes."""
_JINA = re.compile(r"\s*(Title|URL Source|Published Time):\s(\S.*)")

Value = str | list[str]


def read_header(text: str) -> Mapping[str, Value]:
    """Return the fields above a document by their name; empty if it has none."""
    lines = text.lstrip("\ufeff \n").split("\n", MAX_LINES)[:MAX_LINES]
    if lines[0].strip() != "---":
        return {named[1]: named[2].strip() for line in lines[:12] if (named := _JINA.fullmatch(line))}
    end = next((at for at, line in enumerate(lines) if at and line.strip() in ("---", "...")), 0)
    found: dict[str, Value] = {}
    name = ""
    for line in lines[1:end]:
        value = found.get(name, "")
        if key := _KEY.fullmatch(line.rstrip()):
            name = key[1]
            found[name] = _value(key[2] or "")
        elif name and (item := _ITEM.fullmatch(line.rstrip())):
            found[name] = [*(value if isinstance(value, list) else []), _unquote(item[1])]
        elif name and line[:1] in " \t" and isinstance(value, str):
            found[name] = _unquote(f"{value} {line.strip()}".strip())
    return found


def _value(text: str) -> Value:
    if _WIKI_LINK.fullmatch(text):
        return _unquote(text)
    if text.startswith("[") and text.endswith("]"):
        return [_unquote(part) for part in text[1:-1].split(",") if part.strip()]
    return _unquote(text)


def _unquote(text: str) -> str:
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        inner = text[1:-1]
        text = inner.replace("''", "'") if text[0] == "'" else inner.replace('\\"', '"')
    return _WIKI_LINK.sub(r"\1", text)
