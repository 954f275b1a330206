"""Look up papers by names that each of them has several of: ids, keywords, categories, venues and links."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from paperreader.search.metadata.changes import MetadataChanges
from paperreader.search.metadata.tables import NamePart, PaperMetadata, TermIndex, from_bytes, to_bytes

_MAX_CANDIDATES = 40
"""Names whose papers are counted for a completion."""


class NameIndex:
    """The names of one kind of all papers of one state of the catalog. Names are folded, or in lower case."""

    def __init__(self, saved: TermIndex, part: NamePart, changes: MetadataChanges) -> None:
        self._saved, self._part, self._changes = saved, part, changes

    def rows_named(self, name: str, *, is_prefix: bool = False) -> NDArray[np.int64]:
        """Return the rows of papers that have this name, or one with this prefix."""
        rows = self._saved.rows_with(name, is_prefix=is_prefix).astype(np.int64)
        return self._correct(rows, lambda own: own.startswith(name) if is_prefix else own == name)

    def rows_below(self, name: str) -> NDArray[np.int64]:
        """Return the rows of papers with this name, or one that continues it after a dot: `cs` and `cs.cl`."""
        start = f"{name}."
        rows = [self._saved.rows_with(name, is_prefix=False), self._saved.rows_with(start, is_prefix=True)]
        return self._correct(np.concatenate(rows), lambda own: own == name or own.startswith(start))

    def rows_containing(self, words: str, *, is_prefix: bool) -> NDArray[np.int64]:
        """Return the rows of papers with a name that contains these words, of which the last one may be a prefix."""
        rows = [self._saved.rows_of(number) for number in self._numbers_containing(words, is_prefix)]
        found = np.concatenate([np.empty(0, np.uint32), *rows])
        return self._correct(found, lambda own: _contains(own, words, is_prefix))

    def completions(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return the most frequent names in which a word starts with `prefix`, each with its number of papers."""
        numbers = self._numbers_containing(prefix, True)
        likely = heapq.nlargest(_MAX_CANDIDATES, numbers, key=self._saved.count)
        names = dict.fromkeys(from_bytes(self._saved.terms[number]) for number in likely)
        for metadata in self._changes.by_row.values():
            names |= dict.fromkeys(
                own for own in _names(metadata, self._part) if _contains(own, prefix, True)
            )
        counted = ((name, len(self.rows_named(name))) for name in names)
        return heapq.nsmallest(
            limit, (pair for pair in counted if pair[1]), key=lambda pair: (-pair[1], pair[0])
        )

    def _numbers_containing(self, words: str, is_prefix: bool) -> list[int]:
        """Return the numbers of the saved names that contain these words."""
        terms, wanted = self._saved.terms, to_bytes(words)
        if not wanted:
            return list(range(len(terms))) if is_prefix else []
        offsets = np.fromiter(_offsets(terms.text, wanted), np.int64)
        numbers = np.unique(np.searchsorted(terms.ends, offsets, side="right") - 1).tolist()
        return [n for n in numbers if _contains(from_bytes(terms[n]), words, is_prefix)]

    def _correct(self, rows: NDArray[np.integer], fits: Callable[[str], bool]) -> NDArray[np.int64]:
        return self._changes.correct(
            rows, lambda metadata: any(fits(own) for own in _names(metadata, self._part))
        )


def _names(metadata: PaperMetadata, part: NamePart) -> list[str]:
    return metadata.names(part)


def _contains(name: str, words: str, is_prefix: bool) -> bool:
    """Return whether a name contains words as a whole, or, with `is_prefix`, from the start of one."""
    at = name.find(words)
    while at >= 0:
        end = at + len(words)
        starts = not at or not name[at - 1].isalnum()
        if starts and (is_prefix or end == len(name) or not name[end].isalnum()):
            return True
        at = name.find(words, at + 1)
    return False


def _offsets(text: bytes, wanted: bytes) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)
