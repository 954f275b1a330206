"""Words side by side, within one segment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from paperreader.search.index.segment_reader import NO_DOCUMENTS, NO_WEIGHTS, SegmentReader

SlotPostings = list[tuple[int, NDArray[np.uint32], NDArray[np.uint8]]]
"""Of each term of a slot: its number, its documents and weights."""

POSITION_BITS = 16
"""An occurrence is `document << PLACE_BITS | position`."""

Occurrences = NDArray[np.int64]


def find_phrase(
    segment: SegmentReader, field: str, slots: Sequence[Sequence[int]]
) -> tuple[NDArray[np.uint32], NDArray[np.uint8], list[int]]:
    """The documents whose field holds a term (by number) of each slot, one right after the other.

    Documents that lack a slot's terms are left out before any position is looked at.

    Returns:
        The documents, how often each holds the phrase, and how many documents hold each slot.
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
    # From the rarest word on, so that the lists to be compared become short soon.
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
    """Where any of the terms stands in the `held` documents, ascending, each place once."""
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
    joined.sort(kind="stable")  # several ascending runs: nearly done already
    once: Occurrences = joined[np.append(True, joined[1:] != joined[:-1])]
    return once


def _intersect(few: Occurrences, many: Occurrences) -> Occurrences:
    """What both hold; both are ascending."""
    if len(few) > len(many):
        few, many = many, few
    if not len(few):
        return few
    places = np.searchsorted(many, few)
    places[places == len(many)] = 0
    common: Occurrences = few[many[places] == few]
    return common
