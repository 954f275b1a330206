"""How a paper stands in the Whoosh index: its fields, and what the words in them are."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from whoosh import columns, fields, formats

from paperreader.models import Paper
from paperreader.search.analysis.tokenizer import split_words
from paperreader.text.tex_display import tex_to_unicode

VERSION = 2
"""Of everything the index holds, how text is cut into words included. Another version is rebuilt."""

INDEX_NAME = "papers"
"""What Whoosh puts before each of the index's file names."""

TEXT_FIELDS = ("title", "abstract")
"""Fields that are searched and scored; their terms are stems."""

MAX_WORDS = 1 << 16
"""Words of a field that are indexed: a position is stored in 16 bits."""


class WordPositions(formats.Positions):  # type: ignore[misc]
    """Positions as little numbers; Whoosh's own format makes a pickle of each list."""

    def encode(self, positions: Sequence[int]) -> bytes:
        """Unsigned 16-bit numbers in the machine's own order: an index never leaves the machine."""
        return array("H", positions).tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        """The inverse of `encode`."""
        return array("H", value).tolist()

    def decode_frequency(self, value: bytes) -> int:
        """How many positions there are."""
        return len(value) // array("H").itemsize


class StemField(fields.FieldType):  # type: ignore[misc]
    """Takes a sequence of stems; the place of each is its position."""

    def __init__(self) -> None:
        super().__init__(format=WordPositions(), analyzer=None, scorable=True)

    def index(self, value: Sequence[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """One posting a stem: (term, frequency, weight, encoded positions).

        For Whoosh's own writer; ours never makes an object of a posting (see `pool`).
        """
        places: defaultdict[str, list[int]] = defaultdict(list)
        for place, term in enumerate(value):
            places[term].append(place)
        for term, positions in places.items():
            yield term.encode(), len(positions), float(len(positions)), self.format.encode(positions)


class WordField(fields.FieldType):  # type: ignore[misc]
    """Takes a set of raw words and keeps nothing but which papers hold them; gives completions their words too."""

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)

    def index(self, value: frozenset[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """One posting a word."""
        for word in value:
            yield word.encode(), 1, 1.0, b""


def whoosh_schema() -> fields.Schema:
    """Title and abstract as stems, both as raw words, and the paper's row in the catalog as a column."""
    return fields.Schema(
        title=StemField(),
        abstract=StemField(),
        word=WordField(),
        row=fields.COLUMN(columns.NumericColumn("I")),
    )


def indexed_words(paper: Paper) -> tuple[list[str], ...]:
    """The words of each of `TEXT_FIELDS`: what is indexed is the text as it is displayed."""
    return tuple(split_words(tex_to_unicode(text))[:MAX_WORDS] for text in (paper.title, paper.abstract))
