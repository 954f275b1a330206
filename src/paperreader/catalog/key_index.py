"""The key index: which rows have an id, an alias, a DOI or a title.

A key is stored as a 64-bit hash, so that the index is two sorted arrays that can be searched by bisection without
loading anything. A collision becomes likely only at about 2^32 papers, and merging compares the keys themselves anyway.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from msgspec import Struct, field

try:
    from _blake2 import (
        blake2b,  # what hashlib offers; hashlib also loads OpenSSL, which takes 2 ms of each start
    )
except ImportError:
    from hashlib import blake2b

MAX_PENDING_KEYS = 200_000
"""Changes that a builder holds one by one, at 150 bytes each; more are merged into a new index."""

_MAX_CACHED_LENGTH = 300

SLUG_KIND = "slug"
"""Kind of key under which the index holds a paper whose records have a slug that it cannot have as its id."""

HashAndRow = tuple[int, int]
"""The hash of a key, and a row that has the key."""


def key_hash(kind: str, name: str) -> int:
    """Return the hash that represents the key `name` of a kind (`id`, `alias` or `SLUG_KIND`) in the index."""
    return match_key_hash(f"{kind}:{name}")


def match_key_hash(key: str) -> int:
    """Return the hash that represents a key of a record (`doi:…`, `title:…` or `short:…`) in the index."""
    return _cached_hash(key) if len(key) <= _MAX_CACHED_LENGTH else _hash(key)


def _hash(key: str) -> int:
    text = key.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8, usedforsecurity=False).digest(), "little")


_cached_hash = lru_cache(maxsize=8192)(_hash)
"""The keys of a record are looked up and stored, and those of a paper it is merged with are looked up again."""


class KeyIndex(Struct, frozen=True):
    """Pairs of hash and row, sorted. Immutable."""

    hashes: memoryview = field(default_factory=lambda: memoryview(b"").cast("Q"))
    rows: memoryview = field(default_factory=lambda: memoryview(b"").cast("I"))

    def find(self, hash_value: int) -> list[int]:
        """Return the rows with that hash, in ascending order."""
        found = []
        index = bisect_left(self.hashes, hash_value)
        while index < len(self.hashes) and self.hashes[index] == hash_value:
            found.append(self.rows[index])
            index += 1
        return found

    def with_changes(self, added: Iterable[HashAndRow], removed: Iterable[HashAndRow]) -> KeyIndex:
        """Return the index without the pairs `removed` and with the pairs `added`.

        The stretch between two changes is copied at once, so 150 changes to 400,000 pairs cost about one copy.
        """
        edits = sorted([(*pair, False) for pair in removed] + [(*pair, True) for pair in added])
        old_hashes, old_rows = self.hashes.cast("B"), self.rows.cast("B")
        hashes, rows = array("Q"), array("I")
        done = 0
        for hash_value, row, add in edits:
            index = self._insertion_point(hash_value, row, done)
            hashes.frombytes(old_hashes[done * 8 : index * 8])
            rows.frombytes(old_rows[done * 4 : index * 4])
            done = index
            is_there = index < len(self.hashes) and (self.hashes[index], self.rows[index]) == (
                hash_value,
                row,
            )
            if add and not is_there:
                hashes.append(hash_value)
                rows.append(row)
            elif is_there and not add:
                done += 1
        hashes.frombytes(old_hashes[done * 8 :])
        rows.frombytes(old_rows[done * 4 :])
        return KeyIndex(memoryview(hashes), memoryview(rows))

    def _insertion_point(self, hash_value: int, row: int, start: int) -> int:
        index = bisect_left(self.hashes, hash_value, start)
        while index < len(self.hashes) and self.hashes[index] == hash_value and self.rows[index] < row:
            index += 1
        return index


class SearchableKeys(Protocol):
    """A key index, in memory or in a file."""

    def find(self, hash_value: int) -> list[int]: ...
    def with_changes(self, added: Iterable[HashAndRow], removed: Iterable[HashAndRow]) -> KeyIndex: ...


class KeyIndexBuilder:
    """A key index, and changes that are not merged into it yet."""

    def __init__(
        self,
        base: SearchableKeys,
        added: Iterable[HashAndRow] = (),
        removed: Iterable[HashAndRow] = (),
    ) -> None:
        self._base = base
        self._added: dict[int, int | tuple[int, ...]] = {}
        """Rows by hash, in addition to those in `_base`."""
        self._removed: set[HashAndRow] = set(removed)
        self._is_merged = False
        for hash_value, row in added:
            self.add(row, (hash_value,))

    def find(self, hash_value: int) -> list[int]:
        """Return the rows with that hash."""
        rows = self._base.find(hash_value)
        if self._removed:
            rows = [row for row in rows if (hash_value, row) not in self._removed]
        added = self._added.get(hash_value)
        if added is None:
            return rows
        return [*rows, added] if isinstance(added, int) else [*rows, *added]

    def add(self, row: int, hashes: Iterable[int]) -> None:
        """Add a row under hashes that it does not have yet."""
        for hash_value in hashes:
            if (hash_value, row) in self._removed:
                self._removed.discard((hash_value, row))
            elif hash_value not in self._added:
                self._added[hash_value] = row
            else:
                self._added[hash_value] = (*self._added_rows(hash_value), row)

    def remove(self, row: int, hashes: Iterable[int]) -> None:
        """Remove a row from hashes that it has."""
        for hash_value in hashes:
            added = self._added_rows(hash_value)
            if row not in added:
                self._removed.add((hash_value, row))
            elif len(added) == 1:
                del self._added[hash_value]
            else:
                self._added[hash_value] = tuple(other for other in added if other != row)

    def merge_if_many(self) -> None:
        """Merge the changes into the index if there are more than `MAX_PENDING_KEYS`."""
        if len(self._added) + len(self._removed) > MAX_PENDING_KEYS:
            self._base = self.build()
            self._added, self._removed, self._is_merged = {}, set(), True

    def build(self) -> KeyIndex:
        """Return the index with all changes."""
        return self._base.with_changes(self._added_pairs(), self._removed)

    def changes(self) -> tuple[list[HashAndRow], list[HashAndRow]] | None:
        """Return what was added to the index and removed from it, sorted; None if that was merged already."""
        return None if self._is_merged else (sorted(self._added_pairs()), sorted(self._removed))

    def _added_pairs(self) -> list[HashAndRow]:
        return [(hash_value, row) for hash_value in self._added for row in self._added_rows(hash_value)]

    def _added_rows(self, hash_value: int) -> tuple[int, ...]:
        rows = self._added.get(hash_value, ())
        return (rows,) if isinstance(rows, int) else rows
