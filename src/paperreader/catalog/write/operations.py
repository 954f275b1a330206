"""What can be done to a catalog, chunk by chunk: add entries, remove papers or what a source said, undo that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import TypeVar

from msgspec import Struct, field

from paperreader.catalog.journal.format import CHUNK
from paperreader.catalog.journal.removal import (
    removal_line,
    removal_operation_id,
    removed_records,
    undone_removal_line,
)
from paperreader.catalog.journal.undo_records import import_line
from paperreader.catalog.journal.undoing import last_removal
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.write.changes import AddOutcome, ChangeSet, PreparedEntry, prepare_entry
from paperreader.catalog.write.writer import CatalogWriter, NewLines
from paperreader.models import ImportedEntry, Source

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
    writer: CatalogWriter,
    entries: Iterable[ImportedEntry],
    *,
    today: str,
    date_given: bool,
    progress: Callable[[int], None] | None,
    operation_id: int,
) -> AddReport:
    """Add what sources say of papers, as the import of that moment. See `Catalog.add`."""
    tally: dict[AddOutcome, int] = {"new": 0, "merged": 0, "unchanged": 0}
    ids: dict[int, str] = {}
    done = 0
    for batch in in_batches(entries):
        # Outside the lock: recognising papers by their titles is half of the work.
        prepared = [prepare_entry(entry.records, today) for entry in batch]
        outcomes = writer.write_chunk(
            partial(add_prepared, entries=prepared, date_given=date_given, at=operation_id)
        )
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


def remove_papers(
    writer: CatalogWriter, ids: Sequence[str], is_removed_source: Callable[[Source], bool], operation_id: int
) -> RemoveReport:
    """Take out of those papers the records whose source is doomed, as one removal that can be undone."""
    gone = 0
    changed: list[str] = []
    for batch in in_batches(ids):
        names, ended = writer.write_chunk(
            partial(_remove_batch, ids=batch, doomed=is_removed_source, at=operation_id)
        )
        changed += names
        gone += ended
    if changed:
        writer.finish()
    return RemoveReport(tuple(changed), gone)


def undo_removal(writer: CatalogWriter) -> RemoveReport | None:
    """Bring back what the last removal took. See `Catalog.undo_remove`."""
    removals = writer.write_chunk(lambda draft: ([], last_removal(draft.descriptor)))
    if not removals:
        return None
    ids: dict[str, None] = {}
    new = 0
    for batch in in_batches(removals):
        prepared = [prepare_entry(records, "", aliases) for records, aliases in map(removed_records, batch)]
        outcomes = writer.write_chunk(partial(add_prepared, entries=prepared))
        ids.update(dict.fromkeys(id for _, id in outcomes))
        new += sum(outcome == "new" for outcome, _ in outcomes)
    writer.write_chunk(lambda draft: ([(undone_removal_line(removal_operation_id(removals[0])), None)], None))
    writer.finish()
    return RemoveReport(tuple(ids), new)


def add_prepared(
    draft: RowTableBuilder, entries: Iterable[PreparedEntry], date_given: bool = False, at: int | None = None
) -> tuple[NewLines, list[tuple[AddOutcome, str]]]:
    """What adding entries means for a chunk, as part of the import `at` that moment, if it can be undone as one."""
    edit = ChangeSet(draft)
    outcomes = [edit.add(entry, date_given=date_given) for entry in entries]
    lines = edit.lines()
    if lines and at is not None:
        lines.append((import_line(at, edit.new_source_keys, edit.replaced_papers()), None))
    return lines, outcomes


def _remove_batch(
    draft: RowTableBuilder, ids: Iterable[str], doomed: Callable[[Source], bool], at: int
) -> tuple[NewLines, tuple[list[str], int]]:
    edit = ChangeSet(draft)
    said: dict[str, bytes] = {}
    for id in ids:
        holding = edit.remove_sources(id, doomed)
        if holding is not None:
            lost = [record for record in holding.records if doomed(record.source)]
            said[holding.paper.id] = removal_line(holding, lost, at)
    # A removal line comes before whatever is left of the paper.
    lines: NewLines = [*((line, None) for line in said.values()), *edit.lines(already_removed=said)]
    return lines, (list(said), sum(edit.current_paper(id) is None for id in said))


def in_batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    """The items, as many at a time as make a chunk."""
    iterator = iter(items)
    while batch := list(islice(iterator, CHUNK)):
        yield batch
