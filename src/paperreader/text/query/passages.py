"""A passage of a text as a query for papers that are near to it in meaning."""

from __future__ import annotations

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.sanitize import sanitize
from paperreader.text.tex_display import tex_to_unicode

MAX_CHARS = 1000
"""Of a query that is made of a passage: some sentences."""

_WORD = lazy_pattern(r"[^\W_]+(?:['’-][^\W_]+)*")
"""Without anything that has a meaning in a query."""


def passage_query(text: str) -> str:
    """Return the query for papers near to a passage, which consists of its words; "" if it has none."""
    words: list[str] = []
    length = 0
    for word in _WORD.findall(tex_to_unicode(sanitize(text[: 4 * MAX_CHARS]))):
        length += len(word) + 1
        if length > MAX_CHARS:
            break
        # `OR` and the like are operators.
        words.append(word.lower() if word in ("OR", "AND", "NOT") else word)
    return f"~ {' '.join(words)}" if words else ""
