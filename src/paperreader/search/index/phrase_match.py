"""Match phrases within one segment by comparing term positions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paperreader.search.index.segment_reader import NO_DOCUMENTS, NO_WEIGHTS, SegmentReader
from paperreader.search.index.segment_writer import concatenated_ranges

SlotPostings = list[tuple[int, NDArray[np.uint32], NDArray[np.uint8]]]
"""For each term of a slot: its number, documents and weights."""

POSITION_BITS = 16
"""An occurrence is encoded as `document << POSITION_BITS | position`."""

BISECT_RATIO = 16
"""Length ratio of two lists from which on the shorter one is looked up in the longer one."""

Documents = NDArray[np.uint32]
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
    documents = [_documents_of(slot, segment.document_count) for slot in lists]
    frequencies = list(map(len, documents))
    # Start with the rarest word, to keep the lists to compare short.
    order = sorted(range(len(slots)), key=frequencies.__getitem__)
    candidates = documents[order[0]]
    for slot_index in order[1:]:
        candidates = candidates[_indices(candidates, documents[slot_index])]
    starts: Occurrences | None = None
    for slot_index in order:
        if starts is not None:
            # Negative if the phrase would start before the first word of the first document.
            found = starts >> POSITION_BITS
            found = found[_firsts(found)]
            candidates = found[found >= 0].astype(np.uint32)
        if not len(candidates):
            return NO_DOCUMENTS, NO_WEIGHTS, frequencies
        occurrences = _occurrences(segment, field, lists[slot_index], candidates)
        occurrences -= slot_index
        starts = occurrences if starts is None else _intersect(starts, occurrences)
    assert starts is not None
    found = starts >> POSITION_BITS
    firsts = _firsts(found)
    counts = np.diff(firsts, append=len(found))
    return found[firsts].astype(np.uint32), np.minimum(counts, 255).astype(np.uint8), frequencies


def _slot_postings(segment: SegmentReader, field: str, numbers: Sequence[int]) -> SlotPostings:
    return [(number, *segment.documents(field, number)) for number in numbers]


def _firsts(ascending: NDArray[np.int64]) -> NDArray[np.intp]:
    """Return where each value of an ascending array is first."""
    return np.flatnonzero(np.append(True, ascending[1:] != ascending[:-1])[: len(ascending)])


def _documents_of(slot: SlotPostings, document_count: int) -> Documents:
    """Return the documents that contain any of the terms, ascending."""
    if len(slot) == 1:
        return slot[0][1]
    mask = np.zeros(document_count, np.bool_)
    for _, documents, _ in slot:
        mask[documents.astype(np.intp)] = True
    return np.flatnonzero(mask).astype(np.uint32)


def _indices(documents: Documents, wanted: Documents) -> NDArray[np.intp]:
    """Return the indices of those of the documents that are wanted. Both are ascending."""
    shorter, longer = sorted((documents, wanted), key=len)
    if not len(shorter):
        return np.empty(0, np.intp)
    if len(shorter) * BISECT_RATIO > len(longer):
        mask = np.zeros(max(int(documents[-1]), int(wanted[-1])) + 1, np.bool_)
        mask[wanted.astype(np.intp)] = True
        return np.flatnonzero(mask[documents.astype(np.intp)])
    indices = np.searchsorted(longer, shorter)
    indices[indices == len(longer)] = 0
    is_common = longer[indices] == shorter
    return np.flatnonzero(is_common) if shorter is documents else indices[is_common]


def _occurrences(
    segment: SegmentReader, field: str, lists: SlotPostings, candidates: Documents
) -> Occurrences:
    """Return the occurrences of any of the terms in the candidate documents, ascending, without duplicates."""
    found = []
    for number, documents, weights in lists:
        kept = _indices(documents, candidates)
        if not len(kept):
            continue
        positions = segment.positions(field, number, weights)
        if len(kept) * 2 < len(documents):  # leaving a few out takes longer than comparing them
            ends = np.cumsum(weights, dtype=np.int64)[kept]
            documents, weights = documents[kept], weights[kept]
            positions = positions[concatenated_ranges(ends - weights, weights)]
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
