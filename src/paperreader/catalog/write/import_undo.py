"""The last import taken back: new papers go, papers that it changed become what they were."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from functools import partial

from msgspec import Struct

from paperreader.catalog.journal.undo_records import Brought, Moment, brought, keys_in, moment, undone_line
from paperreader.catalog.journal.undoing import last_import
from paperreader.catalog.merge.paper_merge import Holding
from paperreader.catalog.row_table.builder import Draft
from paperreader.catalog.write.changes import Edit
from paperreader.catalog.write.operations import batches
from paperreader.catalog.write.writer import Lines, Writer
from paperreader.errors import StorageError


class UndoneImport(Struct, frozen=True):
    """What taking an import back came to."""

    at: Moment
    """When it was made: UTC milliseconds."""
    gone: int
    """How many papers are gone with it."""
    changed: int
    """How many are what they were before it."""
    names: tuple[str, ...]
    """The files and addresses it was made of."""


def undo_import(writer: Writer, marked: Container[str]) -> UndoneImport | None:
    """Take back what the last import brought. See `Catalog.undo_import`."""
    lines = writer.chunk(lambda draft: ([], last_import(draft.descriptor)))
    if not lines:
        return None
    try:
        keys, was = _together(map(brought, lines))
    except ValueError as error:
        raise StorageError(f"The last import cannot be undone: {error}.") from error
    at = moment(lines[0])
    gone = changed = 0
    names: set[str] = set()
    for ids in batches(writer.chunk(lambda draft: ([], _papers_of(draft, keys | was.keys())))):
        before, there = writer.chunk(partial(_take_back, ids=ids, keys=keys, was=was, marked=marked))
        gone += len(before) - there
        changed += there
        names |= {
            record.source.name
            for holding in before
            for record in holding.records
            if record.source.key in keys
        }
    writer.chunk(lambda draft: ([(undone_line(at), None)], None))
    writer.finish()
    return UndoneImport(at, gone, changed, tuple(sorted(names)))


def _together(chunks: Iterable[Brought]) -> tuple[frozenset[str], dict[str, Holding]]:
    """What all chunks of an import brought; and of each paper that it changed, under the keys of its sources, the
    state before its first change.
    """
    said = list(chunks)
    keys = frozenset().union(*(chunk.keys for chunk in said))
    was: dict[str, Holding] = {}
    for holding in (holding for chunk in said for holding in chunk.was):
        own = [record.source.key for record in holding.records]
        if keys.isdisjoint(own) and was.keys().isdisjoint(own):
            was.update(dict.fromkeys(own, holding))
    return keys, was


def _papers_of(draft: Draft, keys: Container[str]) -> list[str]:
    """The ids of the papers that have a record under one of those keys. Looks at every line."""
    rows = (row for row in draft.live_rows() if any(key in keys for key in keys_in(draft.line(row))))
    return [draft.holding(row).paper.id for row in rows]


def _take_back(
    draft: Draft,
    ids: Sequence[str],
    keys: Container[str],
    was: Mapping[str, Holding],
    marked: Container[str],
) -> tuple[Lines, tuple[list[Holding], int]]:
    edit = Edit(draft)
    taken = (edit.take_back(id, keys, was, marked) for id in ids)
    before = [holding for holding in taken if holding is not None]
    there = sum(any(record.source.key not in keys for record in holding.records) for holding in before)
    return edit.lines(), (before, there)
