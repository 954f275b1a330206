"""Group records into papers.

A pure function of the set of records, so that the order of import cannot matter:

* Records with one arXiv id are one paper. Two arXiv ids never share a paper.
* Every other record may join a paper with which it shares a DOI or a title, unless it contradicts one of the records
  there. Shared DOIs come before shared titles, papers with an arXiv id before others, smaller ids before larger ones.

The function may be applied to a part of the library, as long as that part holds, with every record without an arXiv
id, all records that share a key with it: only records that share a key are ever compared for joining.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, combinations, product

from msgspec import Struct

from paperreader.catalog.merge.contradictions import (
    WorkIdentity,
    any_contradiction,
    contradiction,
    work_identity,
)
from paperreader.catalog.merge.matching import KeyedRecord
from paperreader.models import SourceRecord

_DOI_PREFIX = "doi:"

_MAX_COMPARED_AT_ONCE = 6

Pair = tuple[int, int]
"""Positions of two candidates, the smaller first."""


class PaperGroup(Struct, frozen=True):
    """The records of one paper."""

    arxiv: str
    """Their arXiv id, or empty."""
    members: Sequence[KeyedRecord]


class Suspect(Struct, frozen=True):
    """A reason why the records of one paper describe different works."""

    one: SourceRecord
    other: SourceRecord
    reason: str


class _Candidate(Struct, frozen=True):
    """Records that certainly describe one paper: with one arXiv id, or all equal in what is compared."""

    arxiv: str
    members: list[KeyedRecord]
    identities: dict[WorkIdentity, None]
    keys: dict[str, None]

    @property
    def publication_doi(self) -> str:
        """The DOI of its publication, if all its records state the same one."""
        dois = {identity.publication_doi for identity in self.identities}
        return dois.pop() if len(dois) == 1 else ""

    @property
    def sort_key(self) -> tuple[bool, str, list[WorkIdentity], list[str]]:
        return (not self.arxiv, self.arxiv, [] if self.arxiv else list(self.identities), sorted(self.keys))


def group_by_paper(records: Iterable[KeyedRecord]) -> list[PaperGroup]:
    """Group records into papers."""
    records = list(records)
    if len(records) == 1:
        return [PaperGroup(records[0].record.arxiv, records)]
    candidates = sorted(_candidates(records), key=lambda candidate: candidate.sort_key)
    if all(candidate.arxiv for candidate in candidates) or len(candidates) == 1:
        return [PaperGroup(candidate.arxiv, candidate.members) for candidate in candidates]
    if _is_one_paper(candidates):
        return [PaperGroup(candidates[0].arxiv, [one for each in candidates for one in each.members])]
    clusters = _Clusters(candidates)
    for one, other in _pairs_to_join(candidates):
        clusters.join_unless_contradicted(one, other)
    return clusters.groups()


def contended_slugs(groups: Iterable[PaperGroup]) -> frozenset[str]:
    """Return the slugs that records of several papers have, so that none of these papers can have it as its id."""
    seen: set[str] = set()
    contended: set[str] = set()
    for group in groups:
        slugs = {one.slug for one in group.members if one.slug}
        contended |= slugs & seen
        seen |= slugs
    return frozenset(contended)


def is_mixture(records: Sequence[KeyedRecord]) -> bool:
    """Return whether the records of one paper describe several works."""
    if len(records) == 1 or all(one.record.arxiv for one in records):
        return False
    return len(group_by_paper(records)) > 1


def find_suspect(records: Sequence[KeyedRecord]) -> Suspect | None:
    """Return two records of one paper that contradict each other, or None if the paper is one work."""
    if is_mixture(records):
        for one, other in combinations(records, 2):
            if reason := contradiction(work_identity(one), work_identity(other)):
                return Suspect(one.record, other.record, reason)
    return None


def _candidates(records: Iterable[KeyedRecord]) -> Iterable[_Candidate]:
    found: dict[object, _Candidate] = {}
    for one in records:
        identity = work_identity(one)
        name: object = one.record.arxiv or (identity, one.keys, one.slug)
        candidate = found.setdefault(name, _Candidate(one.record.arxiv, [], {}, {}))
        candidate.members.append(one)
        candidate.identities[identity] = None
        candidate.keys.update(dict.fromkeys(one.keys))
        if one.slug:
            candidate.keys[f"id:{one.slug}"] = None
    return found.values()


def _is_one_paper(candidates: Sequence[_Candidate]) -> bool:
    """Return whether all candidates join because none contradicts another one. This is the case of nearly every record
    that is merged into an existing paper. Larger groups and those with several arXiv ids are not tried.
    """
    if len(candidates) > _MAX_COMPARED_AT_ONCE or candidates[1].arxiv:
        return False
    reached, others = set(candidates[0].keys), list(candidates[1:])
    while others:
        unreached = [one for one in others if reached.isdisjoint(one.keys)]
        if len(unreached) == len(others):
            return False
        reached.update(*(one.keys for one in others if one not in unreached))
        others = unreached
    return not any(
        any_contradiction(one.identities, other.identities) for one, other in combinations(candidates, 2)
    )


def _pairs_to_join(candidates: Sequence[_Candidate]) -> list[Pair]:
    """Return pairs of candidates that share a key, in the order in which they may join."""
    by_key: dict[str, list[int]] = {}
    for position, candidate in enumerate(candidates):
        for key in candidate.keys:
            by_key.setdefault(key, []).append(position)
    rank: dict[Pair, bool] = {}
    for key, positions in by_key.items():
        is_title = not key.startswith(_DOI_PREFIX)
        if len(positions) == 1:
            continue
        pairs = _pairs_with_author_in_common(candidates, positions)
        if not is_title:
            # All chapters of a book may have its DOI, and a DOI is enough only where the titles are equal.
            pairs = chain(pairs, _pairs_with_equal_title(candidates, positions))
        for pair in pairs:
            # Candidates are sorted, so the second one has an arXiv id only if the first has one.
            if not candidates[pair[1]].arxiv:
                rank[pair] = is_title and rank.get(pair, True)
    return sorted(rank, key=lambda pair: (rank[pair], pair))


def _pairs_with_author_in_common(
    candidates: Sequence[_Candidate], positions: Sequence[int]
) -> Iterator[Pair]:
    """Yield the pairs that may have an author or an editor in common, because hundreds of works are called
    "Introduction".
    """
    by_name: dict[tuple[str, str], list[int]] = {}
    with_authors: list[int] = []
    with_editors: list[int] = []
    unknown: list[int] = []
    for position in positions:
        identities = candidates[position].identities
        authors = {name for identity in identities for name in identity.name_keys}
        editors = {name for identity in identities for name in identity.editor_keys}
        if authors:
            with_authors.append(position)
        if editors:
            with_editors.append(position)
        if any(not identity.name_keys and not identity.editor_keys for identity in identities):
            unknown.append(position)
        for name in (*(("author", name) for name in authors), *(("editor", name) for name in editors)):
            by_name.setdefault(name, []).append(position)
    for same_name in by_name.values():
        yield from _pairs_without_different_dois(candidates, same_name, same_name)
    yield from _pairs_without_different_dois(candidates, with_editors, with_authors)
    yield from _pairs_without_different_dois(candidates, unknown, positions)


def _pairs_with_equal_title(candidates: Sequence[_Candidate], positions: Sequence[int]) -> Iterator[Pair]:
    by_title: dict[str, list[int]] = {}
    for position in positions:
        for title in {identity.title for identity in candidates[position].identities}:
            by_title.setdefault(title, []).append(position)
    for same_title in by_title.values():
        yield from combinations(same_title, 2)


def _pairs_without_different_dois(
    candidates: Sequence[_Candidate], ones: Sequence[int], others: Sequence[int]
) -> Iterator[Pair]:
    """Yield the pairs of one position each, except those with different DOIs, of which there may be many."""
    by_doi: dict[str, list[int]] = {}
    for other in others:
        by_doi.setdefault(candidates[other].publication_doi, []).append(other)
    for one in ones:
        doi = candidates[one].publication_doi
        for possible in by_doi.values() if not doi else (by_doi.get(doi, ()), by_doi.get("", ())):
            yield from ((min(one, other), max(one, other)) for other in possible if other != one)


class _Clusters:
    """Candidates that have joined so far."""

    def __init__(self, candidates: Sequence[_Candidate]) -> None:
        self._candidates = candidates
        self._cluster_of = list(range(len(candidates)))
        self._members = [[position] for position in self._cluster_of]
        self._contradictory: set[Pair] = set()
        """Clusters that contradict each other, by their first members."""

    def join_unless_contradicted(self, one: int, other: int) -> None:
        first, second = sorted((self._cluster_of[one], self._cluster_of[other]))
        if first == second or (first, second) in self._contradictory:
            return
        if self._contradict(first, second):
            self._contradictory.add((first, second))
            return
        for position in self._members[second]:
            self._cluster_of[position] = first
        self._members[first] += self._members[second]
        self._members[second] = []

    def groups(self) -> list[PaperGroup]:
        """Return the papers; the smallest position of each comes first and has the arXiv id, if there is one."""
        return [
            PaperGroup(
                self._candidates[positions[0]].arxiv,
                [one for position in positions for one in self._candidates[position].members],
            )
            for positions in self._members
            if positions
        ]

    def _contradict(self, first: int, second: int) -> bool:
        return any(
            any_contradiction(self._candidates[one].identities, self._candidates[other].identities)
            for one, other in product(self._members[first], self._members[second])
        )
