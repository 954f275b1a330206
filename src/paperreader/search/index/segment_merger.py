"""Merge several segments into one and drop deleted documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.search.index.schema import TEXT_FIELDS
from paperreader.search.index.segment_reader import SegmentReader
from paperreader.search.index.segment_writer import TERM_LIST_OF_FIELD, PostingLists, SegmentWriter, UIntArray
from paperreader.search.index.term_dictionary import merge_terms

MAX_POSTINGS_IN_MEMORY = 1_000_000
"""Postings merged at a time: about 60 MB temporarily."""

DELETED = np.uint32(2**32 - 1)
"""New document number of a deleted document."""


def merge_segments(
    segments: Sequence[SegmentReader], live_masks: Sequence[NDArray[np.bool_]], folder: Path, name: str
) -> dict[str, int]:
    """Write the live documents of several segments, in order, as the segment of that name.

    Posting lists are copied unchecked: the caller has verified the files as a whole.

    Returns:
        The total number of words in each scored field.

    Raises:
        OSError: a file cannot be written.
        IndexDamaged: a file is too short.
    """
    packer = SegmentWriter(folder, name)
    try:
        return _write_merged(segments, live_masks, packer)
    finally:
        packer.abort()


def _write_merged(
    segments: Sequence[SegmentReader], live_masks: Sequence[NDArray[np.bool_]], writer: SegmentWriter
) -> dict[str, int]:
    terms: dict[str, list[bytes]] = {}
    places: dict[str, list[NDArray[np.int64]]] = {}
    for lexicon in ("stem", "word"):
        terms[lexicon], places[lexicon] = merge_terms([segment.terms.lists[lexicon] for segment in segments])
    documents = _new_document_numbers(live_masks)
    for field, lexicon in TERM_LIST_OF_FIELD.items():
        for lists in _merged_lists(segments, field, places[lexicon], documents, len(terms[lexicon])):
            writer.add(field, lists)
    stem_of_word = np.zeros(len(terms["word"]), np.uint32)
    for segment, words, stems in zip(segments, places["word"], places["stem"], strict=True):
        stem_of_word[words] = stems[segment.terms.stem_of_word]
    living = list(zip(segments, live_masks, strict=True))
    return writer.finish(
        terms,
        stem_of_word,
        np.concatenate([segment.rows[own] for segment, own in living]).astype(np.uint32),
        {
            field: np.concatenate([segment.length_bytes[field][own] for segment, own in living])
            for field in TEXT_FIELDS
        },
    )


def _new_document_numbers(live_masks: Sequence[NDArray[np.bool_]]) -> list[UIntArray]:
    """Return for each segment the new number of each document."""
    found, base = [], 0
    for own in live_masks:
        numbers = np.where(own, np.cumsum(own) - 1 + base, DELETED).astype(np.uint32)
        found.append(numbers)
        base += int(own.sum())
    return found


def _merged_lists(
    segments: Sequence[SegmentReader],
    field: str,
    places: Sequence[NDArray[np.int64]],
    documents: Sequence[UIntArray],
    terms: int,
) -> Iterator[PostingLists]:
    """Yield the merged lists of a field in batches of consecutive terms.

    `places` maps the term numbers of each segment to the merged ones.
    """
    totals = np.zeros(terms, np.int64)
    for segment, place in zip(segments, places, strict=True):
        totals[place] += segment.terms.document_counts[field]
    ends = np.cumsum(totals)
    first = 0
    while first < terms:
        done = int(ends[first - 1]) if first else 0
        last = max(int(np.searchsorted(ends, done + MAX_POSTINGS_IN_MEMORY, side="right")), first + 1)
        parts = []
        for segment, place, numbers in zip(segments, places, documents, strict=True):
            begin, end = np.searchsorted(place, [first, last]).tolist()
            lists = segment.posting_lists(field, begin, end)
            parts.append((np.repeat(place[begin:end] - first, lists.counts), numbers[lists.documents], lists))
        yield _join_lists(parts, last - first)
        first = last


def _join_lists(
    parts: Sequence[tuple[NDArray[np.int64], UIntArray, PostingLists]], terms: int
) -> PostingLists:
    """Merge one batch. `parts` holds per segment the merged term and document number of each posting, and its lists."""
    term, documents = (np.concatenate([part[place] for part in parts]) for place in (0, 1))
    living = documents != DELETED
    order = np.argsort(term, kind="stable")
    order = order[living[order]]
    weights = np.concatenate([lists.weights for _, _, lists in parts])
    positions = np.concatenate([lists.positions for _, _, lists in parts])
    if len(weights):
        begins = (np.cumsum(weights, dtype=np.int64) - weights)[order]
        weights = weights[order]
        shifts = begins - (np.cumsum(weights, dtype=np.int64) - weights)
        positions = positions[np.repeat(shifts, weights) + np.arange(int(weights.sum(dtype=np.int64)))]
    counts = np.bincount(term[order], minlength=terms).astype(np.uint32)
    return PostingLists(counts, documents[order], weights, positions)
