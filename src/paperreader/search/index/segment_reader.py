"""Reading a segment's files (see `packing` for their layout): terms from memory, posting lists from disk as arrays."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from paperreader.search.index import array_file
from paperreader.search.index.schema import TEXT_FIELDS
from paperreader.search.index.segment_writer import (
    BLOCK_ALIGNMENT,
    COLUMN_EXT,
    LENGTH_OF_BYTE,
    POSTS_EXT,
    TERM_LIST_OF_FIELD,
    TERMS_EXT,
    PostingLists,
    UIntArray,
)
from paperreader.search.index.term_dictionary import IndexDamaged, StemDictionary, TermList

NO_DOCUMENTS = np.empty(0, np.uint32)
NO_WEIGHTS = np.empty(0, np.uint8)


class SegmentReader:
    """The posting lists of one segment. Thread-unsafe: seeks in a file.

    Args:
        folder: where its files stand.
        name: what their names begin with.
        size: how many documents it has.
        content: gives the checked content of a file by name.
    """

    def __init__(self, folder: Path, name: str, size: int, read_file: Callable[[str], bytes]) -> None:
        table = array_file.parse_arrays(read_file(f"{name}{TERMS_EXT}"))
        self.document_count = size
        self.term_lists = {
            lexicon: TermList(table[f"{lexicon}.text"], table[f"{lexicon}.ends"])
            for lexicon in ("stem", "word")
        }
        self.document_counts: dict[str, UIntArray] = {
            field: table[f"{field}.count"] for field in TERM_LIST_OF_FIELD
        }
        """By field, how many documents hold each term of its lexicon."""
        self.stem_of_word: UIntArray = table["word.stem"]
        self._starts: dict[str, UIntArray] = {field: table[f"{field}.start"] for field in TERM_LIST_OF_FIELD}
        self._crcs: dict[str, UIntArray] = {field: table[f"{field}.crc"] for field in TERM_LIST_OF_FIELD}
        self._position_crcs: dict[str, UIntArray] = {
            field: table[f"{field}.place_crc"] for field in TEXT_FIELDS
        }
        self._checked: dict[str, bytearray] = {}
        """For each list 1 when its documents, 2 when also its positions were found to be sound."""
        self.rows: NDArray[np.int32] = self._read_column(read_file, name, "row", ">u4").astype(np.int32)
        """The catalog row of each document."""
        self.length_bytes: dict[str, NDArray[np.uint8]] = {
            field: self._read_column(read_file, name, f"_{field}_len", "u1") for field in TEXT_FIELDS
        }
        self._file = (folder / f"{name}{POSTS_EXT}").open("rb", buffering=0)
        self.close = weakref.finalize(self, self._file.close)
        """Lets go of the file; called by the garbage collector at the latest."""
        self._last_modified = -1
        """When somebody wrote to the file last, as far as is known."""

    def lengths(self, field: str) -> NDArray[np.int64]:
        """How many words the field of each document has, as precisely as its length byte tells."""
        return LENGTH_OF_BYTE[self.length_bytes[field]]

    def stem_dictionary(self) -> StemDictionary:
        """The words with their stems."""
        return StemDictionary(self.term_lists["word"], self.term_lists["stem"], self.stem_of_word)

    def term_number(self, field: str, term: str) -> int:
        """The number of a field's term; -1 where no document holds it."""
        number = self.term_lists[TERM_LIST_OF_FIELD[field]].find(term.encode())
        return number if number >= 0 and self.document_counts[field][number] else -1

    def documents(self, field: str, number: int) -> tuple[UIntArray, NDArray[np.uint8]]:
        """The documents that hold a term, ascending, and how often each; of a word's only the documents.

        Raises:
            Damaged: they are not what was written.
        """
        count = int(self.document_counts[field][number])
        if not count:
            return NO_DOCUMENTS, NO_WEIGHTS
        size = count * 5 if field in TEXT_FIELDS else count * 4
        block = self._read(int(self._starts[field][number]) * BLOCK_ALIGNMENT, size)
        checked = self._checked[field]  # after reading, which may begin it anew
        if not checked[number]:
            if crc32(block) != self._crcs[field][number]:
                raise IndexDamaged
            checked[number] = 1
        return np.frombuffer(block, np.uint32, count), np.frombuffer(block, np.uint8, offset=count * 4)

    def positions(self, field: str, number: int, weights: NDArray[np.uint8]) -> NDArray[np.uint16]:
        """Where a term stands: in each of its documents as often as its weight says, ascending.

        Raises:
            Damaged: they are not what was written.
        """
        offset = int(self._starts[field][number]) * BLOCK_ALIGNMENT + len(weights) * 5 + len(weights) % 2
        block = self._read(offset, int(weights.sum(dtype=np.int64)) * 2)
        checked = self._checked[field]
        if checked[number] < 2:
            if crc32(block) != self._position_crcs[field][number]:
                raise IndexDamaged
            checked[number] = 2
        return np.frombuffer(block, np.uint16)

    def posting_lists(self, field: str, first: int, last: int) -> PostingLists:
        """The posting lists of the terms from `first` up to, not with, `last`, unchecked.

        Raises:
            Damaged: the file is too short.
        """
        counts = self.document_counts[field][first:last]
        starts = self._starts[field][first : last + 1].astype(np.int64)
        block = np.frombuffer(
            self._read(int(starts[0]) * BLOCK_ALIGNMENT, int(starts[-1] - starts[0]) * BLOCK_ALIGNMENT),
            np.uint8,
        )
        starts = (starts[:-1] - starts[0]) * BLOCK_ALIGNMENT
        documents = block.view(np.uint32)[_concatenated_ranges(starts // 4, counts)]
        if field not in TEXT_FIELDS:
            return PostingLists(counts, documents, NO_WEIGHTS, np.empty(0, np.uint16))
        weights = block[_concatenated_ranges(starts + 4 * counts.astype(np.int64), counts)]
        ends = np.cumsum(counts, dtype=np.int64)
        placed = np.diff(np.append(0, np.cumsum(weights, dtype=np.int64))[np.append(0, ends)])
        begins = (starts + 5 * counts.astype(np.int64) + 1) // 2
        return PostingLists(
            counts, documents, weights, block.view(np.uint16)[_concatenated_ranges(begins, placed)]
        )

    def _read_column(
        self, content: Callable[[str], bytes], name: str, column: str, dtype: str
    ) -> NDArray[np.uint8]:
        values = np.frombuffer(content(f"{name}.{column}{COLUMN_EXT}"), dtype)
        if len(values) != self.document_count:
            raise IndexDamaged
        return values

    def _read(self, offset: int, size: int) -> bytes:
        """Read, not mapped: a map of a file that is cut short later would end the process."""
        written = os.fstat(self._file.fileno()).st_mtime_ns
        if written != self._last_modified:
            # What was sound may be so no longer: nobody who knows the index writes into a file that is finished.
            self._last_modified = written
            self._checked = {
                field: bytearray(len(self.document_counts[field])) for field in TERM_LIST_OF_FIELD
            }
        self._file.seek(offset)
        block = self._file.read(size)
        if len(block) != size:
            raise IndexDamaged
        return block


def _concatenated_ranges(begins: NDArray[np.int64], counts: NDArray[np.integer]) -> NDArray[np.int64]:
    """The numbers `begins[i], begins[i] + 1 …`, `counts[i]` of them, one run after the other."""
    counts = counts.astype(np.int64)
    shifts = begins - (np.cumsum(counts) - counts)
    return np.repeat(shifts, counts) + np.arange(int(counts.sum()), dtype=np.int64)
