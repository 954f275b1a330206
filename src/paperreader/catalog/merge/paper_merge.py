"""One paper out of its records: each field decided by itself, whatever order the records came in.

Non-empty beats empty; then the source decides (arXiv and Hugging Face, then reference managers, then a saved page);
then the longer value, then the lexicographically smaller. A day of publication beats the bare year it lies in. Votes,
comments and stars: the newest observation. Sources and links are united.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from paperreader.catalog.merge.matching import KeyedRecord, index_hashes, with_keys
from paperreader.models import Link, Paper, SourceRecord
from paperreader.text.urls import url_key

_SOURCE_RANKS = {"arxiv": 0, "huggingface": 0, "kaggle": 0, "bibtex": 1, "ris": 1, "csv": 1, "capture": 2}
_OTHER_SOURCE_RANK = 3

_SHARED_FIELDS = tuple(set(SourceRecord.__struct_fields__) & set(Paper.__struct_fields__))


class MergedPaper(Struct, frozen=True):
    """A paper and everything it was merged from."""

    paper: Paper
    keyed_records: tuple[KeyedRecord, ...]
    """One for each source, in the order of `paper.sources`."""
    hashes: tuple[int, ...]
    """The hashes under which it stands in the table of keys."""

    @property
    def records(self) -> tuple[SourceRecord, ...]:
        return tuple(one.record for one in self.keyed_records)

    @property
    def has_unidentified_record(self) -> bool:
        """Whether a record has no arXiv id, so that it may go to another one."""
        return any(not one.record.arxiv for one in self.keyed_records)


def normalize_record(record: SourceRecord, today: str) -> SourceRecord:
    """The record as it is kept: stamped with the day of its import, every link once, nothing half-empty."""
    if record.source.date == "":
        record = replace(record, source=replace(record.source, date=None))
    return replace(
        record,
        links=_merge_links([record]),
        published=record.published or None,
        added=record.added or today,
    )


def merge_records(arxiv: str, records: Iterable[KeyedRecord], former_ids: Iterable[str] = ()) -> MergedPaper:
    """The paper that those records (at least one) are.

    `kept_aliases` are ids it was known by when it still had other records: marks may have been made under them.
    """
    members = tuple(sorted(records, key=lambda one: _priority(one.record)))
    slugs = {one.slug for one in members if one.slug}
    id = arxiv or min(slugs)
    aliases = tuple(sorted({*slugs, *former_ids} - {id}))
    paper = _merge_fields(id, arxiv, aliases, [one.record for one in members])
    return MergedPaper(paper, members, index_hashes(id, aliases, members))


def merged_from_stored(paper: Paper, records: Iterable[SourceRecord]) -> MergedPaper:
    """A paper as it was read from the catalog."""
    known = tuple(map(with_keys, records))
    return MergedPaper(paper, known, index_hashes(paper.id, paper.aliases, known))


def _merge_fields(id: str, arxiv: str, aliases: tuple[str, ...], records: Sequence[SourceRecord]) -> Paper:
    if len(records) == 1 and records[0].arxiv == arxiv:
        # Nothing to decide, as with nearly every paper of a large import.
        (record,) = records
        said = {name: getattr(record, name) for name in _SHARED_FIELDS}
        return Paper(id=id, aliases=aliases, listed=record.source.date, sources=(record.source,), **said)
    links = _merge_links(records)
    return Paper(
        id=id,
        arxiv=arxiv,
        aliases=aliases,
        listed=max((record.source.date for record in records if record.source.date), default=None),
        added=min(record.added for record in records),
        links=links,
        repo=_canonical_spelling(_best_value(records, "repo"), links),
        sources=tuple(record.source for record in records),
        published=_most_precise_published(records),
        **{
            name: _best_value(records, name)
            for name in ("title", "abstract", "doi", "summary", "journal", "booktitle")
        },
        **{name: _best_value(records, name) for name in ("authors", "keywords")},
        votes=_latest_count(records, "votes"),
        comments=_latest_count(records, "comments"),
        stars=_latest_count(records, "stars"),
    )


def _priority(record: SourceRecord) -> tuple[int, str]:
    """The order of a paper's records: by what the source is worth, then by what identifies it."""
    return (_SOURCE_RANKS.get(record.source.kind, _OTHER_SOURCE_RANK), record.source.key)


def _best_value(records: Sequence[SourceRecord], name: str) -> Any:
    told = [(_priority(record)[0], value) for record in records if (value := getattr(record, name))]
    if not told:
        return getattr(records[0], name)
    return min(
        told, key=lambda ranked: (ranked[0], -len(ranked[1]), _longest_text_first(ranked[1]), ranked[1])
    )[1]


def _most_precise_published(records: Sequence[SourceRecord]) -> str | None:
    """The best, more closely where another source knows the month of that very year, or the day of that month."""
    known: str | None = _best_value(records, "published") or None
    while known:
        closer = [each for each in records if (each.published or "").startswith(f"{known}-")]
        if not closer:
            break
        known = _best_value(closer, "published")
    return known


def _longest_text_first(value: str | tuple[str, ...]) -> int:
    """Among lists of equal length, the one with more text in it comes first."""
    return -sum(map(len, value))


def _latest_count(records: Sequence[SourceRecord], name: str) -> int | None:
    told: list[tuple[str, int]] = [
        (record.observed, value) for record in records if (value := getattr(record, name)) is not None
    ]
    newest = max((observed for observed, _ in told), default="")
    values = [value for observed, value in told if observed == newest]
    return min(values, key=lambda value: (-len(str(value)), str(value)), default=None)


def _canonical_spelling(repo: str, links: Sequence[Link]) -> str:
    """The repository in the spelling in which it stands among the links, by which it is found there."""
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
