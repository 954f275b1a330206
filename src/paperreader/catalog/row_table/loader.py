"""Read, check, update and write the row table on disk."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader.catalog.journal.format import JournalHeader, has_commit_at
from paperreader.catalog.row_table.changes import CHANGES_FILE_NAME, read_changes, write_changes
from paperreader.catalog.row_table.encoding import (
    PREFIX_BYTES,
    RowTableDamaged,
    committed_bytes_in_header,
    encode_row_table,
    table_id,
)
from paperreader.catalog.row_table.format import RowTable, RowTableHeader
from paperreader.catalog.row_table.stored_table import Rebuild, StoredRowTable
from paperreader.catalog.row_table.table_file import RowTableFile
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
"""The row table that this process wrote last, by the signature of its file."""


def _not_rebuilt(header: RowTableHeader) -> RowTable:
    raise RowTableDamaged("it is damaged")


def read_row_table(path: Path, rebuild: Rebuild = _not_rebuilt) -> RowTable | StoredRowTable:
    """Open the row table in a file, or return the one written last if the file is still the same.

    The file is read, not mapped: a mapped file that is truncated later would crash the process, and one that is
    overwritten in place would bypass the checksums. `rebuild` replaces a table of which a part is damaged, which is
    found when it is used.

    Raises:
        RowTableDamaged: it is missing, incomplete or of another version.
    """
    try:
        descriptor = open_regular_file(path)
        cached = _cached_tables.get(_file_signature(os.fstat(descriptor)))
        if cached is None or _changes_path(path).is_file():  # another process has made a few changes
            file = RowTableFile(descriptor)
            return StoredRowTable(file, rebuild, read_changes(_changes_path(path), file.id))
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
            data = file.read(PREFIX_BYTES)
    except OSError:
        return 0
    committed = committed_bytes_in_header(data)
    changes = read_changes(_changes_path(path), table_id(data)) if committed else None
    return committed if changes is None else changes.header.version.committed


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
        _changes_path(path).unlink(missing_ok=True)
    except (StorageError, OSError):
        pass  # It is derived: a full or read-only cache costs time at the next start, and nothing else.
    return table


def write_built_table(path: Path, builder: RowTableBuilder) -> RowTable | StoredRowTable:
    """Write what a builder has built, or only its changes if these are few, and return the table."""
    table = builder.stored_table()
    if table is None or table.changes is None:
        return write_row_table(path, builder.build())
    write_changes(_changes_path(path), table.changes)
    return table


def clear_row_table_cache() -> None:
    """Make the next call of `read_row_table` read the file."""
    _cached_tables.clear()


def up_to_date_builder(
    descriptor: int,
    header: JournalHeader,
    path: Path,
    progress: ReadProgress | None = None,
    rebuild: Rebuild = _not_rebuilt,
) -> tuple[RowTableBuilder, str]:
    """Update the row table of an open catalog, or rebuild it where that is not possible.

    If a part of it turns out to be damaged later, that part comes from `rebuild`. Returns the table as a builder, and
    why it was rebuilt: the message completes "because …", and is empty where nothing was wrong.
    """
    from paperreader.catalog.row_table.builder import LineDamaged, RowTableBuilder  # loads the merging code

    try:
        builder = RowTableBuilder(descriptor, header, load_row_table(descriptor, header, path, rebuild))
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


def rebuild_builder(
    descriptor: int, header: JournalHeader, progress: ReadProgress | None = None, end: int | None = None
) -> RowTableBuilder:
    """Rebuild the row table of an open catalog from every line, or from those up to the offset `end`."""
    from paperreader.catalog.row_table.builder import RowTableBuilder

    builder = RowTableBuilder(descriptor, header)
    builder.apply_new_chunks(progress, end)
    return builder


def rebuild_equal_table(
    descriptor: int,
    header: JournalHeader,
    path: Path,
    report: Callable[[RowTableBuilder, str], None],
    damaged: RowTableHeader,
) -> RowTable:
    """Rebuild a row table that is in use, because a part of it is damaged.

    Args:
        descriptor: the open catalog.
        header: its header.
        path: where the table is written.
        report: called with the table as a builder, and why it was rebuilt.
        damaged: the header of the table in use.

    Raises:
        TableLost: papers.jsonl is damaged too, so that rows would have other numbers.
    """
    from paperreader.catalog.row_table.builder import TableLost

    builder = rebuild_builder(descriptor, header, end=damaged.version.committed)
    report(builder, "it is damaged")
    table = write_row_table(path, builder.build())
    if table.header != damaged:
        raise TableLost(
            "papers.jsonl and the row table are damaged. Start paperreader again, which rebuilds it."
        )
    return table


def _changes_path(path: Path) -> Path:
    return path.with_name(CHANGES_FILE_NAME)


def _cache_table(status: os.stat_result, table: RowTable) -> None:
    _cached_tables.clear()
    _cached_tables[_file_signature(status)] = table


def _file_signature(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
