"""Writing `papers.jsonl` anew without what is dead in it: the next generation, beside the old one, then renamed."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from paperreader.catalog.journal.format import CHUNK, Chunk, encode_chunk, encode_header
from paperreader.catalog.journal.undoing import undo_lines_to_keep
from paperreader.catalog.key_index import KeyIndex
from paperreader.catalog.row_table.builder import RowTableBuilder
from paperreader.catalog.row_table.format import RECORD, RowTable, RowTableHeader
from paperreader.models import CatalogVersion
from paperreader.storage import atomic_writer


def compact_catalog(path: Path, draft: RowTableBuilder) -> RowTable:
    """Replace the catalog by its next generation, and give the row table that goes with it.

    What the last import and the last removal can be undone with stays, in front of all papers. Lines are copied as they
    are. To be called under the lock; whoever reads the old file goes on reading it.

    Raises:
        StorageError: nothing was changed.
        LineLost: a line is damaged; a rebuilt draft leaves it out.
    """
    target = path.resolve()
    for litter in target.parent.glob(f".{target.name}.*"):
        # Left by a compaction that was killed. Nobody else writes one while the lock is held.
        with suppress(OSError):
            litter.unlink()
    live = draft.live_rows()
    stamp = draft.header.stamp
    header = encode_header(stamp.uuid, stamp.generation + 1)
    head = RowTableHeader(
        CatalogVersion(stamp.uuid, stamp.generation + 1, len(header), 0),
        len(header),
        crc32(header[:-1]),
        total_lines=1,
    )
    kept = undo_lines_to_keep(draft.descriptor)
    offsets: list[int] = []
    with atomic_writer(path) as file:
        file.write(header)
        for data, chunk in _encode_chunks(draft, kept, live, len(header)):
            file.write(data)
            offsets += [line.offset for line in chunk.lines]
            head = RowTableHeader(
                CatalogVersion(stamp.uuid, stamp.generation + 1, chunk.end, chunk.crc),
                chunk.commit_line_length,
                chunk.commit_line_crc,
                total_lines=chunk.total_lines,
            )
    return _renumber_rows(draft, head, live, offsets[len(kept) :], len(kept))


def _encode_chunks(
    draft: RowTableBuilder, kept: list[bytes], live: list[int], start: int
) -> Iterator[tuple[bytes, Chunk]]:
    number = 2
    lines: list[bytes] = []
    left = len(kept) + len(live)
    for line in _lines_to_keep(draft, kept, live):
        lines.append(line)
        left -= 1
        if len(lines) == CHUNK or not left:
            data, chunk = encode_chunk(lines, start, number)
            yield data, chunk
            start, number, lines = chunk.end, chunk.total_lines + 1, []


def _lines_to_keep(draft: RowTableBuilder, kept: list[bytes], live: list[int]) -> Iterator[bytes]:
    yield from kept
    for row in live:
        yield draft.line(row)


def _renumber_rows(
    draft: RowTableBuilder, head: RowTableHeader, live: list[int], offsets: list[int], kept: int
) -> RowTable:
    """The row table of the new generation: the old one without its dead rows, each row at its new place."""
    place = {row: number for number, row in enumerate(live)}
    records = bytearray()
    for row, offset in zip(live, offsets, strict=True):
        records += RECORD.pack(*draft.row(row)._replace(offset=offset))
    old = draft.build()
    order = array("I", (place[row] for row in old.order))
    # Rows keep their sequence, so pairs of hash and row stay sorted.
    rows = array("I", (place[row] for row in old.key_index.rows))
    head = RowTableHeader(
        head.stamp,
        head.seal_length,
        head.seal_crc,
        live=len(live),
        lines=len(live) + kept,
        kept=kept,
        total_lines=head.total_lines,
    )
    return RowTable(
        head, memoryview(bytes(records)), memoryview(order), KeyIndex(old.key_index.hashes, memoryview(rows))
    )
