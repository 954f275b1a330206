"""One chunk's worth of changes: what adding and removing records makes of the papers they touch."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from paperreader.catalog.journal.paper_line import encode_paper
from paperreader.catalog.key_index import key_hash
from paperreader.catalog.merge.matching import KeyedRecord, group_by_paper, with_keys
from paperreader.catalog.merge.paper_merge import MergedPaper, merge_records, normalize_record
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.json_codec import to_json_line
from paperreader.models import Source, SourceRecord

AddOutcome = Literal["new", "merged", "unchanged"]


class PreparedEntry(Struct, frozen=True):
    """An entry made ready outside the lock: its records recognised, the hashes of their keys at hand."""

    keyed_records: tuple[KeyedRecord, ...]
    id_hashes: tuple[int, ...]
    """Hashes of the ids that its records have by themselves."""
    match_hashes: tuple[int, ...]
    """Hashes of the keys that other papers may have too."""
    aliases: tuple[str, ...] = ()
    """Ids that the paper was known by before."""

    @property
    def has_arxiv_ids_only(self) -> bool:
        """Whether every record has its arXiv id."""
        return all(one.record.arxiv for one in self.keyed_records)


def prepare_entry(records: Iterable[SourceRecord], today: str, aliases: Iterable[str] = ()) -> PreparedEntry:
    """What can be told of an entry's records without looking at the catalog."""
    known = tuple(with_keys(normalize_record(record, today)) for record in records)
    own = dict.fromkeys(wanted for one in known for wanted in one.id_hashes())
    shared = dict.fromkeys(wanted for one in known for wanted in one.match_hashes())
    return PreparedEntry(known, tuple(own), tuple(shared), tuple(aliases))


class ChangeSet:
    """Changes to the papers of a draft, gathered until `lines` says what is to be written.

    A paper that changes several times within a chunk is written once. Every method may raise `LineLost`: then the
    catalog is damaged in a place that matters here.
    """

    def __init__(self, draft: RowTableBuilder) -> None:
        self._builder = draft
        self._original_by_row: dict[int, MergedPaper] = {}
        """Papers as the draft has them, by row, as far as they were looked at."""
        self._changed_by_id: dict[str, MergedPaper | None] = {}
        """Papers that have changed since; None: gone."""
        self._ids_by_hash: dict[int, dict[str, None]] = {}
        """Hashes to the ids in `_now` that had them at some time."""
        self.new_source_keys: list[str] = []
        """The keys of the sources that `add` met for the first time."""

    def add(self, entry: PreparedEntry, *, date_given: bool = False) -> tuple[AddOutcome, str]:
        """Add the records of an entry: what that meant, and the id of the paper that its first record is in now."""
        near = self._affected_papers(entry)
        known = {one.record.source.key: one for holding in near.values() for one in holding.keyed_records}
        changed = False
        for one in entry.keyed_records:
            key = one.record.source.key
            old = known.get(key)
            if old is not None:
                one = (
                    _merge_response(old, one, known.values())
                    if one.record.source.is_service
                    else _merge_reread(old, one, date_given=date_given)
                )
            if one is not old:
                known[key] = one
                changed = True
                if old is None:
                    self.new_source_keys.append(key)
        after = self._regroup(near, list(known.values()), entry) if changed else near
        first = entry.keyed_records[0].record.source.key
        id = next(id for id, holding in after.items() if _has_source(holding, first))
        if not changed:
            return "unchanged", id
        return ("new" if len(after) > len(near) else "merged"), id

    def remove_sources(self, id: str, is_removed_source: Callable[[Source], bool]) -> MergedPaper | None:
        """Take the records whose source is doomed out of a paper; the paper as it was, None if nothing was doomed."""
        holding = self.current_paper(id)
        if holding is None or not any(is_removed_source(record.source) for record in holding.records):
            return None
        near = {id: holding, **self._papers_with(_unidentified_hashes([holding]))}
        left = [one for one in holding.keyed_records if not is_removed_source(one.record.source)]
        left += [one for other in near.values() if other is not holding for one in other.keyed_records]
        self._regroup(near, left)
        return holding

    def undo_import(
        self,
        id: str,
        imported_keys: Container[str],
        previous: Mapping[str, MergedPaper],
        marked_ids: Container[str],
    ) -> MergedPaper | None:
        """Take what an import brought out of a paper and put what it replaced back; the paper as it was, None where
        nothing changes.

        `was` are papers as they were before the import, by the keys of their sources. Ids that only came with the
        import are forgotten, but for those `marked`: their marks go to what is left of the paper.
        """
        holding = self.current_paper(id)
        if holding is None:
            return None
        near = {id: holding, **self._papers_with(_unidentified_hashes([holding]))}
        everything = [one for other in near.values() for one in other.keyed_records]
        stay = [one for one in everything if one.record.source.key not in imported_keys]
        before = {
            old.paper.id: old for one in stay if (old := previous.get(one.record.source.key)) is not None
        }
        earlier = {one.record.source.key: one for old in before.values() for one in old.keyed_records}
        left = [earlier.get(one.record.source.key, one) for one in stay]
        if left == everything:
            return None
        self._regroup(near, left, restored=tuple(before.values()), kept_ids=marked_ids)
        return holding

    def replaced_papers(self) -> list[MergedPaper]:
        """The papers that were there before and are others or gone now, as they were."""
        before = {holding.paper.id: holding for holding in self._original_by_row.values()}
        return [
            before[id]
            for id, holding in self._changed_by_id.items()
            if id in before and holding != before[id]
        ]

    def current_paper(self, id: str) -> MergedPaper | None:
        """The paper of that id as it is now."""
        return self._papers_with([key_hash("id", id)]).get(id)

    def lines(self, already_removed: Container[str] = ()) -> list[tuple[bytes, MergedPaper | None]]:
        """What is to be written: each line, and the paper that it is the line of.

        That the papers `told` are gone is not said again.
        """
        before = {holding.paper.id: holding for holding in self._original_by_row.values()}
        written: list[tuple[bytes, MergedPaper | None]] = []
        heirs: dict[str, str] = {}
        for id, holding in self._changed_by_id.items():
            if holding is not None and holding != before.get(id):
                written.append((encode_paper(holding), holding))
                heirs.update(dict.fromkeys(holding.paper.aliases, id))
        for id, holding in self._changed_by_id.items():
            if holding is None and id in before and id not in already_removed:
                said = {"alias": id, "id": heirs[id]} if id in heirs else {"removed": id}
                written.append((to_json_line(said).encode(), None))
        return written

    def _affected_papers(self, entry: PreparedEntry) -> dict[str, MergedPaper]:
        """The papers that an entry may touch, by id: those that share a key with it, and those that share one with a
        record which may move because of it.
        """
        near = self._papers_with(entry.id_hashes)
        # Another arXiv id of the same title matters only for what it holds without an arXiv id of its own.
        near.update(self._papers_with(entry.match_hashes, only_unidentified=entry.has_arxiv_ids_only))
        if near:
            near.update(self._papers_with(_unidentified_hashes(near.values())))
        return near

    def _papers_with(
        self, hashes: Iterable[int], *, only_unidentified: bool = False
    ) -> dict[str, MergedPaper]:
        """The papers under those hashes as they are now, by id."""
        found: dict[str, MergedPaper] = {}
        for wanted in hashes:
            for row in self._builder.find(wanted):
                if only_unidentified and self._builder.has_arxiv_ids_only(row):
                    continue
                if row not in self._original_by_row:
                    self._original_by_row[row] = self._builder.merged_paper(row)
                holding = self._changed_by_id.get(
                    self._original_by_row[row].paper.id, self._original_by_row[row]
                )
                if holding is not None:
                    found[holding.paper.id] = holding
            for id in self._ids_by_hash.get(wanted, ()):
                holding = self._changed_by_id[id]
                if holding is not None and (holding.has_unidentified_record or not only_unidentified):
                    found[id] = holding
        return found

    def _regroup(
        self,
        affected: dict[str, MergedPaper],
        records: list[KeyedRecord],
        entry: PreparedEntry | None = None,
        *,
        restored: Sequence[MergedPaper] = (),
        kept_ids: Container[str] | None = None,
    ) -> dict[str, MergedPaper]:
        """Make papers of all those records, in place of the papers `near`.

        Ids that no paper goes by any more become aliases: first those of the papers `before`, which are back, then
        those of `near`, all or only those `kept`.
        """
        groups = (
            group_by_paper(records) if len(records) > 1 else [(one.record.arxiv, [one]) for one in records]
        )
        after = {
            holding.paper.id: holding
            for holding in (merge_records(arxiv, members) for arxiv, members in groups)
        }
        for old in restored:
            self._preserve_ids(after, {old.paper.id, *old.paper.aliases}, old.keyed_records)
        for old in affected.values():
            ids = {old.paper.id, *old.paper.aliases}
            self._preserve_ids(
                after, ids if kept_ids is None else {id for id in ids if id in kept_ids}, old.keyed_records
            )
        if entry and entry.aliases:
            free = {alias for alias in entry.aliases if not self._is_alias_taken(alias, affected)}
            self._preserve_ids(after, free, entry.keyed_records)
        for id in affected:
            if id not in after:
                self._changed_by_id[id] = None
        for id, holding in after.items():
            if holding != affected.get(id):
                self._changed_by_id[id] = holding
                for wanted in holding.hashes:
                    self._ids_by_hash.setdefault(wanted, {})[id] = None
        return after

    def _preserve_ids(
        self, after: dict[str, MergedPaper], ids: set[str], members: Sequence[KeyedRecord]
    ) -> None:
        """Let no id be forgotten under which marks may have been made: what no paper goes by any more becomes an
        alias of the one that has those records now.
        """
        lost = ids.difference(after, *(holding.paper.aliases for holding in after.values()))
        if not lost:
            return
        keys = {one.record.source.key for one in members}
        heirs = [
            id
            for id, holding in after.items()
            if any(one.record.source.key in keys for one in holding.keyed_records)
        ]
        heir = min((id for id in heirs if id in ids), default=min(heirs, default=None))
        if heir is not None:
            holding = after[heir]
            after[heir] = merge_records(
                holding.paper.arxiv, holding.keyed_records, {*holding.paper.aliases, *lost}
            )

    def _is_alias_taken(self, alias: str, affected: dict[str, MergedPaper]) -> bool:
        others = self._papers_with([key_hash("id", alias), key_hash("alias", alias)])
        return any(id not in affected for id in others)


def _unidentified_hashes(holdings: Iterable[MergedPaper]) -> list[int]:
    """The hashes of all records that have no arXiv id and so may belong elsewhere."""
    loose = (one for holding in holdings for one in holding.keyed_records if not one.record.arxiv)
    return [wanted for one in loose for wanted in (*one.id_hashes(), *one.match_hashes())]


def _has_source(holding: MergedPaper, source_key: str) -> bool:
    return any(one.record.source.key == source_key for one in holding.keyed_records)


def _merge_reread(old: KeyedRecord, new: KeyedRecord, *, date_given: bool) -> KeyedRecord:
    """What to keep of a source that is read again: `old` itself, unless it says something else by now.

    Its name, date and the moments of its first import stay; a reader of files may have learnt to see more in it, and
    only a date that the user gives by hand is better than the first.
    """
    source = replace(old.record.source, date=new.record.source.date) if date_given else old.record.source
    record = replace(new.record, source=source, added=old.record.added, observed=old.record.observed)
    if record == old.record:
        return old
    return KeyedRecord(record, new.keys, new.slug)


def _merge_response(old: KeyedRecord, new: KeyedRecord, others: Iterable[KeyedRecord]) -> KeyedRecord:
    """What to keep of a service that was asked again: what it said last, or `old` itself where that is the same.

    When it said so counts for itself only where another source spoke in between: whose votes are the newest is decided
    by that.
    """
    before, now = old.record, new.record
    if (now.observed, _content_key(now)) < (before.observed, _content_key(before)):
        return old
    listed = max(filter(None, (before.source.date, now.source.date)), default=None)
    added = min(before.added, now.added)
    record = replace(now, source=replace(before.source, date=listed), added=added)
    if replace(record, observed=before.observed) == before and not any(
        one is not old and before.observed < one.record.observed <= now.observed for one in others
    ):
        return old
    return KeyedRecord(record, new.keys, new.slug)


def _content_key(record: SourceRecord) -> str:
    """Something to tell two answers of one moment apart by: which of them holds must not depend on their order."""
    return repr(replace(record, source=replace(record.source, date=None), added=""))
