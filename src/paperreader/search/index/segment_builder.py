"""Papers on their way into a segment: words as numbers in memory, sorted into posting lists at the end."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.search.analysis.tokenizer import stem
from paperreader.search.index.schema import MOST_WORDS, TEXT_FIELDS
from paperreader.search.index.segment_writer import LENGTHS, MOST_WEIGHT, Lists, Numbers, Packer

MOST_TOKENS = 2_000_000
"""Words of text in one pool (some 11,000 abstracts): sorting them takes 70 MB for a moment."""

MOST_DOCUMENTS = 1 << 20
"""Papers in one pool: a token is sorted as `term << 36 | document << 16 | position`."""

Stems = Callable[[Sequence[str]], list[str]]
"""Gives the stems of sorted words."""


def worked_out(words: Sequence[str]) -> list[str]:
    """The stem of each word."""
    return list(map(stem, words))


_DOCUMENT_BITS, _POSITION_BITS = 20, 16


class _Numbering(dict[str, int]):
    """Numbers words in the order in which they are first met."""

    def __missing__(self, word: str) -> int:
        number = self[word] = len(self)
        return number


class Pool:
    """Collects the words of papers and writes them as one segment.

    A word costs one look into a dictionary and four bytes, until `write` sorts all of them at once.
    """

    def __init__(self) -> None:
        self._numbers = _Numbering()
        self._tokens = {field: array("I") for field in TEXT_FIELDS}
        self._lengths = {field: array("I") for field in TEXT_FIELDS}
        self._rows = array("I")

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def is_full(self) -> bool:
        """Whether it should be written before anything is added."""
        return len(self) >= MOST_DOCUMENTS or sum(map(len, self._tokens.values())) >= MOST_TOKENS

    def add(self, row: int, texts: Sequence[Sequence[str]]) -> None:
        """Take in a paper: its row in the catalog, and the words of each of `TEXT_FIELDS`."""
        number = self._numbers.__getitem__
        for field, words in zip(TEXT_FIELDS, texts, strict=True):
            self._tokens[field].extend(map(number, words[:MOST_WORDS]))
            self._lengths[field].append(min(len(words), MOST_WORDS))
        self._rows.append(row)

    def write(self, packer: Packer, stems: Stems) -> dict[str, int]:
        """Write everything as one segment; gives what `Packer.finish` gives. The pool is of no use afterwards.

        Raises:
            OSError: a file cannot be written.
        """
        words = sorted(self._numbers)
        stems_of_words = stems(words)
        terms = sorted(set(stems_of_words))
        number = {term: place for place, term in enumerate(terms)}
        stem_of_word = np.fromiter((number[term] for term in stems_of_words), np.uint32, len(words))
        place_of_word = np.empty(len(words), np.uint32)
        met = np.fromiter((self._numbers[word] for word in words), np.int64, len(words))
        place_of_word[met] = np.arange(len(words), dtype=np.uint32)
        held = []
        for field in TEXT_FIELDS:
            tokens = place_of_word[np.frombuffer(self._tokens[field], np.uint32)]
            documents, positions = self._places(field)
            packer.add(field, _text_lists(stem_of_word[tokens], documents, positions, len(terms)))
            held.append(tokens.astype(np.uint64) << np.uint64(32) | documents)
        packer.add("word", _word_lists(np.concatenate(held), len(words)))
        lexicons = {"stem": [term.encode() for term in terms], "word": [word.encode() for word in words]}
        return packer.finish(
            lexicons, stem_of_word, np.frombuffer(self._rows, np.uint32), self._length_bytes()
        )

    def _places(self, field: str) -> tuple[Numbers, Numbers]:
        """The document and the position of each token of a field."""
        lengths = np.frombuffer(self._lengths[field], np.uint32)
        documents = np.repeat(np.arange(len(lengths), dtype=np.uint32), lengths)
        begins = (np.cumsum(lengths, dtype=np.uint32) - lengths).astype(np.uint32)
        return documents, np.arange(len(documents), dtype=np.uint32) - begins[documents]

    def _length_bytes(self) -> dict[str, NDArray[np.uint8]]:
        return {
            field: np.searchsorted(LENGTHS, np.frombuffer(lengths, np.uint32)).astype(np.uint8)
            for field, lengths in self._lengths.items()
        }


def write_pool(pool: Pool, folder: Path, name: str, stems: Stems = worked_out) -> dict[str, int]:
    """Write a pool as the segment of that name; gives what `Packer.finish` gives.

    Raises:
        OSError: a file cannot be written.
    """
    packer = Packer(folder, name)
    try:
        return pool.write(packer, stems)
    finally:
        packer.discard()


def _text_lists(terms: Numbers, documents: Numbers, positions: Numbers, count: int) -> Lists:
    """Tokens (their term, document and position) as the posting lists of `count` terms."""
    keys = terms.astype(np.uint64)
    keys <<= np.uint64(_DOCUMENT_BITS)
    keys |= documents
    keys <<= np.uint64(_POSITION_BITS)
    keys |= positions
    keys.sort()
    postings = keys >> np.uint64(_POSITION_BITS)
    begins = _begins(postings)
    weights = np.diff(begins, append=len(keys))
    kept = (keys & np.uint64((1 << _POSITION_BITS) - 1)).astype(np.uint16)
    if len(weights) and weights.max() > MOST_WEIGHT:
        kept = kept[np.arange(len(keys)) - np.repeat(begins, weights) < MOST_WEIGHT]
        weights = np.minimum(weights, MOST_WEIGHT)
    postings = postings[begins]
    return Lists(
        np.bincount((postings >> np.uint64(_DOCUMENT_BITS)).astype(np.int64), minlength=count).astype(
            np.uint32
        ),
        (postings & np.uint64((1 << _DOCUMENT_BITS) - 1)).astype(np.uint32),
        weights.astype(np.uint8),
        kept,
    )


def _begins(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Where another number than the one before stands."""
    other = np.ones(len(numbers), np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=other[1:])
    return np.flatnonzero(other)


def _word_lists(postings: NDArray[np.uint64], count: int) -> Lists:
    """`word << 32 | document` in any order and any number of times as posting lists."""
    postings.sort()
    postings = postings[_begins(postings)]
    return Lists(
        np.bincount((postings >> np.uint64(32)).astype(np.int64), minlength=count).astype(np.uint32),
        postings.astype(np.uint32),
        np.empty(0, np.uint8),
        np.empty(0, np.uint16),
    )
