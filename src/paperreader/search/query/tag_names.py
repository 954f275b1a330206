"""Tags of several words in a query, which need no quotes if there is such a tag: `tag:to read`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from paperreader.text.sanitize import fold_for_search, single_line

_TAG_FIELD = re.compile(r"(?<![^\s(])[-!]?tags?[:=](?=[^\s\"()])", re.IGNORECASE)
_MAX_TAG_LENGTH = 200
"""Characters after `tag:` that are compared with tags."""

_BLANKS = re.compile(r"\s+")


def quote_tags(query: str, tags: Iterable[str]) -> str:
    """Return the query with quotes around every tag of several words that follows `tag:`, also an unfinished one."""
    if not _TAG_FIELD.search(query):
        return query
    folded = (fold_for_search(single_line(tag)) for tag in tags)
    several = sorted(
        (tag for tag in folded if len(tag.split()) > 1 and '"' not in tag), key=len, reverse=True
    )
    parts, copied = [], 0
    for field in _TAG_FIELD.finditer(query) if several else ():
        end = _end_of_tag(query, field.end(), several)
        if end > field.end():
            star = "*" if end == len(query) else ""
            parts += [query[copied : field.end()], f'"{query[field.end() : end]}{star}"']
            copied = end
    return "".join([*parts, query[copied:]])


def _fold(text: str) -> str:
    return fold_for_search(single_line(text)).removeprefix("#")


def _end_of_tag(query: str, start: int, tags: Iterable[str]) -> int:
    """Return where the longest tag that begins at `start` ends; `start` if none of several words does."""
    text_end = min(len(query), start + _MAX_TAG_LENGTH)
    ends = [blank.start() for blank in _BLANKS.finditer(query, start, text_end)] + [text_end]
    for tag in tags:
        count = len(tag.split())
        if count <= len(ends):
            end = ends[count - 1]
            if _fold(query[start:end]) == tag:
                return end
    typed = _fold(query[start:text_end])
    is_unfinished = len(ends) > 1 and text_end == len(query) and any(tag.startswith(typed) for tag in tags)
    return len(query) if is_unfinished else start
