"""Which records are one paper.

A pure function of the set of records, so that the order of import cannot matter:

* Records with an arXiv id belong to that id. Two arXiv ids never share a paper.
* Records without one that share a DOI or a title are one component, also over several steps.
* A component goes to the smallest arXiv id with which it shares a DOI, else to the smallest with which it shares a
  title, else it is a paper of its own.

The function may be asked about a part of the library, as long as that part holds, with every component, all records
that share a key with it: where a component goes depends on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from paperreader.catalog.key_index import key_hash
from paperreader.models import SourceRecord
from paperreader.text.ids import match_keys, slug_id


class KeyedRecord(Struct, frozen=True):
    """A record together with what it is recognised by."""

    record: SourceRecord
    keys: tuple[str, ...]
    """`doi:…`, `title:…` or `short:…`."""
    slug: str
    """The id it would have on its own; empty where it has an arXiv id."""

    def id_hashes(self) -> tuple[int, ...]:
        """Under what the paper stands in the table of keys that has this record's own id."""
        name = self.record.arxiv or self.slug
        return (key_hash("id", name), key_hash("alias", name))

    def match_hashes(self) -> tuple[int, ...]:
        """Under what the papers stand there that it may be one with."""
        return tuple(map(_hash, self.keys))


def with_keys(record: SourceRecord) -> KeyedRecord:
    """The record with its keys."""
    keys = tuple(key for key in match_keys(record) if not key.startswith("arxiv:"))
    if record.arxiv:
        return KeyedRecord(record, keys, "")
    # A short title says little: what else there is parts two papers of the same short title, and only those two that
    # agree in all of it are one.
    return KeyedRecord(record, keys, slug_id(record.title, f"{record.abstract} {record.doi}".strip()))


def index_hashes(id: str, aliases: Iterable[str], records: Iterable[KeyedRecord]) -> tuple[int, ...]:
    """The hashes under which a paper stands in the table of keys, sorted."""
    found = {key_hash("id", id)}
    found.update(key_hash("alias", alias) for alias in aliases)
    found.update(_hash(key) for one in records for key in one.keys)
    return tuple(sorted(found))


def group_by_paper(records: Sequence[KeyedRecord]) -> list[tuple[str, list[KeyedRecord]]]:
    """The papers that those records are: arXiv id (or empty) and records of each."""
    papers: dict[str, list[KeyedRecord]] = {}
    for one in records:
        if one.record.arxiv:
            papers.setdefault(one.record.arxiv, []).append(one)
    owners = _key_owners(papers)
    alone = []
    for component in _components([one for one in records if not one.record.arxiv]):
        arxiv = _component_owner(component, owners)
        if arxiv:
            papers[arxiv].extend(component)
        else:
            alone.append(("", component))
    return [*papers.items(), *alone]


def _key_owners(papers: dict[str, list[KeyedRecord]]) -> dict[str, str]:
    """Key to the smallest arXiv id that has it."""
    owners: dict[str, str] = {}
    for arxiv, members in papers.items():
        for key in (key for one in members for key in one.keys):
            owners[key] = min(arxiv, owners.get(key, arxiv))
    return owners


def _component_owner(component: Sequence[KeyedRecord], owners: dict[str, str]) -> str:
    """The arXiv id that a component goes to, or empty: a DOI says more than a title."""
    shared = {key for one in component for key in one.keys if key in owners}
    dois = [owners[key] for key in shared if key.startswith("doi:")]
    return min(dois or [owners[key] for key in shared], default="")


def _components(unidentified: Sequence[KeyedRecord]) -> list[list[KeyedRecord]]:
    """Records without arXiv id, joined wherever they share a key or would have the same id."""
    parent = list(range(len(unidentified)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = parent[parent[place]]
            place = parent[place]
        return place

    first: dict[str, int] = {}
    for place, one in enumerate(unidentified):
        for key in (*one.keys, f"id:{one.slug}"):
            parent[root(place)] = root(first.setdefault(key, place))
    components: dict[int, list[KeyedRecord]] = {}
    for place, one in enumerate(unidentified):
        components.setdefault(root(place), []).append(one)
    return list(components.values())


def _hash(key: str) -> int:
    kind, _, name = key.partition(":")
    return key_hash(kind, name)
