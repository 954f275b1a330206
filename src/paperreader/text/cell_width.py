"""Measure, truncate and wrap text by terminal cells instead of characters.

Widths follow the Unicode East Asian Width property; combining marks, joiners and the vowels and finals of a Hangul
syllable take no cell. Current terminals and Textual count the same way.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

from paperreader.lazy_pattern import lazy_pattern

_ZERO_WIDTH = ((0x1160, 0x11FF), (0xD7B0, 0xD7FB), (0x3164, 0x3164), (0xFFA0, 0xFFA0), (0x1F3FB, 0x1F3FF))
"""Hangul vowels and finals, fillers, and skin tones (which colour the character before them)."""

_DOUBLE_WIDTH = (
    *((0x2630, 0x2637), (0x268A, 0x268F), (0x4DC0, 0x4DFF), (0x1D300, 0x1D376)),
    *((0x1F6D8, 0x1F6DF), (0x1FA70, 0x1FAFF), (0x20000, 0x3FFFD)),
)
"""Wide in Unicode 16 and later; the interpreter's tables may be older."""

_SINGLE_WIDTH = (0xAD, *range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD)
"""Format characters that are visible."""

_ZERO_WIDTH_CATEGORIES = frozenset(("Mn", "Me", "Mc", "Cf", "Cc", "Zl", "Zp"))
_NARROW = lazy_pattern(
    "[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u2030-\u205e\u2190-\u2319\u2500-\u25fc\u2600-\u2613]*"
)
"""A text of these alone is as wide as it is long."""

_JOINER = "\u200d"
_MIN_SHARE_AT_BLANK = 0.6
"""Share of the width that has to remain if text is truncated at the last blank."""


def cell_width(text: str) -> int:
    """Return how many terminal cells `text` takes on one line."""
    if is_narrow(text):
        return len(text)
    if _JOINER in text:
        return sum(width for _, width in _clusters(text))
    return sum(map(_width, text))


def is_narrow(text: str) -> bool:
    """Return whether each character of a text is known to take one cell, so that parts of it need not be measured."""
    return (text.isascii() and text.isprintable()) or _NARROW.fullmatch(text) is not None


def truncate_cells(text: str, width: int, ellipsis: str = "…") -> str:
    """Return `text`, or its beginning and `ellipsis`, in at most `width` cells.

    It is truncated at a blank if that loses little, and never inside a grapheme cluster.
    """
    if cell_width(text) <= width:
        return text
    room = width - cell_width(ellipsis)
    if room < 0:
        return truncate_cells(ellipsis, width, "") if width > 0 else ""
    head = text[: _fit(text, room)]
    if not text[len(head) :].startswith(" "):
        blank = head.rfind(" ")
        if blank > 0 and cell_width(head[:blank]) >= room * _MIN_SHARE_AT_BLANK:
            head = head[:blank]
    return head.rstrip(" ,;:") + ellipsis if head.strip(" ,;:") else head + ellipsis


def wrap_cells(text: str, width: int) -> list[str]:
    """Return `text` in lines of at most `width` cells, broken at blanks, and inside words that are too long.

    White space is collapsed; a newline starts a new line, and two leave an empty line. At least one line.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        words = paragraph.split()
        lines += _wrap_line(words, max(width, 1), len if is_narrow(paragraph) else cell_width)
    return lines


def wrap_anywhere(text: str, width: int) -> list[str]:
    """Return `text`, a line whose blanks are significant, in pieces of at most `width` cells. At least one piece."""
    return _split_at_width(text, max(width, 1))


def _wrap_line(words: list[str], width: int, measure: Callable[[str], int]) -> list[str]:
    lines: list[str] = []
    line: list[str] = []
    used = 0
    for word in words:
        size = measure(word)
        if line and used + 1 + size <= width:
            used += 1 + size
            line.append(word)
            continue
        if line:
            lines.append(" ".join(line))
        if size > width:
            *full, word = _split_at_width(word, width)
            lines += full
            size = measure(word)
        line, used = [word], size
    return [*lines, " ".join(line)]


def _split_at_width(word: str, width: int) -> list[str]:
    pieces: list[str] = []
    piece: list[str] = []
    used = 0
    for cluster, size in _clusters(word):
        if piece and used + size > width:
            pieces.append("".join(piece))
            piece, used = [], 0
        piece.append(cluster)
        used += size
    return [*pieces, "".join(piece)]


def _fit(text: str, room: int) -> int:
    """Return how many characters from the start fit into `room` cells."""
    # No character is wider than two cells, so the rest need not be measured.
    if text[: room + 1].isascii():
        return room
    length = used = 0
    for cluster, size in _clusters(text):
        if used + size > room:
            break
        used += size
        length += len(cluster)
    return length


def _clusters(text: str) -> list[tuple[str, int]]:
    """Return the grapheme clusters of `text` with their widths: a base, its marks, and what a joiner connects."""
    starts: list[int] = []
    widths: list[int] = []
    joined = False
    for index, char in enumerate(text):
        size = 0 if joined else _width(char)
        if not starts or (size and not joined):
            starts.append(index)
            widths.append(size)
        joined = char == _JOINER
    ends = [*starts[1:], len(text)]
    return [(text[start:end], size) for start, end, size in zip(starts, ends, widths, strict=False)]


@lru_cache(maxsize=8192)
def _width(char: str) -> int:
    code = ord(char)
    if code in _SINGLE_WIDTH:
        return 1
    if any(first <= code <= last for first, last in _ZERO_WIDTH):
        return 0
    if any(first <= code <= last for first, last in _DOUBLE_WIDTH):
        return 2
    category = unicodedata.category(char)
    if category in _ZERO_WIDTH_CATEGORIES:
        return 0
    return 2 if category != "Cn" and unicodedata.east_asian_width(char) in "WF" else 1
