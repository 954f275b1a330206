"""Runs of text in roles: what the pure layouts give and the panes paint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, NamedTuple

from paperreader.text.cell_width import cells, cut

Spans = Sequence[tuple[int, int]]
Find = Callable[[str], list[tuple[int, int]]]
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


class Piece(NamedTuple):
    """A run of text in one role."""

    text: str
    role: Role


Line = tuple[Piece, ...]


def blanks(count: int) -> list[Piece]:
    """`count` empty cells; none for less than one."""
    return [Piece(" " * count, "text")] if count > 0 else []


def width_of(pieces: Iterable[Piece]) -> int:
    """How many cells the pieces take."""
    return sum(cells(piece.text) for piece in pieces)


def clipped(pieces: Iterable[Piece], width: int) -> list[Piece]:
    """As much of the pieces as `width` cells hold."""
    kept: list[Piece] = []
    for text, role in pieces:
        if cells(text) > width:
            return [*kept, Piece(cut(text, width, ""), role)]
        kept.append(Piece(text, role))
        width -= cells(text)
    return kept


def lit(text: str, spans: Spans, role: Role, start: int = 0, *, match: int = -1) -> list[Piece]:
    """`text` in `role` with its hits, span number `match` as the one that is stood on.

    The spans count from `start` characters before the text; what lies outside it is passed over.
    """
    pieces: list[Piece] = []
    done = 0
    for number, (first, last) in enumerate(spans):
        a, b = max(done, first - start), min(len(text), last - start)
        if a >= b:
            continue
        if a > done:
            pieces.append(Piece(text[done:a], role))
        pieces.append(Piece(text[a:b], "match" if number == match else "hit"))
        done = b
    if done < len(text):
        pieces.append(Piece(text[done:], role))
    return pieces
