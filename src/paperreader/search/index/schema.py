"""The Whoosh schema: fields of a paper, and how their text is indexed."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from whoosh import columns, fields, formats

from paperreader.models import Paper
from paperreader.text.tex_display import tex_to_unicode

VERSION = 5
"""Version of the index format, including tokenization. An index of another version is rebuilt."""

INDEX_NAME = "papers"
"""Whoosh index name: the prefix of its file names."""

TEXT_FIELDS = ("title", "abstract")
"""Scored fields. Their terms are stems."""

MAX_WORDS = 1 << 16
"""Indexed words per field: positions are stored in 16 bits."""


class WordPositions(formats.Positions):  # type: ignore[misc]
    """Term positions as 16-bit integers; Whoosh's own format pickles each list."""

    def encode(self, positions: Sequence[int]) -> bytes:
        """Encode as unsigned 16-bit integers in native byte order: an index never leaves its machine."""
        return array("H", positions).tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        """Invert `encode`."""
        return array("H", value).tolist()

    def decode_frequency(self, value: bytes) -> int:
        """Return the number of positions."""
        return len(value) // array("H").itemsize


class StemField(fields.FieldType):  # type: ignore[misc]
    """A field indexed from a sequence of stems; the index of a stem is its position."""

    def __init__(self) -> None:
        super().__init__(format=WordPositions(), analyzer=None, scorable=True)

    def index(self, value: Sequence[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield one posting per stem: (term, frequency, weight, encoded positions).

        Used only by Whoosh's own writer; `segment_builder` creates no object per posting.
        """
        positions_of: defaultdict[str, list[int]] = defaultdict(list)
        for position, term in enumerate(value):
            positions_of[term].append(position)
        for term, positions in positions_of.items():
            yield term.encode(), len(positions), float(len(positions)), self.format.encode(positions)


class WordField(fields.FieldType):  # type: ignore[misc]
    """A field indexed from a set of raw words, without frequencies or positions. Completion uses it too.

    A word with meaningful capitals is indexed a second time with them (see `cased_words.capital_words`).
    """

    def __init__(self) -> None:
        super().__init__(format=formats.Existence(), analyzer=None)

    def index(self, value: frozenset[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield one posting per word."""
        for word in value:
            yield word.encode(), 1, 1.0, b""


def whoosh_schema() -> fields.Schema:
    """Return the schema: title and abstract as stems, both as raw words, and the catalog row as a column."""
    return fields.Schema(
        title=StemField(),
        abstract=StemField(),
        word=WordField(),
        row=fields.COLUMN(columns.NumericColumn("I")),
    )


def indexed_texts(paper: Paper) -> tuple[str, ...]:
    """Return the text of each of `TEXT_FIELDS`. The displayed text (TeX converted to Unicode) is indexed."""
    return (tex_to_unicode(paper.title), tex_to_unicode(paper.abstract))
