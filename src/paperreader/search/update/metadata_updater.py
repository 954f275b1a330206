"""Write and update the metadata files that `metadata.lookup` reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from paperreader.models import CatalogVersion, PaperTable
from paperreader.search.index.array_file import Arrays
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.metadata.file_format import (
    BASE_FILE,
    DELTA_FILE,
    TableFile,
    open_delta,
    open_tables,
    write_table_file,
)
from paperreader.search.metadata.merger import TablePart, merge_tables
from paperreader.search.metadata.tables import PaperMetadata, build_tables, encode_changes, metadata_of_row
from paperreader.search.update.batch_builder import INLINE_METADATA_LIMIT, ROWS_PART, Batch

_MIN_CHANGES, _REBUILD_FRACTION = INLINE_METADATA_LIMIT, 50
"""The base file is rewritten when more papers changed than this number and than this fraction (1/n) of all."""


def is_metadata_current(folder: Path, catalog_version: CatalogVersion) -> bool:
    """Whether the files belong to exactly that catalog version. Checks only their headers."""
    with suppress(IndexDamaged, OSError):
        base = TableFile(folder / BASE_FILE)
        base.close()
        delta = open_delta(folder, base)
        if delta is not None:
            delta.close()
        return catalog_version == (delta or base).catalog_version
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
            base, version, changes = open_tables(folder)
            changed_rows = table.changed_since(version)
            if changed_rows is not None:
                _update_delta(folder, table, base, changes, changed_rows, batches)
                return
    merge = _TableMerge(table.columns.row_count)
    merge.add_batches(batches)
    merge.add_papers(table, range(merge.row_count))
    _write_base(folder, table.version, merge)


def compact_metadata(folder: Path) -> None:
    """Merge the delta into the base file if it has more than a few changes. Meant for idle time.

    Raises:
        IndexDamaged: the files are damaged.
        OSError: they cannot be read or written.
    """
    base, version, changes = open_tables(folder)
    if len(changes) > _MIN_CHANGES:
        merge = _TableMerge(max(base.row_count, max(changes) + 1))
        merge.add_metadata(changes)
        merge.add_base(base)
        write_table_file(folder / BASE_FILE, version, merge.row_count, merge.tables())
    base.close()


def damaged_files(folder: Path) -> list[Path]:
    """Return the files that are missing or damaged. Reads all of them."""
    damaged = []
    for name in (BASE_FILE, DELTA_FILE):
        path = folder / name
        if name == DELTA_FILE and not path.exists():
            continue
        try:
            file = TableFile(path)
            file.verify()
            file.close()
        except (IndexDamaged, OSError):
            damaged.append(path)
    return damaged


class _TableMerge:
    """Collects table parts, the newest first: the first part that contains a row provides its metadata."""

    def __init__(self, row_count: int) -> None:
        self.row_count = row_count
        self._parts: list[TablePart] = []
        self._unassigned = np.ones(row_count, np.bool_)

    def tables(self) -> Iterator[tuple[str, Arrays]]:
        """Yield the merged tables by name."""
        return merge_tables(self._parts, self.row_count)

    def add_batches(self, batches: Sequence[Batch]) -> None:
        """Add the metadata of index batches."""
        for batch in batches:
            if batch.metadata is not None:
                self.add_metadata(_current_metadata(batch))
                continue
            file = TableFile(batch.metadata_file)
            rows = file.read(ROWS_PART)[ROWS_PART].astype(np.int64)
            self._add_part(file.read, rows[~np.isin(rows, batch.stale_rows)], rows)

    def add_papers(self, table: PaperTable, rows: Sequence[int]) -> None:
        """Add the papers at those rows that no part contains yet."""
        missing = [row for row in rows if row < self.row_count and self._unassigned[row]]
        self.add_metadata({row: metadata_of_row(table, row) for row in missing if table.is_live(row)})
        self._unassigned[missing] = False

    def add_metadata(self, metadata: Mapping[int, PaperMetadata]) -> None:
        """Add metadata by row."""
        rows = np.fromiter(metadata, np.int64, len(metadata))
        self._add_part(build_tables(list(metadata.values())).__getitem__, rows, rows)

    def add_base(self, base: TableFile) -> None:
        """Add the base file."""
        rows = np.arange(base.row_count)
        self._add_part(base.read, rows, rows)

    def _add_part(
        self, read: Callable[[str], Arrays], wanted: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> None:
        mask = np.zeros(self.row_count, np.bool_)
        mask[wanted[wanted < self.row_count]] = True
        mask &= self._unassigned
        self._unassigned &= ~mask
        live = (rows < self.row_count) & mask[np.minimum(rows, self.row_count - 1)]
        self._parts.append(TablePart(read, rows, live))


def _update_delta(
    folder: Path,
    table: PaperTable,
    base: TableFile,
    changes: Mapping[int, PaperMetadata],
    changed_rows: Sequence[int],
    batches: Sequence[Batch],
) -> None:
    """Write the changes to the delta file, or rewrite the base file when there are many.

    `changes` is the content of the delta file, `changed_rows` are the rows that changed after it.
    """
    if len(changes.keys() | set(changed_rows)) > max(_MIN_CHANGES, base.row_count // _REBUILD_FRACTION):
        merge = _TableMerge(table.columns.row_count)
        merge.add_batches(batches)
        merge.add_papers(table, changed_rows)
        merge.add_metadata(changes)
        merge.add_base(base)
        _write_base(folder, table.version, merge)
    else:
        built = {row: metadata for batch in batches for row, metadata in _current_metadata(batch).items()}
        newer = {row: built[row] if row in built else metadata_of_row(table, row) for row in changed_rows}
        parts = [("changes", encode_changes({**changes, **newer}))]
        write_table_file(
            folder / DELTA_FILE, table.version, base.row_count, parts, base_checksum=base.checksum
        )
    base.close()


def _current_metadata(batch: Batch) -> dict[int, PaperMetadata]:
    """Return the metadata in a small batch without its stale rows."""
    stale = set(batch.stale_rows)
    return {row: metadata for row, metadata in (batch.metadata or {}).items() if row not in stale}


def _write_base(folder: Path, catalog_version: CatalogVersion, merge: _TableMerge) -> None:
    write_table_file(folder / BASE_FILE, catalog_version, merge.row_count, merge.tables())
    with suppress(OSError):  # harmless if it stays: its checksum does not match the new base
        (folder / DELTA_FILE).unlink(missing_ok=True)
