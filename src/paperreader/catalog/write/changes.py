"""One chunk's worth of changes: what adding and removing records makes of the papers they touch."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from paperreader.catalog.journal.paper_line import encode
from paperreader.catalog.key_index import key_hash
from paperreader.catalog.merge.matching import Known, group, know
from paperreader.catalog.merge.paper_merge import Holding, hold, normal
from paperreader.catalog.row_table.builder import Draft
from paperreader.json_codec import dumps
from paperreader.models import Record, Source

Outcome = Literal["new", "merged", "unchanged"]


class Prepared(Struct, frozen=True):
    """An entry made ready outside the lock: its records recognised, the hashes of their keys at hand."""

    known: tuple[Known, ...]
    own: tuple[int, ...]
    """Hashes of the ids that its records have by themselves."""
    shared: tuple[int, ...]
    """Hashes of the keys that other papers may have too."""
    aliases: tuple[str, ...] = ()
    """Ids that the paper was known by before."""

    @property
    def fixed(self) -> bool:
        """Whether every record has its arXiv id."""
        return all(one.record.arxiv for one in self.known)


def prepare(records: Iterable[Record], today: str, aliases: Iterable[str] = ()) -> Prepared:
    """What can be told of an entry's records without looking at the catalog."""
    known = tuple(know(normal(record, today)) for record in records)
    own = dict.fromkeys(wanted for one in known for wanted in one.own_hashes())
    shared = dict.fromkeys(wanted for one in known for wanted in one.shared_hashes())
    return Prepared(known, tuple(own), tuple(shared), tuple(aliases))


class Edit:
    """Changes to the papers of a draft, gathered until `lines` says what is to be written.

    A paper that changes several times within a chunk is written once. Every method may raise `LineLost`: then the
    catalog is damaged in a place that matters here.
    """

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._at: dict[int, Holding] = {}
        """Papers as the draft has them, by row, as far as they were looked at."""
        self._now: dict[str, Holding | None] = {}
        """Papers that have changed since; None: gone."""
        self._keys: dict[int, dict[str, None]] = {}
        """Hashes to the ids in `_now` that had them at some time."""
        self.brought: list[str] = []
        """The keys of the sources that `add` met for the first time."""

    def add(self, entry: Prepared, *, date_given: bool = False) -> tuple[Outcome, str]:
        """Add the records of an entry: what that meant, and the id of the paper that its first record is in now."""
        near = self._near(entry)
        known = {one.record.source.key: one for holding in near.values() for one in holding.known}
        changed = False
        for one in entry.known:
            key = one.record.source.key
            old = known.get(key)
            if old is not None:
                one = (
                    _told_again(old, one, known.values())
                    if one.record.source.is_live
                    else _read_again(old, one, date_given=date_given)
                )
            if one is not old:
                known[key] = one
                changed = True
                if old is None:
                    self.brought.append(key)
        after = self._regroup(near, list(known.values()), entry) if changed else near
        first = entry.known[0].record.source.key
        id = next(id for id, holding in after.items() if _has(holding, first))
        if not changed:
            return "unchanged", id
        return ("new" if len(after) > len(near) else "merged"), id

    def drop(self, id: str, doomed: Callable[[Source], bool]) -> Holding | None:
        """Take the records whose source is doomed out of a paper; the paper as it was, None if nothing was doomed."""
        holding = self.holding(id)
        if holding is None or not any(doomed(record.source) for record in holding.records):
            return None
        near = {id: holding, **self._under(_loose_hashes([holding]))}
        left = [one for one in holding.known if not doomed(one.record.source)]
        left += [one for other in near.values() if other is not holding for one in other.known]
        self._regroup(near, left)
        return holding

    def take_back(
        self, id: str, brought: Container[str], was: Mapping[str, Holding], marked: Container[str]
    ) -> Holding | None:
        """Take what an import brought out of a paper and put what it replaced back; the paper as it was, None where
        nothing changes.

        `was` are papers as they were before the import, by the keys of their sources. Ids that only came with the
        import are forgotten, but for those `marked`: their marks go to what is left of the paper.
        """
        holding = self.holding(id)
        if holding is None:
            return None
        near = {id: holding, **self._under(_loose_hashes([holding]))}
        everything = [one for other in near.values() for one in other.known]
        stay = [one for one in everything if one.record.source.key not in brought]
        before = {old.paper.id: old for one in stay if (old := was.get(one.record.source.key)) is not None}
        earlier = {one.record.source.key: one for old in before.values() for one in old.known}
        left = [earlier.get(one.record.source.key, one) for one in stay]
        if left == everything:
            return None
        self._regroup(near, left, before=tuple(before.values()), kept=marked)
        return holding

    def changed(self) -> list[Holding]:
        """The papers that were there before and are others or gone now, as they were."""
        before = {holding.paper.id: holding for holding in self._at.values()}
        return [before[id] for id, holding in self._now.items() if id in before and holding != before[id]]

    def holding(self, id: str) -> Holding | None:
        """The paper of that id as it is now."""
        return self._under([key_hash("id", id)]).get(id)

    def lines(self, told: Container[str] = ()) -> list[tuple[bytes, Holding | None]]:
        """What is to be written: each line, and the paper that it is the line of.

        That the papers `told` are gone is not said again.
        """
        before = {holding.paper.id: holding for holding in self._at.values()}
        written: list[tuple[bytes, Holding | None]] = []
        heirs: dict[str, str] = {}
        for id, holding in self._now.items():
            if holding is not None and holding != before.get(id):
                written.append((encode(holding), holding))
                heirs.update(dict.fromkeys(holding.paper.aliases, id))
        for id, holding in self._now.items():
            if holding is None and id in before and id not in told:
                said = {"alias": id, "id": heirs[id]} if id in heirs else {"removed": id}
                written.append((dumps(said).encode(), None))
        return written

    def _near(self, entry: Prepared) -> dict[str, Holding]:
        """The papers that an entry may touch, by id: those that share a key with it, and those that share one with a
        record which may move because of it.
        """
        near = self._under(entry.own)
        # Another arXiv id of the same title matters only for what it holds without an arXiv id of its own.
        near.update(self._under(entry.shared, only_loose=entry.fixed))
        if near:
            near.update(self._under(_loose_hashes(near.values())))
        return near

    def _under(self, hashes: Iterable[int], *, only_loose: bool = False) -> dict[str, Holding]:
        """The papers under those hashes as they are now, by id."""
        found: dict[str, Holding] = {}
        for wanted in hashes:
            for row in self._draft.find(wanted):
                if only_loose and self._draft.is_fixed(row):
                    continue
                if row not in self._at:
                    self._at[row] = self._draft.holding(row)
                holding = self._now.get(self._at[row].paper.id, self._at[row])
                if holding is not None:
                    found[holding.paper.id] = holding
            for id in self._keys.get(wanted, ()):
                holding = self._now[id]
                if holding is not None and (holding.loose or not only_loose):
                    found[id] = holding
        return found

    def _regroup(
        self,
        near: dict[str, Holding],
        known: list[Known],
        entry: Prepared | None = None,
        *,
        before: Sequence[Holding] = (),
        kept: Container[str] | None = None,
    ) -> dict[str, Holding]:
        """Make papers of all those records, in place of the papers `near`.

        Ids that no paper goes by any more become aliases: first those of the papers `before`, which are back, then
        those of `near`, all or only those `kept`.
        """
        groups = group(known) if len(known) > 1 else [(one.record.arxiv, [one]) for one in known]
        after = {holding.paper.id: holding for holding in (hold(arxiv, members) for arxiv, members in groups)}
        for old in before:
            self._keep_ids(after, {old.paper.id, *old.paper.aliases}, old.known)
        for old in near.values():
            ids = {old.paper.id, *old.paper.aliases}
            self._keep_ids(after, ids if kept is None else {id for id in ids if id in kept}, old.known)
        if entry and entry.aliases:
            free = {alias for alias in entry.aliases if not self._is_taken(alias, near)}
            self._keep_ids(after, free, entry.known)
        for id in near:
            if id not in after:
                self._now[id] = None
        for id, holding in after.items():
            if holding != near.get(id):
                self._now[id] = holding
                for wanted in holding.keys:
                    self._keys.setdefault(wanted, {})[id] = None
        return after

    def _keep_ids(self, after: dict[str, Holding], ids: set[str], members: Sequence[Known]) -> None:
        """Let no id be forgotten under which marks may have been made: what no paper goes by any more becomes an
        alias of the one that has those records now.
        """
        lost = ids.difference(after, *(holding.paper.aliases for holding in after.values()))
        if not lost:
            return
        keys = {one.record.source.key for one in members}
        heirs = [
            id for id, holding in after.items() if any(one.record.source.key in keys for one in holding.known)
        ]
        heir = min((id for id in heirs if id in ids), default=min(heirs, default=None))
        if heir is not None:
            holding = after[heir]
            after[heir] = hold(holding.paper.arxiv, holding.known, {*holding.paper.aliases, *lost})

    def _is_taken(self, alias: str, near: dict[str, Holding]) -> bool:
        others = self._under([key_hash("id", alias), key_hash("alias", alias)])
        return any(id not in near for id in others)


def _loose_hashes(holdings: Iterable[Holding]) -> list[int]:
    """The hashes of all records that have no arXiv id and so may belong elsewhere."""
    loose = (one for holding in holdings for one in holding.known if not one.record.arxiv)
    return [wanted for one in loose for wanted in (*one.own_hashes(), *one.shared_hashes())]


def _has(holding: Holding, source_key: str) -> bool:
    return any(one.record.source.key == source_key for one in holding.known)


def _read_again(old: Known, new: Known, *, date_given: bool) -> Known:
    """What to keep of a source that is read again: `old` itself, unless it says something else by now.

    Its name, date and the moments of its first import stay; a reader of files may have learnt to see more in it, and
    only a date that the user gives by hand is better than the first.
    """
    source = replace(old.record.source, date=new.record.source.date) if date_given else old.record.source
    record = replace(new.record, source=source, added=old.record.added, observed=old.record.observed)
    if record == old.record:
        return old
    return Known(record, new.keys, new.slug)


def _told_again(old: Known, new: Known, others: Iterable[Known]) -> Known:
    """What to keep of a service that was asked again: what it said last, or `old` itself where that is the same.

    When it said so counts for itself only where another source spoke in between: whose votes are the newest is decided
    by that.
    """
    before, now = old.record, new.record
    if (now.observed, _said(now)) < (before.observed, _said(before)):
        return old
    listed = max(filter(None, (before.source.date, now.source.date)), default=None)
    added = min(before.added, now.added)
    record = replace(now, source=replace(before.source, date=listed), added=added)
    if replace(record, observed=before.observed) == before and not any(
        one is not old and before.observed < one.record.observed <= now.observed for one in others
    ):
        return old
    return Known(record, new.keys, new.slug)


def _said(record: Record) -> str:
    """Something to tell two answers of one moment apart by: which of them holds must not depend on their order."""
    return repr(replace(record, source=replace(record.source, date=None), added=""))
