"""The row table while it changes: a base, and what newer lines of `papers.jsonl` make of it.

There is one way to apply a line, whether it is read in a rebuild, caught up with, or just written; so the table that
grew along with the catalog is, byte for byte, the one that a rebuild gives.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from zlib import crc32

from msgspec.structs import replace

from paperreader.catalog.journal.format import (
    Chunk,
    JournalHeader,
    JournalLine,
    parse_line,
    read_at,
    read_chunks,
)
from paperreader.catalog.journal.paper_line import decode_paper, paper_from_object
from paperreader.catalog.key_index import KeyIndex, key_hash
from paperreader.catalog.merge.paper_merge import MergedPaper
from paperreader.catalog.row_table.format import (
    RECORD,
    UNIDENTIFIED_FLAG,
    Row,
    RowTable,
    RowTableHeader,
    read_row,
    row_from_paper,
    row_sort_key,
    sort_live_rows,
)
from paperreader.models import UNKNOWN_NUMBER, CatalogVersion

MOST_LOOSE_KEYS = 200_000
"""Changes to the table of keys that are held one by one, at 150 bytes each; more are made a table of their own."""

MANY = 20_000
"""Rows that are sorted with NumPy, in a tenth of the time: less is done before it is imported."""

_DELETED_ROW = Row(0, 0, 0, 0, UNKNOWN_NUMBER, UNKNOWN_NUMBER, UNKNOWN_NUMBER, 0, 0)


class LineDamaged(Exception):
    """A line of `papers.jsonl` was damaged after the row table was made: only a rebuild tells what is left."""


class RowTableBuilder:
    """The row table of an open catalog, up to `head.stamp`.

    A row is given to an id when its first line is met, and kept until the id is removed or joined into another; rows
    are never given twice within a generation.
    """

    def __init__(self, descriptor: int, header: JournalHeader, base: RowTable | None = None) -> None:
        self.descriptor = descriptor
        if base is None:
            stamp = CatalogVersion(header.uuid, header.generation, header.length, 0)
            head = RowTableHeader(stamp, header.length, header.crc, total_lines=1 if header.length else 0)
            base = RowTable(head)
        self.base = base
        self.header = base.header
        self.damaged_lines: list[JournalLine] = []
        """Damaged lines met since the base, to be set aside."""
        self._live_count = base.header.live
        self._records: bytearray | memoryview = base.records
        self._changed_rows: dict[int, None] = {}
        self._key_index = base.key_index
        self._added_hashes: dict[int, int | tuple[int, ...]] = {}
        """Rows by the hash of a key, on top of `_keys`."""
        self._removed_hashes: set[tuple[int, int]] = set()

    @property
    def has_changes(self) -> bool:
        """Whether anything was applied since the base."""
        return self.header is not self.base.header

    @property
    def size(self) -> int:
        """How many rows there are, live or not."""
        return len(self._records) // RECORD.size

    def row(self, number: int) -> Row:
        """The record of a row."""
        return read_row(self._records, number)

    def records_from(self, first: int) -> bytes:
        """The records of the rows from `first` on."""
        return bytes(self._records[first * RECORD.size :])

    def find(self, hash_value: int) -> list[int]:
        """The live rows under a key's hash."""
        rows = self._key_index.find(hash_value)
        if self._removed_hashes:
            rows = [row for row in rows if (hash_value, row) not in self._removed_hashes]
        added = self._added_hashes.get(hash_value, ())
        return [*rows, added] if isinstance(added, int) else [*rows, *added]

    def row_of(self, id: str) -> int | None:
        """The live row whose own id that is."""
        found = self.find(key_hash("id", id))
        return found[0] if found else None

    def has_arxiv_ids_only(self, number: int) -> bool:
        """Whether every record of that paper has its arXiv id, so that no other paper can claim one."""
        return not self.row(number).flags & UNIDENTIFIED_FLAG

    def line(self, number: int) -> bytes:
        """The line of a live row.

        Raises:
            LineLost: it is not there any more.
        """
        row = self.row(number)
        data = read_at(self.descriptor, row.length, row.offset)
        if not row.length or len(data) != row.length or crc32(data) != row.crc:
            raise LineDamaged(f"the line of row {number} is damaged")
        return data

    def merged_paper(self, number: int) -> MergedPaper:
        """The paper of a live row with its records.

        Raises:
            LineLost: its line is damaged.
        """
        try:
            return decode_paper(self.line(number))
        except ValueError as error:
            raise LineDamaged(f"the line of row {number} is damaged") from error

    def live_rows(self) -> list[int]:
        """All live rows, in the order in which they were given."""
        lengths = (fields[1] for fields in RECORD.iter_unpack(self._records))
        return [number for number, length in enumerate(lengths) if length]

    def apply_new_chunks(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Apply every chunk that was closed behind `head.stamp`; `progress` is told bytes read and bytes in all.

        Raises:
            LineLost: a line that was applied before is damaged.
        """
        for chunk in read_chunks(self.descriptor, self.header.stamp.committed, self.header.total_lines + 1):
            self.apply_chunk(chunk)
            if progress:
                progress(chunk.end, os.fstat(self.descriptor).st_size)

    def apply_chunk(self, chunk: Chunk, decoded: dict[int, MergedPaper] | None = None) -> None:
        """Take a closed chunk in. `known` has papers already decoded, by the number of their line."""
        kept = 0
        bad = list(chunk.damaged)
        for line in chunk.lines:
            holding = decoded.get(line.number) if decoded else None
            if holding is not None:
                self._set_paper(holding, line)
            else:
                try:
                    kept += self._apply_line(line)
                except ValueError:
                    bad.append(line)
        self.damaged_lines += bad
        if len(self._added_hashes) + len(self._removed_hashes) > MOST_LOOSE_KEYS:
            self._key_index = self._merged_key_index()
            self._added_hashes, self._removed_hashes = {}, set()
        head = self.header
        self.header = replace(
            head,
            stamp=replace(head.stamp, committed=chunk.end, crc=chunk.crc),
            seal_length=chunk.commit_line_length,
            seal_crc=chunk.commit_line_crc,
            live=self._live_count,
            lines=head.lines + len(chunk.lines) + len(chunk.damaged),
            kept=head.kept + kept,
            total_lines=chunk.total_lines,
            damaged=head.damaged + len(bad),
        )

    def build(self) -> RowTable:
        """The row table as it is now."""
        if not self.has_changes:
            return self.base
        # What changes later changes in a copy.
        self._records = memoryview(self._records).toreadonly()
        return RowTable(self.header, self._records, self._sorted_live_rows(), self._merged_key_index())

    def _merged_key_index(self) -> KeyIndex:
        added = [
            (wanted, row)
            for wanted, rows in self._added_hashes.items()
            for row in ((rows,) if isinstance(rows, int) else rows)
        ]
        return self._key_index.with_changes(added, self._removed_hashes)

    def _apply_line(self, line: JournalLine) -> int:
        """Apply one line as it was read; 1 if it was put in front of all papers, to undo something with.

        Raises:
            ValueError: it is damaged.
        """
        data = parse_line(line.data)
        if "id" in data and "alias" not in data:
            self._set_paper(paper_from_object(data), line)
        elif isinstance(removed := data.get("removed"), str):
            row = self.row_of(removed)
            if row is not None:
                self._remove_row(row, line.offset)
            return int(self.size == 0)
        elif "imported" in data:
            return int(self.size == 0)
        elif data.keys().isdisjoint(("alias", "restored", "unimported")):
            raise ValueError("the line is none of a catalog")
        # An alias line says for people and other programs what the line of the paper it leads to says too: that line
        # counts, so that a paper and its aliases are in or out together when one of them is damaged.
        return 0

    def _set_paper(self, holding: MergedPaper, line: JournalLine) -> None:
        paper = holding.paper
        for alias in paper.aliases:
            row = self.row_of(alias)
            if row is not None:
                self._remove_row(row, line.offset)
        number = self.row_of(paper.id)
        if number is None:
            number = self.size
            self._write_row(number, _DELETED_ROW)
            before: frozenset[int] = frozenset()
            self._live_count += 1
        else:
            before = self._hashes_of(number)
        after = frozenset(holding.hashes)
        self._remove_hashes(number, before - after)
        self._add_hashes(number, after - before)
        record = row_from_paper(
            paper, line.offset, len(line.data), line.crc, unidentified=holding.has_unidentified_record
        )
        self._write_row(number, record)

    def _remove_row(self, number: int, offset: int) -> None:
        """The row is no paper's any more; the line at `offset` says so."""
        self._remove_hashes(number, self._hashes_of(number))
        self._write_row(number, _DELETED_ROW._replace(offset=offset))
        self._live_count -= 1

    def _write_row(self, number: int, record: Row) -> None:
        if not isinstance(self._records, bytearray):
            self._records = bytearray(self._records)
        start = number * RECORD.size
        self._records[start : start + RECORD.size] = RECORD.pack(*record)
        self._changed_rows[number] = None

    def _hashes_of(self, number: int) -> frozenset[int]:
        return frozenset(self.merged_paper(number).hashes)

    def _add_hashes(self, number: int, hashes: Iterable[int]) -> None:
        for wanted in hashes:
            if (wanted, number) in self._removed_hashes:
                self._removed_hashes.discard((wanted, number))
                continue
            others = self._added_hashes.get(wanted)
            if others is None:
                self._added_hashes[wanted] = number
            else:
                self._added_hashes[wanted] = (*((others,) if isinstance(others, int) else others), number)

    def _remove_hashes(self, number: int, hashes: Iterable[int]) -> None:
        for wanted in hashes:
            others = self._added_hashes.get(wanted, ())
            rows = (others,) if isinstance(others, int) else others
            if number not in rows:
                self._removed_hashes.add((wanted, number))
            elif len(rows) == 1:
                del self._added_hashes[wanted]
            else:
                self._added_hashes[wanted] = tuple(row for row in rows if row != number)

    def _sorted_live_rows(self) -> memoryview:
        """The live rows in the order of the list."""
        old, records = self.base.order, self._records
        if len(self._changed_rows) > MANY:
            return sort_live_rows(records)
        if len(self._changed_rows) * 8 > len(old):
            return memoryview(
                array("I", sorted(self.live_rows(), key=lambda number: row_sort_key(records, number)))
            )
        was, became = self.base.records, self._changed_rows
        edits = [
            (row_sort_key(was, number), False)
            for number in became
            if number < self.base.size and read_row(was, number).length
        ]
        edits += [(row_sort_key(records, number), True) for number in became if self.row(number).length]
        order, done = array("I"), 0
        old_bytes = old.cast("B")
        for key, add in sorted(edits):
            place = bisect_left(old, key, lo=done, key=lambda number: row_sort_key(was, number))
            order.frombytes(old_bytes[done * 4 : place * 4])
            done = place
            if add:
                order.append(key[-1])
            else:
                done += 1
        order.frombytes(old_bytes[done * 4 :])
        return memoryview(order)
