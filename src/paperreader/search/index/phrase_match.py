"""Match phrases within one segment by comparing term positions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paperreader.search.index.segment_reader import NO_DOCUMENTS, NO_WEIGHTS, SegmentReader

SlotPostings = list[tuple[int, NDArray[np.uint32], NDArray[np.uint8]]]
"""For each term of a slot: its number, documents and weights."""

POSITION_BITS = 16
"""An occurrence is encoded as `document << POSITION_BITS | position`."""

Occurrences = NDArray[np.int64]


def find_phrase(
    segment: SegmentReader, field: str, slots: Sequence[Sequence[int]]
) -> tuple[NDArray[np.uint32], NDArray[np.uint8], list[int]]:
    """Find the documents whose field contains a term (by number) of each slot at consecutive positions.

    Documents that lack a slot are excluded before positions are read.

    Returns:
        The documents, the phrase frequency in each, and the document frequency of each slot.
    """
    lists = [_slot_postings(segment, field, numbers) for numbers in slots]
    candidates = np.ones(segment.document_count, np.bool_)
    frequencies = []
    for slot in lists:
        mask = np.zeros(segment.document_count, np.bool_)
        for _, documents, _ in slot:
            mask[documents] = True
        frequencies.append(int(mask.sum()))
        candidates &= mask
    starts: Occurrences | None = None
    # Start with the rarest word, to keep the lists to compare short.
    for slot_index in sorted(range(len(slots)), key=frequencies.__getitem__):
        if not candidates.any():
            return NO_DOCUMENTS, NO_WEIGHTS, frequencies
        occurrences = _occurrences(segment, field, lists[slot_index], candidates) - slot_index
        starts = occurrences if starts is None else _intersect(starts, occurrences)
        candidates = np.zeros(segment.document_count, np.bool_)
        candidates[starts >> POSITION_BITS] = True
    assert starts is not None
    documents, counts = np.unique(starts >> POSITION_BITS, return_counts=True)
    return documents.astype(np.uint32), np.minimum(counts, 255).astype(np.uint8), frequencies


def _slot_postings(segment: SegmentReader, field: str, numbers: Sequence[int]) -> SlotPostings:
    return [(number, *segment.documents(field, number)) for number in numbers]


def _occurrences(
    segment: SegmentReader, field: str, lists: SlotPostings, candidates: NDArray[np.bool_]
) -> Occurrences:
    """Return the occurrences of any of the terms in the candidate documents, ascending, without duplicates."""
    found = []
    for number, documents, weights in lists:
        mask = candidates[documents]
        if not mask.any():
            continue
        positions = segment.positions(field, number, weights)
        if not mask.all():
            positions = positions[np.repeat(mask, weights)]
            documents, weights = documents[mask], weights[mask]
        found.append((np.repeat(documents.astype(np.int64), weights) << POSITION_BITS) | positions)
    if len(found) == 1:
        return found[0]
    if not found:
        return np.empty(0, np.int64)
    joined = np.concatenate(found)
    joined.sort(kind="stable")  # fast: it consists of a few ascending runs
    unique: Occurrences = joined[np.append(True, joined[1:] != joined[:-1])]
    return unique


def _intersect(shorter: Occurrences, longer: Occurrences) -> Occurrences:
    """Intersect two ascending arrays."""
    if len(shorter) > len(longer):
        shorter, longer = longer, shorter
    if not len(shorter):
        return shorter
    indices = np.searchsorted(longer, shorter)
    indices[indices == len(longer)] = 0
    common: Occurrences = shorter[longer[indices] == shorter]
    return common
