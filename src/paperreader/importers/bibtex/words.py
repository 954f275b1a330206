"""Lists of words in fields of BibTeX, in which braces protect separators."""

from __future__ import annotations

import re

_PART = re.compile(r"\\.|[{}]|[;,\n]", re.DOTALL)


def split_outside_braces(text: str) -> list[str]:
    """Split a list of keywords at the semicolons and newlines outside braces; if there are none, at the commas."""
    found = list(_separators(text.strip()))
    strong = [at for at, sign in found if sign != ","]
    places = strong or [at for at, _ in found]
    starts, ends = [0, *(at + 1 for at in places)], [*places, len(text.strip())]
    return [text.strip()[start:end].strip() for start, end in zip(starts, ends, strict=True)]


def _separators(text: str) -> list[tuple[int, str]]:
    """Return the offset and the sign of each separator outside braces."""
    found: list[tuple[int, str]] = []
    depth = 0
    for part in _PART.finditer(text):
        depth += (part[0] == "{") - (part[0] == "}")
        if part[0] in ";,\n" and depth <= 0:
            found.append((part.start(), part[0]))
    return found
