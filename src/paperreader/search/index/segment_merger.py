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
    number_maps: dict[str, list[NDArray[np.int64]]] = {}
    for list_name in ("stem", "word"):
        terms[list_name], number_maps[list_name] = merge_terms(
            [segment.terms.lists[list_name] for segment in segments]
        )
    document_maps = _new_document_numbers(live_masks)
    for field, list_name in TERM_LIST_OF_FIELD.items():
        for lists in _merged_lists(
            segments, field, number_maps[list_name], document_maps, len(terms[list_name])
        ):
            writer.add(field, lists)
    stem_of_word = np.zeros(len(terms["word"]), np.uint32)
    for segment, words, stems in zip(segments, number_maps["word"], number_maps["stem"], strict=True):
        stem_of_word[words] = stems[segment.terms.stem_of_word]
    live_segments = list(zip(segments, live_masks, strict=True))
    return writer.finish(
        terms,
        stem_of_word,
        np.concatenate([segment.rows[mask] for segment, mask in live_segments]).astype(np.uint32),
        {
            field: np.concatenate([segment.length_bytes[field][mask] for segment, mask in live_segments])
            for field in TEXT_FIELDS
        },
    )


def _new_document_numbers(live_masks: Sequence[NDArray[np.bool_]]) -> list[UIntArray]:
    """Return for each segment the new number of each document."""
    found, base = [], 0
    for mask in live_masks:
        numbers = np.where(mask, np.cumsum(mask) - 1 + base, DELETED).astype(np.uint32)
        found.append(numbers)
        base += int(mask.sum())
    return found


def _merged_lists(
    segments: Sequence[SegmentReader],
    field: str,
    number_maps: Sequence[NDArray[np.int64]],
    document_maps: Sequence[UIntArray],
    terms: int,
) -> Iterator[PostingLists]:
    """Yield the merged lists of a field in batches of consecutive terms.

    `number_maps` map the term numbers of each segment to the merged ones.
    """
    totals = np.zeros(terms, np.int64)
    for segment, number_map in zip(segments, number_maps, strict=True):
        totals[number_map] += segment.terms.document_counts[field]
    ends = np.cumsum(totals)
    first = 0
    while first < terms:
        done = int(ends[first - 1]) if first else 0
        last = max(int(np.searchsorted(ends, done + MAX_POSTINGS_IN_MEMORY, side="right")), first + 1)
        parts = []
        for segment, number_map, numbers in zip(segments, number_maps, document_maps, strict=True):
            begin, end = np.searchsorted(number_map, [first, last]).tolist()
            lists = segment.posting_lists(field, begin, end)
            parts.append(
                (np.repeat(number_map[begin:end] - first, lists.counts), numbers[lists.documents], lists)
            )
        yield _join_lists(parts, last - first)
        first = last


def _join_lists(
    parts: Sequence[tuple[NDArray[np.int64], UIntArray, PostingLists]], terms: int
) -> PostingLists:
    """Merge one batch. `parts` holds per segment the merged term and document number of each posting, and its lists."""
    term, documents = (np.concatenate([part[column] for part in parts]) for column in (0, 1))
    live = documents != DELETED
    order = np.argsort(term, kind="stable")
    order = order[live[order]]
    weights = np.concatenate([lists.weights for _, _, lists in parts])
    positions = np.concatenate([lists.positions for _, _, lists in parts])
    if len(weights):
        begins = (np.cumsum(weights, dtype=np.int64) - weights)[order]
        weights = weights[order]
        shifts = begins - (np.cumsum(weights, dtype=np.int64) - weights)
        positions = positions[np.repeat(shifts, weights) + np.arange(int(weights.sum(dtype=np.int64)))]
    counts = np.bincount(term[order], minlength=terms).astype(np.uint32)
    return PostingLists(counts, documents[order], weights, positions)
