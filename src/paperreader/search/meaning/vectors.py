"""Vectors of many texts in little memory, and which of them are near to another one.

A vector is stored as 8-bit integers and the inverse of their length: only its direction counts. Where there are very
many, the signs of their components tell which are worth comparing: 256 bits in place of 256 bytes.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

_BLOCK = 192
"""Vectors converted to floating point at a time: 192 kB, which stay in the cache of the processor. Arrays from 256 kB
on are new memory each time (see `system.memory`), and touching that takes longer than the conversion.
"""

_SIGN_BLOCK = 1 << 14
_BITS_OF_WORD = 64

_MAX_QUERY_INTEGER = 500
"""Components of a query are rounded to integers up to this. 256 products with 8-bit integers then add up to less than
2^24, which float32 represents exactly: the cosine of two vectors depends on nothing but them, such as where a block
starts, and equals in a library that was built in another order.
"""


class PackedVectors(Struct, frozen=True):
    """Vectors as they are stored, one in each row."""

    values: NDArray[np.int8]
    """(vectors, dimensions). Zeros for a text without known words."""
    scales: NDArray[np.float32]
    """Inverse length of each row of `values`; 0 for zeros."""

    def __len__(self) -> int:
        return len(self.scales)


def pack(vectors: NDArray[np.float32]) -> PackedVectors:
    """Return one or more vectors as they are stored: the largest component of each becomes 127 or -127."""
    vectors = np.atleast_2d(vectors)
    most = np.abs(vectors).max(1, keepdims=True, initial=0)
    factors = np.divide(127, most, out=np.zeros_like(most), where=most > 0)
    return with_scales(np.rint(vectors * factors).astype(np.int8))


def with_scales(values: NDArray[np.int8]) -> PackedVectors:
    """Return rows of integers with their inverse lengths."""
    lengths = np.sqrt(
        np.einsum("ij,ij->i", values, values, dtype=np.int32, casting="unsafe").astype(np.float32)
    )
    return PackedVectors(values, np.divide(1, lengths, out=np.zeros_like(lengths), where=lengths > 0))


def is_valid(stored: PackedVectors, count: int, dimensions: int) -> bool:
    """Return whether these are so many vectors of so many dimensions, with usable scales."""
    values, scales = stored.values, stored.scales
    return (
        values.shape == (count, dimensions)
        and scales.shape == (count,)
        and values.dtype == np.int8
        and scales.dtype == np.float32
        and bool(np.isfinite(scales).all() and (scales >= 0).all() and (scales <= 1).all())
    )


def cosines(stored: PackedVectors, vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the cosine of the angle between `vector`, of any length, and each stored one; 0 if either is zero."""
    most = float(np.abs(vector).max(initial=0))
    query = np.rint(vector * (_MAX_QUERY_INTEGER / most if most else 0)).astype(np.float32)
    found = np.empty(len(stored), np.float32)
    block = np.empty((min(_BLOCK, len(stored)), len(query)), np.float32)
    for start in range(0, len(stored), _BLOCK):
        part = stored.values[start : start + _BLOCK]
        np.copyto(block[: len(part)], part)
        np.dot(block[: len(part)], query, out=found[start : start + len(part)])
    found *= stored.scales
    found /= np.float32(np.linalg.norm(query) or 1)
    return found


def cosines_at(
    stored: PackedVectors, rows: NDArray[np.integer], vector: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return the cosines of the stored vectors at those rows."""
    return cosines(PackedVectors(stored.values[rows], stored.scales[rows]), vector)


def sign_bits(values: NDArray[np.int8]) -> NDArray[np.uint64]:
    """Return the signs of the components, 64 in a number: (dimensions / 64, vectors)."""
    count, dimensions = values.shape
    bits = np.empty((dimensions // _BITS_OF_WORD, count), np.uint64)
    for start in range(0, count, _SIGN_BLOCK):
        packed = np.packbits(values[start : start + _SIGN_BLOCK] > 0, axis=1)
        bits[:, start : start + _SIGN_BLOCK] = packed.view(np.uint64).T
    return bits


def estimated_cosines(bits: NDArray[np.uint64], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return about the cosine of the angle between `vector` and each one of which `sign_bits` are given.

    The share of components that differ in sign is about the share of a half turn that the angle is (Charikar,
    Similarity Estimation Techniques from Rounding Algorithms, 2002). What the angle lacks to a right one is returned in
    place of its sine, which is nearly the same but for the nearest vectors, which get up to pi / 2. With 256 components
    the error is otherwise about 0.1.
    """
    words, count = bits.shape
    wanted = np.packbits(vector > 0).view(np.uint64)
    half = words * _BITS_OF_WORD / 2
    found = np.empty(count, np.float32)
    for start in range(0, count, _SIGN_BLOCK):
        different = found[start : start + _SIGN_BLOCK]
        different[:] = -half
        for word in range(words):
            different += _count_bits(bits[word, start : start + _SIGN_BLOCK] ^ wanted[word])
    found *= np.float32(-np.pi / (2 * half))
    return found


def _count_bits(numbers: NDArray[np.uint64]) -> NDArray[np.uint8]:
    """Return how many bits of each number are 1."""
    counts: NDArray[np.uint8]
    if hasattr(np, "bitwise_count"):  # since NumPy 2.0
        counts = np.bitwise_count(numbers)
        return counts
    counts = _BITS_OF_BYTE[numbers.view(np.uint8)].reshape(*numbers.shape, 8).sum(-1, dtype=np.uint8)
    return counts


_BITS_OF_BYTE = np.array([byte.bit_count() for byte in range(256)], np.uint8)
