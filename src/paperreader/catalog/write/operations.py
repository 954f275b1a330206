"""Operations on a catalog, chunk by chunk: add entries, remove papers or sources, undo a removal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from functools import partial

from msgspec import Struct, field

from paperreader.catalog.journal.format import in_batches
from paperreader.catalog.journal.undo_records import (
    OperationId,
    imported_marks_line,
    last_removal,
    removal_line,
    removal_operation_id,
    removed_records,
    source_keys,
    undone_removal_line,
)
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.write.additions import add_prepared
from paperreader.catalog.write.changes import AddPolicy, ChangeSet
from paperreader.catalog.write.prepared_entry import prepare_entry
from paperreader.catalog.write.types import AddOutcome, NewLines
from paperreader.catalog.write.writer import CatalogWriter
from paperreader.json_codec import JsonObject
from paperreader.models import ImportedEntry, Source


class AddReport(Struct, frozen=True):
    """Result of adding entries: `read = new + merged + unchanged`."""

    read: int = 0
    new: int = 0
    """Entries that created a paper."""
    merged: int = 0
    """Entries that added something to an existing paper."""
    unchanged: int = 0
    """Entries that added nothing."""
    ids: Mapping[int, str] = field(default_factory=dict)
    """The id of the paper for each entry that has a mark, by the position of the entry, counted from 0."""
    operation_id: OperationId = 0
    """Identifies the import."""
    split: int = 0
    """Entries because of which papers that mixed several works were separated; they count as merged."""

    @staticmethod
    def from_counts(
        counts: Mapping[AddOutcome, int], ids: Mapping[int, str], operation_id: OperationId = 0
    ) -> AddReport:
        """Return the report on entries with these outcomes."""
        merged = counts["merged"] + counts["split"]
        read = sum(counts.values())
        return AddReport(
            read, counts["new"], merged, counts["unchanged"], ids, operation_id, split=counts["split"]
        )


class RemoveReport(Struct, frozen=True):
    """Result of a removal, or of its undo."""

    ids: tuple[str, ...]
    """The papers that were removed or changed (or restored)."""
    removed: int
    """How many of them were removed (or restored) completely."""


def add_entries(
    writer: CatalogWriter,
    entries: Iterable[ImportedEntry],
    *,
    today: str,
    date_given: bool,
    progress: Callable[[int], None] | None,
    operation_id: OperationId,
) -> AddReport:
    """Add entries as one import that can be undone. See `Catalog.add`."""
    counts: Counter[AddOutcome] = Counter()
    ids: dict[int, str] = {}
    done = 0
    policy = AddPolicy(date_given=date_given)
    for batch in in_batches(entries):
        # Without the lock: computing the match keys of titles is half of the work.
        prepared = [prepare_entry(entry.records, today) for entry in batch]
        outcomes = writer.change(
            partial(add_prepared, entries=prepared, policy=policy, operation_id=operation_id)
        )
        for entry, (outcome, id) in zip(batch, outcomes, strict=True):
            counts[outcome] += 1
            if entry.mark is not None:
                ids[done] = id
            done += 1
        if progress:
            progress(done)
    if done:
        writer.finish()
    return AddReport.from_counts(counts, ids, operation_id)


def record_imported_marks(writer: CatalogWriter, operation_id: OperationId, marks: JsonObject) -> None:
    """Record what an import added to marks. See `ImportMarks.record`."""
    for batch in in_batches(marks.items()):
        lines: NewLines = [(imported_marks_line(operation_id, dict(batch)), None)]
        writer.write_chunk(partial(_unchanged, lines=lines))
    writer.finish()


def remove_papers(
    writer: CatalogWriter,
    ids: Sequence[str],
    is_removed_source: Callable[[Source], bool],
    operation_id: OperationId,
) -> RemoveReport:
    """Remove the records of those sources from those papers, as one removal that can be undone."""
    removed_count = 0
    changed: list[str] = []
    selected_ids = frozenset(ids)
    for batch in in_batches(ids):
        changed_ids, removed = writer.change(
            partial(
                remove_batch,
                ids=batch,
                selected_ids=selected_ids,
                is_removed_source=is_removed_source,
                operation_id=operation_id,
            )
        )
        changed += changed_ids
        removed_count += removed
    if changed:
        writer.finish()
    return RemoveReport(tuple(changed), removed_count)


def undo_removal(writer: CatalogWriter, after: OperationId) -> RemoveReport | None:
    """Undo the last removal. See `Catalog.undo_removal`."""
    removals = writer.write_chunk(lambda builder: ([], last_removal(builder.descriptor)))
    if not removals or removal_operation_id(removals[0]) < after:
        return None
    ids: dict[str, None] = {}
    new = 0
    for batch in in_batches(removals):
        prepared = [prepare_entry(records, "", aliases) for records, aliases in map(removed_records, batch)]
        outcomes = writer.change(partial(add_prepared, entries=prepared))
        ids.update(dict.fromkeys(id for _, id in outcomes))
        new += sum(outcome == "new" for outcome, _ in outcomes)
    undone = undone_removal_line(removal_operation_id(removals[0]))
    writer.write_chunk(lambda builder: ([(undone, None)], None))
    writer.finish()
    return RemoveReport(tuple(ids), new)


def ids_with_keys(builder: RowTableBuilder, keys: Container[str]) -> list[str]:
    """Return the ids of the papers that have a record with one of those source keys. Reads every line."""
    rows = (row for row in builder.live_rows() if any(key in keys for key in source_keys(builder.line(row))))
    return [builder.merged_paper(row).paper.id for row in rows]


def _unchanged(_builder: RowTableBuilder, lines: NewLines) -> tuple[NewLines, None]:
    """Return lines that change no paper."""
    return lines, None


def remove_batch(
    changes: ChangeSet,
    ids: Iterable[str],
    selected_ids: Container[str],
    is_removed_source: Callable[[Source], bool],
    operation_id: OperationId,
) -> tuple[NewLines, tuple[list[str], int]]:
    """Return the lines that remove records, the ids of the papers that change, and how many of them are gone."""
    removal_lines: dict[str, bytes] = {}
    for id in ids:
        if id in removal_lines:
            continue  # removed together with another one
        for merged in changes.remove_sources(id, is_removed_source, selected_ids):
            removed = [record for record in merged.records if is_removed_source(record.source)]
            removal_lines[merged.paper.id] = removal_line(merged, removed, operation_id)
    # A removal line precedes the line of whatever is left of the paper.
    lines: NewLines = [
        *((line, None) for line in removal_lines.values()),
        *changes.papers.lines(already_removed=removal_lines),
    ]
    removed_count = sum(changes.papers.with_id(id) is None for id in removal_lines)
    return lines, (list(removal_lines), removed_count)
