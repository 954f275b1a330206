"""Read, check, update and write the row table on disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader.catalog.journal.format import JournalHeader, has_commit_at
from paperreader.catalog.row_table.encoding import (
    PREFIX_BYTES,
    RowTableDamaged,
    committed_bytes_in_header,
    encode_row_table,
)
from paperreader.catalog.row_table.format import RowTable, RowTableHeader
from paperreader.catalog.row_table.stored_table import Rebuild, StoredRowTable
from paperreader.errors import StorageError
from paperreader.storage import PRIVATE_FOLDER, atomic_writer, ensure_folder, open_regular_file

if TYPE_CHECKING:
    from paperreader.catalog.row_table.builder import RowTableBuilder

ROW_TABLE_FILE_NAME = "rows.bin"

ReadProgress = Callable[[int, int], None]
"""Called with the number of bytes read and the number of all bytes."""


class RowTableOutdated(RowTableDamaged):
    """The row table is of another generation: expected after a compaction, and no reason for a warning."""


_cached_tables: dict[tuple[int, ...], RowTable] = {}
"""The row table that this process read completely or wrote last, by the signature of its file."""


def _not_rebuilt(header: RowTableHeader) -> RowTable:
    raise RowTableDamaged("it is damaged")


def read_row_table(path: Path, rebuild: Rebuild = _not_rebuilt) -> RowTable | StoredRowTable:
    """Open the row table in a file, or return the one read or written last if the file is still the same.

    The file is read, not mapped: a mapped file that is truncated later would crash the process, and one that is
    overwritten in place would bypass the checksums. `rebuild` replaces a table of which a part is damaged, which is
    found when it is used.

    Raises:
        RowTableDamaged: it is missing, incomplete or of another version.
    """
    try:
        descriptor = open_regular_file(path)
        cached = _cached_tables.get(_file_signature(os.fstat(descriptor)))
        if cached is None:
            return StoredRowTable(descriptor, rebuild)
        os.close(descriptor)
        return cached
    except FileNotFoundError as error:
        raise RowTableDamaged("it is missing") from error
    except OSError as error:
        raise RowTableDamaged("it cannot be read") from error


def load_row_table(
    descriptor: int, header: JournalHeader, path: Path, rebuild: Rebuild = _not_rebuilt
) -> RowTable | StoredRowTable:
    """Return the row table in a file if it belongs to the open catalog, even if the catalog has grown since.

    Raises:
        RowTableDamaged: it has to be rebuilt.
    """
    table = read_row_table(path, rebuild)
    version = table.header.version
    if version.uuid != header.uuid:
        raise RowTableDamaged("it belongs to another library")
    if version.generation != header.generation:
        raise RowTableOutdated("papers.jsonl was compacted")
    commit_line = (table.header.commit_line_length, table.header.commit_line_crc)
    if not has_commit_at(descriptor, version.committed, *commit_line):
        raise RowTableDamaged("it does not match papers.jsonl")
    return table


def committed_bytes(path: Path) -> int:
    """Return how many bytes of the catalog a row table covers, from its first bytes alone; 0 where there is none."""
    try:
        with os.fdopen(open_regular_file(path), "rb") as file:
            return committed_bytes_in_header(file.read(PREFIX_BYTES))
    except OSError:
        return 0


def write_row_table(path: Path, table: RowTable) -> RowTable:
    """Write a row table and return it. If it cannot be written, it stays in memory."""
    try:
        ensure_folder(path.parent)
        path.parent.chmod(PRIVATE_FOLDER)
        with atomic_writer(path, durable=False) as file:
            file.writelines(encode_row_table(table))
            file.flush()
            status = os.fstat(file.fileno())
        _cache_table(status, table)
    except (StorageError, OSError):
        pass  # It is derived: a full or read-only cache costs time at the next start, and nothing else.
    return table


def clear_row_table_cache() -> None:
    """Make the next call of `read_row_table` read the file."""
    _cached_tables.clear()


def up_to_date_builder(
    descriptor: int, header: JournalHeader, path: Path, progress: ReadProgress | None = None
) -> tuple[RowTableBuilder, str]:
    """Update the row table of an open catalog, or rebuild it where that is not possible.

    Returns the table as a builder, and why it was rebuilt: the message completes "because …", and is empty where
    nothing was wrong.
    """
    from paperreader.catalog.row_table.builder import LineDamaged, RowTableBuilder  # loads the merging code

    try:
        builder = RowTableBuilder(descriptor, header, _load_completely(descriptor, header, path))
        builder.apply_new_chunks(progress)
        return builder, ""
    except RowTableOutdated:
        reason = ""
    except RowTableDamaged as error:
        reason = str(error)
    except LineDamaged:
        reason = "papers.jsonl was damaged after the table was written"
    builder = rebuild_builder(descriptor, header, progress)
    # A new catalog has no row table yet, and that is no reason for a warning.
    return builder, reason if builder.has_changes else ""


def _load_completely(descriptor: int, header: JournalHeader, path: Path) -> RowTable:
    """Return the row table in a file, with every part read and verified.

    Raises:
        RowTableDamaged: it has to be rebuilt.
    """
    table = load_row_table(descriptor, header, path)
    if isinstance(table, RowTable):
        return table
    status = table.file_status()
    complete = table.load()
    _cache_table(status, complete)
    return complete


def rebuild_builder(
    descriptor: int, header: JournalHeader, progress: ReadProgress | None = None, end: int | None = None
) -> RowTableBuilder:
    """Rebuild the row table of an open catalog from every line, or from those up to the offset `end`."""
    from paperreader.catalog.row_table.builder import RowTableBuilder

    builder = RowTableBuilder(descriptor, header)
    builder.apply_new_chunks(progress, end)
    return builder


def _cache_table(status: os.stat_result, table: RowTable) -> None:
    _cached_tables.clear()
    _cached_tables[_file_signature(status)] = table


def _file_signature(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
