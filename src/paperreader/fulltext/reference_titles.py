"""Which parts of a reference may be its title.

References name their title without marking it. Looking for known titles in them finds far more than taking them apart:
a title begins after punctuation, a quotation mark or the year, and ends before some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from paperreader.text.ids import title_key

MIN_TITLE_KEY = 24
"""Letters and digits of the shortest title that is looked for: shorter ones occur inside of others."""

MAX_TITLE_KEY = 300
MAX_REFERENCE_LENGTH = 3000
"""Characters of a reference that are looked at."""

_MAX_PARTS = 60
_BOUNDARY = re.compile(r"[.,:;?!\"“”„«»‘’'`()\[\]{}|/–—-]+|\b(?:19|20)[0-9]{2}[a-z]?\b|\n")


def title_keys(text: str) -> Iterator[str]:
    """Yield the keys (see `ids.title_key`) of all parts of a reference that may be its title, the longest first."""
    text = text[:MAX_REFERENCE_LENGTH]
    parts: list[str] = []
    start = 0
    for found in _BOUNDARY.finditer(text):
        # A year or a sign is a part of its own: it may be inside of a title.
        parts += [title_key(text[start : found.start()]), title_key(found[0])]
        start = found.end()
    parts.append(title_key(text[start:]))
    known = [part for part in parts if part][:_MAX_PARTS]
    yield from sorted(set(_joined(known)), key=lambda key: (-len(key), key))


def _joined(parts: Sequence[str]) -> Iterator[str]:
    """Yield every run of parts that is as long as a title."""
    for first in range(len(parts)):
        key = ""
        for part in parts[first:]:
            key += part
            if len(key) > MAX_TITLE_KEY:
                break
            if len(key) >= MIN_TITLE_KEY:
                yield key
