"""Search inside of a document: its texts without case and accents, and where matches are in the texts of its blocks."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from paperreader.fulltext.document import Document
from paperreader.fulltext.layout.block_text import block_text
from paperreader.fulltext.layout.head import head_text
from paperreader.fulltext.layout.lines import HEAD, Place
from paperreader.text.sanitize import fold_for_search

_SIGNS = str.maketrans("‘’‚‛“”„‟′″‐‑‒–—−", "''''\"\"\"\"'\"------")
"""Quotation marks and dashes that keyboards do not have; each is one character."""

_PART = re.compile(
    r"[\x00-\x7f]+|[\u1100-\u115f\ua960-\ua97c][\u1160-\u11ff\ud7b0-\ud7fb]*|[^\x00-\x7f]", re.DOTALL
)
"""Letters that are folded one by one; the parts of a Hangul syllable belong together."""


_RELATION = re.compile(r" ?([=<>≤≥≠≈≡∼≃∈∉⊂⊆→←↦]) ?")
"""A relation, around which a formula may have blanks."""


class Match(NamedTuple):
    """A part of the text of a block that matches a query."""

    block: int
    start: int
    end: int

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.block, self.start)


class FoldedText(NamedTuple):
    """A text for comparison."""

    text: str
    offsets: array[int] | None
    """For each of its characters, and for its end, the offset in the original text; None if they are the same."""


def fold_text(text: str) -> FoldedText:
    """Return a text without case and accents, as `fold_for_search` does, with the offsets of its characters."""
    if text.isascii():
        return FoldedText(text.lower(), None)
    parts: list[str] = []
    offsets = array("L")
    for found in _PART.finditer(text.translate(_SIGNS)):
        part, start = found[0], found.start()
        folded = part.lower() if part.isascii() else _fold_letter(part)
        parts.append(folded)
        offsets.extend(range(start, start + len(part)) if part.isascii() else [start] * len(folded))
    offsets.append(len(text))
    return FoldedText("".join(parts), offsets)


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    return fold_for_search(letter).translate(_SIGNS)


class TextSearch:
    """The texts of a document, prepared once so that each query takes only milliseconds."""

    def __init__(self, texts: Iterable[str], *, pause: Callable[[], object] = lambda: None) -> None:
        """
        Args:
            texts: the text before the first block (`HEAD`), and that of each block.
            pause: called after each text: a thread can let others work, or raise an exception to stop.
        """
        parts: list[str] = []
        self._starts = array("L")
        self._offsets: dict[int, array[int]] = {}
        at = 0
        for block, text in enumerate(texts, HEAD):
            folded = fold_text(text)
            self._starts.append(at)
            if folded.offsets is not None:
                self._offsets[block] = folded.offsets
            parts.append(folded.text)
            at += len(folded.text) + 1
            pause()
        self._folded = "\0".join(parts)

    def find(self, query: str) -> Matches:
        """Return where a text occurs, regardless of case, accents, and blanks around `=` and other relations.

        Other blanks of it match any white space.
        """
        folded = " ".join(fold_text(query.replace("\0", " ")).text.split())
        pattern = re.compile(_pattern(folded)) if folded else None
        found = pattern.finditer(self._folded) if pattern is not None else ()
        return FoldedMatches(self, array("L", (offset for match in found for offset in match.span())))

    def match_at(self, start: int, end: int) -> Match:
        """Return the match with these offsets in the text of all blocks."""
        index = bisect_right(self._starts, start) - 1
        block, first = index + HEAD, self._starts[index]
        start, end = start - first, end - first
        offsets = self._offsets.get(block)
        if offsets is None:
            return Match(block, start, end)
        last = offsets[end - 1]
        return Match(block, offsets[start], max(offsets[end], last + 1))

    def span_of(self, block: int) -> tuple[int, int]:
        """Return the offsets of a block in the text of all blocks."""
        index = block - HEAD
        if not 0 <= index < len(self._starts):
            return 0, 0
        is_last = index + 1 == len(self._starts)
        return self._starts[index], len(self._folded) if is_last else self._starts[index + 1]


def _pattern(query: str) -> str:
    """Return a regular expression for a query that is folded and has single blanks."""
    parts = filter(None, _RELATION.split(query))
    return r"\s*".join(r"\s+".join(map(re.escape, part.split(" "))) for part in parts)


class Matches(ABC):
    """Matches of a query in the order of the text."""

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def __getitem__(self, number: int) -> Match: ...

    @abstractmethod
    def numbers_in(self, block: int) -> range:
        """Return the numbers, from 0, of the matches in a block."""

    def in_block(self, block: int) -> Iterator[Match]:
        """Yield the matches in a block."""
        return (self[number] for number in self.numbers_in(block))

    def first_from(self, place: Place) -> int:
        """Return the number, from 0, of the first match at a place or after it; `len` if there is none."""
        numbers = self.numbers_in(place.block)
        return next((number for number in numbers if self[number].end > place.offset), numbers.stop)


class FoldedMatches(Matches):
    """Matches in a folded text. Of thousands, only those that are asked for are worked out."""

    def __init__(self, search: TextSearch, edges: array[int]) -> None:
        """`edges` has start and end of each match in the text of all blocks."""
        self._search, self._edges = search, edges

    def __len__(self) -> int:
        return len(self._edges) // 2

    def __getitem__(self, number: int) -> Match:
        return self._search.match_at(self._edges[2 * number], self._edges[2 * number + 1])

    def numbers_in(self, block: int) -> range:
        first, end = self._search.span_of(block)
        return range(-(-bisect_left(self._edges, first) // 2), -(-bisect_left(self._edges, end) // 2))


class ListedMatches(Matches):
    """Matches that something else found."""

    def __init__(self, matches: Sequence[Match]) -> None:
        self._matches = matches

    def __len__(self) -> int:
        return len(self._matches)

    def __getitem__(self, number: int) -> Match:
        return self._matches[number]

    def numbers_in(self, block: int) -> range:
        return range(
            bisect_left(self._matches, block, key=attrgetter("block")),
            bisect_right(self._matches, block, key=attrgetter("block")),
        )


def search_document(document: Document, *, pause: Callable[[], object] = lambda: None) -> TextSearch:
    """Return a document prepared for search; `pause` as for `TextSearch`."""
    return TextSearch(_texts(document), pause=pause)


def matches_in(
    document: Document,
    find: Callable[[str], Iterable[tuple[int, int]]],
    blocks: range | None = None,
    *,
    pause: Callable[[], object] = lambda: None,
) -> Matches:
    """Return what `find` finds in the texts of blocks (by default of all): start and end of each match.

    `pause` is called after each text: a thread can let others work, or raise an exception to stop.
    """
    found: list[Match] = []
    for block in range(HEAD, len(document.blocks)) if blocks is None else blocks:
        text = head_text(document) if block == HEAD else block_text(document.blocks[block])
        found += [Match(block, *span) for span in find(text)]
        pause()
    return ListedMatches(found)


def _texts(document: Document) -> Iterator[str]:
    yield head_text(document)
    for block in document.blocks:
        yield block_text(block)
