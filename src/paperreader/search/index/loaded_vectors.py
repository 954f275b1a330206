"""The vectors of all segments of an index, as they are kept in memory."""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.index.postings import Rows
from paperreader.search.index.snapshot import SnapshotSegment
from paperreader.search.index.vector_file import VectorFile
from paperreader.search.meaning import vectors
from paperreader.search.meaning.vectors import PackedVectors

MAX_IN_MEMORY = 1 << 14
"""Vectors that are kept in memory: 4 MB. More are read from their files when they are needed."""


class LoadedVectors(Struct, frozen=True):
    """All vectors, numbered one after the other: those of the first segment, of the second, …"""

    rows: Rows
    """The catalog row of each vector."""
    documents: NDArray[np.int32]
    """Its document in its segment."""
    starts: NDArray[np.int64]
    """The first vector of each segment, and the number of all."""
    files: Sequence[VectorFile]
    numbers: NDArray[np.int32]
    """The number of the vector of each catalog row; -1 for a row without one."""
    in_memory: PackedVectors | None
    """All vectors, if they are few."""
    bits: NDArray[np.uint64] | None
    """The signs of their components, if they are many."""
    is_in_order: bool
    """Whether the number of each vector is its row."""


def load_vectors(segments: Sequence[SnapshotSegment], row_count: int) -> Generator[None, None, LoadedVectors]:
    """Read and verify the vectors of segments, all of which have some of the same model. Yields after each part.

    Raises:
        IndexDamaged, OSError: a file is damaged.
    """
    files = [segment.vectors for segment in segments if segment.vectors is not None]
    live = [_live_documents(segment) for segment in segments]
    rows = [segment.reader.rows[own] for segment, own in zip(segments, live, strict=True)]
    all_rows = np.concatenate([np.empty(0, np.int32), *rows])
    numbers = np.full(row_count, -1, np.int32)
    numbers[all_rows] = np.arange(len(all_rows), dtype=np.int32)
    kept: _Kept = _Kept(len(all_rows), files[0].header.dimensions) if files else _Kept(0, 0)
    for segment, file in zip(segments, files, strict=True):
        for start, part in file.blocks():
            kept.add(
                part, None if segment.live_mask is None else segment.live_mask[start : start + len(part)]
            )
            yield
    return LoadedVectors(
        all_rows,
        np.concatenate([np.empty(0, np.int32), *live]),
        np.cumsum([0, *map(len, live)]),
        files,
        numbers,
        kept.in_memory,
        kept.bits,
        np.array_equal(numbers, np.arange(len(all_rows))),
    )


class _Kept:
    """What is kept in memory of so many vectors."""

    def __init__(self, count: int, dimensions: int) -> None:
        is_small = count <= MAX_IN_MEMORY
        self.in_memory = (
            PackedVectors(np.empty((count, dimensions), np.int8), np.empty(count, np.float32))
            if is_small and count
            else None
        )
        self.bits = None if is_small else np.empty((dimensions // 64, count), np.uint64)
        self._done = 0

    def add(self, part: PackedVectors, live: NDArray[np.bool_] | None) -> None:
        """Add the next vectors, without those of deleted documents."""
        values, scales = (
            (part.values, part.scales) if live is None else (part.values[live], part.scales[live])
        )
        own = slice(self._done, self._done + len(scales))
        if self.bits is not None:
            self.bits[:, own] = vectors.sign_bits(values)
        elif self.in_memory is not None:
            self.in_memory.values[own], self.in_memory.scales[own] = values, scales
        self._done += len(scales)


def _live_documents(segment: SnapshotSegment) -> NDArray[np.int32]:
    if segment.live_mask is None:
        return np.arange(segment.reader.document_count, dtype=np.int32)
    return np.flatnonzero(segment.live_mask).astype(np.int32)
