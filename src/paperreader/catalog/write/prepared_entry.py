"""Entries to add, with what can be computed of them without the catalog."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from paperreader.catalog.merge.matching import KeyedRecord, with_keys
from paperreader.catalog.merge.paper_merge import normalize_record
from paperreader.models import SourceRecord


class PreparedEntry(Struct, frozen=True):
    """An entry with everything that can be computed before the lock is taken."""

    keyed_records: tuple[KeyedRecord, ...]
    id_hashes: tuple[int, ...]
    """Hashes of the ids that its records have by themselves."""
    match_hashes: tuple[int, ...]
    """Hashes of the keys that other papers may have too."""
    aliases: tuple[str, ...] = ()
    """Former ids of the paper."""

    @property
    def has_arxiv_ids_only(self) -> bool:
        """Whether every record has an arXiv id."""
        return all(one.record.arxiv for one in self.keyed_records)


def prepare_entry(records: Iterable[SourceRecord], today: str, aliases: Iterable[str] = ()) -> PreparedEntry:
    """Normalize the records of an entry and compute their keys, without access to the catalog."""
    keyed = tuple(with_keys(normalize_record(record, today)) for record in records)
    id_hashes = dict.fromkeys(hash_value for one in keyed for hash_value in one.id_hashes())
    match_hashes = dict.fromkeys(hash_value for one in keyed for hash_value in one.match_hashes())
    return PreparedEntry(keyed, tuple(id_hashes), tuple(match_hashes), tuple(aliases))


def connected_entries(entries: Sequence[PreparedEntry]) -> list[list[int]]:
    """Return the positions of entries in lists, so that entries that share a key are in one list."""
    parents = list(range(len(entries)))

    def root_of(position: int) -> int:
        while parents[position] != position:
            parents[position] = parents[parents[position]]
            position = parents[position]
        return position

    first_with: dict[int, int] = {}
    for position, entry in enumerate(entries):
        for hash_value in (*entry.id_hashes, *entry.match_hashes):
            other = first_with.setdefault(hash_value, position)
            if other != position:
                one, two = sorted((root_of(other), root_of(position)))
                parents[two] = one
    found: dict[int, list[int]] = {}
    for position in range(len(entries)):
        found.setdefault(root_of(position), []).append(position)
    return list(found.values())
