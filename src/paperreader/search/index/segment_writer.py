"""Writing the files of a segment: posting lists that NumPy reads as they are, and a table of terms in front of them.

`.pst` holds one block a list, the lists of a field in the order of its terms. A block begins at a multiple of 4 bytes:

    documents   uint32 × n      ascending numbers within the segment
    weights     uint8 × n       how often the term stands there, 255 at most     (title and abstract only)
    positions   uint16 × sum    where, at the next multiple of 2 bytes           (title and abstract only)

`.trm` (see `arrays`) holds two lexicons, `stem` and `word`: `text` (all terms, UTF-8, sorted, end to end) and `ends`
(uint32, the end of each, beginning with 0). For each field and each term of its lexicon:

    start       uint32  of its block, in units of 4 bytes; one more than there are terms
    count       uint32  n; 0 for a stem that stands in the other field only
    crc         uint32  CRC-32 of documents and weights
    place_crc   uint32  CRC-32 of the positions

`word.stem` (uint32) gives for each raw word the number of its stem.

Length bytes and rows are Whoosh columns, as Whoosh's own codec writes them.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length

from paperreader.search.index import array_file
from paperreader.search.index.schema import TEXT_FIELDS

TERMS_EXT, POSTS_EXT, COLUMN_EXT = ".trm", ".pst", ".col"

BLOCK_ALIGNMENT = 4
"""Bytes in which the places of blocks are counted: 16 GB of postings can be told apart."""

TERM_LIST_OF_FIELD = {"title": "stem", "abstract": "stem", "word": "word"}
"""Which lexicon holds the terms of a field."""

MAX_WEIGHT = 255
"""Occurrences of a term in one field of a paper that count."""

LENGTH_OF_BYTE = np.array([byte_to_length(byte) for byte in range(256)], np.int64)
"""Whoosh's length byte -> the longest length in words that it stands for."""

UIntArray = NDArray[np.uint32]


class PostingLists(Struct, frozen=True):
    """Posting lists of consecutive terms, end to end."""

    counts: UIntArray
    """Documents of each list."""
    documents: UIntArray
    weights: NDArray[np.uint8]
    """As long as `documents`; empty for `word`."""
    positions: NDArray[np.uint16]
    """As many as the weights add up to, in the order of the documents."""


class _FieldTable(Struct):
    """What the table of terms says of a field's lists so far."""

    start: array[int] = field(default_factory=lambda: array("I"))
    count: array[int] = field(default_factory=lambda: array("I"))
    crc: array[int] = field(default_factory=lambda: array("I"))
    place_crc: array[int] = field(default_factory=lambda: array("I"))
    end: int = 0
    words: int = 0
    """Occurrences altogether."""


class SegmentWriter:
    """Writes the files of one segment: posting lists field by field in the order of the terms, then the rest.

    Raises:
        OSError: a file cannot be written.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._file = (folder / f"{name}{POSTS_EXT}").open("xb", buffering=1 << 20)
        self._offset = 0
        self._fields: defaultdict[str, _FieldTable] = defaultdict(_FieldTable)

    def add(self, field: str, lists: PostingLists) -> None:
        """Write the lists of the terms that follow those written before; empty ones for terms without any."""
        column, scored = self._fields[field], field in TEXT_FIELDS
        documents, weights = _byte_view(lists.documents), _byte_view(lists.weights)
        positions = _byte_view(lists.positions)
        ends = np.cumsum(lists.counts, dtype=np.int64)
        placed = np.append(0, np.cumsum(lists.weights, dtype=np.int64))[ends] if scored else ends
        write, at = self._file.write, self._offset
        first = place = 0
        for end, placed_to in zip(ends.tolist(), placed.tolist(), strict=True):
            column.start.append(at // BLOCK_ALIGNMENT)
            column.count.append(end - first)
            crc = place_crc = 0
            if end > first:
                block = documents[first * 4 : end * 4]
                crc = crc32(block)
                at += write(block)
                if scored:
                    block = weights[first:end]
                    crc = crc32(block, crc)
                    at += write(block)
                    at += write(bytes(at % 2))
                    block = positions[place * 2 : placed_to * 2]
                    place_crc = crc32(block)
                    at += write(block)
                    at += write(bytes(-at % BLOCK_ALIGNMENT))
            column.crc.append(crc)
            column.place_crc.append(place_crc)
            first, place = end, placed_to
        self._offset, column.end = at, at // BLOCK_ALIGNMENT
        column.words += place

    def finish(
        self,
        term_lists: Mapping[str, Sequence[bytes]],
        stem_of_word: UIntArray,
        rows: UIntArray,
        lengths: Mapping[str, NDArray[np.uint8]],
    ) -> dict[str, int]:
        """Write the table of terms and the columns. Terms without any list are left out.

        Args:
            lexicons: the terms of `stem` and `word`, for each of which lists were added.
            stem_of_word: for each word the number of its stem.
            rows: the catalog row of each document.
            lengths: by field, the length byte of each document.

        Returns:
            For each scored field, how many words all its documents have together.
        """
        self._file.close()
        table: dict[str, NDArray[Any]] = {}
        kept = {lexicon: np.zeros(len(terms), np.bool_) for lexicon, terms in term_lists.items()}
        for name, lexicon in TERM_LIST_OF_FIELD.items():
            kept[lexicon] |= np.asarray(self._fields[name].count) > 0
        for name, lexicon in TERM_LIST_OF_FIELD.items():
            column, own = self._fields[name], kept[lexicon]
            table[f"{name}.start"] = np.append(np.asarray(column.start)[own], np.uint32(column.end))
            table[f"{name}.count"] = np.asarray(column.count)[own]
            table[f"{name}.crc"] = np.asarray(column.crc)[own]
            if name in TEXT_FIELDS:
                table[f"{name}.place_crc"] = np.asarray(column.place_crc)[own]
        for lexicon, terms in term_lists.items():
            own_terms = [terms[number] for number in np.flatnonzero(kept[lexicon]).tolist()]
            table[f"{lexicon}.text"] = np.frombuffer(b"".join(own_terms), np.uint8)
            table[f"{lexicon}.ends"] = np.cumsum([0, *map(len, own_terms)]).astype(np.uint32)
        number = np.cumsum(kept["stem"], dtype=np.uint32) - np.uint32(1)
        table["word.stem"] = number[stem_of_word[kept["word"]]]
        array_file.write_arrays(self._folder / f"{self._name}{TERMS_EXT}", table)
        self._write_column("row", rows.astype(">u4"))
        for name, each in lengths.items():
            self._write_column(f"_{name}_len", each)
        return {name: self._fields[name].words for name in TEXT_FIELDS}

    def abort(self) -> None:
        """Let go of an unfinished segment; its files are never declared, and so removed by the next writer."""
        self._file.close()

    def _write_column(self, name: str, values: NDArray[Any]) -> None:
        (self._folder / f"{self._name}.{name}{COLUMN_EXT}").write_bytes(values.tobytes())


def _byte_view(values: NDArray[Any]) -> memoryview:
    return np.ascontiguousarray(values).view(np.uint8).data
