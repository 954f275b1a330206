"""One set of `names_form` parts out of several: those of the large file, and those of batches of papers.

Nothing is held for each paper but a few numbers; texts are copied in runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.index.array_file import Arrays
from paperreader.search.index.term_dictionary import Lexicon, numbered
from paperreader.search.metadata.tables import Entry, encoded, lines_of


class Piece(Struct, frozen=True):
    """Parts of some papers."""

    read: Callable[[str], Arrays]
    """Gives a part by name."""
    rows: NDArray[np.int64]
    """The row of each paper in the catalog."""
    counts: NDArray[np.bool_]
    """Whether it counts. A row counts in one piece at most."""


def join(pieces: Sequence[Piece], size: int) -> Iterator[tuple[str, Arrays]]:
    """The parts of all `size` rows, one by one; a row that counts nowhere is `Entry()`.

    Raises:
        Damaged: a part is not what was written.
        OSError: a part cannot be read.
    """
    yield "author", _terms(pieces, "author") | _lines(pieces, "author", "authors", size)
    yield "id", _terms(pieces, "id") | _lines(pieces, "id", "ids", size)
    yield "source", _numbered(pieces, "source", "told", "source", size, encoded(Entry().told))
    yield "title", _numbered(pieces, "title", "titles", "rank", size, encoded(Entry().title))


def _terms(pieces: Sequence[Piece], name: str) -> dict[str, NDArray[Any]]:
    parts = [piece.read(name) for piece in pieces]
    lexicons = [Lexicon(part["text"], part["ends"]) for part in parts]
    terms, places = numbered(lexicons)
    keys = []
    for piece, part, place in zip(pieces, parts, places, strict=True):
        starts: NDArray[np.int64] = part["starts"].astype(np.int64)
        own = piece.counts[part["rows"]]
        keys.append(np.repeat(place, starts[1:] - starts[:-1])[own] << 32 | piece.rows[part["rows"][own]])
    key = np.sort(np.concatenate([np.empty(0, np.int64), *keys]))
    counts = np.bincount(key >> 32, minlength=len(terms))
    kept = [term for term, count in zip(terms, counts.tolist(), strict=True) if count]
    found = lines_of("terms", kept)
    return {
        "text": found["terms.text"],
        "ends": found["terms.ends"],
        "starts": np.append(0, np.cumsum(counts[counts > 0])).astype(np.uint32),
        "rows": (key & 0xFFFFFFFF).astype(np.uint32),
    }


def _numbered(pieces: Sequence[Piece], name: str, texts: str, numbers: str, size: int, none: bytes) -> Arrays:
    """A part that gives each paper the number of a text, the texts being sorted; `none` is that of no paper."""
    parts = [piece.read(name) for piece in pieces]
    lexicons = [Lexicon(part[f"{texts}.text"], part[f"{texts}.ends"]) for part in parts]
    empty = lines_of("none", [none])
    terms, places = numbered([*lexicons, Lexicon(empty["none.text"], empty["none.ends"])])
    found = np.full(size, places[-1][0], np.uint32)
    for piece, part, place in zip(pieces, parts, places, strict=False):
        found[piece.rows[piece.counts]] = place[part[numbers][piece.counts]]
    used = np.zeros(len(terms), np.bool_)
    used[found] = True
    kept = [term for term, own in zip(terms, used.tolist(), strict=True) if own]
    return lines_of(texts, kept) | {numbers: (np.cumsum(used, dtype=np.uint32) - np.uint32(1))[found]}


def _lines(pieces: Sequence[Piece], part: str, name: str, size: int) -> dict[str, NDArray[Any]]:
    """The lines of all rows, in order."""
    source, place = np.full(size, -1, np.int64), np.zeros(size, np.int64)
    lengths = np.zeros(size, np.int64)
    texts: list[tuple[bytes, NDArray[np.uint32]]] = []
    for number, piece in enumerate(pieces):
        read = piece.read(part)
        text, ends = read[f"{name}.text"].tobytes(), read[f"{name}.ends"]
        texts.append((text, ends))
        rows = piece.rows[piece.counts]
        source[rows] = number
        place[rows] = np.flatnonzero(piece.counts)
        lengths[rows] = np.diff(ends.astype(np.int64))[piece.counts]
    content = b"".join(
        texts[number][0][texts[number][1][first] : texts[number][1][last]]
        for number, first, last in _runs(source, place)
    )
    return {
        f"{name}.text": np.frombuffer(content, np.uint8),
        f"{name}.ends": np.append(0, np.cumsum(lengths)).astype(np.uint32),
    }


def _runs(source: NDArray[np.int64], place: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Neighbours that stand in the same source side by side: the source, the first place and the one after the last."""
    if not len(source):
        return
    apart = (source[1:] != source[:-1]) | (place[1:] != place[:-1] + 1)
    begins = np.append(0, np.flatnonzero(apart) + 1)
    ends = np.append(begins[1:], len(source))
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        if source[begin] >= 0:
            yield int(source[begin]), int(place[begin]), int(place[end - 1]) + 1
