"""Vectors of the documents of a segment, from its posting lists: these hold the stems of every paper with counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from paperreader.search.index.schema import TEXT_FIELDS
from paperreader.search.index.segment_reader import SegmentReader
from paperreader.search.index.segment_writer import PostingLists
from paperreader.search.meaning.encoder import DocumentEncoder
from paperreader.search.meaning.model import MeaningModel
from paperreader.search.meaning.vectors import PackedVectors

_MAX_DOCUMENTS = 1 << 15
"""Documents whose words are in memory at a time: about 60 MB."""

_MAX_POSTINGS = 1_000_000
"""Postings that are read at a time."""

_Occurrences = tuple[NDArray[np.uint32], NDArray[np.uint32]]
"""Document and stem of each word."""


def encode_lists(
    model: MeaningModel, stems: Sequence[str], fields: Sequence[PostingLists], count: int
) -> PackedVectors:
    """Return the vectors of `count` documents.

    Args:
        model: the model.
        stems: the terms of the posting lists.
        fields: the posting lists of each field.
        count: number of documents.
    """
    documents, numbers = _joined([_occurrences(lists, 0) for lists in fields])
    return DocumentEncoder(model, stems).encode(documents, numbers, count)


def encode_segment(model: MeaningModel, segment: SegmentReader) -> Iterator[PackedVectors]:
    """Yield the vectors of all documents of a segment in parts. Its posting lists are read once for each part.

    Raises:
        IndexDamaged: a file is too short.
        OSError: one cannot be read.
    """
    encoder = DocumentEncoder(model, [term.decode() for term in segment.terms.lists["stem"]])
    for start in range(0, segment.document_count, _MAX_DOCUMENTS):
        end = min(start + _MAX_DOCUMENTS, segment.document_count)
        parts: list[_Occurrences] = []
        for field in TEXT_FIELDS:
            for first, last in _term_ranges(segment, field):
                documents, numbers = _occurrences(segment.posting_lists(field, first, last), first)
                within = (documents >= start) & (documents < end)
                parts.append((documents[within] - np.uint32(start), numbers[within]))
        yield encoder.encode(*_joined(parts), end - start)


def _occurrences(lists: PostingLists, first: int) -> _Occurrences:
    """Return the document and the number of the term of each word; the first list is that of the term `first`."""
    terms = np.arange(first, first + len(lists.counts), dtype=np.uint32)
    return np.repeat(lists.documents, lists.weights), np.repeat(np.repeat(terms, lists.counts), lists.weights)


def _joined(parts: Sequence[_Occurrences]) -> _Occurrences:
    empty = np.empty(0, np.uint32)
    return np.concatenate([empty, *(part[0] for part in parts)]), np.concatenate(
        [empty, *(part[1] for part in parts)]
    )


def _term_ranges(segment: SegmentReader, field: str) -> Iterator[tuple[int, int]]:
    """Yield ranges of terms whose posting lists are read at once."""
    ends = np.cumsum(segment.terms.document_counts[field], dtype=np.int64)
    first = 0
    while first < len(ends):
        done = int(ends[first - 1]) if first else 0
        last = max(int(np.searchsorted(ends, done + _MAX_POSTINGS, side="right")), first + 1)
        yield first, last
        first = last
