"""The changes of one chunk: how added and removed records change the papers they belong to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping, Sequence

from msgspec import Struct

from paperreader.catalog.merge.grouping import is_mixture
from paperreader.catalog.merge.matching import KeyedRecord
from paperreader.catalog.merge.paper_merge import MergedPaper, merge_records
from paperreader.catalog.merge.source_update import merge_reread, merge_response, split_versions
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.write.paper_keys import source_keys
from paperreader.catalog.write.prepared_entry import PreparedEntry, connected_entries
from paperreader.catalog.write.regrouping import IdClaim, regroup_records
from paperreader.catalog.write.types import AddOutcome
from paperreader.catalog.write.working_papers import PapersById, WorkingPapers
from paperreader.models import Source


class AddPolicy(Struct, frozen=True):
    """What to do with records that the catalog has, or had."""

    date_given: bool = False
    """Whether the listing days of records replace the stored ones of the same sources."""
    keep_known: bool = False
    """Whether records that the catalog has are left as they are."""
    removed_keys: Container[str] = ()
    """Source keys of records that are only updated, and not added if the catalog lacks them."""


DEFAULT_POLICY = AddPolicy()


class ChangeSet:
    """Changes to the papers of a row table, collected in `papers` until its `lines` are written.

    Every method may raise `LineDamaged`: then the line of a paper that is needed here is damaged.
    """

    def __init__(self, builder: RowTableBuilder, marked_ids: Container[str] = frozenset()) -> None:
        """Begin without changes. `marked_ids` are the ids in the notebook."""
        self.papers = WorkingPapers(builder)
        self._marked_ids = marked_ids
        self._new_source_keys: list[tuple[int, str]] = []
        self.moved_marks: dict[str, str] = {}
        """Ids whose marks belong to another paper now, and the ids of those papers."""

    @property
    def new_source_keys(self) -> list[str]:
        """The keys of the sources that `add` found to be new, in the order of the entries."""
        return [key for _, key in sorted(self._new_source_keys, key=lambda found: found[0])]

    def add(
        self, entries: Sequence[PreparedEntry], policy: AddPolicy = DEFAULT_POLICY
    ) -> list[tuple[AddOutcome, str]]:
        """Add the records of entries. Return for each its outcome, and the id of the paper that has its first record.

        Entries that share a key are added together: hundreds of works may have one title.
        """
        found: dict[int, tuple[AddOutcome, str]] = {}
        for positions in connected_entries(entries):
            together = {position: entries[position] for position in positions}
            found.update(self._add_connected(together, policy))
        return [found[position] for position in range(len(entries))]

    def remove_sources(
        self, id: str, is_removed_source: Callable[[Source], bool], selected_ids: Container[str]
    ) -> list[MergedPaper]:
        """Remove records from a paper, and at once from each other one in `selected_ids` whose records may move because
        of that. Return the papers that lost a record, as they were before.
        """
        merged = self.papers.with_id(id)
        if merged is None:
            return []
        affected = self.papers.with_connected({id: merged})
        everything = [(other, one) for other in affected.values() for one in other.keyed_records]
        candidates = [
            (other, one.record.source) for other, one in everything if other.paper.id in selected_ids
        ]
        removed = {source.key: other for other, source in candidates if is_removed_source(source)}
        if removed:
            self._regroup(affected, [one for _, one in everything if one.record.source.key not in removed])
        return list({other.paper.id: other for other in removed.values()}.values())

    def regroup(self, id: str) -> bool:
        """Group and merge the records of a paper again. Return whether that changed it."""
        merged = self.papers.with_id(id)
        if merged is None:
            return False
        affected = self.papers.with_connected({id: merged})
        records = [one for other in affected.values() for one in other.keyed_records]
        return self._regroup(affected, records, reuse=False) != affected

    def undo_import(
        self, id: str, imported_keys: Container[str], previous: Mapping[str, MergedPaper]
    ) -> list[MergedPaper]:
        """Remove what an import added to a paper and to those connected with it, and restore what it replaced.

        `previous` are papers as they were before the import, by the keys of their sources. Ids that only the import
        introduced are dropped, except marked ones: their marks go to what remains of the paper.

        Returns the papers that change, as they were before the undo.
        """
        merged = self.papers.with_name(id)
        if merged is None:
            return []
        affected = self.papers.with_connected({merged.paper.id: merged})
        everything = [one for other in affected.values() for one in other.keyed_records]
        staying = [one for one in everything if one.record.source.key not in imported_keys]
        restored = {
            old.paper.id: old for one in staying if (old := previous.get(one.record.source.key)) is not None
        }
        earlier = {one.record.source.key: one for old in restored.values() for one in old.keyed_records}
        remaining = [earlier.get(one.record.source.key, one) for one in staying]
        if remaining == everything:
            return []
        # A paper that is only connected to those that the import changed keeps all its ids.
        changed: list[MergedPaper] = []
        untouched: list[MergedPaper] = []
        for old in affected.values():
            is_changed = any(key in imported_keys or key in previous for key in source_keys(old))
            (changed if is_changed else untouched).append(old)
        claims = [IdClaim.of_paper(old, is_unconditional=True) for old in (*restored.values(), *untouched)]
        self._regroup(affected, remaining, claims, drop_foreign_ids=True)
        return changed

    def _add_connected(
        self, entries: Mapping[int, PreparedEntry], policy: AddPolicy
    ) -> dict[int, tuple[AddOutcome, str]]:
        affected = self._affected_papers(entries.values())
        if not affected and len(entries) == 1:
            ((position, entry),) = entries.items()
            if len(entry.keyed_records) == 1 and not entry.aliases:
                return {position: self._add_unconnected(position, entry.keyed_records[0], policy)}
        records = {one.record.source.key: one for merged in affected.values() for one in merged.keyed_records}
        known_keys = frozenset(records)
        has_mixture = any(is_mixture(merged.keyed_records) for merged in affected.values())
        changed = {
            position: None
            for position, entry in entries.items()
            if self._update_records(records, position, entry, policy)
        }
        after: PapersById = affected
        if changed or has_mixture:
            # Content that was read again may show that the records of a paper never belonged together.
            has_mixture = has_mixture or any(
                is_mixture([records[one.record.source.key] for one in merged.keyed_records])
                for merged in affected.values()
                if any(records[one.record.source.key] is not one for one in merged.keyed_records)
            )
            claims = [claim for entry in entries.values() if (claim := self._alias_claim(entry, affected))]
            after = self._regroup(affected, list(records.values()), claims)
        id_by_key = {key: id for id, merged in after.items() for key in source_keys(merged)}
        ids = {
            position: [id_by_key.get(one.record.source.key, "") for one in entry.keyed_records]
            for position, entry in entries.items()
        }
        fresh_ids = {id for id, merged in after.items() if known_keys.isdisjoint(source_keys(merged))}
        outcomes = _outcomes(
            ids, changed, fresh_ids, has_mixture=has_mixture, new_papers=len(after) - len(affected)
        )
        return {position: (outcomes[position], ids[position][0]) for position in entries}

    def _add_unconnected(self, position: int, one: KeyedRecord, policy: AddPolicy) -> tuple[AddOutcome, str]:
        """Add a record that shares no key with another one, as nearly every record of a large import."""
        if one.record.source.key in policy.removed_keys:
            return "unchanged", ""
        merged = merge_records(one.record.arxiv, [one])
        self._new_source_keys.append((position, one.record.source.key))
        self.papers.replace({}, {merged.paper.id: merged})
        return "new", merged.paper.id

    def _update_records(
        self, records: dict[str, KeyedRecord], position: int, entry: PreparedEntry, policy: AddPolicy
    ) -> bool:
        """Add the records of an entry to `records`, which are by source key. Return whether that changed one."""
        changed = False
        for one in entry.keyed_records:
            key = one.record.source.key
            old = records.get(key)
            if key in policy.removed_keys if old is None else policy.keep_known:
                continue
            if old is None:
                self._new_source_keys.append((position, key))
            elif one.record.source.is_service:
                if versions := split_versions(old, one):
                    one, earlier = versions
                    changed |= self._keep_version(records, position, earlier, policy)
                else:
                    one = merge_response(old, one, records.values())
            else:
                one = merge_reread(old, one, date_given=policy.date_given)
            if one is not old:
                records[key] = one
                changed = True
        return changed

    def _keep_version(
        self, records: dict[str, KeyedRecord], position: int, earlier: KeyedRecord, policy: AddPolicy
    ) -> bool:
        """Add an earlier version that a service stated to `records`. Return whether that changed them."""
        key = earlier.record.source.key
        old = records.get(key)
        if old is None and key in policy.removed_keys:
            return False
        if old is None:
            self._new_source_keys.append((position, key))
        else:
            earlier = merge_response(old, earlier, records.values())
        records[key] = earlier
        return earlier is not old

    def _affected_papers(self, entries: Collection[PreparedEntry]) -> dict[str, MergedPaper]:
        """Return the papers that entries may change, by id: those that share a key with one, and those that share one
        with a record which may move because of it.
        """
        looked_up: set[int] = set()
        matches_of_arxiv: set[int] = set()
        for entry in entries:
            looked_up.update(entry.id_hashes)
            (matches_of_arxiv if entry.has_arxiv_ids_only else looked_up).update(entry.match_hashes)
        affected = self.papers.with_hashes(looked_up)
        # A paper with another arXiv id and the same title matters only for its records without an arXiv id.
        affected.update(self.papers.with_hashes(matches_of_arxiv, only_unidentified=True))
        return self.papers.with_connected(affected, looked_up) if affected else affected

    def _alias_claim(self, entry: PreparedEntry, affected: PapersById) -> IdClaim | None:
        free = tuple(alias for alias in entry.aliases if not self._is_alias_taken(alias, affected))
        return IdClaim(free, tuple(one.record.source.key for one in entry.keyed_records)) if free else None

    def _is_alias_taken(self, alias: str, affected: PapersById) -> bool:
        owner = self.papers.with_name(alias)
        return owner is not None and owner.paper.id not in affected

    def _regroup(
        self,
        affected: PapersById,
        records: Sequence[KeyedRecord],
        claims: Sequence[IdClaim] = (),
        *,
        reuse: bool = True,
        drop_foreign_ids: bool = False,
    ) -> PapersById:
        regrouped = regroup_records(
            records, affected, claims, self._marked_ids, reuse=reuse, drop_foreign_ids=drop_foreign_ids
        )
        self.papers.replace(affected, regrouped.by_id)
        self.moved_marks.update(regrouped.moved_marks)
        return regrouped.by_id


def _outcomes(
    ids: dict[int, list[str]],
    changed: Container[int],
    fresh_ids: Container[str],
    *,
    has_mixture: bool,
    new_papers: int,
) -> dict[int, AddOutcome]:
    """Return the outcomes of entries that were added together: for each new paper, the first entry that has a record of
    it is new.

    Args:
        ids: for each entry the ids of the papers that have its records now.
        changed: the entries that changed something.
        fresh_ids: papers without known records.
        has_mixture: whether papers that mixed several works were separated.
        new_papers: by how many papers there are more than before. A new paper may also consist of known records only,
            which another paper had until now.
    """
    outcomes: dict[int, AddOutcome] = {}
    for position in ids:
        outcomes[position] = "merged" if position in changed else "unchanged"
    first = {id: position for position in reversed(ids) for id in ids[position] if id in fresh_ids}
    new = {position for position in first.values() if position in changed}
    outcomes.update(dict.fromkeys(new, "new"))
    if has_mixture:
        outcomes[next(iter(ids))] = "split"
    else:
        others = [position for position, outcome in outcomes.items() if outcome == "merged"]
        outcomes.update(dict.fromkeys(others[: max(0, new_papers - len(first))], "new"))
    return outcomes
