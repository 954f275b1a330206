"""Undo the last import: remove the papers that it added, and restore those that it changed."""

from __future__ import annotations

import time
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import partial

from msgspec import Struct

from paperreader.catalog.journal.format import in_batches
from paperreader.catalog.journal.undo_records import (
    ImportChunk,
    OperationId,
    import_operation_id,
    last_import,
    parse_import_chunk,
    undone_import_line,
)
from paperreader.catalog.merge.paper_merge import MergedPaper
from paperreader.catalog.write.changes import ChangeSet
from paperreader.catalog.write.operations import ids_with_keys
from paperreader.catalog.write.paper_keys import source_keys
from paperreader.catalog.write.types import NewLines
from paperreader.catalog.write.writer import CatalogWriter
from paperreader.errors import StorageError


class UndoneImport(Struct, frozen=True):
    """Result of undoing an import."""

    operation_id: OperationId
    """When the import was made: UTC milliseconds."""
    removed: int
    """Number of papers that were removed."""
    restored: int
    """Number of papers that were changed back."""
    source_names: tuple[str, ...]
    """The files and addresses that were imported, sorted."""


def undo_import(writer: CatalogWriter) -> UndoneImport | None:
    """Undo the last import. See `Catalog.undo_import`."""
    lines = writer.write_chunk(lambda builder: ([], last_import(builder.descriptor)))
    if not lines:
        return None
    try:
        keys, previous = _combine_chunks(map(parse_import_chunk, lines))
    except ValueError as error:
        raise StorageError(f"The last import cannot be undone: {error}.") from error
    operation_id = import_operation_id(lines[0])
    removed = restored = 0
    names: set[str] = set()
    affected = writer.write_chunk(lambda builder: ([], ids_with_keys(builder, keys | previous.keys())))
    for ids in in_batches(affected):
        papers, remaining = writer.change(partial(_undo_batch, ids=ids, keys=keys, previous=previous))
        removed += len(papers) - remaining
        restored += remaining
        names |= {
            record.source.name for merged in papers for record in merged.records if record.source.key in keys
        }
    undone = undone_import_line(operation_id, time.time_ns() // 1_000_000, sorted(keys))
    writer.write_chunk(lambda builder: ([(undone, None)], None))
    writer.finish()
    return UndoneImport(operation_id, removed, restored, tuple(sorted(names)))


def _combine_chunks(chunks: Iterable[ImportChunk]) -> tuple[frozenset[str], dict[str, MergedPaper]]:
    """Combine all chunks of an import.

    Returns the keys of the sources that it added, and each paper that it changed, as it was before the first change,
    by the keys of its sources.
    """
    all_chunks = list(chunks)
    keys = frozenset().union(*(chunk.source_keys for chunk in all_chunks))
    previous: dict[str, MergedPaper] = {}
    for merged in (merged for chunk in all_chunks for merged in chunk.previous_papers):
        own_keys = source_keys(merged)
        if keys.isdisjoint(own_keys) and previous.keys().isdisjoint(own_keys):
            previous.update(dict.fromkeys(own_keys, merged))
    return keys, previous


def _undo_batch(
    changes: ChangeSet,
    ids: Sequence[str],
    keys: Container[str],
    previous: Mapping[str, MergedPaper],
) -> tuple[NewLines, tuple[list[MergedPaper], int]]:
    """Return the lines to write, the papers that change, as they were, and how many of them remain."""
    undone: dict[str, MergedPaper] = {}
    for id in ids:
        if id not in undone:  # papers that share a title or a DOI change together
            undone.update((merged.paper.id, merged) for merged in changes.undo_import(id, keys, previous))
    papers = list(undone.values())
    remaining = sum(any(record.source.key not in keys for record in merged.records) for merged in papers)
    return changes.papers.lines(), (papers, remaining)
