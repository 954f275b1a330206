"""Recover marks from a damaged notebook."""

from __future__ import annotations

import json

from paperreader.checked_values import parse_integer
from paperreader.lazy_pattern import lazy_pattern
from paperreader.mark_codec import mark_from_json
from paperreader.models import Mark
from paperreader.notebook.mark_merge import merge_all

_MAX_FAILED_CHARS, _MAX_FAILED_SHARE = 10_000_000, 50
"""Characters that may be read in vain in a damaged notebook, and how often as many as it has."""

_NESTED_CHARS = 25_000
"""About as much time as the parser takes to find out that an object is nested too deeply."""

# A quote after a backslash does not begin a key. Without this check, each such quote would cost a search to the end.
_OBJECT_START = lazy_pattern(r'(?<!\\)("(?:[^"\\\n]|\\.)*")\s*:\s*(?=\{)')


def recover_marks(data: bytes) -> dict[str, Mark]:
    """Return every mark of a damaged notebook that can still be parsed: each complete `"id": {"title": …}`."""
    text = data.decode("utf-8", "surrogateescape")
    decoder = json.JSONDecoder(parse_int=parse_integer)
    found: dict[str, list[Mark]] = {}
    position = failed = 0
    while match := _OBJECT_START.search(text, position):
        position = match.end()
        try:
            id = json.loads(match[1])
            value, end = decoder.raw_decode(text, position)
            text[match.start() : end].encode()
            # Every line that was written by this program has a title. Without one, this is `papers`, `tags` or so.
            mark = mark_from_json(value) if isinstance(value.get("title"), str) else None
        except (ValueError, RecursionError) as error:
            # It is incomplete, or the object around the papers. Search for objects inside it, but not without limit.
            failed += error.pos - position if isinstance(error, json.JSONDecodeError) else _NESTED_CHARS
            failed += position // 20  # for the line number of the error
            if failed > _MAX_FAILED_CHARS + _MAX_FAILED_SHARE * len(text):
                break
            continue
        if mark is not None:
            found.setdefault(id, []).append(mark)
            position = end
    return {id: merge_all(marks) for id, marks in found.items()}
