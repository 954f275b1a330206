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

from paperreader.catalog.journal.format import Chunk, Header, Line, load, read_at, scan
from paperreader.catalog.journal.paper_line import decode, from_json
from paperreader.catalog.key_index import KeyTable, key_hash
from paperreader.catalog.merge.paper_merge import Holding
from paperreader.catalog.row_table.format import (
    LOOSE_FLAG,
    RECORD,
    Head,
    Row,
    Rows,
    row_at,
    row_of_paper,
    sort_key,
    sorted_rows,
)
from paperreader.models import UNKNOWN, CatalogStamp

MOST_LOOSE_KEYS = 200_000
"""Changes to the table of keys that are held one by one, at 150 bytes each; more are made a table of their own."""

MANY = 20_000
"""Rows that are sorted with NumPy, in a tenth of the time: less is done before it is imported."""

_DEAD = Row(0, 0, 0, 0, UNKNOWN, UNKNOWN, UNKNOWN, 0, 0)


class LineLost(Exception):
    """A line of `papers.jsonl` was damaged after the row table was made: only a rebuild tells what is left."""


class Draft:
    """The row table of an open catalog, up to `head.stamp`.

    A row is given to an id when its first line is met, and kept until the id is removed or joined into another; rows
    are never given twice within a generation.
    """

    def __init__(self, descriptor: int, header: Header, base: Rows | None = None) -> None:
        self.descriptor = descriptor
        if base is None:
            stamp = CatalogStamp(header.uuid, header.generation, header.length, 0)
            head = Head(stamp, header.length, header.crc, total_lines=1 if header.length else 0)
            base = Rows(head)
        self.base = base
        self.head = base.head
        self.bad: list[Line] = []
        """Damaged lines met since the base, to be set aside."""
        self._live = base.head.live
        self._records: bytearray | memoryview = base.records
        self._touched: dict[int, None] = {}
        self._keys = base.keys
        self._added: dict[int, int | tuple[int, ...]] = {}
        """Rows by the hash of a key, on top of `_keys`."""
        self._removed: set[tuple[int, int]] = set()

    @property
    def changed(self) -> bool:
        """Whether anything was applied since the base."""
        return self.head is not self.base.head

    @property
    def size(self) -> int:
        """How many rows there are, live or not."""
        return len(self._records) // RECORD.size

    def row(self, number: int) -> Row:
        """The record of a row."""
        return row_at(self._records, number)

    def records_from(self, first: int) -> bytes:
        """The records of the rows from `first` on."""
        return bytes(self._records[first * RECORD.size :])

    def find(self, wanted: int) -> list[int]:
        """The live rows under a key's hash."""
        rows = self._keys.find(wanted)
        if self._removed:
            rows = [row for row in rows if (wanted, row) not in self._removed]
        added = self._added.get(wanted, ())
        return [*rows, added] if isinstance(added, int) else [*rows, *added]

    def row_of(self, id: str) -> int | None:
        """The live row whose own id that is."""
        found = self.find(key_hash("id", id))
        return found[0] if found else None

    def is_fixed(self, number: int) -> bool:
        """Whether every record of that paper has its arXiv id, so that no other paper can claim one."""
        return not self.row(number).flags & LOOSE_FLAG

    def line(self, number: int) -> bytes:
        """The line of a live row.

        Raises:
            LineLost: it is not there any more.
        """
        row = self.row(number)
        data = read_at(self.descriptor, row.length, row.offset)
        if not row.length or len(data) != row.length or crc32(data) != row.crc:
            raise LineLost(f"the line of row {number} is damaged")
        return data

    def holding(self, number: int) -> Holding:
        """The paper of a live row with its records.

        Raises:
            LineLost: its line is damaged.
        """
        try:
            return decode(self.line(number))
        except ValueError as error:
            raise LineLost(f"the line of row {number} is damaged") from error

    def live_rows(self) -> list[int]:
        """All live rows, in the order in which they were given."""
        lengths = (fields[1] for fields in RECORD.iter_unpack(self._records))
        return [number for number, length in enumerate(lengths) if length]

    def catch_up(self, progress: Callable[[int, int], None] | None = None) -> None:
        """Apply every chunk that was closed behind `head.stamp`; `progress` is told bytes read and bytes in all.

        Raises:
            LineLost: a line that was applied before is damaged.
        """
        for chunk in scan(self.descriptor, self.head.stamp.committed, self.head.total_lines + 1):
            self.apply(chunk)
            if progress:
                progress(chunk.end, os.fstat(self.descriptor).st_size)

    def apply(self, chunk: Chunk, known: dict[int, Holding] | None = None) -> None:
        """Take a closed chunk in. `known` has papers already decoded, by the number of their line."""
        kept = 0
        bad = list(chunk.bad)
        for line in chunk.lines:
            holding = known.get(line.number) if known else None
            if holding is not None:
                self._put(holding, line)
            else:
                try:
                    kept += self._read(line)
                except ValueError:
                    bad.append(line)
        self.bad += bad
        if len(self._added) + len(self._removed) > MOST_LOOSE_KEYS:
            self._keys = self._settled_keys()
            self._added, self._removed = {}, set()
        head = self.head
        self.head = replace(
            head,
            stamp=replace(head.stamp, committed=chunk.end, crc=chunk.crc),
            seal_length=chunk.seal_length,
            seal_crc=chunk.seal_crc,
            live=self._live,
            lines=head.lines + len(chunk.lines) + len(chunk.bad),
            kept=head.kept + kept,
            total_lines=chunk.total_lines,
            damaged=head.damaged + len(bad),
        )

    def build(self) -> Rows:
        """The row table as it is now."""
        if not self.changed:
            return self.base
        # What changes later changes in a copy.
        self._records = memoryview(self._records).toreadonly()
        return Rows(self.head, self._records, self._order(), self._settled_keys())

    def _settled_keys(self) -> KeyTable:
        added = [
            (wanted, row)
            for wanted, rows in self._added.items()
            for row in ((rows,) if isinstance(rows, int) else rows)
        ]
        return self._keys.changed(added, self._removed)

    def _read(self, line: Line) -> int:
        """Apply one line as it was read; 1 if it was put in front of all papers, to undo something with.

        Raises:
            ValueError: it is damaged.
        """
        data = load(line.data)
        if "id" in data and "alias" not in data:
            self._put(from_json(data), line)
        elif isinstance(removed := data.get("removed"), str):
            row = self.row_of(removed)
            if row is not None:
                self._end(row, line.offset)
            return int(self.size == 0)
        elif "imported" in data:
            return int(self.size == 0)
        elif data.keys().isdisjoint(("alias", "restored", "unimported")):
            raise ValueError("the line is none of a catalog")
        # An alias line says for people and other programs what the line of the paper it leads to says too: that line
        # counts, so that a paper and its aliases are in or out together when one of them is damaged.
        return 0

    def _put(self, holding: Holding, line: Line) -> None:
        paper = holding.paper
        for alias in paper.aliases:
            row = self.row_of(alias)
            if row is not None:
                self._end(row, line.offset)
        number = self.row_of(paper.id)
        if number is None:
            number = self.size
            self._write(number, _DEAD)
            before: frozenset[int] = frozenset()
            self._live += 1
        else:
            before = self._keys_of(number)
        after = frozenset(holding.keys)
        self._drop_keys(number, before - after)
        self._add_keys(number, after - before)
        record = row_of_paper(paper, line.offset, len(line.data), line.crc, loose=holding.loose)
        self._write(number, record)

    def _end(self, number: int, offset: int) -> None:
        """The row is no paper's any more; the line at `offset` says so."""
        self._drop_keys(number, self._keys_of(number))
        self._write(number, _DEAD._replace(offset=offset))
        self._live -= 1

    def _write(self, number: int, record: Row) -> None:
        if not isinstance(self._records, bytearray):
            self._records = bytearray(self._records)
        start = number * RECORD.size
        self._records[start : start + RECORD.size] = RECORD.pack(*record)
        self._touched[number] = None

    def _keys_of(self, number: int) -> frozenset[int]:
        return frozenset(self.holding(number).keys)

    def _add_keys(self, number: int, hashes: Iterable[int]) -> None:
        for wanted in hashes:
            if (wanted, number) in self._removed:
                self._removed.discard((wanted, number))
                continue
            others = self._added.get(wanted)
            if others is None:
                self._added[wanted] = number
            else:
                self._added[wanted] = (*((others,) if isinstance(others, int) else others), number)

    def _drop_keys(self, number: int, hashes: Iterable[int]) -> None:
        for wanted in hashes:
            others = self._added.get(wanted, ())
            rows = (others,) if isinstance(others, int) else others
            if number not in rows:
                self._removed.add((wanted, number))
            elif len(rows) == 1:
                del self._added[wanted]
            else:
                self._added[wanted] = tuple(row for row in rows if row != number)

    def _order(self) -> memoryview:
        """The live rows in the order of the list."""
        old, records = self.base.order, self._records
        if len(self._touched) > MANY:
            return sorted_rows(records)
        if len(self._touched) * 8 > len(old):
            return memoryview(
                array("I", sorted(self.live_rows(), key=lambda number: sort_key(records, number)))
            )
        was, became = self.base.records, self._touched
        edits = [
            (sort_key(was, number), False)
            for number in became
            if number < self.base.size and row_at(was, number).length
        ]
        edits += [(sort_key(records, number), True) for number in became if self.row(number).length]
        order, done = array("I"), 0
        old_bytes = old.cast("B")
        for key, add in sorted(edits):
            place = bisect_left(old, key, lo=done, key=lambda number: sort_key(was, number))
            order.frombytes(old_bytes[done * 4 : place * 4])
            done = place
            if add:
                order.append(key[-1])
            else:
                done += 1
        order.frombytes(old_bytes[done * 4 :])
        return memoryview(order)
