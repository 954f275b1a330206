"""Merge several sets of metadata tables: those of the base file and those of batches of papers.

Only a few integers per paper are in memory; texts are copied in contiguous runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from paperreader.search.index.array_file import Arrays
from paperreader.search.index.term_dictionary import TermList, merge_terms
from paperreader.search.metadata.tables import NAME_PARTS, PaperMetadata, build_text_column, to_bytes


class TablePart(Struct, frozen=True):
    """The tables of some papers."""

    read: Callable[[str], Arrays]
    """Returns a table by name."""
    rows: NDArray[np.int64]
    """Catalog row of each paper."""
    live: NDArray[np.bool_]
    """Whether each paper is used. A row is used in one part at most."""


def merge_tables(parts: Sequence[TablePart], size: int) -> Iterator[tuple[str, Arrays]]:
    """Yield the merged tables of all `size` rows; a row that no part uses becomes `PaperMetadata()`.

    Raises:
        IndexDamaged: the checksum of a part is wrong.
        OSError: a part cannot be read.
    """
    yield "author", _merge_term_index(parts, "author") | _merge_text_column(parts, "author", "authors", size)
    for name in NAME_PARTS:
        yield name, _merge_term_index(parts, name)
    yield "added", {"day": _merge_numbers(parts, "added", "day", size)}
    yield (
        "source",
        _merge_numbered_texts(
            parts, "source", "source_names", "source", size, to_bytes(PaperMetadata().source_names)
        ),
    )
    yield (
        "title",
        _merge_numbered_texts(parts, "title", "titles", "rank", size, to_bytes(PaperMetadata().title)),
    )


def _merge_term_index(parts: Sequence[TablePart], name: str) -> dict[str, NDArray[Any]]:
    tables = [part.read(name) for part in parts]
    lists = [TermList(table["text"], table["ends"]) for table in tables]
    terms, merged_numbers = merge_terms(lists)
    keys = []
    for part, table, new_numbers in zip(parts, tables, merged_numbers, strict=True):
        starts: NDArray[np.int64] = table["starts"].astype(np.int64)
        mask = part.live[table["rows"]]
        keys.append(
            np.repeat(new_numbers, starts[1:] - starts[:-1])[mask] << 32 | part.rows[table["rows"][mask]]
        )
    key = np.sort(np.concatenate([np.empty(0, np.int64), *keys]))
    counts = np.bincount(key >> 32, minlength=len(terms))
    used_terms = [term for term, count in zip(terms, counts.tolist(), strict=True) if count]
    merged = build_text_column("terms", used_terms)
    return {
        "text": merged["terms.text"],
        "ends": merged["terms.ends"],
        "starts": np.append(0, np.cumsum(counts[counts > 0])).astype(np.uint32),
        "rows": (key & 0xFFFFFFFF).astype(np.uint32),
    }


def _merge_numbers(parts: Sequence[TablePart], table: str, name: str, size: int) -> NDArray[np.uint32]:
    """Merge a number of each paper; 0 for rows without a paper."""
    merged = np.zeros(size, np.uint32)
    for part in parts:
        merged[part.rows[part.live]] = part.read(table)[name][part.live]
    return merged


def _merge_numbered_texts(
    parts: Sequence[TablePart], name: str, texts: str, numbers: str, size: int, none: bytes
) -> Arrays:
    """Merge tables that map each paper to the number of a sorted text; `none` is the text of rows without a paper."""
    tables = [part.read(name) for part in parts]
    lists = [TermList(table[f"{texts}.text"], table[f"{texts}.ends"]) for table in tables]
    empty = build_text_column("none", [none])
    terms, merged_numbers = merge_terms([*lists, TermList(empty["none.text"], empty["none.ends"])])
    merged = np.full(size, merged_numbers[-1][0], np.uint32)
    for part, table, new_numbers in zip(parts, tables, merged_numbers, strict=False):
        merged[part.rows[part.live]] = new_numbers[table[numbers][part.live]]
    used = np.zeros(len(terms), np.bool_)
    used[merged] = True
    used_terms = [term for term, mask in zip(terms, used.tolist(), strict=True) if mask]
    return build_text_column(texts, used_terms) | {
        numbers: (np.cumsum(used, dtype=np.uint32) - np.uint32(1))[merged]
    }


def _merge_text_column(
    parts: Sequence[TablePart], table: str, name: str, size: int
) -> dict[str, NDArray[Any]]:
    """Merge a text column of all rows."""
    source, index = np.full(size, -1, np.int64), np.zeros(size, np.int64)
    lengths = np.zeros(size, np.int64)
    texts: list[tuple[bytes, NDArray[np.uint32]]] = []
    for number, part in enumerate(parts):
        read = part.read(table)
        text, ends = read[f"{name}.text"].tobytes(), read[f"{name}.ends"]
        texts.append((text, ends))
        rows = part.rows[part.live]
        source[rows] = number
        index[rows] = np.flatnonzero(part.live)
        lengths[rows] = np.diff(ends.astype(np.int64))[part.live]
    content = b"".join(
        texts[number][0][texts[number][1][first] : texts[number][1][last]]
        for number, first, last in _contiguous_runs(source, index)
    )
    return {
        f"{name}.text": np.frombuffer(content, np.uint8),
        f"{name}.ends": np.append(0, np.cumsum(lengths)).astype(np.uint32),
    }


def _contiguous_runs(source: NDArray[np.int64], index: NDArray[np.int64]) -> Iterator[tuple[int, int, int]]:
    """Yield runs of rows that are contiguous in one source: (source, first index, index after the last)."""
    if not len(source):
        return
    apart = (source[1:] != source[:-1]) | (index[1:] != index[:-1] + 1)
    begins = np.append(0, np.flatnonzero(apart) + 1)
    ends = np.append(begins[1:], len(source))
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        if source[begin] >= 0:
            yield int(source[begin]), int(index[begin]), int(index[end - 1]) + 1
