"""The catalog at one moment: rows from the row table, text read from `papers.jsonl` when it is needed."""

from __future__ import annotations

import os
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from zlib import crc32

from paperreader.catalog.journal.chunk_reader import chunk_crc_at
from paperreader.catalog.journal.format import parse_line
from paperreader.catalog.journal.positioned_io import read_at
from paperreader.catalog.key_index import SLUG_KIND, key_hash, match_key_hash
from paperreader.catalog.row_table.format import PUBLIC_FLAGS, RowTable
from paperreader.catalog.row_table.stored_table import StoredRowTable
from paperreader.errors import StorageError
from paperreader.json_codec import paper_from_json, to_json_line
from paperreader.lazy_pattern import lazy_pattern
from paperreader.models import UNKNOWN_NUMBER, CatalogVersion, NumericColumns, Paper, Source, SourceRecord
from paperreader.models.paper_table import format_day

FileSignature = tuple[int, int, int, int]
"""Device, inode, size and modification time (ns) of `papers.jsonl`; when it differs, the file has changed."""

NO_FILE: FileSignature = (0, 0, 0, 0)
"""The signature of a catalog that does not exist yet."""

_MAX_HEADER_BYTES = 4096
_ID_READ_BYTES = 128
_ID_PATTERN = lazy_pattern(rb'\{"id":"([^"\\]+)"')
"""The beginning of a line whose id needs no unescaping."""

_ADDED_PATTERN = lazy_pattern(rb',"added":"([0-9-]{10})"')
"""Matches no text of a paper, in which quotes are escaped. A paper's own value precedes those of its records."""


class CatalogTable:
    """A `models.PaperTable`. Immutable and thread-safe; stays readable when the files are replaced.

    Holds the row table and an open file, and no Python object per paper, except for the last one.
    """

    _last_read: tuple[int, Paper] | None = None
    """List and detail use the same papers one after the other, and parsing 5 MB takes as long as two repaints."""

    def __init__(
        self,
        row_table: RowTable | StoredRowTable | None = None,
        descriptor: int | None = None,
        signature: FileSignature = NO_FILE,
    ) -> None:
        self._row_table = RowTable() if row_table is None else row_table
        self._descriptor = descriptor
        self.signature = signature
        if descriptor is not None:
            weakref.finalize(self, os.close, descriptor)

    @property
    def version(self) -> CatalogVersion:
        return self._row_table.header.version

    @property
    def generation(self) -> int:
        return self.version.generation

    @property
    def newest(self) -> Sequence[int]:
        """Rows of all live papers: newest day first, within a day most votes first, then by position on the page."""
        return self._row_table.order

    @property
    def size(self) -> int:
        """Number of rows, live or not."""
        return self._row_table.size

    @property
    def records(self) -> memoryview:
        """The fixed-size records of all rows, one `row_table.format.RECORD` after the other."""
        return self._row_table.records

    @property
    def damaged_lines(self) -> int:
        """Number of lines of `papers.jsonl` that were skipped because they are damaged."""
        return self._row_table.header.damaged_lines

    def __len__(self) -> int:
        return self._row_table.header.live_rows

    def paper(self, row: int) -> Paper:
        """Read the paper at a row.

        Raises:
            StorageError: its line is damaged.
            IndexError: the row is not live.
        """
        if (last := self._last_read) is not None and last[0] == row:
            return last[1]
        try:
            paper = paper_from_json(parse_line(self.line(row)))
        except ValueError as error:
            raise _line_error(row) from error
        self._last_read = row, paper
        return paper

    def paper_records(self, row: int) -> tuple[SourceRecord, ...]:
        """Read the records that the paper at a row was merged from, one for each source.

        Raises:
            StorageError: its line is damaged.
            IndexError: the row is not live.
        """
        from paperreader.catalog.journal.paper_line import decode_paper  # loads the merging code

        try:
            return decode_paper(self.line(row)).records
        except ValueError as error:
            raise _line_error(row) from error

    def line(self, row: int) -> bytes:
        """Read the line of the paper at a row.

        Raises:
            StorageError: it is damaged.
            IndexError: the row is not live.
        """
        record = self._row_table.row(row)
        if self._descriptor is None or not record.length:
            raise IndexError(f"no paper at row {row}")
        line = read_at(self._descriptor, record.length, record.offset)
        if len(line) != record.length or crc32(line) != record.crc:
            raise _line_error(row)
        return line

    def is_live(self, row: int) -> bool:
        return 0 <= row < self.size and self._row_table.row(row).length > 0

    def row_of(self, id: str) -> int | None:
        """Return the row of an exact id or alias."""
        keys = self._row_table.key_index
        found = keys.find(key_hash("id", id)) or keys.find(key_hash("alias", id))
        return found[0] if found else None

    def rows_by_title(self, title: str, id: str) -> list[int]:
        """Return the rows of the papers with that title, for a mark whose `id` belongs to no paper any more.

        As in merging, the title has to be long enough to identify one paper, and papers with different arXiv ids are
        different papers even with equal titles.
        """
        from paperreader.text.ids import match_keys, parse_arxiv_id

        arxiv = parse_arxiv_id(id)
        keys = match_keys(SourceRecord(title, Source("", "", None, "")))
        rows = {row for key in keys for row in self._row_table.key_index.find(match_key_hash(key))}
        return sorted(row for row in rows if not (arxiv and self.paper(row).arxiv))

    def rows_with_key(self, key: str) -> list[int]:
        """Return the rows of the papers with a key of `ids.match_keys`, such as `doi:10.1000/x`."""
        return self._row_table.key_index.find(match_key_hash(key))

    def rows_with_slug(self, slug: str) -> list[int]:
        """Return the rows of the works with one title that would have this id if there were only one of them."""
        return self._row_table.key_index.find(key_hash(SLUG_KIND, slug))

    def id_of(self, row: int) -> str:
        """Read the id of the paper at a row, without parsing the paper.

        Raises:
            StorageError: its line is damaged.
            IndexError: the row is not live.
        """
        start = b""
        if self._descriptor is not None and self.is_live(row):
            start = read_at(self._descriptor, _ID_READ_BYTES, self._row_table.row(row).offset)
        found = _ID_PATTERN.match(start)
        return found[1].decode() if found else self.paper(row).id

    def was_removed_by_user(self, row: int, id: str) -> bool:
        """Return whether the row held the paper with that id until the user removed it.

        Undoing an import, and merging with another paper, remove papers as well, and do not count.
        """
        if self._descriptor is None or not 0 <= row < self.size or self.is_live(row):
            return False
        start = b'{"removed":%s,"at":' % to_json_line(id).encode()
        return read_at(self._descriptor, len(start), self._row_table.row(row).offset) == start

    def ids_with_prefix(self, prefix: str, limit: int = 10) -> list[str]:
        """Return up to `limit` ids of papers with that prefix, newest first. Reads the start of every line."""
        start = _line_start(prefix)
        found: list[str] = []
        for row in self._row_table.order:
            if self._descriptor is None or len(found) >= limit:
                break
            if read_at(self._descriptor, len(start), self._row_table.row(row).offset) == start:
                found.append(self.paper(row).id)
        return found

    def ambiguous_prefixes(self, prefixes: Iterable[str]) -> set[str]:
        """Return those of the prefixes that the ids of several papers have. Reads the start of every line once."""
        starts = {_line_start(prefix): prefix for prefix in prefixes}
        lengths = sorted({len(start) for start in starts})
        seen: set[bytes] = set()
        ambiguous: set[str] = set()
        for row in self._row_table.order if lengths else ():
            if self._descriptor is None:
                break
            line = read_at(self._descriptor, lengths[-1], self._row_table.row(row).offset)
            for start in {line[:length] for length in lengths} & starts.keys():
                if start in seen:
                    ambiguous.add(starts[start])
                seen.add(start)
        return ambiguous

    def day(self, row: int) -> str:
        return format_day(self._row_table.row(row).day)

    def added(self, row: int) -> str:
        """Read the ISO day on which the paper was added, without parsing the paper.

        Raises:
            StorageError: its line is damaged.
            IndexError: the row is not live.
        """
        found = _ADDED_PATTERN.search(self.line(row))
        return found[1].decode() if found else self.paper(row).added

    def votes(self, row: int) -> int | None:
        return _none_if_unknown(self._row_table.row(row).votes)

    def comments(self, row: int) -> int | None:
        """Return the number of comments without reading the paper."""
        return _none_if_unknown(self._row_table.row(row).comments)

    def stars(self, row: int) -> int | None:
        """Return the stars of the paper's repository without reading the paper."""
        return _none_if_unknown(self._row_table.row(row).stars)

    def flags(self, row: int) -> int:
        return self._row_table.row(row).flags & PUBLIC_FLAGS

    @property
    def columns(self) -> NumericColumns:
        """Days, votes and flags of all rows. Unlike `flags`, the column includes internal flags."""
        return self._row_table.columns

    def changed_since(self, version: CatalogVersion) -> Sequence[int] | None:
        now = self.version
        if version == now:
            return ()
        if (version.uuid, version.generation) != (now.uuid, now.generation):
            return None
        if version.committed >= now.committed or self._descriptor is None or not self.has_version(version):
            return None
        return self._row_table.rows_after(version.committed)

    @property
    def last_commit_line(self) -> tuple[int, int]:
        """Length in bytes and checksum of the commit line that ends the known part of the file."""
        header = self._row_table.header
        return header.commit_line_length, header.commit_line_crc

    @contextmanager
    def open_descriptor(self) -> Iterator[int]:
        """Give the descriptor of the file that this table was read from, which is open at least for the body."""
        assert self._descriptor is not None, "a table with papers has a file"
        yield self._descriptor

    def has_version(self, version: CatalogVersion) -> bool:
        """Return whether the file had that version before it grew to its present length."""
        if self._descriptor is None:
            return False
        if version.crc == 0 and version.committed < _MAX_HEADER_BYTES:
            # Only the header, which uuid and generation identify already.
            return True
        return chunk_crc_at(self._descriptor, version.committed) == version.crc


def signature_from_stat(stat: os.stat_result) -> FileSignature:
    """Return the signature of a file with that status."""
    return (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)


def _line_start(id_prefix: str) -> bytes:
    return b'{"id":' + to_json_line(id_prefix).encode()[:-1]


def _none_if_unknown(value: int) -> int | None:
    return None if value == UNKNOWN_NUMBER else value


def _line_error(row: int) -> StorageError:
    return StorageError(
        f"The line of paper {row} in papers.jsonl is damaged. `paperreader check --repair` removes it."
    )
