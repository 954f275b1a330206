"""Finding one's way in TeX: command names and pairs of braces."""

from __future__ import annotations

import re

MAX_DEPTH = 24
"""Groups within groups that are converted; deeper ones stay as they stand."""

_NAME = re.compile(r"\\([A-Za-z]+\*?|.)", re.DOTALL)
_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)


def command_name(text: str, place: int) -> str:
    """The name of the command at `place`, without its backslash; empty if there is none."""
    found = _NAME.match(text, place)
    return found[1] if found else ""


def brace_pairs(text: str) -> dict[int, int]:
    """The place of each opening brace that is closed, with the place of its partner. Escaped braces do not count."""
    pairs: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACES.finditer(text):
        if found[0] == "{":
            opened.append(found.start())
        elif found[0] == "}" and opened:
            pairs[opened.pop()] = found.start()
    return pairs
