"""The row table on disk: read, held against `papers.jsonl`, written."""

from __future__ import annotations

import os
from pathlib import Path

from paperreader.catalog.journal.format import Header, ends_with
from paperreader.catalog.row_table.format import DamagedRows, Rows, committed_at_start, pack, unpack
from paperreader.errors import StorageError
from paperreader.storage import PRIVATE_FOLDER, make_folder, open_regular, replacing

FILE_NAME = "rows.bin"


class OutdatedRows(DamagedRows):
    """The row table is of another generation: nothing is wrong, somebody has just compacted the catalog."""


_latest: dict[tuple[int, ...], Rows] = {}
"""The row table that this process read or wrote last, by the file that it is the content of."""


def read_rows(path: Path) -> Rows:
    """The row table in that file; the one read or written last, while the file is the same.

    Read, not mapped: a map of a file that is cut short later would end the process, and one that is written over would
    say something else than what the checksums were tested on.

    Raises:
        DamagedRows: it is missing, not whole or of another version.
    """
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            status = os.fstat(file.fileno())
            rows = _latest.get(_signature(status))
            if rows is None:
                rows = unpack(memoryview(file.read()))
                _remember(status, rows)
            return rows
    except FileNotFoundError as error:
        raise DamagedRows("it is missing") from error
    except OSError as error:
        raise DamagedRows("it cannot be read") from error


def fitting_rows(descriptor: int, header: Header, path: Path) -> Rows:
    """The row table in that file, if it is one of the open catalog: current or behind.

    Raises:
        DamagedRows: it has to be made anew.
    """
    rows = read_rows(path)
    stamp = rows.head.stamp
    if stamp.uuid != header.uuid:
        raise DamagedRows("it belongs to another library")
    if stamp.generation != header.generation:
        raise OutdatedRows("papers.jsonl was written anew")
    if not ends_with(descriptor, stamp.committed, rows.head.seal_length, rows.head.seal_crc):
        raise DamagedRows("it does not fit papers.jsonl")
    return rows


def committed_in(path: Path) -> int:
    """How far the row table in that file reaches, going by its first bytes alone; 0 where there is none."""
    try:
        with os.fdopen(open_regular(path), "rb") as file:
            return committed_at_start(file.read(128))
    except OSError:
        return 0


def write_rows(path: Path, rows: Rows) -> Rows:
    """Write a row table and give it; where nothing can be written it stays in memory."""
    try:
        make_folder(path.parent)
        path.parent.chmod(PRIVATE_FOLDER)
        with replacing(path, durable=False) as file:
            file.writelines(pack(rows))
            file.flush()
            status = os.fstat(file.fileno())
        _remember(status, rows)
    except (StorageError, OSError):
        pass  # It is derived: a full or read-only cache costs time at the next start, and nothing else.
    return rows


def forget_rows() -> None:
    """Have the row table read from its file the next time, whatever is known of it."""
    _latest.clear()


def _remember(status: os.stat_result, rows: Rows) -> None:
    _latest.clear()
    _latest[_signature(status)] = rows


def _signature(status: os.stat_result) -> tuple[int, ...]:
    return (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
