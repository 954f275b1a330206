"""`names.bin` and `names.new`, beside the index: authors, ids, sources and titles, so that no query reads all papers.

Each file: a line of JSON (version, state of the catalog, byte order, rows, and of every part its offset, size and
CRC-32) filled up with blanks, a line with that line's CRC-32, then the parts, one after the other; a part is a set of
`arrays`. `names.bin` has the parts author, id, source and title, for all rows; `names.new` what changed since, and
which `names.bin` that goes with (by the CRC-32 of its head). Derived: what is missing, damaged or of another version
is made anew.
"""

from __future__ import annotations

import json
import sys
import weakref
from collections.abc import Iterable, Mapping
from pathlib import Path
from zlib import crc32

from msgspec import to_builtins

from paperreader.models import CatalogVersion
from paperreader.search.index import array_file
from paperreader.search.index.array_file import Arrays
from paperreader.search.index.term_dictionary import IndexDamaged
from paperreader.storage import atomic_writer

BASE_FILE, DELTA_FILE = "names.bin", "names.new"

_FORMAT_VERSION = 3
_HEADER_BYTES = 1024
"""Bytes of the two lines in front of the parts: blanks fill the first."""

_CHECKSUM_DIGITS = 10
"""Digits of a CRC-32."""


class TableFile:
    """An opened file. Its head is checked, each part when it is read.

    Raises:
        Damaged: it is no such file, or its head is damaged.
        OSError: it cannot be read.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        """Kept open: another file may be put in its place before all parts are read."""
        self.close = weakref.finalize(self, self._file.close)
        """Lets go of the file; called by the garbage collector at the latest."""
        try:
            start = self._file.read(_HEADER_BYTES)
            line, _, rest = start.partition(b"\n")
            checksum, _, _ = rest.partition(b"\n")
            self.checksum = crc32(line)
            if int(checksum) != self.checksum:
                raise IndexDamaged
            head = json.loads(line)
            if (head["names"], head["order"]) != (_FORMAT_VERSION, sys.byteorder):
                raise IndexDamaged
            self.catalog_version = CatalogVersion(**head["stamp"])
            self.row_count = int(head["rows"])
            self.base_checksum = int(head["goes_with"])
            self._part_locations: Mapping[str, tuple[int, int, int]] = head["parts"]
            self._start = len(line) + len(checksum) + 2
        except (ValueError, KeyError, TypeError, IndexDamaged) as error:
            self.close()
            raise IndexDamaged from error

    def read(self, name: str) -> Arrays:
        """A part.

        Raises:
            Damaged: it is not what was written.
            OSError: it cannot be read.
        """
        offset, size, crc = self._part_locations[name]
        self._file.seek(self._start + offset)
        content = self._file.read(size)
        if len(content) != size or crc32(content) != crc:
            raise IndexDamaged
        return array_file.parse_arrays(content)

    def verify(self) -> None:
        """Read all parts through.

        Raises:
            Damaged: one is not what was written.
            OSError: one cannot be read.
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
    """Replace the file. Each part is written before the next is asked for: together they may be large.

    Raises:
        OSError: it cannot be written.
    """
    places, offset = {}, 0
    with atomic_writer(path, durable=False) as file:
        file.write(bytes(_HEADER_BYTES))
        for name, part in parts:
            size = crc = 0
            for piece in array_file.serialize(part):
                file.write(piece)
                size, crc = size + len(piece), crc32(piece, crc)
            places[name] = (offset, size, crc)
            offset += size
        head = {
            "names": _FORMAT_VERSION,
            "stamp": to_builtins(catalog_version),
            "order": sys.byteorder,
            "rows": row_count,
            "goes_with": base_checksum,
            "parts": places,
        }
        line = json.dumps(head).encode().ljust(_HEADER_BYTES - _CHECKSUM_DIGITS - 2)
        file.seek(0)
        file.write(b"%s\n%0*d\n" % (line, _CHECKSUM_DIGITS, crc32(line)))
