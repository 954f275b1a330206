"""What can be done to a catalog, chunk by chunk: add entries, remove papers or what a source said, undo that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from msgspec import Struct, field

from paperreader.catalog.journal.format import CHUNK
from paperreader.catalog.journal.removal import moment, removal_line, restored_line, taken
from paperreader.catalog.journal.undo_records import import_line
from paperreader.catalog.journal.undoing import last_removal
from paperreader.catalog.row_table.builder import Draft
from paperreader.catalog.write.changes import Edit, Outcome, Prepared, prepare
from paperreader.catalog.write.writer import Lines, Writer
from paperreader.models import Entry, Source

Item = TypeVar("Item")


class AddReport(Struct, frozen=True):
    """What adding entries came to: `read = new + merged + unchanged`."""

    read: int = 0
    new: int = 0
    """Entries that made a paper that was not there before."""
    merged: int = 0
    """Entries that told something more about a paper that was."""
    unchanged: int = 0
    """Entries whose sources were all known already."""
    ids: Mapping[int, str] = field(default_factory=dict)
    """For the entries that came with a mark, counted from 0: the id of the paper."""


class RemoveReport(Struct, frozen=True):
    """What a removal took, or its undoing brought back."""

    ids: tuple[str, ...]
    """The papers that are gone or changed (or back)."""
    removed: int
    """How many of them are gone (or back) altogether."""


def add_entries(
    writer: Writer,
    entries: Iterable[Entry],
    *,
    today: str,
    date_given: bool,
    progress: Callable[[int], None] | None,
    at: int,
) -> AddReport:
    """Add what sources say of papers, as the import of that moment. See `Catalog.add`."""
    tally: dict[Outcome, int] = {"new": 0, "merged": 0, "unchanged": 0}
    ids: dict[int, str] = {}
    done = 0
    for batch in batches(entries):
        # Outside the lock: recognising papers by their titles is half of the work.
        prepared = [prepare(entry.records, today) for entry in batch]
        outcomes = writer.chunk(partial(put, entries=prepared, date_given=date_given, at=at))
        for entry, (outcome, id) in zip(batch, outcomes, strict=True):
            tally[outcome] += 1
            if entry.mark is not None:
                ids[done] = id
            done += 1
        if progress:
            progress(done)
    if done:
        writer.finish()
    return AddReport(done, tally["new"], tally["merged"], tally["unchanged"], ids)


def remove(writer: Writer, ids: Sequence[str], doomed: Callable[[Source], bool], at: int) -> RemoveReport:
    """Take out of those papers the records whose source is doomed, as one removal that can be undone."""
    gone = 0
    changed: list[str] = []
    for batch in batches(ids):
        names, ended = writer.chunk(partial(_drop, ids=batch, doomed=doomed, at=at))
        changed += names
        gone += ended
    if changed:
        writer.finish()
    return RemoveReport(tuple(changed), gone)


def undo_remove(writer: Writer) -> RemoveReport | None:
    """Bring back what the last removal took. See `Catalog.undo_remove`."""
    removals = writer.chunk(lambda draft: ([], last_removal(draft.descriptor)))
    if not removals:
        return None
    ids: dict[str, None] = {}
    new = 0
    for batch in batches(removals):
        prepared = [prepare(records, "", aliases) for records, aliases in map(taken, batch)]
        outcomes = writer.chunk(partial(put, entries=prepared))
        ids.update(dict.fromkeys(id for _, id in outcomes))
        new += sum(outcome == "new" for outcome, _ in outcomes)
    writer.chunk(lambda draft: ([(restored_line(moment(removals[0])), None)], None))
    writer.finish()
    return RemoveReport(tuple(ids), new)


def put(
    draft: Draft, entries: Iterable[Prepared], date_given: bool = False, at: int | None = None
) -> tuple[Lines, list[tuple[Outcome, str]]]:
    """What adding entries means for a chunk, as part of the import `at` that moment, if it can be undone as one."""
    edit = Edit(draft)
    outcomes = [edit.add(entry, date_given=date_given) for entry in entries]
    lines = edit.lines()
    if lines and at is not None:
        lines.append((import_line(at, edit.brought, edit.changed()), None))
    return lines, outcomes


def _drop(
    draft: Draft, ids: Iterable[str], doomed: Callable[[Source], bool], at: int
) -> tuple[Lines, tuple[list[str], int]]:
    edit = Edit(draft)
    said: dict[str, bytes] = {}
    for id in ids:
        holding = edit.drop(id, doomed)
        if holding is not None:
            lost = [record for record in holding.records if doomed(record.source)]
            said[holding.paper.id] = removal_line(holding, lost, at)
    # A removal line comes before whatever is left of the paper.
    lines: Lines = [*((line, None) for line in said.values()), *edit.lines(told=said)]
    return lines, (list(said), sum(edit.holding(id) is None for id in said))


def batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items, as many at a time as make a chunk."""
    iterator = iter(items)
    while batch := list(islice(iterator, CHUNK)):
        yield batch
