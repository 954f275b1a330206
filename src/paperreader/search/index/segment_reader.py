"""Read one segment (see `segment_writer` for its files): terms from memory, posting lists from disk as arrays."""

from __future__ import annotations

import os
import weakref
from collections.abc import Callable
from functools import cached_property
from io import FileIO
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from paperreader.search.index import array_file
from paperreader.search.index.errors import IndexDamaged
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
    concatenated_ranges,
)
from paperreader.search.index.term_dictionary import StemDictionary, TermList, TermTable

NO_DOCUMENTS = np.empty(0, np.uint32)
NO_WEIGHTS = np.empty(0, np.uint8)

_STEM_ARRAYS = ("stem.text", "stem.ends", "word.text", "word.ends", "word.stem")


class SegmentReader:
    """The posting lists of one segment. Not thread-safe: it seeks in a file.

    The rows are loaded at once. The term table and the field lengths, most of the memory, are loaded on first use:
    adding papers to the index does not need them.

    Args:
        folder: the index folder.
        name: the prefix of its file names.
        document_count: the number of its documents.
        read_file: returns the verified content of a file by name.

    Raises:
        IndexDamaged: a column has the wrong length.
        OSError: a file cannot be read.
    """

    def __init__(
        self, folder: Path, name: str, document_count: int, read_file: Callable[[str], bytes]
    ) -> None:
        self.name = name
        self.document_count = document_count
        self._folder = folder
        self._read_file = read_file
        self.rows: NDArray[np.int32] = self._read_column("row", ">u4").astype(np.int32)
        """The catalog row of each document."""
        self._checked: dict[str, bytearray] = {}
        """For each posting list 1 after its documents were verified, 2 after its positions were, too."""
        self._last_modified = -1
        """Modification time of the postings file when it was last read."""

    @property
    def lazy_file_names(self) -> list[str]:
        """Names of the files that are loaded on first use, without the postings."""
        columns = (f"{self.name}.{column}{COLUMN_EXT}" for column in map(_length_column, TEXT_FIELDS))
        return [f"{self.name}{TERMS_EXT}", *columns]

    @cached_property
    def terms(self) -> TermTable:
        """The terms and where their posting lists are. Loaded on first use."""
        return TermTable(array_file.parse_arrays(self._read_file(f"{self.name}{TERMS_EXT}")))

    @cached_property
    def length_bytes(self) -> dict[str, NDArray[np.uint8]]:
        """By field, Whoosh's length byte of each document. Loaded on first use."""
        return {field: self._read_column(_length_column(field), "u1") for field in TEXT_FIELDS}

    def load(self) -> None:
        """Load everything and open the postings file, so that the segment stays readable after its files are removed.

        Raises:
            IndexDamaged, OSError, ValueError, KeyError: the files differ from what was written.
        """
        _ = self.terms, self.length_bytes, self._postings_file

    def close(self) -> None:
        """Close the postings file if it is open."""
        if "_postings_file" in self.__dict__:
            self._postings_file.close()

    def lengths(self, field: str) -> NDArray[np.int64]:
        """Return the field length of each document in words, rounded to what a length byte encodes."""
        return LENGTH_OF_BYTE[self.length_bytes[field]]

    def stem_dictionary(self) -> StemDictionary:
        """Return the words with their stems. Unless the term table is loaded, read only these, uncached."""
        if "terms" in self.__dict__:
            lists = self.terms.lists
            return StemDictionary(lists["word"], lists["stem"], self.terms.stem_of_word)
        with (self._folder / f"{self.name}{TERMS_EXT}").open("rb", buffering=0) as file:
            arrays = array_file.read_arrays(file, _STEM_ARRAYS)
        words, stems = (TermList(arrays[f"{name}.text"], arrays[f"{name}.ends"]) for name in ("word", "stem"))
        return StemDictionary(words, stems, arrays["word.stem"])

    def documents(self, field: str, number: int) -> tuple[UIntArray, NDArray[np.uint8]]:
        """Return the documents that contain a term, ascending, and its frequencies (none for the field `word`).

        Raises:
            IndexDamaged: the checksum is wrong.
        """
        count = int(self.terms.document_counts[field][number])
        if not count:
            return NO_DOCUMENTS, NO_WEIGHTS
        size = count * 5 if field in TEXT_FIELDS else count * 4
        block = self._read(int(self.terms.starts[field][number]) * BLOCK_ALIGNMENT, size)
        checked = self._checked[field]  # after reading, which may reset it
        if not checked[number]:
            if crc32(block) != self.terms.crcs[field][number]:
                raise IndexDamaged
            checked[number] = 1
        return np.frombuffer(block, np.uint32, count), np.frombuffer(block, np.uint8, offset=count * 4)

    def positions(self, field: str, number: int, weights: NDArray[np.uint8]) -> NDArray[np.uint16]:
        """Return the positions of a term in all its documents: as many for each as its weight, ascending.

        Raises:
            IndexDamaged: the checksum is wrong.
        """
        start = int(self.terms.starts[field][number]) * BLOCK_ALIGNMENT
        block = self._read(start + len(weights) * 5 + len(weights) % 2, int(weights.sum(dtype=np.int64)) * 2)
        checked = self._checked[field]
        if checked[number] < 2:
            if crc32(block) != self.terms.position_crcs[field][number]:
                raise IndexDamaged
            checked[number] = 2
        return np.frombuffer(block, np.uint16)

    def posting_lists(self, field: str, first: int, last: int) -> PostingLists:
        """Return the posting lists of the terms from `first` up to, but excluding `last`, without verifying them.

        Raises:
            IndexDamaged: the file is too short.
        """
        counts = self.terms.document_counts[field][first:last]
        starts = self.terms.starts[field][first : last + 1].astype(np.int64) * BLOCK_ALIGNMENT
        block = np.frombuffer(self._read(int(starts[0]), int(starts[-1] - starts[0])), np.uint8)
        starts = starts[:-1] - starts[0]
        documents = block.view(np.uint32)[concatenated_ranges(starts // 4, counts)]
        if field not in TEXT_FIELDS:
            return PostingLists(counts, documents, NO_WEIGHTS, np.empty(0, np.uint16))
        weights = block[concatenated_ranges(starts + 4 * counts.astype(np.int64), counts)]
        ends = np.cumsum(counts, dtype=np.int64)
        placed = np.diff(np.append(0, np.cumsum(weights, dtype=np.int64))[np.append(0, ends)])
        begins = (starts + 5 * counts.astype(np.int64) + 1) // 2
        positions = block.view(np.uint16)[concatenated_ranges(begins, placed)]
        return PostingLists(counts, documents, weights, positions)

    @cached_property
    def _postings_file(self) -> FileIO:
        file = (self._folder / f"{self.name}{POSTS_EXT}").open("rb", buffering=0)
        weakref.finalize(self, file.close)
        return file

    def _read_column(self, column: str, dtype: str) -> NDArray[np.uint8]:
        values = np.frombuffer(self._read_file(f"{self.name}.{column}{COLUMN_EXT}"), dtype)
        if len(values) != self.document_count:
            raise IndexDamaged
        return values

    def _read(self, offset: int, size: int) -> bytes:
        """Read from the postings file. It is not mapped: truncating a mapped file would kill the process."""
        modified = os.fstat(self._postings_file.fileno()).st_mtime_ns
        if modified != self._last_modified:
            # Finished files are never written by us: verify everything again.
            self._last_modified = modified
            counts = self.terms.document_counts
            self._checked = {field: bytearray(len(counts[field])) for field in TERM_LIST_OF_FIELD}
        self._postings_file.seek(offset)
        block = self._postings_file.read(size)
        if len(block) != size:
            raise IndexDamaged
        return block


def _length_column(field: str) -> str:
    """Return the name of the Whoosh column with the field's length bytes."""
    return f"_{field}_len"
