"""Merge records into one paper, independent of the order of the records.

Fields that belong to one publication come from one record (see `publication`). Each other field is decided by itself:
a non-empty value beats an empty one; then the source decides (arXiv and Hugging Face, then reference managers, then a
saved page); then the later version at arXiv, the longer value, and the lexicographically smaller one. Votes, comments
and stars are those of the newest observation, and the version at arXiv is the highest one. Sources and links are
combined.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from paperreader.catalog.merge.matching import KeyedRecord, index_hashes, with_keys
from paperreader.catalog.merge.publication import publication_fields
from paperreader.catalog.merge.versions import latest_update, replaced_version
from paperreader.import_formats import source_rank
from paperreader.models import Link, Paper, SourceRecord
from paperreader.text.listing_days import may_be_listed_on
from paperreader.text.urls import url_key

_SEPARATELY_MERGED = ("title", "abstract", "summary", "keywords", "categories")
_RECORD_ONLY_FIELDS = tuple(set(SourceRecord.__struct_fields__) - set(Paper.__struct_fields__))


class MergedPaper(Struct, frozen=True):
    """A paper and the records it was merged from."""

    paper: Paper
    keyed_records: tuple[KeyedRecord, ...]
    """One for each source, in the order of `paper.sources`."""
    hashes: tuple[int, ...]
    """The hashes under which the key index holds the paper."""

    @property
    def records(self) -> tuple[SourceRecord, ...]:
        return tuple(one.record for one in self.keyed_records)

    @property
    def has_unidentified_record(self) -> bool:
        """Whether a record has no arXiv id, so that a later import may move it to another paper."""
        return any(not one.record.arxiv for one in self.keyed_records)


def normalize_record(record: SourceRecord, today: str) -> SourceRecord:
    """Return the record as it is stored: with the day of its import, each link once, and None for an empty date."""
    if record.source.date == "":
        record = replace(record, source=replace(record.source, date=None))
    return replace(
        record,
        links=_merge_links([record]),
        published=record.published or None,
        added=record.added or today,
    )


def merge_records(
    arxiv: str,
    records: Iterable[KeyedRecord],
    former_ids: Iterable[str] = (),
    contended: Container[str] = frozenset(),
) -> MergedPaper:
    """Merge at least one record into a paper.

    Args:
        arxiv: the arXiv id of the records, or empty.
        records: the records.
        former_ids: become aliases, because marks may have been made under ids that none of the records has any more.
        contended: slugs that no paper can have as its id.
    """
    members = tuple(sorted(records, key=lambda one: _priority(one.record)))
    id, aliases = _own_ids(arxiv, members, contended, former_ids)
    paper = _merge_fields(id, arxiv, aliases, [one.record for one in members])
    return MergedPaper(paper, members, index_hashes(id, aliases, members))


def with_own_ids(merged: MergedPaper, contended: Container[str]) -> MergedPaper:
    """Return the paper with exactly the id and the aliases that its records give it, without merging it again."""
    paper, members = merged.paper, merged.keyed_records
    id, aliases = _own_ids(paper.arxiv, members, contended)
    if (id, aliases) == (paper.id, paper.aliases):
        return merged
    return MergedPaper(replace(paper, id=id, aliases=aliases), members, index_hashes(id, aliases, members))


def _own_ids(
    arxiv: str, members: Sequence[KeyedRecord], contended: Container[str], former_ids: Iterable[str] = ()
) -> tuple[str, tuple[str, ...]]:
    ids = {one.own_id(contended) for one in members if one.slug}
    id = arxiv or min(ids)
    return id, tuple(sorted({*ids, *former_ids} - {id}))


def with_aliases(merged: MergedPaper, ids: Iterable[str]) -> MergedPaper:
    """Return the paper with more aliases."""
    paper = replace(merged.paper, aliases=tuple(sorted({*merged.paper.aliases, *ids} - {merged.paper.id})))
    return replace(merged, paper=paper, hashes=index_hashes(paper.id, paper.aliases, merged.keyed_records))


def merged_from_stored(paper: Paper, records: Iterable[SourceRecord]) -> MergedPaper:
    """Return a paper that was read from the catalog with its keys, without merging it again."""
    keyed = tuple(map(with_keys, records))
    return MergedPaper(paper, keyed, index_hashes(paper.id, paper.aliases, keyed))


def _merge_fields(id: str, arxiv: str, aliases: tuple[str, ...], records: Sequence[SourceRecord]) -> Paper:
    if len(records) == 1 and records[0].arxiv == arxiv:
        # Nothing to decide. This is the case of nearly every paper in a large import.
        (record,) = records
        fields = asdict(record)
        for name in _RECORD_ONLY_FIELDS:
            del fields[name]
        return Paper(
            id=id, aliases=aliases, listed=listing_day(arxiv, [record]), sources=(record.source,), **fields
        )
    links = _merge_links(records)
    return Paper(
        id=id,
        arxiv=arxiv,
        aliases=aliases,
        listed=listing_day(arxiv, records),
        added=min(record.added for record in records),
        links=links,
        repo=_canonical_spelling(_best_value(records, "repo"), links),
        sources=tuple(record.source for record in records),
        **{name: _best_value(records, name) for name in _SEPARATELY_MERGED},
        arxiv_version=max(record.arxiv_version for record in records),
        arxiv_updated=latest_update(records),
        extra=_merge_extra(records),
        **publication_fields(records, _best_value),
        votes=_latest_count(records, "votes"),
        comments=_latest_count(records, "comments"),
        stars=_latest_count(records, "stars"),
    )


def listing_day(arxiv: str, records: Sequence[SourceRecord]) -> str | None:
    """Return the latest day a paper was listed; one without its year only if no other is known and the id agrees."""
    sources = [record.source for record in records if record.source.date]
    if stated := [source.date or "" for source in sources if not source.is_date_assumed]:
        return max(stated)
    days = (source.date or "" for source in sources)
    return max((day for day in days if not arxiv or may_be_listed_on(arxiv, day)), default=None)


def _priority(record: SourceRecord) -> tuple[int, str]:
    """Sort key for the records of a paper: the rank of the source, then its key."""
    return (source_rank(record.source.kind), record.source.key)


def _best_value(records: Sequence[SourceRecord], name: str) -> Any:
    stated = [record for record in records if getattr(record, name)]
    if len(stated) < 2:
        return getattr((stated or records)[0], name)
    values = [
        (source_rank(record.source.kind), -replaced_version(record), getattr(record, name))
        for record in stated
    ]
    return min(
        values, key=lambda ranked: (*ranked[:2], -len(ranked[2]), _longest_text_first(ranked[2]), ranked[2])
    )[2]


def _merge_extra(records: Sequence[SourceRecord]) -> tuple[tuple[str, str], ...]:
    """Return the fields that this version does not know: each from the first record, by priority, that has it."""
    return tuple(sorted(dict(pair for record in reversed(records) for pair in record.extra).items()))


def _longest_text_first(value: str | tuple[str, ...]) -> int:
    """Sort key that puts, among lists of equal length, the one with more text first."""
    return -sum(map(len, value))


def _latest_count(records: Sequence[SourceRecord], name: str) -> int | None:
    counts: list[tuple[str, int]] = [
        (record.observed, value) for record in records if (value := getattr(record, name)) is not None
    ]
    latest = max((observed for observed, _ in counts), default="")
    values = [value for observed, value in counts if observed == latest]
    return min(values, key=lambda value: (-len(str(value)), str(value)), default=None)


def _canonical_spelling(repo: str, links: Sequence[Link]) -> str:
    """Return the repository's URL as it is spelled among the links, so that it can be found there."""
    if not repo:
        return ""
    key = url_key(repo)
    return next((link.url for link in links if url_key(link.url) == key), repo)


def _merge_links(records: Sequence[SourceRecord]) -> tuple[Link, ...]:
    if len(records) == 1 and len(records[0].links) < 2 and all(link.url for link in records[0].links):
        return records[0].links
    links: dict[str, Link] = {}
    for link in (link for record in records for link in record.links if link.url):
        links.setdefault(url_key(link.url), link)
    return tuple(links.values())
