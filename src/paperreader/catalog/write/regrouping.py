"""Group and merge records again, and decide which paper keeps the ids that papers had before.

The id and the aliases of a paper are those that its records have by themselves, so that they do not depend on the order
of imports. An id that a paper had in addition stays its alias if it does not come from any of these records, as the
ids of earlier versions and those in copies of a library, or if it is marked: if it is in the notebook.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence

from msgspec import Struct, field

from paperreader.catalog.merge.contradictions import any_contradiction, work_identity
from paperreader.catalog.merge.grouping import PaperGroup, contended_slugs, group_by_paper
from paperreader.catalog.merge.matching import KeyedRecord
from paperreader.catalog.merge.paper_merge import MergedPaper, merge_records, with_aliases, with_own_ids
from paperreader.catalog.write.paper_keys import source_keys
from paperreader.models import Paper
from paperreader.text.ids import title_key

_HeirPreference = tuple[bool, bool, bool, bool, str]


class IdClaim(Struct, frozen=True):
    """Ids that should stay with some records, because marks may have been made under them."""

    ids: tuple[str, ...]
    source_keys: tuple[str, ...]
    shown: Paper | None = None
    """The paper that had the ids, as the user saw it."""
    is_unconditional: bool = False
    """Whether all ids become aliases if no paper has them, and not only those that are marked or foreign."""

    @classmethod
    def of_paper(cls, merged: MergedPaper, *, is_unconditional: bool = False) -> IdClaim:
        """Return the claim of a paper to its ids."""
        paper = merged.paper
        return cls((paper.id, *paper.aliases), source_keys(merged), paper, is_unconditional)


class RegroupedPapers(Struct, frozen=True):
    """The result of grouping records."""

    by_id: dict[str, MergedPaper]
    moved_marks: dict[str, str] = field(default_factory=dict)
    """Ids whose marks belong to another paper now, and the ids of those papers."""


def regroup_records(
    records: Sequence[KeyedRecord],
    before: Mapping[str, MergedPaper],
    claims: Sequence[IdClaim] = (),
    marked_ids: Container[str] = frozenset(),
    *,
    reuse: bool = True,
    drop_foreign_ids: bool = False,
) -> RegroupedPapers:
    """Group and merge records into papers.

    Args:
        records: the records.
        before: the papers that had these records, except new ones.
        claims: claims to ids that precede those of `before`.
        marked_ids: the ids in the notebook.
        reuse: whether papers whose records have not changed are taken as they are, instead of merged again.
        drop_foreign_ids: whether of the ids of `before` that no paper has any more only the marked ones stay.
    """
    groups = group_by_paper(records)
    contended = contended_slugs(groups) if len(groups) > 1 else frozenset()
    contended |= _slugs_of_other_works(groups, before, marked_ids)
    known = {key: merged for merged in before.values() for key in source_keys(merged)} if reuse else {}
    merged_groups = [_merge_group(group, known, contended) for group in groups]
    after = {merged.paper.id: merged for merged in merged_groups}
    if not before and not claims:
        return RegroupedPapers(after)
    ids = _Ids(after, records, before, marked_ids)
    own_claims = [IdClaim.of_paper(before[id]) for id in sorted(before)]
    for claim in (*claims, *own_claims):
        ids.preserve(claim, drop_foreign=drop_foreign_ids)
    moved = ids.moved_marks(own_claims) if len(after) > 1 else {}
    return RegroupedPapers(ids.papers_with_aliases(), moved)


def _merge_group(
    group: PaperGroup, known: Mapping[str, MergedPaper], contended: Container[str]
) -> MergedPaper:
    """Merge the records of one paper, or return the known paper that was merged from exactly these."""
    old = known.get(group.members[0].record.source.key)
    if (
        old is not None
        and len(old.keyed_records) == len(group.members)
        and {id(one) for one in old.keyed_records} == {id(one) for one in group.members}
    ):
        return with_own_ids(old, contended)
    return merge_records(group.arxiv, group.members, (), contended)


def _slugs_of_other_works(
    groups: Iterable[PaperGroup], before: Mapping[str, MergedPaper], marked_ids: Container[str]
) -> frozenset[str]:
    """Return marked slugs that no paper may have as its id, because they were made for another work with the same
    title: its paper was removed, or is not known.
    """
    keys_by_slug: dict[str, set[str]] = {}
    for one, slug in ((one, one.slug) for group in groups for one in group.members):
        if slug and slug in marked_ids:
            keys_by_slug.setdefault(slug, set()).add(one.record.source.key)
    if not keys_by_slug:
        return frozenset()
    other_works: set[str] = set()
    owners = {name: merged for merged in before.values() for name in (merged.paper.id, *merged.paper.aliases)}
    slugs_before = {one.slug for merged in before.values() for one in merged.keyed_records}
    for slug, keys in keys_by_slug.items():
        owner = owners.get(slug)
        if slug in slugs_before if owner is None else keys.isdisjoint(source_keys(owner)):
            other_works.add(slug)
    return frozenset(other_works)


class _Ids:
    """The ids and aliases of regrouped papers."""

    def __init__(
        self,
        after: dict[str, MergedPaper],
        records: Iterable[KeyedRecord],
        before: Mapping[str, MergedPaper],
        marked_ids: Container[str],
    ) -> None:
        self._after = after
        self._records = records
        self._before = before
        self._marked_ids = marked_ids
        self._owners = {name: id for id, merged in after.items() for name in (id, *merged.paper.aliases)}
        self._id_by_key = {key: id for id, merged in after.items() for key in source_keys(merged)}
        self._new_aliases: dict[str, list[str]] = {}
        self._derived: frozenset[str] | None = None

    def preserve(self, claim: IdClaim, *, drop_foreign: bool) -> None:
        """Make each id of a claim that no paper has an alias of the paper it belongs to."""
        for name in claim.ids:
            if name in self._owners or not self._is_kept(name, claim, drop_foreign=drop_foreign):
                continue
            heir = self._heir(claim)
            if heir is None:
                return
            self._owners[name] = heir
            self._new_aliases.setdefault(heir, []).append(name)

    def moved_marks(self, claims: Iterable[IdClaim]) -> dict[str, str]:
        """Return the marked ids of claims that belong to another paper than the one that the user saw under them.

        A paper with the same arXiv id and another title is a newer version of that one, unless something contradicts
        it. Then it keeps the marks.
        """
        moved: dict[str, str] = {}
        for claim in claims:
            marked = [name for name in claim.ids if name in self._marked_ids]
            if not marked:
                continue
            heir = self._heir(claim)
            if heir is None or not self._is_shown(heir, claim.shown):
                continue
            for name in marked:
                owner = self._owners.get(name, heir)
                if owner == heir or self._is_shown(owner, claim.shown):
                    continue
                if name != self._after[owner].paper.arxiv or self._contradict(owner, heir):
                    moved[name] = heir
        return moved

    def papers_with_aliases(self) -> dict[str, MergedPaper]:
        """Return all papers with the aliases that were added."""
        added = {id: with_aliases(self._after[id], names) for id, names in self._new_aliases.items()}
        # A paper that is as it was before is returned as the same object.
        return {
            id: self._before[id] if self._before.get(id) == merged else merged
            for id, merged in {**self._after, **added}.items()
        }

    def _is_kept(self, name: str, claim: IdClaim, *, drop_foreign: bool) -> bool:
        if claim.is_unconditional or name in self._marked_ids:
            return True
        if drop_foreign:
            return False
        if self._derived is None:
            self._derived = frozenset(self._derived_ids())
        return name not in self._derived

    def _derived_ids(self) -> Iterable[str]:
        """Yield all ids that the records have by themselves, whatever other works there are."""
        old_records = (one for merged in self._before.values() for one in merged.keyed_records)
        for one in (*self._records, *old_records):
            if one.slug:
                yield one.slug
                yield one.own_id((one.slug,))
            else:
                yield one.record.arxiv

    def _heir(self, claim: IdClaim) -> str | None:
        """Return the id of the paper that the user saw under the ids of a claim, or else the most similar one."""

        def preference(id: str) -> _HeirPreference:
            paper, shown = self._after[id].paper, claim.shown
            same_title, same_authors = self._similarity(id, shown)
            same_date = shown is not None and paper.published == shown.published
            return (not same_title, not same_authors, not same_date, id not in claim.ids, id)

        return min(self._heirs(claim), key=preference, default=None)

    def _heirs(self, claim: IdClaim) -> set[str]:
        """Return the ids of the papers that have the records of a claim."""
        return {self._id_by_key[key] for key in claim.source_keys if key in self._id_by_key}

    def _contradict(self, one: str, other: str) -> bool:
        """Return whether the records of two papers with these ids contradict each other."""
        ones, others = (
            {work_identity(each) for each in self._after[id].keyed_records} for id in (one, other)
        )
        return any_contradiction(ones, others)

    def _is_shown(self, id: str, shown: Paper | None) -> bool:
        return all(self._similarity(id, shown))

    def _similarity(self, id: str, shown: Paper | None) -> tuple[bool, bool]:
        """Return whether a record of the paper has the title that was shown, and whether one has the authors."""
        if shown is None:
            return (False, False)
        records = self._after[id].records
        title = title_key(shown.title)
        return (
            any(title_key(record.title) == title for record in records),
            any((record.authors or record.editors) == (shown.authors or shown.editors) for record in records),
        )
