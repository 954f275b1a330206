"""`rows.new`: what has changed since `rows.bin` was written, so that a few papers more do not write all of it again.

The file holds a magic number, a checksum, and MessagePack. It is only valid next to the `rows.bin` that it names; where
it is missing or damaged, the same changes are read from `papers.jsonl`.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from zlib import crc32

import msgspec
from msgspec import Struct

from paperreader.catalog.key_index import HashAndRow
from paperreader.catalog.row_table.encoding import MAGIC
from paperreader.catalog.row_table.format import RowTableHeader
from paperreader.catalog.row_table.order import OrderEdit
from paperreader.errors import StorageError
from paperreader.storage import open_regular_file, write_atomic

CHANGES_FILE_NAME = "rows.new"

MAX_CHANGED_ROWS = 1_000
"""With more changed rows, or more than a fiftieth of all, `rows.bin` is written again."""

CHANGED_FRACTION = 50

MAX_CHANGES_BYTES = 4 << 20
"""Larger files are not read: a thousand rows have about 100 kB."""


class RowTableChanges(Struct, frozen=True, array_like=True):
    """The difference between a row table in a file and a later one."""

    table_id: int
    """`RowTableLayout.table_id` of the file."""
    header: RowTableHeader
    size: int
    """Number of rows, live or not."""
    records: dict[int, bytes]
    """The `RECORD` of each row that is new or different."""
    added_keys: list[HashAndRow]
    removed_keys: list[HashAndRow]
    order_edits: list[OrderEdit]


def read_changes(path: Path, table_id: int) -> RowTableChanges | None:
    """Return the changes to the row table with that id; None if there are none, or they are damaged."""
    try:
        with os.fdopen(open_regular_file(path), "rb") as file:
            data = file.read(MAX_CHANGES_BYTES)
        start = len(MAGIC) + 4
        if data[:start] != MAGIC + crc32(data[start:]).to_bytes(4, "little"):
            return None
        changes = msgspec.msgpack.decode(data[start:], type=RowTableChanges)
    except (OSError, ValueError):
        return None
    return changes if changes.table_id == table_id else None


def write_changes(path: Path, changes: RowTableChanges) -> None:
    """Write changes. That they cannot be written costs time at the next start, and nothing else."""
    data = msgspec.msgpack.encode(changes)
    with suppress(StorageError):
        write_atomic(path, MAGIC + crc32(data).to_bytes(4, "little") + data, durable=False)
