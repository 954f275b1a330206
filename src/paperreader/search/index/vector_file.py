"""The vectors of the documents of a segment, in a file that no other file of the index depends on.

Layout of `.vec`, in native byte order:

    magic        8 bytes
    model        32 bytes             identity of the model, hexadecimal
    documents    uint32
    dimensions   uint32
    padding      16 bytes
    scales       float32 × documents  inverse length of each vector; 0 for a document without known words
    values       int8 × documents × dimensions
"""

from __future__ import annotations

import os
import struct
import weakref
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.index.errors import IndexDamaged
from paperreader.search.meaning.vectors import PackedVectors, is_valid

VECTORS_EXT = ".vec"

BLOCK = 2048
"""Vectors that are read at once: half a megabyte."""

_HEADER = struct.Struct("=8s32sII16x")
_MAGIC = b"PRVECTR1"
_MAX_DIMENSIONS = 1 << 12


class VectorHeader(Struct, frozen=True):
    """The beginning of a file of vectors."""

    model: str
    """Identity of the model that they were computed with."""
    documents: int
    dimensions: int

    @property
    def file_size(self) -> int:
        """Size of the whole file in bytes."""
        return _HEADER.size + self.documents * (4 + self.dimensions)


class VectorFile:
    """An open file of vectors, which stays readable after it was removed. Not thread-safe.

    It is not mapped: truncating a mapped file would kill the process. Its content is verified when it is first used.

    Args:
        path: the file.
        documents: the number of documents of its segment.
        checksum: size and CRC-32 of the file; None if they are not known.

    Raises, also in every method:
        IndexDamaged: it is not such a file, or was changed.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path, documents: int, checksum: tuple[int, int] | None = None) -> None:
        self._file = path.open("rb", buffering=0)
        weakref.finalize(self, self._file.close)
        self._checksum, self._is_verified = checksum, False
        self.header = _parse_header(self._file.read(_HEADER.size))
        status = os.fstat(self._file.fileno())
        self._modified = status.st_mtime_ns
        expected = self.header.file_size if checksum is None else checksum[0]
        if self.header.documents != documents or not status.st_size == self.header.file_size == expected:
            raise IndexDamaged

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def scales(self) -> NDArray[np.float32]:
        """The inverse lengths of the vectors. Reads and verifies the whole file, unless that has been done."""
        if not self._is_verified:
            for _ in self.blocks():
                pass
        return self._scales

    @cached_property
    def _scales(self) -> NDArray[np.float32]:
        content = self._read(_HEADER.size, 4 * self.header.documents)
        scales = np.frombuffer(content, np.float32)
        if not is_valid(PackedVectors(np.empty((len(scales), 0), np.int8), scales), len(scales), 0):
            raise IndexDamaged
        return scales

    def blocks(self) -> Iterator[tuple[int, PackedVectors]]:
        """Yield all vectors in parts, each with the number of its first document.

        Verifies the file if that has not been done: use none of them if the last step raises `IndexDamaged`.
        """
        scales = self._scales
        crc = zlib.crc32(self._read(0, _HEADER.size))
        crc = zlib.crc32(scales.data, crc)
        for start, count in _blocks(self.header.documents):
            values = self._values(start, count)
            if not self._is_verified:
                crc = zlib.crc32(values.data, crc)
            yield start, PackedVectors(values, scales[start : start + count])
        if not self._is_verified and self._checksum is not None and crc != self._checksum[1]:
            raise IndexDamaged
        self._is_verified = True

    def vectors_of(self, documents: NDArray[np.integer]) -> PackedVectors:
        """Return the vectors of some documents."""
        scales, width = self.scales[documents], self.header.dimensions
        start = _HEADER.size + 4 * self.header.documents
        self._raise_if_changed()
        descriptor = self._file.fileno()
        parts = [_read_at(descriptor, width, start + number * width) for number in documents.tolist()]
        values = np.frombuffer(b"".join(parts), np.int8)
        if len(values) != len(scales) * width:
            raise IndexDamaged
        return PackedVectors(values.reshape(len(scales), width), scales)

    def _values(self, start: int, count: int) -> NDArray[np.int8]:
        width = self.header.dimensions
        content = self._read(_HEADER.size + 4 * self.header.documents + start * width, count * width)
        return np.frombuffer(content, np.int8).reshape(count, width)

    def _read(self, offset: int, size: int) -> bytes:
        self._raise_if_changed()
        content = _read_at(self._file.fileno(), size, offset)
        if len(content) != size:
            raise IndexDamaged
        return content

    def _raise_if_changed(self) -> None:
        # Finished files are never written by us.
        if os.fstat(self._file.fileno()).st_mtime_ns != self._modified:
            raise IndexDamaged


def read_header(path: Path) -> VectorHeader:
    """Return the beginning of a file of vectors.

    Raises:
        IndexDamaged: it is not such a file.
        OSError: it cannot be read.
    """
    with path.open("rb", buffering=0) as file:
        return _parse_header(file.read(_HEADER.size))


def write_vectors(path: Path, header: VectorHeader, parts: Iterable[PackedVectors]) -> None:
    """Write the vectors of consecutive documents to a new file.

    Raises:
        OSError: it exists or cannot be written.
    """
    scales: list[NDArray[np.float32]] = []
    with path.open("xb") as file:
        file.write(_HEADER.pack(_MAGIC, header.model.encode(), header.documents, header.dimensions))
        file.seek(_HEADER.size + 4 * header.documents)
        for part in parts:
            file.write(np.ascontiguousarray(part.values).data)
            scales.append(part.scales)
        file.seek(_HEADER.size)
        for each in scales:
            file.write(each.data)


def merge_vectors(files: Sequence[VectorFile], live_masks: Sequence[NDArray[np.bool_]], path: Path) -> None:
    """Write the vectors of the live documents of several segments, in order, to a new file.

    Raises:
        IndexDamaged: a file is damaged, or they are of different models.
        OSError: a file cannot be read or written.
    """
    headers = [file.header for file in files]
    if len({(header.model, header.dimensions) for header in headers}) > 1:
        raise IndexDamaged
    documents = sum(int(np.count_nonzero(mask)) for mask in live_masks)
    header = VectorHeader(headers[0].model, documents, headers[0].dimensions)
    write_vectors(path, header, _live_parts(files, live_masks))


def _live_parts(
    files: Sequence[VectorFile], live_masks: Sequence[NDArray[np.bool_]]
) -> Iterator[PackedVectors]:
    for file, mask in zip(files, live_masks, strict=True):
        for start, part in file.blocks():
            live = mask[start : start + len(part)]
            yield PackedVectors(part.values[live], part.scales[live])


def _parse_header(content: bytes) -> VectorHeader:
    if len(content) < _HEADER.size:
        raise IndexDamaged
    magic, model, documents, dimensions = _HEADER.unpack(content)
    if magic != _MAGIC or not model.isalnum() or not model.isascii() or not 0 < dimensions <= _MAX_DIMENSIONS:
        raise IndexDamaged
    return VectorHeader(model.decode(), documents, dimensions)


def _blocks(documents: int) -> Iterator[tuple[int, int]]:
    """Yield the first document and the number of documents of each block."""
    for start in range(0, documents, BLOCK):
        yield start, min(BLOCK, documents - start)


if hasattr(os, "pread"):

    def _read_at(descriptor: int, size: int, offset: int) -> bytes:
        return os.pread(descriptor, size, offset)

else:  # Windows

    def _read_at(descriptor: int, size: int, offset: int) -> bytes:
        os.lseek(descriptor, offset, os.SEEK_SET)
        return os.read(descriptor, size)
