"""The keys by which records are matched, and the ids of the papers made of them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Container, Iterable

from msgspec import Struct

from paperreader.catalog.key_index import SLUG_KIND, key_hash, match_key_hash
from paperreader.models import SourceRecord
from paperreader.text.ids import match_keys, slug_id

_TITLE_PREFIX = "title:"
_LONG_HASH_LENGTH = 12
"""Hex digits of the hash in the id of one of several works with the same title."""


class KeyedRecord(Struct, frozen=True):
    """A record together with the keys it is matched by."""

    record: SourceRecord
    keys: tuple[str, ...]
    """`doi:…`, `title:…` or `short:…`."""
    slug: str
    """The id that a paper made of this record alone would have; empty where the record has an arXiv id."""

    def id_hashes(self) -> tuple[int, ...]:
        """Return the hashes under which the key index holds the paper with this record's own id."""
        if self.record.arxiv:
            return (key_hash("id", self.record.arxiv), key_hash("alias", self.record.arxiv))
        return (key_hash("id", self.slug), key_hash("alias", self.slug), key_hash(SLUG_KIND, self.slug))

    def match_hashes(self) -> tuple[int, ...]:
        """Return the hashes under which the key index holds papers that this record may belong to."""
        return tuple(map(match_key_hash, self.keys))

    @property
    def title_key(self) -> str:
        """The key of the title, if it is long enough to identify a work."""
        return next(
            (key.removeprefix(_TITLE_PREFIX) for key in self.keys if key.startswith(_TITLE_PREFIX)), ""
        )

    def own_id(self, contended: Container[str]) -> str:
        """Return the id that a paper made of this record alone has when works with the slugs `contended` have to be
        told apart: then its hash depends on all that identifies the work.
        """
        if self.slug not in contended:
            return self.slug
        record = self.record
        stated: tuple[object, ...] = (self.slug, record.doi, record.authors, record.published)
        stated += (record.entry_type, record.edition)
        if record.editors and not record.authors:
            stated += (record.editors,)  # otherwise left out, so that the ids of earlier versions stay
        digest = hashlib.sha256(repr(stated).encode("utf-8", "surrogatepass")).hexdigest()
        return f"{self.slug.rpartition('-')[0]}-{digest[:_LONG_HASH_LENGTH]}"


def with_keys(record: SourceRecord) -> KeyedRecord:
    """Compute the keys of a record."""
    keys = tuple(key for key in match_keys(record) if not key.startswith("arxiv:"))
    if record.arxiv:
        return KeyedRecord(record, keys, "")
    # A short title identifies nothing by itself: two papers with the same short title are one only when abstract and
    # DOI agree too, and otherwise need different ids.
    return KeyedRecord(record, keys, slug_id(record.title, f"{record.abstract} {record.doi}".strip()))


def index_hashes(id: str, aliases: Collection[str], records: Iterable[KeyedRecord]) -> tuple[int, ...]:
    """Return all hashes under which the key index holds a paper, sorted."""
    found = {key_hash("id", id)}
    found.update(key_hash("alias", alias) for alias in aliases)
    for one in records:
        found.update(map(match_key_hash, one.keys))
        if one.slug and one.slug != id and one.slug not in aliases:
            found.add(key_hash(SLUG_KIND, one.slug))
    return tuple(sorted(found))
