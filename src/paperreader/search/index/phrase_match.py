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
    held = np.ones(segment.document_count, np.bool_)
    frequencies = []
    for slot in lists:
        own = np.zeros(segment.document_count, np.bool_)
        for _, documents, _ in slot:
            own[documents] = True
        frequencies.append(int(own.sum()))
        held &= own
    begins: Occurrences | None = None
    # Start with the rarest word, to keep the lists to compare short.
    for place in sorted(range(len(slots)), key=frequencies.__getitem__):
        if not held.any():
            return NO_DOCUMENTS, NO_WEIGHTS, frequencies
        here = _occurrences(segment, field, lists[place], held) - place
        begins = here if begins is None else _intersect(begins, here)
        held = np.zeros(segment.document_count, np.bool_)
        held[begins >> POSITION_BITS] = True
    assert begins is not None
    documents, counts = np.unique(begins >> POSITION_BITS, return_counts=True)
    return documents.astype(np.uint32), np.minimum(counts, 255).astype(np.uint8), frequencies


def _slot_postings(segment: SegmentReader, field: str, numbers: Sequence[int]) -> SlotPostings:
    return [(number, *segment.documents(field, number)) for number in numbers]


def _occurrences(
    segment: SegmentReader, field: str, lists: SlotPostings, held: NDArray[np.bool_]
) -> Occurrences:
    """Return the occurrences of any of the terms in the `held` documents, ascending, without duplicates."""
    found = []
    for number, documents, weights in lists:
        own = held[documents]
        if not own.any():
            continue
        positions = segment.positions(field, number, weights)
        if not own.all():
            positions = positions[np.repeat(own, weights)]
            documents, weights = documents[own], weights[own]
        found.append((np.repeat(documents.astype(np.int64), weights) << POSITION_BITS) | positions)
    if len(found) == 1:
        return found[0]
    if not found:
        return np.empty(0, np.int64)
    joined = np.concatenate(found)
    joined.sort(kind="stable")  # fast: it consists of a few ascending runs
    once: Occurrences = joined[np.append(True, joined[1:] != joined[:-1])]
    return once


def _intersect(few: Occurrences, many: Occurrences) -> Occurrences:
    """Intersect two ascending arrays."""
    if len(few) > len(many):
        few, many = many, few
    if not len(few):
        return few
    places = np.searchsorted(many, few)
    places[places == len(many)] = 0
    common: Occurrences = few[many[places] == few]
    return common
