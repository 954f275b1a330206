"""The last import taken back: new papers go, papers that it changed become what they were."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import partial

from msgspec import Struct

from paperreader.catalog.journal.undo_records import (
    ImportChunk,
    OperationId,
    import_operation_id,
    parse_import_chunk,
    source_keys,
    undone_import_line,
)
from paperreader.catalog.journal.undoing import last_import
from paperreader.catalog.merge.paper_merge import MergedPaper
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.write.changes import ChangeSet
from paperreader.catalog.write.operations import in_batches
from paperreader.catalog.write.writer import CatalogWriter, NewLines
from paperreader.errors import StorageError


class UndoneImport(Struct, frozen=True):
    """What taking an import back came to."""

    operation_id: OperationId
    """When it was made: UTC milliseconds."""
    removed: int
    """How many papers are gone with it."""
    restored: int
    """How many are what they were before it."""
    source_names: tuple[str, ...]
    """The files and addresses it was made of."""


def undo_import(writer: CatalogWriter, marked_ids: Container[str]) -> UndoneImport | None:
    """Take back what the last import brought. See `Catalog.undo_import`."""
    lines = writer.write_chunk(lambda draft: ([], last_import(draft.descriptor)))
    if not lines:
        return None
    try:
        keys, was = _combine_chunks(map(parse_import_chunk, lines))
    except ValueError as error:
        raise StorageError(f"The last import cannot be undone: {error}.") from error
    at = import_operation_id(lines[0])
    gone = changed = 0
    names: set[str] = set()
    for ids in in_batches(writer.write_chunk(lambda draft: ([], _affected_ids(draft, keys | was.keys())))):
        before, there = writer.write_chunk(
            partial(_undo_batch, ids=ids, keys=keys, was=was, marked=marked_ids)
        )
        gone += len(before) - there
        changed += there
        names |= {
            record.source.name
            for holding in before
            for record in holding.records
            if record.source.key in keys
        }
    writer.write_chunk(lambda draft: ([(undone_import_line(at), None)], None))
    writer.finish()
    return UndoneImport(at, gone, changed, tuple(sorted(names)))


def _combine_chunks(chunks: Iterable[ImportChunk]) -> tuple[frozenset[str], dict[str, MergedPaper]]:
    """What all chunks of an import brought; and of each paper that it changed, under the keys of its sources, the
    state before its first change.
    """
    said = list(chunks)
    keys = frozenset().union(*(chunk.source_keys for chunk in said))
    was: dict[str, MergedPaper] = {}
    for holding in (holding for chunk in said for holding in chunk.previous_papers):
        own = [record.source.key for record in holding.records]
        if keys.isdisjoint(own) and was.keys().isdisjoint(own):
            was.update(dict.fromkeys(own, holding))
    return keys, was


def _affected_ids(draft: RowTableBuilder, keys: Container[str]) -> list[str]:
    """The ids of the papers that have a record under one of those keys. Looks at every line."""
    rows = (row for row in draft.live_rows() if any(key in keys for key in source_keys(draft.line(row))))
    return [draft.merged_paper(row).paper.id for row in rows]


def _undo_batch(
    draft: RowTableBuilder,
    ids: Sequence[str],
    keys: Container[str],
    was: Mapping[str, MergedPaper],
    marked: Container[str],
) -> tuple[NewLines, tuple[list[MergedPaper], int]]:
    edit = ChangeSet(draft)
    taken = (edit.undo_import(id, keys, was, marked) for id in ids)
    before = [holding for holding in taken if holding is not None]
    there = sum(any(record.source.key not in keys for record in holding.records) for holding in before)
    return edit.lines(), (before, there)
