"""The file of a model: word stems, and a vector of 4-bit numbers for each.

Layout, little-endian:

    magic        8 bytes          `MAGIC`
    version      uint32           `VERSION`
    words        uint32           number of stems
    dimensions   uint32           numbers of a vector, even
    text_size    uint32           bytes of all stems
    about_size   uint32           bytes of `about`
    crc          uint32           CRC-32 of everything after the header
    identity     16 bytes         start of the SHA-256 of everything after the header
    lengths      uint8 × words    bytes of each stem
    text         text_size        the stems in UTF-8, sorted, concatenated
    about        about_size       JSON object: what the model was trained on, and how
    padding      to a multiple of 8 bytes from the start of the file
    scales       float32 × words  a vector is its 4-bit numbers, less `ZERO`, times its scale
    table        uint8 × words × dimensions / 2   two numbers in a byte, the first one in the high bits
"""

from __future__ import annotations

import hashlib
import json
import mmap
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.meaning.errors import MeaningUnavailable

MAGIC = b"PRSTEMV\n"
VERSION = 1
ZERO = 8
"""The 4-bit number of a component that is zero."""

MAX_STEM_BYTES = 255

_HEADER = struct.Struct("<8s6I16s")
_ALIGNMENT = 8
_MAX_WORDS, _MAX_DIMENSIONS = 1 << 20, 1 << 12


class ModelContent(Struct, frozen=True):
    """The parts of a model."""

    stems: bytes
    """All stems in UTF-8, sorted, concatenated."""
    ends: NDArray[np.int64]
    """The end of each stem in `stems`, after a zero."""
    scales: NDArray[np.float32]
    table: NDArray[np.uint8]
    """(words, dimensions / 2)"""
    about: Mapping[str, Any]
    identity: str
    """Differs from that of every other model; hexadecimal."""


def read_model(path: Path, dimensions: int) -> ModelContent:
    """Map a model into memory and check it completely.

    Raises:
        MeaningUnavailable: it is missing or not a model with that number of dimensions.
    """
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (FileNotFoundError, NotADirectoryError):
        raise MeaningUnavailable("is missing") from None
    except (OSError, ValueError):  # an empty file cannot be mapped
        raise MeaningUnavailable("cannot be read") from None
    if len(data) < _HEADER.size or data[: len(MAGIC)] != MAGIC:
        raise MeaningUnavailable("is damaged: its file is something else")
    _, version, words, width, text_size, about_size, crc, identity = _HEADER.unpack_from(data)
    if version != VERSION:
        raise MeaningUnavailable(f"has version {version}, which this program cannot read")
    if width != dimensions:
        raise MeaningUnavailable(f"has {width} dimensions instead of {dimensions}")
    if not 0 < words <= _MAX_WORDS or len(data) != _file_size(words, width, text_size, about_size):
        raise MeaningUnavailable("is damaged: its file has a wrong size")
    with memoryview(data)[_HEADER.size :] as body:
        if crc32(body) != crc:
            raise MeaningUnavailable("is damaged: its checksum is wrong")
    return _parse(data, words, width, text_size, about_size, identity.hex())


def _parse(
    data: mmap.mmap, words: int, width: int, text_size: int, about_size: int, identity: str
) -> ModelContent:
    lengths = np.frombuffer(data, np.uint8, words, _HEADER.size)
    ends = np.append(0, np.cumsum(lengths, dtype=np.int64))
    text_start = _HEADER.size + words
    about_start = text_start + text_size
    scales_start = _aligned(about_start + about_size)
    scales = np.frombuffer(data, "<f4", words, scales_start).astype(np.float32, copy=False)
    table = np.frombuffer(data, np.uint8, words * width // 2, scales_start + scales.nbytes)
    try:
        about = json.loads(data[about_start : about_start + about_size])
    except ValueError:
        about = None
    if ends[-1] != text_size or not isinstance(about, dict):
        raise MeaningUnavailable("is damaged: its words cannot be read")
    if not np.isfinite(scales).all() or (scales < 0).any():
        raise MeaningUnavailable("is damaged: it contains invalid numbers")
    stems = data[text_start:about_start]
    return ModelContent(stems, ends, scales, table.reshape(words, width // 2), about, identity)


def serialize_model(stems: Sequence[str], vectors: NDArray[np.float32], about: Mapping[str, Any]) -> bytes:
    """Return the content of the file of a model: a vector for each stem, rounded to 4-bit numbers.

    Raises:
        ValueError: the stems are not sorted and different, one is too long, or a vector cannot be stored.
    """
    words, width = vectors.shape
    encoded = [stem.encode() for stem in stems]
    if len(encoded) != words or sorted(set(encoded)) != encoded:
        raise ValueError("each vector needs a stem, and the stems have to be sorted and different")
    if max(map(len, encoded)) > MAX_STEM_BYTES or not encoded[0]:
        raise ValueError(f"a stem is empty, or longer than {MAX_STEM_BYTES} bytes")
    if width % 2 or width > _MAX_DIMENSIONS or not np.isfinite(vectors).all():
        raise ValueError("the vectors have an odd or too large number of dimensions, or invalid numbers")
    scales = best_scales(vectors)
    numbers = quantize(vectors, scales) + ZERO
    text, description = b"".join(encoded), json.dumps(dict(about), sort_keys=True).encode()
    body = bytes(map(len, encoded)) + text + description
    body += bytes(-(_HEADER.size + len(body)) % _ALIGNMENT)
    body += scales.astype("<f4").tobytes() + (numbers[:, 0::2] << 4 | numbers[:, 1::2]).tobytes()
    identity = hashlib.sha256(body).digest()[:16]
    header = _HEADER.pack(MAGIC, VERSION, words, width, len(text), len(description), crc32(body), identity)
    return header + body


def quantize(vectors: NDArray[np.float32], scales: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return the 4-bit numbers from -7 to 7 of each vector, modulo 256."""
    divisors = np.maximum(scales, np.finfo(np.float32).tiny)[:, None]
    return np.clip(np.rint(vectors / divisors), -7, 7).astype(np.int8).view(np.uint8)


def best_scales(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return for each vector the scale that loses least of it, of those that clip none to half of its components."""
    most = np.abs(vectors).max(1)
    best: NDArray[np.float32] = most / 7
    least = np.full(len(vectors), np.inf, np.float32)
    for share in np.linspace(0.5, 1, 26, dtype=np.float32):
        scales = most * share / 7
        numbers = quantize(vectors, scales).view(np.int8)
        loss = ((numbers * scales[:, None] - vectors) ** 2).sum(1)
        best = np.where(loss < least, scales, best)
        least = np.minimum(loss, least)
    return best


def _file_size(words: int, width: int, text_size: int, about_size: int) -> int:
    return _aligned(_HEADER.size + words + text_size + about_size) + words * (4 + width // 2)


def _aligned(size: int) -> int:
    return size + -size % _ALIGNMENT
