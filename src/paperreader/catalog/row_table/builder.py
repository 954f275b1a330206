"""Build the row table: a base table, and the changes that newer lines of `papers.jsonl` make to it.

Every line is applied by the same code, whether it is read in a rebuild, read to update the table, or just written.
Therefore a table that was updated step by step equals, byte for byte, the one that a rebuild gives.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable
from zlib import crc32

from msgspec.structs import replace

from paperreader.catalog.journal.chunk_reader import read_chunks
from paperreader.catalog.journal.format import Chunk, JournalHeader, JournalLine, parse_line
from paperreader.catalog.journal.paper_line import decode_paper, paper_from_object
from paperreader.catalog.journal.positioned_io import read_at
from paperreader.catalog.key_index import KeyIndexBuilder, key_hash
from paperreader.catalog.merge.paper_merge import MergedPaper
from paperreader.catalog.merge.versions import version_history
from paperreader.catalog.row_table.changes import RowTableChanges
from paperreader.catalog.row_table.format import (
    RECORD,
    UNIDENTIFIED_FLAG,
    Row,
    RowTable,
    RowTableHeader,
    row_from_paper,
)
from paperreader.catalog.row_table.order import (
    OrderEdit,
    apply_edits,
    find_edits,
    merge_edits,
    row_sort_key,
    sort_live_rows,
)
from paperreader.catalog.row_table.records_builder import RecordsBuilder
from paperreader.catalog.row_table.stored_table import StoredRowTable
from paperreader.checked_values import DroppedValues
from paperreader.errors import StorageError
from paperreader.models import REVISED_FLAG, UNKNOWN_NUMBER, CatalogVersion

NUMPY_SORT_ROWS = 20_000
"""With at least this many changed rows, NumPy sorts the order: ten times faster, but it has to be imported."""

_DELETED_ROW = Row(0, 0, 0, 0, UNKNOWN_NUMBER, UNKNOWN_NUMBER, UNKNOWN_NUMBER, 0, 0)


class LineDamaged(Exception):
    """A line of `papers.jsonl` was damaged after the row table was built. The table has to be rebuilt."""


class TableLost(LineDamaged, StorageError):
    """A row table in use is damaged, and would have other rows if it were rebuilt, because a line is damaged too."""


class RowTableBuilder:
    """The row table of an open catalog, up to `header.version`.

    An id gets a row with its first line and has it until the id is removed or merged into another; rows are never
    reused within a generation.
    """

    def __init__(
        self, descriptor: int, header: JournalHeader, base: RowTable | StoredRowTable | None = None
    ) -> None:
        self.descriptor = descriptor
        if base is None:
            version = CatalogVersion(header.uuid, header.generation, header.length, 0)
            total_lines = 1 if header.length else 0
            base = RowTable(RowTableHeader(version, header.length, header.crc, total_lines=total_lines))
        changes = self._known = base.changes if isinstance(base, StoredRowTable) else None
        self.initial = base
        """The table that this begins with."""
        self.base = base.with_changes(None) if isinstance(base, StoredRowTable) and changes else base
        """What the changes relate to."""
        self.header = base.header
        self.damaged_lines: list[JournalLine] = []
        """Damaged lines met since the base."""
        self.dropped_values = DroppedValues()
        """Values out of range met since the base."""
        self._live_count = base.header.live_rows
        self._records = RecordsBuilder(self.base, changes.records if changes else {}, base.size)
        self._decoded_rows: dict[int, MergedPaper] = {}
        """Papers that were read since the last chunk: most of them change in the next one."""
        self.keys = KeyIndexBuilder(
            self.base.key_index,
            changes.added_keys if changes else (),
            changes.removed_keys if changes else (),
        )
        """Finds live rows by the hash of a key."""

    @property
    def has_changes(self) -> bool:
        """Whether anything was applied since the table that this began with."""
        return self.header is not self.initial.header

    @property
    def size(self) -> int:
        """Number of rows, live or not."""
        return self._records.size

    def row(self, number: int) -> Row:
        """Return the record of a row."""
        return self._records.row(number)

    def records_from(self, first: int) -> bytes:
        """Return the records of the rows from `first` on."""
        return self._records.records_from(first)

    def row_of(self, id: str) -> int | None:
        """Return the live row with that id (aliases do not count)."""
        found = self.keys.find(key_hash("id", id))
        return found[0] if found else None

    def has_arxiv_ids_only(self, number: int) -> bool:
        """Return whether every record of the paper has an arXiv id, so that no other paper can claim one."""
        return not self.row(number).flags & UNIDENTIFIED_FLAG

    def line(self, number: int) -> bytes:
        """Return the line of a live row.

        Raises:
            LineDamaged: the line has changed.
        """
        row = self.row(number)
        data = read_at(self.descriptor, row.length, row.offset)
        if not row.length or len(data) != row.length or crc32(data) != row.crc:
            raise LineDamaged(f"the line of row {number} is damaged")
        return data

    def merged_paper(self, number: int) -> MergedPaper:
        """Return the paper of a live row with its records.

        Raises:
            LineDamaged: the line has changed.
        """
        if number in self._decoded_rows:
            return self._decoded_rows[number]
        try:
            merged = decode_paper(self.line(number))
        except ValueError as error:
            raise LineDamaged(f"the line of row {number} is damaged") from error
        self._decoded_rows[number] = merged
        return merged

    def live_rows(self) -> list[int]:
        """Return all live rows, oldest first."""
        lengths = (fields[1] for fields in RECORD.iter_unpack(self._records.build()))
        return [number for number, length in enumerate(lengths) if length]

    def apply_new_chunks(
        self, progress: Callable[[int, int], None] | None = None, end: int | None = None
    ) -> None:
        """Apply every chunk after `header.version`, or those up to the offset `end`.

        Calls `progress` with the bytes read and all bytes.

        Raises:
            LineDamaged: a line that was applied before has changed.
        """
        for chunk in read_chunks(self.descriptor, self.header.version.committed, self.header.total_lines + 1):
            if end is not None and chunk.end > end:
                break
            self.apply_chunk(chunk)
            if progress:
                progress(chunk.end, os.fstat(self.descriptor).st_size)

    def apply_chunk(self, chunk: Chunk, decoded: dict[int, MergedPaper] | None = None) -> None:
        """Apply a closed chunk. `decoded` holds papers that need no parsing, by line number."""
        undo_lines = 0
        damaged = list(chunk.damaged)
        for line in chunk.lines:
            merged = decoded.get(line.number) if decoded else None
            if merged is not None:
                self._set_paper(merged, line)
            else:
                try:
                    undo_lines += self._apply_line(line)
                except ValueError:
                    damaged.append(line)
        self.damaged_lines += damaged
        self._decoded_rows.clear()
        self.keys.merge_if_many()
        header = self.header
        self.header = replace(
            header,
            version=replace(header.version, committed=chunk.end, crc=chunk.crc),
            commit_line_length=chunk.commit_line_length,
            commit_line_crc=chunk.commit_line_crc,
            live_rows=self._live_count,
            lines=header.lines + len(chunk.lines) + len(chunk.damaged),
            undo_lines=header.undo_lines + undo_lines,
            total_lines=chunk.total_lines,
            damaged_lines=header.damaged_lines + len(damaged),
        )

    def build(self) -> RowTable:
        """Return the row table as it is now."""
        if not self.has_changes:
            return self.initial if isinstance(self.initial, RowTable) else self.initial.load()
        return RowTable(self.header, self._records.build(), self._sorted_live_rows(), self.keys.build())

    def stored_table(self) -> StoredRowTable | None:
        """Return the row table as it is now, if it differs from the one in a file by few rows."""
        base, records, keys = self.base, self._records.few, self.keys.changes()
        if not isinstance(base, StoredRowTable) or records is None or keys is None:
            return None
        return base.with_changes(
            RowTableChanges(base.file_id, self.header, self.size, dict(records), *keys, self._order_edits())
        )

    def _apply_line(self, line: JournalLine) -> int:
        """Parse and apply a line. Return 1 for a line without a paper that precedes all papers, else 0.

        Raises:
            ValueError: the line is damaged.
        """
        data = parse_line(line.data)
        if "id" in data and "alias" not in data:
            dropped = DroppedValues()
            self._set_paper(paper_from_object(data, dropped), line)
            self.dropped_values.extend(f"line {line.number}", dropped)
        elif isinstance(removed := data.get("removed"), str):
            row = self.row_of(removed)
            if row is not None:
                self._remove_row(row, line.offset)
            return int(self.size == 0)
        elif not data.keys().isdisjoint(("imported", "restored", "unimported")):
            return int(self.size == 0)
        elif "alias" not in data:
            raise ValueError("the line is of an unknown kind")
        # An alias line is written for people and other programs. What counts are the aliases in the paper's own line,
        # so that a paper and its aliases are lost or found together when one of the lines is damaged.
        return 0

    def _set_paper(self, merged: MergedPaper, line: JournalLine) -> None:
        paper = merged.paper
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
        after = frozenset(merged.hashes)
        self.keys.remove(number, before - after)
        self.keys.add(number, after - before)
        flags = UNIDENTIFIED_FLAG if merged.has_unidentified_record else 0
        if paper.arxiv_version > 1 < len(paper.sources) and version_history(merged.records) is not None:
            flags |= REVISED_FLAG
        self._write_row(number, row_from_paper(paper, line.offset, len(line.data), line.crc, flags))

    def _remove_row(self, number: int, offset: int) -> None:
        """Mark a row as deleted by the line at `offset`."""
        self.keys.remove(number, self._hashes_of(number))
        self._write_row(number, _DELETED_ROW._replace(offset=offset))
        self._live_count -= 1

    def _write_row(self, number: int, row: Row) -> None:
        self._decoded_rows.pop(number, None)
        self._records.write(number, row)

    def _hashes_of(self, number: int) -> frozenset[int]:
        return frozenset(self.merged_paper(number).hashes)

    def _sorted_live_rows(self) -> memoryview:
        """Return the live rows in the order of the list."""
        changed = self._records.changed
        if len(changed) > NUMPY_SORT_ROWS:
            return sort_live_rows(self._records.build())
        if len(changed) * 8 > self.base.header.live_rows:
            keys = (row_sort_key(self.row(number), number) for number in self.live_rows())
            return memoryview(array("I", (key[-1] for key in sorted(keys))))
        return apply_edits(self.base.order, self._order_edits())

    def _order_edits(self) -> list[OrderEdit]:
        """Return the edits that lead from the order of the base to that of now; known ones are not looked for again."""
        base, known, written = self.base, self._known, self._records.written
        first = (number for number in written if known is None or number not in known.records)
        old = [number for number in first if number < base.size and base.row(number).length]
        new = ((self.row(number), number) for number in written)
        keys = (row_sort_key(row, number) for row, number in new if row.length)
        edits = find_edits(base.order, base.row, old, keys)
        kept = (edit for edit in (known.order_edits if known else ()) if edit[1] not in written)
        return merge_edits(kept, edits, self.row)
