"""Write and update the metadata files that `metadata.lookup` reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.models import CatalogVersion, PaperTable
from paperreader.search.index.array_file import Arrays
from paperreader.search.index.term_dictionary import IndexDamaged
from paperreader.search.metadata import file_format
from paperreader.search.metadata.file_format import BASE_FILE, DELTA_FILE, TableFile
from paperreader.search.metadata.merger import TablePart, merge_tables
from paperreader.search.metadata.tables import (
    PaperMetadata,
    build_tables,
    decode_changes,
    encode_changes,
    metadata_of_row,
)
from paperreader.search.update.batch_builder import INLINE_METADATA_LIMIT, ROWS_PART, Batch

_MIN_CHANGES, _REBUILD_FRACTION = INLINE_METADATA_LIMIT, 50
"""The base file is rewritten when more papers changed than this number and than this fraction (1/n) of all."""


def is_metadata_current(folder: Path, catalog_version: CatalogVersion) -> bool:
    """Whether the files belong to exactly that catalog version. Checks only their headers."""
    with suppress(IndexDamaged, OSError):
        base = TableFile(folder / BASE_FILE)
        base.close()
        newer = _open_delta(folder, base)
        if newer is not None:
            newer.close()
        return catalog_version == (newer or base).catalog_version
    return False


def update_metadata(
    folder: Path, table: PaperTable, batches: Sequence[Batch] = (), *, from_scratch: bool = False
) -> None:
    """Update the files to the catalog. Papers in `batches` are not read again.

    Raises:
        OSError: the files cannot be written.
    """
    with suppress(IndexDamaged, FileNotFoundError):
        if not from_scratch:
            if is_metadata_current(folder, table.version):
                return
            base, stamp, known = open_tables(folder)
            since = table.changed_since(stamp)
            if since is not None:
                _update_delta(folder, table, base, known, since, batches)
                return
    joining = _TableMerge(table.columns.row_count)
    joining.add_batches(batches)
    joining.add_papers(table, range(joining.size))
    _write_base(folder, table.version, joining)


def compact_metadata(folder: Path) -> None:
    """Merge the delta into the base file if it has more than a few changes. Meant for idle time.

    Raises:
        IndexDamaged: the files are damaged.
        OSError: they cannot be read or written.
    """
    base, stamp, changes = open_tables(folder)
    if len(changes) > _MIN_CHANGES:
        joining = _TableMerge(max(base.row_count, max(changes) + 1))
        joining.add_metadata(changes)
        joining.add_base(base)
        file_format.write_table_file(
            folder / BASE_FILE, stamp, joining.size, merge_tables(joining.parts, joining.size)
        )
    base.close()


def discard_metadata(folder: Path) -> None:
    """Trust the files no longer."""
    for name in (BASE_FILE, DELTA_FILE):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)


def damaged_files(folder: Path) -> list[Path]:
    """Return the files that are missing or damaged. Reads all of them."""
    found = []
    for name in (BASE_FILE, DELTA_FILE):
        path = folder / name
        if name == DELTA_FILE and not path.exists():
            continue
        try:
            parts = TableFile(path)
            parts.verify()
            parts.close()
        except (IndexDamaged, OSError):
            found.append(path)
    return found


class _TableMerge:
    """Collects table parts, the newest first: the first part that contains a row provides its metadata."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.parts: list[TablePart] = []
        self._unassigned = np.ones(size, np.bool_)

    def add_batches(self, batches: Sequence[Batch]) -> None:
        """Add the metadata of index batches."""
        for batch in batches:
            if batch.metadata is not None:
                self.add_metadata(_current_metadata(batch))
                continue
            parts = TableFile(batch.metadata_file)
            rows = parts.read(ROWS_PART)[ROWS_PART].astype(np.int64)
            self._add_part(parts.read, rows[~np.isin(rows, batch.stale_rows)], rows)

    def add_papers(self, table: PaperTable, rows: Sequence[int]) -> None:
        """Add the papers at those rows that no part contains yet."""
        missing = [row for row in rows if row < self.size and self._unassigned[row]]
        self.add_metadata({row: metadata_of_row(table, row) for row in missing if table.is_live(row)})
        self._unassigned[missing] = False

    def add_metadata(self, entries: Mapping[int, PaperMetadata]) -> None:
        """Add metadata by row."""
        rows = np.fromiter(entries, np.int64, len(entries))
        self._add_part(build_tables(list(entries.values())).__getitem__, rows, rows)

    def add_base(self, base: TableFile) -> None:
        """Add the base file."""
        rows = np.arange(base.row_count)
        self._add_part(base.read, rows, rows)

    def _add_part(
        self, read: Callable[[str], Arrays], wanted: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> None:
        own = np.zeros(self.size, np.bool_)
        own[wanted[wanted < self.size]] = True
        own &= self._unassigned
        self._unassigned &= ~own
        self.parts.append(TablePart(read, rows, (rows < self.size) & own[np.minimum(rows, self.size - 1)]))


def _update_delta(
    folder: Path,
    table: PaperTable,
    base: TableFile,
    known: Mapping[int, PaperMetadata],
    since: Sequence[int],
    batches: Sequence[Batch],
) -> None:
    """Write the changes to the delta file, or rewrite the base file when there are many."""
    if len(known.keys() | set(since)) > max(_MIN_CHANGES, base.row_count // _REBUILD_FRACTION):
        joining = _TableMerge(table.columns.row_count)
        joining.add_batches(batches)
        joining.add_papers(table, since)
        joining.add_metadata(known)
        joining.add_base(base)
        _write_base(folder, table.version, joining)
    else:
        made = {row: told for batch in batches for row, told in _current_metadata(batch).items()}
        newer = {row: made[row] if row in made else metadata_of_row(table, row) for row in since}
        changes = encode_changes({**known, **newer})
        parts = [("changes", changes)]
        file_format.write_table_file(
            folder / DELTA_FILE, table.version, base.row_count, parts, base_checksum=base.checksum
        )
    base.close()


def _current_metadata(batch: Batch) -> dict[int, PaperMetadata]:
    """Return the metadata in a small batch without its stale rows."""
    dead = set(batch.stale_rows)
    return {row: told for row, told in (batch.metadata or {}).items() if row not in dead}


def _write_base(folder: Path, stamp: CatalogVersion, joining: _TableMerge) -> None:
    file_format.write_table_file(
        folder / BASE_FILE, stamp, joining.size, merge_tables(joining.parts, joining.size)
    )
    with suppress(OSError):  # harmless if it stays: its checksum does not match the new base
        (folder / DELTA_FILE).unlink(missing_ok=True)


def open_tables(folder: Path) -> tuple[TableFile, CatalogVersion, dict[int, PaperMetadata]]:
    """The large file, what changed since it was made, and the state of the catalog that both together are of."""
    base = TableFile(folder / BASE_FILE)
    newer = _open_delta(folder, base)
    if newer is None:
        return base, base.catalog_version, {}
    changes = decode_changes(newer.read("changes"))
    newer.close()
    return base, newer.catalog_version, changes


def _open_delta(folder: Path, base: TableFile) -> TableFile | None:
    """The small file, if there is one that goes with the large one."""
    try:
        newer = TableFile(folder / DELTA_FILE)
    except FileNotFoundError:
        return None
    if newer.base_checksum != base.checksum:
        newer.close()
        return None
    return newer
