"""Compaction: rewrite `papers.jsonl` without its dead lines as the next generation, in a new file that replaces it."""

from __future__ import annotations

from array import array
from itertools import chain
from pathlib import Path
from zlib import crc32

from paperreader.catalog.journal.format import encode_chunks, encode_header
from paperreader.catalog.journal.record_history import history_lines
from paperreader.catalog.journal.undo_records import undo_lines_to_keep
from paperreader.catalog.key_index import KeyIndex
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.row_table.format import RECORD, RowTable, RowTableHeader
from paperreader.models import CatalogVersion
from paperreader.storage import atomic_writer, remove_leftovers


def compact_catalog(path: Path, builder: RowTableBuilder) -> RowTable:
    """Replace the catalog with its next generation, and return the row table that belongs to it.

    Before all papers, the lines are kept that the last import and the last removal can be undone with, and what a
    merge with another version of the catalog has to know of all removals. Lines are copied unchanged. The caller holds
    the lock. A process that has the old file open can read on.

    Raises:
        StorageError: nothing was changed.
        LineDamaged: a line is damaged; a rebuilt builder leaves it out.
    """
    target = path.resolve()
    # Left by a compaction that was killed. No other process writes one while the lock is held.
    remove_leftovers(target, min_age=0.0)
    live_rows = builder.live_rows()
    old = builder.header.version
    header_line = encode_header(old.uuid, old.generation + 1, (old.committed, old.crc))
    header = RowTableHeader(
        CatalogVersion(old.uuid, old.generation + 1, len(header_line), 0),
        len(header_line),
        crc32(header_line[:-1]),
        total_lines=1,
    )
    undo_lines = undo_lines_to_keep(builder.descriptor)
    undo_lines = [*history_lines(builder.descriptor, map(builder.line, live_rows)), *undo_lines]
    lines = chain(undo_lines, map(builder.line, live_rows))
    offsets: list[int] = []
    with atomic_writer(path) as file:
        file.write(header_line)
        for data, chunk in encode_chunks(lines, len(header_line)):
            file.write(data)
            offsets += [line.offset for line in chunk.lines]
            header = RowTableHeader(
                CatalogVersion(old.uuid, old.generation + 1, chunk.end, chunk.crc),
                chunk.commit_line_length,
                chunk.commit_line_crc,
                total_lines=chunk.total_lines,
            )
    return _renumber_rows(builder, header, live_rows, offsets[len(undo_lines) :], len(undo_lines))


def _renumber_rows(
    builder: RowTableBuilder,
    header: RowTableHeader,
    live_rows: list[int],
    offsets: list[int],
    undo_line_count: int,
) -> RowTable:
    """Return the row table of the new generation: without dead rows, and with the new offset of each row."""
    new_number = {row: number for number, row in enumerate(live_rows)}
    records = bytearray()
    for row, offset in zip(live_rows, offsets, strict=True):
        records += RECORD.pack(*builder.row(row)._replace(offset=offset))
    old = builder.build()
    order = array("I", (new_number[row] for row in old.order))
    # Rows keep their relative order, so pairs of hash and row stay sorted.
    key_rows = array("I", (new_number[row] for row in old.key_index.rows))
    header = RowTableHeader(
        header.version,
        header.commit_line_length,
        header.commit_line_crc,
        live_rows=len(live_rows),
        lines=len(live_rows) + undo_line_count,
        undo_lines=undo_line_count,
        total_lines=header.total_lines,
    )
    key_index = KeyIndex(old.key_index.hashes, memoryview(key_rows))
    return RowTable(header, memoryview(bytes(records)), memoryview(order), key_index)
