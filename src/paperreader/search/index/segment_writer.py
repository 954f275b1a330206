"""Write the files of a segment: posting lists in a layout that NumPy reads without decoding, and a term table.

`.pst` holds one block per posting list, the lists of a field in term order. A block is aligned to 4 bytes:

    documents   uint32 × n      document numbers within the segment, ascending
    weights     uint8 × n       term frequencies, at most 255                   (title and abstract only)
    positions   uint16 × sum    term positions, aligned to 2 bytes              (title and abstract only)

`.trm` (see `array_file`) holds two term lists, `stem` and `word`: `text` (all terms, UTF-8, sorted, concatenated) and
`ends` (uint32, end offset of each, starting with 0). For each field and each term of its term list:

    start       uint32  offset of its block in units of 4 bytes; one more entry than terms
    count       uint32  n; 0 for a stem that occurs in the other field only
    crc         uint32  CRC-32 of documents and weights
    place_crc   uint32  CRC-32 of the positions

`word.stem` (uint32) is the number of the stem of each raw word.

Length bytes and rows are Whoosh columns, as written by Whoosh's own codec. For the vectors of the documents see
`vector_file`.
"""

from __future__ import annotations

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
from paperreader.search.index.vector_file import VECTORS_EXT, VectorHeader, write_vectors
from paperreader.search.meaning.vectors import PackedVectors

TERMS_EXT, POSTS_EXT, COLUMN_EXT = ".trm", ".pst", ".col"

BLOCK_ALIGNMENT = 4
"""Unit of block offsets in bytes: 32-bit offsets address 16 GB of postings."""

TERM_LIST_OF_FIELD = {"title": "stem", "abstract": "stem", "word": "word"}
"""The term list that holds the terms of each field."""

MAX_WEIGHT = 255
"""Term frequencies are capped here, to fit into one byte."""

LENGTH_OF_BYTE = np.array([byte_to_length(byte) for byte in range(256)], np.int64)
"""For each of Whoosh's length bytes the largest field length in words that it encodes."""

UIntArray = NDArray[np.uint32]


class PostingLists(Struct, frozen=True):
    """Posting lists of consecutive terms, concatenated."""

    counts: UIntArray
    """Number of documents in each list."""
    documents: UIntArray
    weights: NDArray[np.uint8]
    """As long as `documents`; empty for `word`."""
    positions: NDArray[np.uint16]
    """Term positions, as many as the sum of the weights, in document order."""


class _FieldTable(Struct):
    """The columns of the term table for one field, as far as written, in parts."""

    start: list[UIntArray] = field(default_factory=list)
    count: list[UIntArray] = field(default_factory=list)
    crc: list[UIntArray] = field(default_factory=list)
    place_crc: list[UIntArray] = field(default_factory=list)
    end: int = 0
    words: int = 0
    """Total number of occurrences."""


class SegmentWriter:
    """Write the files of one segment: first the posting lists of each field in term order, then everything else.

    Raises:
        OSError: a file cannot be written.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._file = (folder / f"{name}{POSTS_EXT}").open("xb", buffering=1 << 20)
        self._offset = 0
        self._fields: defaultdict[str, _FieldTable] = defaultdict(_FieldTable)

    def add(self, field: str, lists: PostingLists) -> None:
        """Append the posting lists of the next terms of a field. A list may be empty."""
        column, scored = self._fields[field], field in TEXT_FIELDS
        counts = lists.counts.astype(np.int64)
        placed = np.zeros(len(counts), np.int64)
        if scored:
            position_ends = np.append(0, np.cumsum(lists.weights, dtype=np.int64))
            placed = np.diff(position_ends[np.append(0, np.cumsum(counts))])
        checked_sizes = counts * 5 if scored else counts * 4
        position_starts = checked_sizes + checked_sizes % 2
        sizes = position_starts + placed * 2
        sizes += -sizes % BLOCK_ALIGNMENT
        starts = np.cumsum(sizes) - sizes
        blocks = np.zeros(int(sizes.sum()), np.uint8)
        blocks.view(np.uint32)[concatenated_ranges(starts // 4, counts)] = lists.documents
        if scored:
            blocks[concatenated_ranges(starts + counts * 4, counts)] = lists.weights
            position_starts += starts
            blocks.view(np.uint16)[concatenated_ranges(position_starts // 2, placed)] = lists.positions
            column.place_crc.append(_checksums(blocks, position_starts, placed * 2))
        column.crc.append(_checksums(blocks, starts, checked_sizes))
        column.count.append(lists.counts)
        column.start.append(((self._offset + starts) // BLOCK_ALIGNMENT).astype(np.uint32))
        column.words += int(placed.sum())
        self._file.write(blocks.data)
        self._offset += len(blocks)
        column.end = self._offset // BLOCK_ALIGNMENT

    def finish(
        self,
        term_lists: Mapping[str, Sequence[bytes]],
        stem_of_word: UIntArray,
        rows: UIntArray,
        lengths: Mapping[str, NDArray[np.uint8]],
    ) -> dict[str, int]:
        """Write the term table and the columns. Terms whose posting lists are all empty are omitted.

        Args:
            term_lists: the terms of `stem` and `word`, for each of which lists were added.
            stem_of_word: for each word the number of its stem.
            rows: the catalog row of each document.
            lengths: by field, the length byte of each document.

        Returns:
            The total number of words in each scored field.
        """
        self._file.close()
        table: dict[str, NDArray[Any]] = {}
        used = {list_name: np.zeros(len(terms), np.bool_) for list_name, terms in term_lists.items()}
        for name, list_name in TERM_LIST_OF_FIELD.items():
            used[list_name] |= _concatenate(self._fields[name].count) > 0
        for name, list_name in TERM_LIST_OF_FIELD.items():
            column, mask = self._fields[name], used[list_name]
            table[f"{name}.start"] = np.append(_concatenate(column.start)[mask], np.uint32(column.end))
            table[f"{name}.count"] = _concatenate(column.count)[mask]
            table[f"{name}.crc"] = _concatenate(column.crc)[mask]
            if name in TEXT_FIELDS:
                table[f"{name}.place_crc"] = _concatenate(column.place_crc)[mask]
        for list_name, terms in term_lists.items():
            used_terms = [terms[number] for number in np.flatnonzero(used[list_name]).tolist()]
            table[f"{list_name}.text"] = np.frombuffer(b"".join(used_terms), np.uint8)
            table[f"{list_name}.ends"] = np.cumsum([0, *map(len, used_terms)]).astype(np.uint32)
        number = np.cumsum(used["stem"], dtype=np.uint32) - np.uint32(1)
        table["word.stem"] = number[stem_of_word[used["word"]]]
        array_file.write_arrays(self._folder / f"{self._name}{TERMS_EXT}", table)
        self._write_column("row", rows.astype(">u4"))
        for name, each in lengths.items():
            self._write_column(f"_{name}_len", each)
        return {name: self._fields[name].words for name in TEXT_FIELDS}

    def add_vectors(self, model: str, vectors: PackedVectors) -> None:
        """Write the vectors of all documents; `model` is the identity of the model."""
        header = VectorHeader(model, *vectors.values.shape)
        write_vectors(self._folder / f"{self._name}{VECTORS_EXT}", header, [vectors])

    def abort(self) -> None:
        """Close the file of an unfinished segment. Its files are not in the manifest: the next update removes them."""
        self._file.close()

    def _write_column(self, name: str, values: NDArray[Any]) -> None:
        (self._folder / f"{self._name}.{name}{COLUMN_EXT}").write_bytes(values.tobytes())


def concatenated_ranges(starts: NDArray[np.int64], counts: NDArray[np.integer]) -> NDArray[np.int64]:
    """Concatenate the ranges that start at `starts[i]` and have `counts[i]` numbers."""
    counts = counts.astype(np.int64)
    shifts = starts - (np.cumsum(counts) - counts)
    return np.repeat(shifts, counts) + np.arange(int(counts.sum()), dtype=np.int64)


def _checksums(data: NDArray[np.uint8], starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> UIntArray:
    """Return the CRC-32 of each part of `data`; 0 for an empty one."""
    used = np.flatnonzero(sizes)
    ranges = zip(starts[used].tolist(), (starts + sizes)[used].tolist(), strict=True)
    bytes_view = data.data
    checksums = np.zeros(len(sizes), np.uint32)
    checksums[used] = [crc32(bytes_view[start:end]) for start, end in ranges]
    return checksums


def _concatenate(parts: Sequence[UIntArray]) -> UIntArray:
    return np.concatenate([np.empty(0, np.uint32), *parts])
