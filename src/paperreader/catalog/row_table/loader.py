"""The row table on disk: read, held against `papers.jsonl`, written."""

from __future__ import annotations

import os
from pathlib import Path

from paperreader.catalog.journal.format import JournalHeader, has_commit_at
from paperreader.catalog.row_table.format import (
    RowTable,
    RowTableDamaged,
    committed_bytes_in_header,
    decode_row_table,
    encode_row_table,
)
from paperreader.errors import StorageError
from paperreader.storage import PRIVATE_FOLDER, atomic_writer, ensure_folder, open_regular_file

ROW_TABLE_FILE_NAME = "rows.bin"


class RowTableOutdated(RowTableDamaged):
    """The row table is of another generation: nothing is wrong, somebody has just compacted the catalog."""


_cached_tables: dict[tuple[int, ...], RowTable] = {}
"""The row table that this process read or wrote last, by the file that it is the content of."""


def read_row_table(path: Path) -> RowTable:
    """The row table in that file; the one read or written last, while the file is the same.

    Read, not mapped: a map of a file that is cut short later would end the process, and one that is written over would
    say something else than what the checksums were tested on.

    Raises:
        DamagedRows: it is missing, not whole or of another version.
    """
    try:
        with os.fdopen(open_regular_file(path), "rb") as file:
            status = os.fstat(file.fileno())
            rows = _cached_tables.get(_file_signature(status))
            if rows is None:
                rows = decode_row_table(memoryview(file.read()))
                _cache_table(status, rows)
            return rows
    except FileNotFoundError as error:
        raise RowTableDamaged("it is missing") from error
    except OSError as error:
        raise RowTableDamaged("it cannot be read") from error


def load_row_table(descriptor: int, header: JournalHeader, path: Path) -> RowTable:
    """The row table in that file, if it is one of the open catalog: current or behind.

    Raises:
        DamagedRows: it has to be made anew.
    """
    rows = read_row_table(path)
    stamp = rows.header.stamp
    if stamp.uuid != header.uuid:
        raise RowTableDamaged("it belongs to another library")
    if stamp.generation != header.generation:
        raise RowTableOutdated("papers.jsonl was written anew")
    if not has_commit_at(descriptor, stamp.committed, rows.header.seal_length, rows.header.seal_crc):
        raise RowTableDamaged("it does not fit papers.jsonl")
    return rows


def committed_bytes(path: Path) -> int:
    """How far the row table in that file reaches, going by its first bytes alone; 0 where there is none."""
    try:
        with os.fdopen(open_regular_file(path), "rb") as file:
            return committed_bytes_in_header(file.read(128))
    except OSError:
        return 0


def write_row_table(path: Path, rows: RowTable) -> RowTable:
    """Write a row table and give it; where nothing can be written it stays in memory."""
    try:
        ensure_folder(path.parent)
        path.parent.chmod(PRIVATE_FOLDER)
        with atomic_writer(path, durable=False) as file:
            file.writelines(encode_row_table(rows))
            file.flush()
            status = os.fstat(file.fileno())
        _cache_table(status, rows)
    except (StorageError, OSError):
        pass  # It is derived: a full or read-only cache costs time at the next start, and nothing else.
    return rows


def clear_row_table_cache() -> None:
    """Have the row table read from its file the next time, whatever is known of it."""
    _cached_tables.clear()


def _cache_table(status: os.stat_result, rows: RowTable) -> None:
    _cached_tables.clear()
    _cached_tables[_file_signature(status)] = rows


def _file_signature(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
