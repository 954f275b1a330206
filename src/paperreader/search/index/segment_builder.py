"""Collect papers in memory as word numbers, then sort them into posting lists and write one segment."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from paperreader.search.analysis.cased_words import CAPITALS_MARK, capitals_form, split_cased_words
from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import truncate_word
from paperreader.search.index.schema import MAX_WORDS, TEXT_FIELDS
from paperreader.search.index.segment_writer import (
    LENGTH_OF_BYTE,
    MAX_WEIGHT,
    PostingLists,
    SegmentWriter,
    UIntArray,
)

if TYPE_CHECKING:
    from paperreader.search.meaning.model import MeaningModel

MAX_TOKENS = 2_000_000
"""Maximum words in one builder (about 11,000 abstracts): sorting them takes 70 MB temporarily."""

MAX_DOCUMENTS = 1 << 20
"""Maximum papers in one builder: a token is sorted as `term << 36 | document << 16 | position`."""

StemProvider = Callable[[Sequence[str]], list[str]]
"""Returns the stems of sorted words."""


def compute_stems(words: Sequence[str]) -> list[str]:
    """Return the stem of each word."""
    return list(map(stem, words))


_DOCUMENT_BITS, _POSITION_BITS = 20, 16
_NO_WORD = (1 << 32) - 1


class _WordNumbers(dict[str, int]):
    """Assigns numbers to words in order of first access."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class SegmentBuilder:
    """Collects the words of papers and writes them as one segment.

    Each word costs one dictionary lookup and four bytes until `write` sorts all of them at once. Words that differ only
    in capitals have numbers of their own until then: so each of them is converted to lower case once.
    """

    def __init__(self) -> None:
        self._word_numbers = _WordNumbers()
        self._tokens = {field: array("I") for field in TEXT_FIELDS}
        self._lengths = {field: array("I") for field in TEXT_FIELDS}
        self._capitals, self._documents_with_capitals = array("I"), array("I")
        """Numbers of words with capitals, and the document of each."""
        self._rows = array("I")

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def is_full(self) -> bool:
        """Whether the segment should be written before more papers are added."""
        return len(self) >= MAX_DOCUMENTS or sum(map(len, self._tokens.values())) >= MAX_TOKENS

    def add(self, row: int, texts: Sequence[str]) -> None:
        """Add a paper: its catalog row, and the text of each of `TEXT_FIELDS`."""
        self.add_words(row, map(split_cased_words, texts))

    def add_words(self, row: int, fields: Iterable[tuple[list[str], Collection[str]]]) -> None:
        """Add a document: its row, and for each of `TEXT_FIELDS` the words that `split_cased_words` returns."""
        number = self._word_numbers.__getitem__
        for field, (words, capitals) in zip(TEXT_FIELDS, fields, strict=True):
            words = words[:MAX_WORDS]
            self._tokens[field].fromlist(list(map(number, words)))
            self._lengths[field].append(len(words))
            if capitals:
                self._capitals.extend(map(number, capitals))
                self._documents_with_capitals.extend([len(self._rows)] * len(capitals))
        self._rows.append(row)

    def write(
        self, writer: SegmentWriter, stems: StemProvider, model: MeaningModel | None = None
    ) -> dict[str, int]:
        """Write everything as one segment, and return the result of `SegmentWriter.finish`. Call it only once.

        With a `model`, the vectors of the papers are written as well.

        Raises:
            OSError: a file cannot be written.
        """
        words, lower_case, with_capitals = self._sorted_words()
        stems_of_words = stems(words)
        terms = sorted(set(stems_of_words))
        number = {term: index for index, term in enumerate(terms)}
        stem_of_word = np.fromiter((number[term] for term in stems_of_words), np.uint32, len(words))
        postings, scored = [], []
        for field in TEXT_FIELDS:
            cased = np.frombuffer(self._tokens[field], np.uint32)
            tokens, capitals = lower_case[cased], with_capitals[cased]
            documents, positions = self._document_positions(field)
            lists = _text_posting_lists(stem_of_word[tokens], documents, positions, len(terms))
            writer.add(field, lists)
            scored.append(lists)
            has_meaning = capitals != _NO_WORD
            postings.append(_word_postings(tokens, documents))
            postings.append(_word_postings(capitals[has_meaning], documents[has_meaning]))
        if model is not None:
            from paperreader.search.index.document_vectors import (
                encode_lists,  # opening the index does not need it
            )

            writer.add_vectors(model.identity, encode_lists(model, terms, scored, len(self)))
        capitals = lower_case[np.frombuffer(self._capitals, np.uint32)]
        documents = np.frombuffer(self._documents_with_capitals, np.uint32)
        postings.append(_word_postings(capitals, documents))
        writer.add("word", _word_posting_lists(np.concatenate(postings), len(words)))
        term_lists = {"stem": [term.encode() for term in terms], "word": [word.encode() for word in words]}
        return writer.finish(
            term_lists, stem_of_word, np.frombuffer(self._rows, np.uint32), self._length_bytes()
        )

    def _sorted_words(self) -> tuple[list[str], UIntArray, UIntArray]:
        """Return the sorted words, and for each word as it was added the number of its lower-case form among them and
        that of its form with capitals, or `_NO_WORD`.
        """
        cased = list(self._word_numbers)
        # Other tokens are folded already, and `^VAR` has a meaning as it is.
        lower_case = [
            word if word[0] == CAPITALS_MARK or not word.isascii() else truncate_word(word.lower())
            for word in cased
        ]
        with_capitals = list(map(capitals_form, cased))
        words = sorted({*lower_case, *with_capitals} - {""})
        number = {word: index for index, word in enumerate(words)}
        number[""] = _NO_WORD
        return (
            words,
            np.fromiter(map(number.__getitem__, lower_case), np.uint32, len(cased)),
            np.fromiter(map(number.__getitem__, with_capitals), np.uint32, len(cased)),
        )

    def _document_positions(self, field: str) -> tuple[UIntArray, UIntArray]:
        """Return the document and the position of each token of a field."""
        lengths = np.frombuffer(self._lengths[field], np.uint32)
        documents = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
        starts = (np.cumsum(lengths, dtype=np.uint32) - lengths).astype(np.uint32)
        return documents, np.arange(len(documents), dtype=np.uint32) - starts[documents]

    def _length_bytes(self) -> dict[str, NDArray[np.uint8]]:
        return {
            field: np.searchsorted(LENGTH_OF_BYTE, np.frombuffer(lengths, np.uint32)).astype(np.uint8)
            for field, lengths in self._lengths.items()
        }


def write_segment(
    builder: SegmentBuilder,
    folder: Path,
    name: str,
    stems: StemProvider = compute_stems,
    model: MeaningModel | None = None,
) -> dict[str, int]:
    """Write a builder as the segment of that name, and return the result of `SegmentWriter.finish`.

    Raises:
        OSError: a file cannot be written.
    """
    writer = SegmentWriter(folder, name)
    try:
        return builder.write(writer, stems, model)
    finally:
        writer.abort()


def _text_posting_lists(
    terms: UIntArray, documents: UIntArray, positions: UIntArray, count: int
) -> PostingLists:
    """Sort tokens (term, document and position of each) into the posting lists of `count` terms."""
    keys = terms.astype(np.uint64)
    keys <<= np.uint64(_DOCUMENT_BITS)
    keys |= documents
    keys <<= np.uint64(_POSITION_BITS)
    keys |= positions
    keys.sort()
    postings = keys >> np.uint64(_POSITION_BITS)
    starts = _run_starts(postings)
    weights = np.diff(starts, append=len(keys))
    kept_positions = (keys & np.uint64((1 << _POSITION_BITS) - 1)).astype(np.uint16)
    if len(weights) and weights.max() > MAX_WEIGHT:
        kept_positions = kept_positions[np.arange(len(keys)) - np.repeat(starts, weights) < MAX_WEIGHT]
        weights = np.minimum(weights, MAX_WEIGHT)
    postings = postings[starts]
    return PostingLists(
        np.bincount((postings >> np.uint64(_DOCUMENT_BITS)).astype(np.int64), minlength=count).astype(
            np.uint32
        ),
        (postings & np.uint64((1 << _DOCUMENT_BITS) - 1)).astype(np.uint32),
        weights.astype(np.uint8),
        kept_positions,
    )


def _run_starts(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the start of each run of equal numbers."""
    other = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=other[1:])
    return np.flatnonzero(other)


def _word_postings(words: UIntArray, documents: UIntArray) -> NDArray[np.uint64]:
    return words.astype(np.uint64) << np.uint64(32) | documents


def _word_posting_lists(postings: NDArray[np.uint64], count: int) -> PostingLists:
    """Sort `word << 32 | document`, in any order and with duplicates, into posting lists."""
    postings.sort()
    postings = postings[_run_starts(postings)]
    return PostingLists(
        np.bincount((postings >> np.uint64(32)).astype(np.int64), minlength=count).astype(np.uint32),
        postings.astype(np.uint32),
        np.empty(0, np.uint8),
        np.empty(0, np.uint16),
    )
