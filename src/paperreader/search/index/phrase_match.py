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

BISECT_RATIO = 16
"""Length ratio of two lists from which on the shorter one is looked up in the longer one."""

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
            mask[documents.astype(np.intp)] = True
        frequencies.append(int(np.count_nonzero(mask)))
        candidates &= mask
    starts: Occurrences | None = None
    # Start with the rarest word, to keep the lists to compare short.
    for slot_index in sorted(range(len(slots)), key=frequencies.__getitem__):
        if starts is not None:
            candidates = np.zeros(segment.document_count, np.bool_)
            candidates[starts >> POSITION_BITS] = True
        if not candidates.any():
            return NO_DOCUMENTS, NO_WEIGHTS, frequencies
        occurrences = _occurrences(segment, field, lists[slot_index], candidates)
        occurrences -= slot_index
        starts = occurrences if starts is None else _intersect(starts, occurrences)
    assert starts is not None
    found = starts >> POSITION_BITS  # ascending
    firsts = np.flatnonzero(np.append(True, found[1:] != found[:-1])[: len(found)])
    counts = np.diff(firsts, append=len(found))
    return found[firsts].astype(np.uint32), np.minimum(counts, 255).astype(np.uint8), frequencies


def _slot_postings(segment: SegmentReader, field: str, numbers: Sequence[int]) -> SlotPostings:
    return [(number, *segment.documents(field, number)) for number in numbers]


def _occurrences(
    segment: SegmentReader, field: str, lists: SlotPostings, candidates: NDArray[np.bool_]
) -> Occurrences:
    """Return the occurrences of any of the terms in the candidate documents, ascending, without duplicates."""
    found = []
    for number, documents, weights in lists:
        mask = candidates[documents.astype(np.intp)]
        kept = int(np.count_nonzero(mask))
        if not kept:
            continue
        positions = segment.positions(field, number, weights)
        if kept * 2 < len(mask):  # leaving a few out takes longer than comparing them
            positions = positions[np.repeat(mask, weights)]
            documents, weights = documents[mask], weights[mask]
        occurrences = np.repeat(documents.astype(np.int64) << POSITION_BITS, weights)
        occurrences |= positions
        found.append(occurrences)
    if len(found) == 1:
        return found[0]
    if not found:
        return np.empty(0, np.int64)
    joined = np.concatenate(found)
    joined.sort(kind="stable")  # fast: it consists of a few ascending runs
    unique: Occurrences = joined[np.append(True, joined[1:] != joined[:-1])]
    return unique


def _intersect(shorter: Occurrences, longer: Occurrences) -> Occurrences:
    """Intersect two ascending arrays without duplicates."""
    if len(shorter) > len(longer):
        shorter, longer = longer, shorter
    if not len(shorter):
        return shorter
    common: Occurrences
    if len(shorter) * BISECT_RATIO > len(longer):
        both = np.concatenate([shorter, longer])
        both.sort(kind="stable")  # merges two ascending runs, in a third of the time of bisection
        common = both[1:][both[1:] == both[:-1]]
        return common
    indices = np.searchsorted(longer, shorter)
    indices[indices == len(longer)] = 0
    common = shorter[longer[indices] == shorter]
    return common
