"""Vectors of many documents, whose words are numbers already."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from paperreader.search.meaning.model import MeaningModel
from paperreader.search.meaning.vectors import PackedVectors, pack

_DOCUMENTS_AT_ONCE = 512


class DocumentEncoder:
    """Computes vectors of documents.

    Args:
        model: the model.
        stems: the stem of each number.
    """

    def __init__(self, model: MeaningModel, stems: Sequence[str]) -> None:
        places = model.places(stems)
        known = np.flatnonzero(places >= 0)
        self._row_of_stem = np.full(len(stems), -1, np.int32)
        self._row_of_stem[known] = np.arange(len(known), dtype=np.int32)
        self._integers = model.integers(places[known])
        self._scales = model.scales(places[known])

    def encode(self, documents: NDArray[np.uint32], stems: NDArray[np.uint32], count: int) -> PackedVectors:
        """Return the vector of each of `count` documents.

        Args:
            documents: for each word of all documents, in any order, the number of its document.
            stems: the number of its stem.
            count: number of documents.
        """
        rows = self._row_of_stem[stems]
        known = rows >= 0
        keys = documents[known].astype(np.uint64) << np.uint64(32) | rows[known].astype(np.uint64)
        keys.sort()
        is_first = np.ones(len(keys), np.bool_)
        np.not_equal(keys[1:], keys[:-1], out=is_first[1:])
        firsts = np.flatnonzero(is_first)
        different = keys[firsts]
        rows = (different & np.uint64((1 << 32) - 1)).astype(np.int32)
        weights = (1 + np.log(np.diff(firsts, append=len(keys)).astype(np.float32))) * self._scales[rows]
        starts = np.searchsorted(different >> np.uint64(32), np.arange(count + 1, dtype=np.uint64))
        values = np.zeros((count, self._integers.shape[1]), np.int8)
        scales = np.zeros(count, np.float32)
        for start in range(0, count, _DOCUMENTS_AT_ONCE):
            part = self._sums(starts[start : start + _DOCUMENTS_AT_ONCE + 1].tolist(), rows, weights)
            packed = pack(part)
            values[start : start + len(part)] = packed.values
            scales[start : start + len(part)] = packed.scales
        return PackedVectors(values, scales)

    def _sums(
        self, starts: Sequence[int], rows: NDArray[np.int32], weights: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return the weighted sum of the vectors of each document, whose words are between two `starts`."""
        found = np.zeros((len(starts) - 1, self._integers.shape[1]), np.float32)
        for number, (start, end) in enumerate(pairwise(starts)):
            if start < end:
                np.dot(
                    weights[start:end], self._integers[rows[start:end]].astype(np.float32), out=found[number]
                )
        return found
