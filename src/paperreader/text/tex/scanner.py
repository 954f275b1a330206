"""Find command names and pairs of braces in TeX."""

from __future__ import annotations

import re

from paperreader.lazy_pattern import lazy_pattern

MAX_DEPTH = 24
"""Levels of nested groups that are converted; deeper ones stay unchanged."""

_NAME = lazy_pattern(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_BRACES = lazy_pattern(r"[\\{}](?:(?<!\\)|.)", re.DOTALL)
"""A brace, or a backslash and what follows. It begins with a set of characters, for which `re` searches faster."""


def command_name(text: str, offset: int) -> str:
    """Return the name of the command at `offset`, without its backslash; empty if there is none."""
    found = _NAME.match(text, offset)
    return found[1] if found else ""


def brace_pairs(text: str) -> dict[int, int]:
    """Return the offset of each opening brace that is closed, with that of its partner. Escaped braces do not count."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACES.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            pairs[opened.pop()] = found.start()
    return pairs
