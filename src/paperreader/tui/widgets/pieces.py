"""Runs of text in roles: what the pure layouts give and the panes paint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from paperreader.text.cell_width import cell_width, truncate_cells

MatchRanges = Sequence[tuple[int, int]]
Highlighter = Callable[[str], list[tuple[int, int]]]
"""Character spans of a text that the query matches."""

Role = Literal[
    "text",
    "title",
    "unread",
    "dim",
    "muted",
    "new",
    "yours",
    "key",
    "link",
    "hit",
    "match",
    "bar",
    "strong",
    "emph",
    "code",
]
"""What a run is, for the style sheet: `yours` is what the reader made, `new` the unread dot, `match` the hit one
stands on."""


class TextSpan(NamedTuple):
    """A run of text in one role."""

    text: str
    role: Role


StyledLine = tuple[TextSpan, ...]


def padding(count: int) -> list[TextSpan]:
    """`count` empty cells; none for less than one."""
    return [TextSpan(" " * count, "text")] if count > 0 else []


def span_width(spans: Iterable[TextSpan]) -> int:
    """How many cells the pieces take."""
    return sum(cell_width(piece.text) for piece in spans)


def clip(spans: Iterable[TextSpan], width: int) -> list[TextSpan]:
    """As much of the pieces as `width` cells hold."""
    kept: list[TextSpan] = []
    for text, role in spans:
        if cell_width(text) > width:
            return [*kept, TextSpan(truncate_cells(text, width, ""), role)]
        kept.append(TextSpan(text, role))
        width -= cell_width(text)
    return kept


def highlight(
    text: str, ranges: MatchRanges, role: Role, start: int = 0, *, match: int = -1
) -> list[TextSpan]:
    """`text` in `role` with its hits, span number `match` as the one that is stood on.

    The spans count from `start` characters before the text; what lies outside it is passed over.
    """
    pieces: list[TextSpan] = []
    done = 0
    for number, (first, last) in enumerate(ranges):
        a, b = max(done, first - start), min(len(text), last - start)
        if a >= b:
            continue
        if a > done:
            pieces.append(TextSpan(text[done:a], role))
        pieces.append(TextSpan(text[a:b], "match" if number == match else "hit"))
        done = b
    if done < len(text):
        pieces.append(TextSpan(text[done:], role))
    return pieces
