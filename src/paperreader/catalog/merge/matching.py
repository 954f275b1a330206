"""Decide which records describe the same paper.

A pure function of the set of records, so that the order of import cannot matter:

* Records with an arXiv id belong to that id. Two arXiv ids never share a paper.
* Records without one that share a DOI or a title form a component, also over several steps.
* A component goes to the smallest arXiv id with which it shares a DOI, else to the smallest with which it shares a
  title, else it is a paper of its own.

The function may be applied to a part of the library, as long as that part holds, with every component, all records
that share a key with it: where a component goes depends on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from paperreader.catalog.key_index import key_hash
from paperreader.models import SourceRecord
from paperreader.text.ids import match_keys, slug_id


class KeyedRecord(Struct, frozen=True):
    """A record together with the keys it is matched by."""

    record: SourceRecord
    keys: tuple[str, ...]
    """`doi:…`, `title:…` or `short:…`."""
    slug: str
    """The id that a paper made of this record alone would have; empty where the record has an arXiv id."""

    def id_hashes(self) -> tuple[int, ...]:
        """Return the hashes under which the key index holds the paper with this record's own id."""
        name = self.record.arxiv or self.slug
        return (key_hash("id", name), key_hash("alias", name))

    def match_hashes(self) -> tuple[int, ...]:
        """Return the hashes under which the key index holds papers that this record may belong to."""
        return tuple(map(_hash, self.keys))


def with_keys(record: SourceRecord) -> KeyedRecord:
    """Compute the keys of a record."""
    keys = tuple(key for key in match_keys(record) if not key.startswith("arxiv:"))
    if record.arxiv:
        return KeyedRecord(record, keys, "")
    # A short title identifies nothing by itself: two papers with the same short title are one only when abstract and
    # DOI agree too, and otherwise need different ids.
    return KeyedRecord(record, keys, slug_id(record.title, f"{record.abstract} {record.doi}".strip()))


def index_hashes(id: str, aliases: Iterable[str], records: Iterable[KeyedRecord]) -> tuple[int, ...]:
    """Return all hashes under which the key index holds a paper, sorted."""
    found = {key_hash("id", id)}
    found.update(key_hash("alias", alias) for alias in aliases)
    found.update(_hash(key) for one in records for key in one.keys)
    return tuple(sorted(found))


def group_by_paper(records: Sequence[KeyedRecord]) -> list[tuple[str, list[KeyedRecord]]]:
    """Group records into papers. Return the arXiv id (or an empty string) and the records of each paper."""
    papers: dict[str, list[KeyedRecord]] = {}
    for one in records:
        if one.record.arxiv:
            papers.setdefault(one.record.arxiv, []).append(one)
    owners = _key_owners(papers)
    without_arxiv_id = []
    for component in _components([one for one in records if not one.record.arxiv]):
        arxiv = _component_owner(component, owners)
        if arxiv:
            papers[arxiv].extend(component)
        else:
            without_arxiv_id.append(("", component))
    return [*papers.items(), *without_arxiv_id]


def _key_owners(papers: dict[str, list[KeyedRecord]]) -> dict[str, str]:
    """Map each key to the smallest arXiv id that has it."""
    owners: dict[str, str] = {}
    for arxiv, members in papers.items():
        for key in (key for one in members for key in one.keys):
            owners[key] = min(arxiv, owners.get(key, arxiv))
    return owners


def _component_owner(component: Sequence[KeyedRecord], owners: dict[str, str]) -> str:
    """Return the arXiv id that a component belongs to, or an empty string. A DOI takes precedence over a title."""
    shared = {key for one in component for key in one.keys if key in owners}
    dois = [owners[key] for key in shared if key.startswith("doi:")]
    return min(dois or [owners[key] for key in shared], default="")


def _components(unidentified: Sequence[KeyedRecord]) -> list[list[KeyedRecord]]:
    """Group records without arXiv id that share a key or would have the same id (union-find)."""
    parent = list(range(len(unidentified)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    first: dict[str, int] = {}
    for index, one in enumerate(unidentified):
        for key in (*one.keys, f"id:{one.slug}"):
            parent[root(index)] = root(first.setdefault(key, index))
    components: dict[int, list[KeyedRecord]] = {}
    for index, one in enumerate(unidentified):
        components.setdefault(root(index), []).append(one)
    return list(components.values())


def _hash(key: str) -> int:
    kind, _, name = key.partition(":")
    return key_hash(kind, name)
