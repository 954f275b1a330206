"""Passages of a full text: select them by sentences, highlight them, and find them again in another version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from paperreader.fulltext.layout.lines import Place
from paperreader.models import HIGHLIGHT_CONTEXT, Highlight
from paperreader.text.sanitize import single_line

MIN_QUOTE_KEY = 3
"""Letters and digits that a quote needs to be looked for elsewhere than in its place."""

_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s+[\"'“‘(\[]?[^\W_a-z])|[.!?…][\"'”’)\]]*\s*\Z")
_SIGNS = re.compile(r"[\W_]+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|etc|cf|vs|w\.r\.t|resp|approx|ca|Figs?|Eqs?|Secs?|Tabs?|Defs?|Thms?|Refs?|Apps?|Chap|Alg"
    r"|Dr|Prof|Mr|Ms|Mrs|St|Nos?|Vol|Eds?|pp)|(?:^|[\s(.])[A-Z])\Z"
)
"""Words before a full stop that does not end a sentence; also initials of names."""


class Passage(NamedTuple):
    """A part of a document, from one place up to another one, which is not included."""

    start: Place
    end: Place

    def range_in(self, block: int, length: int) -> tuple[int, int]:
        """Return the range of characters of a block with a text of that length that is inside; `(0, 0)` for none."""
        if not self.start.block <= block <= self.end.block:
            return 0, 0
        first = self.start.offset if block == self.start.block else 0
        last = self.end.offset if block == self.end.block else length
        return max(0, first), max(0, min(last, length))


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the start and end of each sentence of a paragraph, without the white space between them."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.end() < len(text.rstrip()) and _ABBREVIATION.search(
            text, max(0, match.start() - 12), match.start()
        ):
            continue
        found.append((start, match.end()))
        start = match.end()
    found.append((start, len(text)))
    return [
        (first + len(part) - len(part.lstrip()), first + len(part.rstrip()))
        for first, last in found
        if (part := text[first:last]).strip()
    ]


def passage_text(texts: Sequence[str], passage: Passage) -> str:
    """Return the text of a passage, with a line end between blocks and none inside of one.

    Args:
        texts: the text of each block, see `block_text`.
        passage: what to return.
    """
    blocks = range(passage.start.block, passage.end.block + 1)
    parts = ((texts[block], *passage.range_in(block, len(texts[block]))) for block in blocks)
    return "\n".join(part for text, first, last in parts if (part := single_line(text[first:last]).strip()))


def to_highlight(
    texts: Sequence[str], passage: Passage, *, version: int = 0, comment: str = ""
) -> Highlight | None:
    """Return a passage as a highlight, without the white space around it; None if it has no letter or digit.

    Blocks without letters and digits at its start are left out: they could not be found again.
    """
    block, offset = passage.start.block, max(0, passage.start.offset)
    while not any(map(str.isalnum, texts[block][offset : passage.range_in(block, len(texts[block]))[1]])):
        if block == passage.end.block:
            return None
        block, offset = block + 1, 0
    quote = passage_text(texts, Passage(Place(block, offset), passage.end))
    text = texts[block]
    offset += len(text[offset:]) - len(text[offset:].lstrip())
    last_text, last = texts[passage.end.block], passage.end.offset
    return Highlight(
        quote,
        block=block,
        offset=offset,
        before=text[max(0, offset - HIGHLIGHT_CONTEXT) : offset],
        after=last_text[max(0, last) :][:HIGHLIGHT_CONTEXT],
        comment=comment,
        version=version,
    )


def find_passage(texts: Sequence[str], highlight: Highlight) -> Passage | None:
    """Return where a highlight is in a text, which may be another version than the one it was made in.

    It is looked for in its place, then anywhere, by its letters and digits alone: another version or another converter
    changes spaces and signs. Of several places with the same text, the one with the best context, then the nearest one
    is taken. None if the text does not contain it.
    """
    lines = highlight.quote.split("\n")
    if found := _in_place(texts, highlight, lines):
        return found
    key = _key(lines[0])[0]
    if len(_key(highlight.quote)[0]) < MIN_QUOTE_KEY or not key:
        return None
    candidates = [
        (passage, _context_score(texts, passage, highlight))
        for block in range(len(texts))
        for passage in _matches(texts, block, lines)
    ]
    if not candidates:
        return None
    return max(candidates, key=lambda each: (each[1], -abs(each[0].start.block - highlight.block)))[0]


def _in_place(texts: Sequence[str], highlight: Highlight, lines: Sequence[str]) -> Passage | None:
    block, offset = highlight.block, highlight.offset
    if block >= len(texts):
        return None
    if texts[block].startswith(lines[0], offset):
        return _continued(texts, Place(block, offset), offset + len(lines[0]), lines)
    wanted = _key(lines[0])[0]
    key, offsets = _key(texts[block][offset:])
    if not wanted or not key.startswith(wanted):
        return None
    end = _after_signs(texts[block], offset + offsets[len(wanted) - 1] + 1, lines[0])
    return _continued(texts, Place(block, offset), end, lines)


def _matches(texts: Sequence[str], block: int, lines: Sequence[str]) -> Iterator[Passage]:
    """Yield the passages of a quote that begin in a block."""
    wanted = _key(lines[0])[0]
    if _plain_key(wanted) not in _plain_key(texts[block]):
        return
    key, offsets = _key(texts[block])
    at = key.find(wanted)
    while at >= 0:
        start, end = offsets[at], _after_signs(texts[block], offsets[at + len(wanted) - 1] + 1, lines[0])
        if found := _continued(texts, Place(block, start), end, lines):
            yield found
        at = key.find(wanted, at + 1)


def _continued(texts: Sequence[str], start: Place, end: int, lines: Sequence[str]) -> Passage | None:
    """Return the passage that begins with the first line of a quote at `start`, if the others are in the next blocks.

    Blocks without text, such as figures, may be between them.
    """
    block = start.block
    for line in lines[1:]:
        wanted, block = _key(line)[0], block + 1
        while block < len(texts) and not texts[block].strip():
            block += 1
        if block >= len(texts):
            return None
        key, offsets = _key(texts[block])
        if not key.startswith(wanted):
            return None
        end = _after_signs(texts[block], offsets[len(wanted) - 1] + 1 if wanted else 0, line)
    return Passage(start, Place(block, end))


def _after_signs(text: str, offset: int, line: str) -> int:
    """Return the offset after those signs at the end of a line of a quote that follow `offset` in a text too."""
    letters = len(line)
    while letters and not line[letters - 1].isalnum():
        letters -= 1
    for sign in line[letters:]:
        if not text.startswith(sign, offset):
            break
        offset += 1
    return offset


def _context_score(texts: Sequence[str], passage: Passage, highlight: Highlight) -> int:
    """Return how many letters and digits around a passage are those around the highlight."""
    before = _key(texts[passage.start.block][: passage.start.offset])[0]
    after = _key(texts[passage.end.block][passage.end.offset :])[0]
    return _common(reversed(before), reversed(_key(highlight.before)[0])) + _common(
        iter(after), iter(_key(highlight.after)[0])
    )


def _common(one: Iterator[str], other: Iterator[str]) -> int:
    count = 0
    for char, wanted in zip(one, other, strict=False):
        if char != wanted:
            break
        count += 1
    return count


def _key(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of a text in lower case, and the offset of each in the text."""
    pairs = [(low, at) for at, char in enumerate(text) for low in char.lower() if low.isalnum()]
    return "".join(low for low, _ in pairs), [at for _, at in pairs]


def _plain_key(text: str) -> str:
    """Return the letters and digits of a text for a quick test: without offsets, and with one form of sigma."""
    return _SIGNS.sub("", text.lower()).replace("ς", "σ")
