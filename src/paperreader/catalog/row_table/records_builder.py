"""The records of a row table that is changed: one by one while few are changed, in a copy of all after that."""

from __future__ import annotations

from paperreader.catalog.row_table.changes import CHANGED_FRACTION, MAX_CHANGED_ROWS
from paperreader.catalog.row_table.format import RECORD, Row, RowTable, read_row
from paperreader.catalog.row_table.stored_table import StoredRowTable, patched_records


class RecordsBuilder:
    """The records of a base table, and those that differ from it.

    Attributes:
        size: number of rows, live or not.
        changed: the rows that differ.
        written: those of them that were written since.
    """

    def __init__(self, base: RowTable | StoredRowTable, records: dict[int, bytes], size: int) -> None:
        self._base, self._few = base, dict(records)
        self.size = size
        self.changed: dict[int, None] = dict.fromkeys(records)
        self.written: dict[int, None] = {} if records else self.changed
        self._max_few = min(MAX_CHANGED_ROWS, base.size // CHANGED_FRACTION)
        self._all: bytearray | memoryview | None = None
        """All records, once so many are changed that a copy takes less memory."""

    @property
    def few(self) -> dict[int, bytes] | None:
        """The records that differ, if they are so few that only these need to be written."""
        return self._few if self._all is None else None

    def row(self, number: int) -> Row:
        """Return the record of a row."""
        if self._all is not None:
            return read_row(self._all, number)
        record = self._few.get(number)
        return self._base.row(number) if record is None else read_row(memoryview(record), 0)

    def write(self, number: int, row: Row) -> None:
        """Change the record of a row, or add the next one."""
        record = RECORD.pack(*row)
        self.changed[number] = self.written[number] = None
        self.size = max(self.size, number + 1)
        if self._all is None and (number in self._few or len(self._few) < self._max_few):
            self._few[number] = record
            return
        if not isinstance(self._all, bytearray):
            self._all = bytearray(self._all) if self._all is not None else self._patched()
        self._all[number * RECORD.size : (number + 1) * RECORD.size] = record

    def records_from(self, first: int) -> bytes:
        """Return the records of the rows from `first` on."""
        if self._all is not None:
            return bytes(self._all[first * RECORD.size :])
        return b"".join(RECORD.pack(*self.row(number)) for number in range(first, self.size))

    def build(self) -> memoryview:
        """Return all records. Later changes are made in a copy."""
        if self._all is None:
            self._all = self._patched() if self._few else self._base.records
        self._all = memoryview(self._all).toreadonly()
        return self._all

    def _patched(self) -> bytearray:
        return patched_records(self._base.records, self._few)
