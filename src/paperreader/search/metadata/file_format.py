"""The files `names.bin` and `names.new` next to the index: authors, ids, sources, titles and so on of all papers.

Format: a line of JSON (format version, catalog version, byte order, number of rows, and offset, size and CRC-32 of each
part) padded with spaces, a line with the CRC-32 of the first, then the parts. A part is an `array_file`. `names.bin`
(base) has the parts author, id, category, keyword, venue, link, added, source and title for all rows; `names.new`
(delta) has the changes since and the CRC-32 of the header of the base it belongs to. The files are derived: a missing,
damaged or outdated one is rebuilt.
"""

from __future__ import annotations

import json
import os
import sys
import weakref
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from msgspec import to_builtins

from paperreader.checked_values import load_json
from paperreader.models import CatalogVersion
from paperreader.search.index import array_file
from paperreader.search.index.array_file import Arrays
from paperreader.search.index.errors import IndexDamaged
from paperreader.search.metadata.tables import PaperMetadata, decode_changes
from paperreader.storage import atomic_writer

BASE_FILE, DELTA_FILE = "names.bin", "names.new"

FORMAT_VERSION = 6
_HEADER_BYTES = 1024
"""Bytes of the two header lines, of which the first is padded."""

_CHECKSUM_DIGITS = 10
"""Decimal digits of a CRC-32."""


class TableFile:
    """An opened file. The header is verified at once, each part when it is read.

    Raises:
        IndexDamaged: it is not such a file, or its header is damaged.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        """Stays open: the file may be replaced before all parts are read."""
        self.close = weakref.finalize(self, self._file.close)
        """Closes the file; called by the garbage collector at the latest."""
        try:
            start = self._file.read(_HEADER_BYTES)
            line, _, rest = start.partition(b"\n")
            checksum, _, _ = rest.partition(b"\n")
            self.checksum = crc32(line)
            if int(checksum) != self.checksum:
                raise IndexDamaged
            head = load_json(line)
            if (head["format"], head["byte_order"]) != (FORMAT_VERSION, sys.byteorder):
                raise IndexDamaged
            self.catalog_version = CatalogVersion(**head["catalog_version"])
            self.row_count = int(head["rows"])
            self.base_checksum = int(head["base_checksum"])
            self._part_locations: Mapping[str, tuple[int, int, int]] = head["parts"]
            self._start = len(line) + len(checksum) + 2
        except (ValueError, KeyError, TypeError, OverflowError, IndexDamaged) as error:
            self.close()
            raise IndexDamaged from error

    def read(self, name: str) -> Arrays:
        """Return the arrays of a part.

        Raises:
            IndexDamaged: its checksum is wrong.
            OSError: it cannot be read.
        """
        offset, size, crc = self._part_locations[name]
        # A larger size would be allocated before anything is read.
        if not 0 <= offset <= offset + size <= os.fstat(self._file.fileno()).st_size:
            raise IndexDamaged
        self._file.seek(self._start + offset)
        content = self._file.read(size)
        if len(content) != size or crc32(content) != crc:
            raise IndexDamaged
        return array_file.parse_arrays(content)

    def verify(self) -> None:
        """Verify the checksums of all parts.

        Raises:
            IndexDamaged: a checksum is wrong.
            OSError: a part cannot be read.
        """
        for name in self._part_locations:
            self.read(name)


def write_table_file(
    path: Path,
    catalog_version: CatalogVersion,
    row_count: int,
    parts: Iterable[tuple[str, Arrays]],
    *,
    base_checksum: int = 0,
) -> None:
    """Replace the file. Each part is written before the next one is requested, which bounds memory.

    Args:
        path: the file.
        catalog_version: state of the catalog that it describes.
        row_count: number of catalog rows.
        parts: arrays by name.
        base_checksum: for a delta file, the checksum of the base file's header.

    Raises:
        OSError: it cannot be written.
    """
    locations, offset = {}, 0
    with atomic_writer(path, durable=False) as file:
        file.write(bytes(_HEADER_BYTES))
        for name, part in parts:
            size = crc = 0
            for piece in array_file.serialize(part):
                file.write(piece)
                size, crc = size + len(piece), crc32(piece, crc)
            locations[name] = (offset, size, crc)
            offset += size
        head = {
            "format": FORMAT_VERSION,
            "catalog_version": to_builtins(catalog_version),
            "byte_order": sys.byteorder,
            "rows": row_count,
            "base_checksum": base_checksum,
            "parts": locations,
        }
        line = json.dumps(head).encode().ljust(_HEADER_BYTES - _CHECKSUM_DIGITS - 2)
        file.seek(0)
        file.write(b"%s\n%0*d\n" % (line, _CHECKSUM_DIGITS, crc32(line)))


def open_tables(folder: Path) -> tuple[TableFile, CatalogVersion, dict[int, PaperMetadata]]:
    """Open the files in `folder`: return the base file, the catalog version of both files, and the changes by row.

    Raises:
        IndexDamaged: a file is damaged.
        OSError: there is no base file, or a file cannot be read.
    """
    base = TableFile(folder / BASE_FILE)
    delta = open_delta(folder, base)
    if delta is None:
        return base, base.catalog_version, {}
    changes = decode_changes(delta.read("changes"))
    delta.close()
    return base, delta.catalog_version, changes


def open_delta(folder: Path, base: TableFile) -> TableFile | None:
    """Open the delta file; None when there is none that belongs to the base file.

    Raises:
        IndexDamaged: it is damaged.
        OSError: it cannot be read.
    """
    try:
        delta = TableFile(folder / DELTA_FILE)
    except FileNotFoundError:
        return None
    if delta.base_checksum != base.checksum:
        delta.close()
        return None
    return delta


def discard_metadata(folder: Path) -> None:
    """Remove the files, so that the next update rebuilds them."""
    for name in (BASE_FILE, DELTA_FILE):
        with suppress(OSError):
            (folder / name).unlink(missing_ok=True)
