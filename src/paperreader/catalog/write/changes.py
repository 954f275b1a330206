"""The changes of one chunk: how added and removed records change the papers they belong to."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence

from paperreader.catalog.journal.paper_line import encode_paper
from paperreader.catalog.key_index import key_hash
from paperreader.catalog.merge.grouping import PaperGroup, contended_slugs, group_by_paper, is_mixture
from paperreader.catalog.merge.matching import KeyedRecord
from paperreader.catalog.merge.paper_merge import MergedPaper, merge_records, with_aliases
from paperreader.catalog.merge.source_update import merge_reread, merge_response
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.write.paper_keys import contended_slugs_of, match_hashes, source_keys
from paperreader.catalog.write.prepared_entry import PreparedEntry
from paperreader.catalog.write.types import AddOutcome, NewLines
from paperreader.json_codec import to_json_line
from paperreader.models import Paper, Source


class ChangeSet:
    """Changes to the papers of a row table, collected until `lines` returns what is to be written.

    A paper that changes several times within a chunk is written once. Every method may raise `LineDamaged`: then the
    line of a paper that is needed here is damaged.
    """

    def __init__(self, builder: RowTableBuilder) -> None:
        self._builder = builder
        self._original_by_row: dict[int, MergedPaper] = {}
        """Papers as they are in the catalog, as far as they were read."""
        self._changed_by_id: dict[str, MergedPaper | None] = {}
        """Papers that have changed since; None where the id was removed."""
        self._ids_by_hash: dict[int, dict[str, None]] = {}
        """Ids in `_changed_by_id` by the hashes that they have had at some time."""
        self.new_source_keys: list[str] = []
        """The keys of the sources that `add` found to be new."""

    def add(
        self,
        entry: PreparedEntry,
        *,
        date_given: bool = False,
        keep_known: bool = False,
        removed_keys: Container[str] = (),
    ) -> tuple[AddOutcome, str]:
        """Add the records of an entry. Return the outcome, and the id of the paper that has its first record now.

        Records that the catalog has are not updated if `keep_known`; those that it lacks are not added if their keys
        are in `removed_keys`.
        """
        affected = self._affected_papers(entry)
        records = {one.record.source.key: one for merged in affected.values() for one in merged.keyed_records}
        changed = False
        for one in entry.keyed_records:
            key = one.record.source.key
            old = records.get(key)
            if keep_known if old is not None else key in removed_keys:
                continue
            if old is not None:
                one = (
                    merge_response(old, one, records.values())
                    if one.record.source.is_service
                    else merge_reread(old, one, date_given=date_given)
                )
            if one is not old:
                records[key] = one
                changed = True
                if old is None:
                    self.new_source_keys.append(key)
        has_mixture = any(is_mixture(merged.keyed_records) for merged in affected.values())
        after = self._regroup(affected, list(records.values()), entry) if changed or has_mixture else affected
        first = entry.keyed_records[0].record.source.key
        id = next((id for id, merged in after.items() if first in source_keys(merged)), "")
        if has_mixture:
            return "split", id
        if not changed:
            return "unchanged", id
        return ("new" if len(after) > len(affected) else "merged"), id

    def remove_sources(
        self, id: str, is_removed_source: Callable[[Source], bool], selected_ids: Container[str]
    ) -> list[MergedPaper]:
        """Remove records from a paper, and at once from each other one in `selected_ids` whose records may move because
        of that. Return the papers that lost a record, as they were before.
        """
        merged = self.current_paper(id)
        if merged is None:
            return []
        affected = self._with_connected_papers({id: merged})
        everything = [(other, one) for other in affected.values() for one in other.keyed_records]
        candidates = [
            (other, one.record.source) for other, one in everything if other.paper.id in selected_ids
        ]
        removed = {source.key: other for other, source in candidates if is_removed_source(source)}
        if removed:
            remaining = [one for _, one in everything if one.record.source.key not in removed]
            # The id of what was removed stays unused: marks may have been made under it, and a removal can be undone.
            self._regroup(affected, remaining, contended=contended_slugs_of(affected.values()))
        return list({other.paper.id: other for other in removed.values()}.values())

    def regroup(self, id: str) -> bool:
        """Group and merge the records of a paper again. Return whether that changed it."""
        merged = self.current_paper(id)
        if merged is None:
            return False
        affected = self._with_connected_papers({id: merged})
        records = [one for other in affected.values() for one in other.keyed_records]
        return self._regroup(affected, records) != affected

    def undo_import(
        self,
        id: str,
        imported_keys: Container[str],
        previous: Mapping[str, MergedPaper],
        marked_ids: Container[str],
    ) -> MergedPaper | None:
        """Remove what an import added to a paper, and restore what it replaced.

        `previous` are papers as they were before the import, by the keys of their sources. Ids that only the import
        introduced are dropped, except `marked_ids`: their marks go to what remains of the paper.

        Returns the paper as it was before the undo, or None if nothing changes.
        """
        merged = self.current_paper(id) or self._paper_with_alias(id)
        if merged is None:
            return None
        affected = self._with_connected_papers({merged.paper.id: merged})
        everything = [one for other in affected.values() for one in other.keyed_records]
        staying = [one for one in everything if one.record.source.key not in imported_keys]
        restored = {
            old.paper.id: old for one in staying if (old := previous.get(one.record.source.key)) is not None
        }
        earlier = {one.record.source.key: one for old in restored.values() for one in old.keyed_records}
        remaining = [earlier.get(one.record.source.key, one) for one in staying]
        if remaining == everything:
            return None
        # A paper that is only connected to those that the import changed keeps all its ids.
        untouched = (
            old
            for old in affected.values()
            if not any(key in imported_keys or key in previous for key in source_keys(old))
        )
        self._regroup(affected, remaining, restored=(*restored.values(), *untouched), kept_ids=marked_ids)
        return merged

    def replaced_papers(self) -> list[MergedPaper]:
        """Return the papers that were changed or removed, as they were before."""
        before = {merged.paper.id: merged for merged in self._original_by_row.values()}
        return [
            before[id] for id, merged in self._changed_by_id.items() if id in before and merged != before[id]
        ]

    def current_paper(self, id: str) -> MergedPaper | None:
        """Return the paper with that id, with all changes."""
        return self._papers_with([key_hash("id", id)]).get(id)

    def _paper_with_alias(self, alias: str) -> MergedPaper | None:
        found = self._papers_with([key_hash("alias", alias)]).values()
        return next((merged for merged in found if alias in merged.paper.aliases), None)

    def lines(self, already_removed: Container[str] = ()) -> NewLines:
        """Return the lines to write.

        No removal line is written for the ids in `already_removed`, which have one already.
        """
        before = {merged.paper.id: merged for merged in self._original_by_row.values()}
        lines: NewLines = []
        id_by_alias: dict[str, str] = {}
        for id, merged in self._changed_by_id.items():
            if merged is not None and merged != before.get(id):
                lines.append((encode_paper(merged), merged))
                id_by_alias.update(dict.fromkeys(merged.paper.aliases, id))
        for id, merged in self._changed_by_id.items():
            if merged is None and id in before and id not in already_removed:
                data = {"alias": id, "id": id_by_alias[id]} if id in id_by_alias else {"removed": id}
                lines.append((to_json_line(data).encode(), None))
        return lines

    def _affected_papers(self, entry: PreparedEntry) -> dict[str, MergedPaper]:
        """Return the papers that an entry may change, by id: those that share a key with it, and those that share one
        with a record which may move because of it.
        """
        affected = self._papers_with(entry.id_hashes)
        # A paper with another arXiv id and the same title matters only for its records without an arXiv id.
        affected.update(self._papers_with(entry.match_hashes, only_unidentified=entry.has_arxiv_ids_only))
        return self._with_connected_papers(affected)

    def _with_connected_papers(self, papers: dict[str, MergedPaper]) -> dict[str, MergedPaper]:
        """Return those papers and all whose records may move to another paper when one of theirs does: grouping has to
        see, with every record without an arXiv id, all records that share a key with it.
        """
        connected = dict(papers)
        looked_up: set[int] = set()
        new = list(papers.values())
        while new:
            found: dict[str, MergedPaper] = {}
            for identified in (False, True):
                hashes = match_hashes(new, identified=identified) - looked_up
                found.update(self._papers_with(hashes, only_unidentified=identified))
                if not identified:
                    looked_up |= hashes
            new = [merged for id, merged in found.items() if id not in connected]
            connected.update(found)
        return connected

    def _papers_with(
        self, hashes: Iterable[int], *, only_unidentified: bool = False
    ) -> dict[str, MergedPaper]:
        """Return the papers that have one of those hashes, with all changes, by id."""
        found: dict[str, MergedPaper] = {}
        for hash_value in hashes:
            for row in self._builder.keys.find(hash_value):
                if only_unidentified and self._builder.has_arxiv_ids_only(row):
                    continue
                if row not in self._original_by_row:
                    self._original_by_row[row] = self._builder.merged_paper(row)
                original = self._original_by_row[row]
                merged = self._changed_by_id.get(original.paper.id, original)
                if merged is not None:
                    found[merged.paper.id] = merged
            for id in self._ids_by_hash.get(hash_value, ()):
                merged = self._changed_by_id[id]
                if merged is not None and (merged.has_unidentified_record or not only_unidentified):
                    found[id] = merged
        return found

    def _regroup(
        self,
        affected: dict[str, MergedPaper],
        records: list[KeyedRecord],
        entry: PreparedEntry | None = None,
        *,
        restored: Sequence[MergedPaper] = (),
        kept_ids: Container[str] | None = None,
        contended: frozenset[str] = frozenset(),
    ) -> dict[str, MergedPaper]:
        """Group and merge all those records again, and replace the papers `affected` with the result.

        Ids that no paper has any more become aliases: first those of the papers `restored`, then those of `affected`,
        either all of them or only those in `kept_ids`. Slugs in `contended` are not used as ids.
        """
        groups = (
            group_by_paper(records)
            if len(records) > 1
            else [PaperGroup(one.record.arxiv, [one]) for one in records]
        )
        if len(groups) > 1:
            contended |= contended_slugs(groups)
        merged_groups = (merge_records(group.arxiv, group.members, (), contended) for group in groups)
        after = {merged.paper.id: merged for merged in merged_groups}
        for old in restored:
            self._preserve_ids(after, {old.paper.id, *old.paper.aliases}, old.keyed_records, old.paper)
        for old in affected.values():
            ids = {id for id in (old.paper.id, *old.paper.aliases) if kept_ids is None or id in kept_ids}
            self._preserve_ids(after, ids, old.keyed_records, old.paper)
        if entry and entry.aliases:
            free = {alias for alias in entry.aliases if not self._is_alias_taken(alias, affected)}
            self._preserve_ids(after, free, entry.keyed_records)
        for id in affected:
            if id not in after:
                self._changed_by_id[id] = None
        for id, merged in after.items():
            if merged != affected.get(id):
                self._changed_by_id[id] = merged
                for hash_value in merged.hashes:
                    self._ids_by_hash.setdefault(hash_value, {})[id] = None
        return after

    def _preserve_ids(
        self,
        after: dict[str, MergedPaper],
        ids: set[str],
        members: Sequence[KeyedRecord],
        shown: Paper | None = None,
    ) -> None:
        """Make each id that no paper in `after` has an alias of a paper with some of the records `members`; of several,
        the one with the title and the authors of `shown`. Marks may have been made under any of the ids.
        """
        lost = ids.difference(after, *(merged.paper.aliases for merged in after.values()))
        if not lost:
            return
        keys = {one.record.source.key for one in members}
        heirs = [merged for merged in after.values() if not keys.isdisjoint(source_keys(merged))]

        def preference(merged: MergedPaper) -> tuple[bool, bool, str]:
            paper = merged.paper
            is_shown = shown is not None and (paper.title, paper.authors) == (shown.title, shown.authors)
            return (not is_shown, paper.id not in ids, paper.id)

        if heirs:
            heir = min(heirs, key=preference)
            after[heir.paper.id] = with_aliases(heir, lost)

    def _is_alias_taken(self, alias: str, affected: dict[str, MergedPaper]) -> bool:
        others = self._papers_with([key_hash("id", alias), key_hash("alias", alias)])
        return any(id not in affected for id in others)
