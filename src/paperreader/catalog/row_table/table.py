"""The catalog at one moment: rows from the row table, text read from `papers.jsonl` when it is asked for."""

from __future__ import annotations

import os
import re
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from zlib import crc32

from paperreader.catalog.journal.format import chunk_crc_at, has_commit_at, parse_line, read_at
from paperreader.catalog.key_index import key_hash
from paperreader.catalog.row_table.format import PUBLIC_FLAGS, RECORD, RowTable, format_day
from paperreader.errors import StorageError
from paperreader.json_codec import JsonObject, paper_from_json, to_json_line
from paperreader.models import UNKNOWN_NUMBER, CatalogVersion, NumericColumns, Paper, Source, SourceRecord

FileSignature = tuple[int, int, int, int]
"""Device, inode, size and modification time of `papers.jsonl`: changed means look again."""

NO_FILE: FileSignature = (0, 0, 0, 0)
"""Of a catalog that does not exist yet."""


_ID_READ_BYTES = 128
_ID_PATTERN = re.compile(rb'\{"id":"([^"\\]+)"')
"""The beginning of a line whose id is written as it is."""

_ADDED_PATTERN = re.compile(rb',"added":"([0-9-]{10})"')
"""No text holds this: its quotes are escaped. A paper's own stands before those of its records."""


class CatalogTable:
    """A `models.PaperTable`. Immutable and safe from any thread; stays readable when the files are replaced.

    Holds the row table and an open file, and no Python object per paper.
    """

    def __init__(
        self, rows: RowTable | None = None, descriptor: int | None = None, signature: FileSignature = NO_FILE
    ) -> None:
        self._row_table = rows or RowTable()
        self._descriptor = descriptor
        self.signature = signature
        if descriptor is not None:
            weakref.finalize(self, os.close, descriptor)

    @property
    def version(self) -> CatalogVersion:
        return self._row_table.header.stamp

    @property
    def generation(self) -> int:
        return self.version.generation

    @property
    def newest(self) -> Sequence[int]:
        """Rows of all live papers: newest day first, within a day most votes first, then by place on the page."""
        return self._row_table.order

    @property
    def size(self) -> int:
        """How many rows there are, live or not: every row is smaller."""
        return self._row_table.size

    @property
    def records(self) -> memoryview:
        """The fixed-size records of all rows, `rows.RECORD` after `rows.RECORD`."""
        return self._row_table.records

    @property
    def damaged_lines(self) -> int:
        """How many lines of `papers.jsonl` were passed over because they are damaged."""
        return self._row_table.header.damaged

    def __len__(self) -> int:
        return self._row_table.header.live

    def paper(self, row: int) -> Paper:
        """The paper at that row.

        Raises:
            StorageError: its line is damaged.
            IndexError: no paper is there.
        """
        try:
            return paper_from_json(self._paper_object(row))
        except ValueError as error:
            raise _line_error(row) from error

    def paper_records(self, row: int) -> tuple[SourceRecord, ...]:
        """Everything that sources said of the paper at that row, one record for each source.

        Raises:
            StorageError: its line is damaged.
            IndexError: no paper is there.
        """
        from paperreader.catalog.journal.paper_line import (
            decode_paper,  # what merging needs, reading does not
        )

        try:
            return decode_paper(self.line(row)).records
        except ValueError as error:
            raise _line_error(row) from error

    def line(self, row: int) -> bytes:
        """The line of the paper at that row, as it stands in `papers.jsonl`.

        Raises:
            StorageError: it is damaged.
            IndexError: no paper is there.
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
        """The row of an exact id or alias."""
        found = self._row_table.key_index.find(key_hash("id", id)) or self._row_table.key_index.find(
            key_hash("alias", id)
        )
        return found[0] if found else None

    def row_by_title(self, title: str, id: str) -> int | None:
        """The row of the paper with that title, for something that was known as `id`, by which no paper goes any more.

        As in merging: a title has to be long enough to stand for one paper, and papers of different arXiv ids are
        different papers whatever their titles say.
        """
        from paperreader.text.ids import match_keys, parse_arxiv_id

        arxiv = parse_arxiv_id(id)
        keys = match_keys(SourceRecord(title, Source("", "", None, "")))
        rows = (row for key in keys for row in self._row_table.key_index.find(key_hash(*key.split(":", 1))))
        papers = {self.paper(row).id: row for row in rows if not (arxiv and self.paper(row).arxiv)}
        return papers[min(papers)] if papers else None

    def id_of(self, row: int) -> str:
        """The id of the paper at that row, for much less than the paper.

        Raises:
            StorageError: its line is damaged.
            IndexError: no paper is there.
        """
        head = b""
        if self._descriptor is not None and self.is_live(row):
            head = read_at(self._descriptor, _ID_READ_BYTES, self._row_table.row(row).offset)
        found = _ID_PATTERN.match(head)
        return found[1].decode() if found else self.paper(row).id

    def ids_with_prefix(self, prefix: str, limit: int = 10) -> list[str]:
        """Up to `limit` ids of papers that begin so, newest first. Looks at the start of every line."""
        start = b'{"id":' + to_json_line(prefix).encode()[:-1]
        found: list[str] = []
        for row in self._row_table.order:
            if self._descriptor is None or len(found) >= limit:
                break
            if read_at(self._descriptor, len(start), self._row_table.row(row).offset) == start:
                found.append(self.paper(row).id)
        return found

    def ambiguous_prefixes(self, prefixes: Iterable[str]) -> set[str]:
        """Those of the beginnings with which the ids of several papers begin. Looks at the start of every line once."""
        starts = {b'{"id":' + to_json_line(prefix).encode()[:-1]: prefix for prefix in prefixes}
        lengths = sorted({len(start) for start in starts})
        met: set[bytes] = set()
        several: set[str] = set()
        for row in self._row_table.order if lengths else ():
            if self._descriptor is None:
                break
            line = read_at(self._descriptor, lengths[-1], self._row_table.row(row).offset)
            for start in {line[:length] for length in lengths} & starts.keys():
                if start in met:
                    several.add(starts[start])
                met.add(start)
        return several

    def day(self, row: int) -> str:
        return format_day(self._row_table.row(row).day)

    def added(self, row: int) -> str:
        """The ISO day the paper came in, for less than the paper.

        Raises:
            StorageError: its line is damaged.
            IndexError: no paper is there.
        """
        found = _ADDED_PATTERN.search(self.line(row))
        return found[1].decode() if found else self.paper(row).added

    def votes(self, row: int) -> int | None:
        return _none_if_unknown(self._row_table.row(row).votes)

    def comments(self, row: int) -> int | None:
        """The paper's comments without reading its text."""
        return _none_if_unknown(self._row_table.row(row).comments)

    def stars(self, row: int) -> int | None:
        """The stars of the paper's repository without reading its text."""
        return _none_if_unknown(self._row_table.row(row).stars)

    def flags(self, row: int) -> int:
        return self._row_table.row(row).flags & PUBLIC_FLAGS

    @property
    def columns(self) -> NumericColumns:
        """Days, votes and flags of all rows at once. The flags hold more than `flags` tells."""
        return self._row_table.columns

    def changed_since(self, version: CatalogVersion) -> Sequence[int] | None:
        now = self.version
        if version == now:
            return ()
        if (version.uuid, version.generation) != (
            now.uuid,
            now.generation,
        ) or version.committed >= now.committed:
            return None
        if self._descriptor is None or not self._has_version(version):
            return None
        import numpy as np  # whoever asks has it: a step of Python for each of a million rows takes a third of a second

        offsets = np.ndarray((self.size,), "=u8", self._row_table.records, strides=(RECORD.size,))
        rows: list[int] = np.flatnonzero(offsets >= version.committed).tolist()
        return rows

    def has_diverged_from(self, fresh: CatalogTable) -> bool:
        """Whether `fresh`, of the same library, is neither this table grown nor made of the whole of it."""
        head, now = self._row_table.header, fresh.version
        if (self.version.uuid, self.version.generation) != (now.uuid, now.generation) or not len(self):
            return False
        with self.open_descriptor() as descriptor:
            # A file that was written over in place has nothing left to be brought back.
            there = has_commit_at(descriptor, self.version.committed, head.seal_length, head.seal_crc)
        return there and not fresh._has_version(self.version)

    @contextmanager
    def open_descriptor(self) -> Iterator[int]:
        """The descriptor of the catalog as this table knows it, for the body."""
        assert self._descriptor is not None, "a table with papers has a file"
        yield self._descriptor

    def _has_version(self, version: CatalogVersion) -> bool:
        """Whether the catalog held what that stamp says when it was that long."""
        if self._descriptor is None:
            return False
        if version.crc == 0 and version.committed < 4096:
            # Nothing but the header, which uuid and generation have told already.
            return True
        return chunk_crc_at(self._descriptor, version.committed) == version.crc

    def _paper_object(self, row: int) -> JsonObject:
        return parse_line(self.line(row))


def signature_from_stat(stat: os.stat_result) -> FileSignature:
    """What tells that the file is the same as before."""
    return (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)


def _none_if_unknown(value: int) -> int | None:
    return None if value == UNKNOWN_NUMBER else value


def _line_error(row: int) -> StorageError:
    return StorageError(
        f"The line of paper {row} in papers.jsonl is damaged; `paperreader check --repair` sets it aside."
    )
