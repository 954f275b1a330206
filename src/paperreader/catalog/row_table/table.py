"""The catalog at one moment: rows from the row table, text read from `papers.jsonl` when it is asked for."""

from __future__ import annotations

import os
import re
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from zlib import crc32

from paperreader.catalog.journal.format import crc_before, ends_with, load, read_at
from paperreader.catalog.key_index import key_hash
from paperreader.catalog.row_table.format import PUBLIC_FLAGS, RECORD, Rows, day_text
from paperreader.errors import StorageError
from paperreader.json_codec import JsonObject, dumps, paper_from_json
from paperreader.models import UNKNOWN, CatalogStamp, Columns, Paper, Record, Source

Signature = tuple[int, int, int, int]
"""Device, inode, size and modification time of `papers.jsonl`: changed means look again."""

NO_SIGNATURE: Signature = (0, 0, 0, 0)
"""Of a catalog that does not exist yet."""


_ID_HEAD = 128
_ID = re.compile(rb'\{"id":"([^"\\]+)"')
"""The beginning of a line whose id is written as it is."""

_ADDED = re.compile(rb',"added":"([0-9-]{10})"')
"""No text holds this: its quotes are escaped. A paper's own stands before those of its records."""


class Table:
    """A `models.PaperTable`. Immutable and safe from any thread; stays readable when the files are replaced.

    Holds the row table and an open file, and no Python object per paper.
    """

    def __init__(
        self, rows: Rows | None = None, descriptor: int | None = None, signature: Signature = NO_SIGNATURE
    ) -> None:
        self._rows = rows or Rows()
        self._descriptor = descriptor
        self.signature = signature
        if descriptor is not None:
            weakref.finalize(self, os.close, descriptor)

    @property
    def stamp(self) -> CatalogStamp:
        return self._rows.head.stamp

    @property
    def generation(self) -> int:
        return self.stamp.generation

    @property
    def newest(self) -> Sequence[int]:
        """Rows of all live papers: newest day first, within a day most votes first, then by place on the page."""
        return self._rows.order

    @property
    def size(self) -> int:
        """How many rows there are, live or not: every row is smaller."""
        return self._rows.size

    @property
    def records(self) -> memoryview:
        """The fixed-size records of all rows, `rows.RECORD` after `rows.RECORD`."""
        return self._rows.records

    @property
    def damaged(self) -> int:
        """How many lines of `papers.jsonl` were passed over because they are damaged."""
        return self._rows.head.damaged

    def __len__(self) -> int:
        return self._rows.head.live

    def paper(self, row: int) -> Paper:
        """The paper at that row.

        Raises:
            StorageError: its line is damaged.
            IndexError: no paper is there.
        """
        try:
            return paper_from_json(self._object(row))
        except ValueError as error:
            raise _damaged(row) from error

    def paper_records(self, row: int) -> tuple[Record, ...]:
        """Everything that sources said of the paper at that row, one record for each source.

        Raises:
            StorageError: its line is damaged.
            IndexError: no paper is there.
        """
        from paperreader.catalog.journal.paper_line import decode  # what merging needs, reading does not

        try:
            return decode(self.line(row)).records
        except ValueError as error:
            raise _damaged(row) from error

    def line(self, row: int) -> bytes:
        """The line of the paper at that row, as it stands in `papers.jsonl`.

        Raises:
            StorageError: it is damaged.
            IndexError: no paper is there.
        """
        record = self._rows.row(row)
        if self._descriptor is None or not record.length:
            raise IndexError(f"no paper at row {row}")
        line = read_at(self._descriptor, record.length, record.offset)
        if len(line) != record.length or crc32(line) != record.crc:
            raise _damaged(row)
        return line

    def is_live(self, row: int) -> bool:
        return 0 <= row < self.size and self._rows.row(row).length > 0

    def row_of(self, id: str) -> int | None:
        """The row of an exact id or alias."""
        found = self._rows.keys.find(key_hash("id", id)) or self._rows.keys.find(key_hash("alias", id))
        return found[0] if found else None

    def row_titled(self, title: str, id: str) -> int | None:
        """The row of the paper with that title, for something that was known as `id`, by which no paper goes any more.

        As in merging: a title has to be long enough to stand for one paper, and papers of different arXiv ids are
        different papers whatever their titles say.
        """
        from paperreader.text.ids import arxiv_id, match_keys

        arxiv = arxiv_id(id)
        keys = match_keys(Record(title, Source("", "", None, "")))
        rows = (row for key in keys for row in self._rows.keys.find(key_hash(*key.split(":", 1))))
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
            head = read_at(self._descriptor, _ID_HEAD, self._rows.row(row).offset)
        found = _ID.match(head)
        return found[1].decode() if found else self.paper(row).id

    def ids_starting(self, prefix: str, limit: int = 10) -> list[str]:
        """Up to `limit` ids of papers that begin so, newest first. Looks at the start of every line."""
        start = b'{"id":' + dumps(prefix).encode()[:-1]
        found: list[str] = []
        for row in self._rows.order:
            if self._descriptor is None or len(found) >= limit:
                break
            if read_at(self._descriptor, len(start), self._rows.row(row).offset) == start:
                found.append(self.paper(row).id)
        return found

    def starting_several(self, prefixes: Iterable[str]) -> set[str]:
        """Those of the beginnings with which the ids of several papers begin. Looks at the start of every line once."""
        starts = {b'{"id":' + dumps(prefix).encode()[:-1]: prefix for prefix in prefixes}
        lengths = sorted({len(start) for start in starts})
        met: set[bytes] = set()
        several: set[str] = set()
        for row in self._rows.order if lengths else ():
            if self._descriptor is None:
                break
            line = read_at(self._descriptor, lengths[-1], self._rows.row(row).offset)
            for start in {line[:length] for length in lengths} & starts.keys():
                if start in met:
                    several.add(starts[start])
                met.add(start)
        return several

    def day(self, row: int) -> str:
        return day_text(self._rows.row(row).day)

    def added(self, row: int) -> str:
        """The ISO day the paper came in, for less than the paper.

        Raises:
            StorageError: its line is damaged.
            IndexError: no paper is there.
        """
        found = _ADDED.search(self.line(row))
        return found[1].decode() if found else self.paper(row).added

    def votes(self, row: int) -> int | None:
        return _told(self._rows.row(row).votes)

    def comments(self, row: int) -> int | None:
        """The paper's comments without reading its text."""
        return _told(self._rows.row(row).comments)

    def stars(self, row: int) -> int | None:
        """The stars of the paper's repository without reading its text."""
        return _told(self._rows.row(row).stars)

    def flags(self, row: int) -> int:
        return self._rows.row(row).flags & PUBLIC_FLAGS

    @property
    def columns(self) -> Columns:
        """Days, votes and flags of all rows at once. The flags hold more than `flags` tells."""
        return self._rows.columns

    def changed_since(self, stamp: CatalogStamp) -> Sequence[int] | None:
        now = self.stamp
        if stamp == now:
            return ()
        if (stamp.uuid, stamp.generation) != (now.uuid, now.generation) or stamp.committed >= now.committed:
            return None
        if self._descriptor is None or not self._began_with(stamp):
            return None
        import numpy as np  # whoever asks has it: a step of Python for each of a million rows takes a third of a second

        offsets = np.ndarray((self.size,), "=u8", self._rows.records, strides=(RECORD.size,))
        rows: list[int] = np.flatnonzero(offsets >= stamp.committed).tolist()
        return rows

    def has_parted_from(self, fresh: Table) -> bool:
        """Whether `fresh`, of the same library, is neither this table grown nor made of the whole of it."""
        head, now = self._rows.head, fresh.stamp
        if (self.stamp.uuid, self.stamp.generation) != (now.uuid, now.generation) or not len(self):
            return False
        with self.reading() as descriptor:
            # A file that was written over in place has nothing left to be brought back.
            there = ends_with(descriptor, self.stamp.committed, head.seal_length, head.seal_crc)
        return there and not fresh._began_with(self.stamp)

    @contextmanager
    def reading(self) -> Iterator[int]:
        """The descriptor of the catalog as this table knows it, for the body."""
        assert self._descriptor is not None, "a table with papers has a file"
        yield self._descriptor

    def _began_with(self, stamp: CatalogStamp) -> bool:
        """Whether the catalog held what that stamp says when it was that long."""
        if self._descriptor is None:
            return False
        if stamp.crc == 0 and stamp.committed < 4096:
            # Nothing but the header, which uuid and generation have told already.
            return True
        return crc_before(self._descriptor, stamp.committed) == stamp.crc

    def _object(self, row: int) -> JsonObject:
        return load(self.line(row))


def signature_of(stat: os.stat_result) -> Signature:
    """What tells that the file is the same as before."""
    return (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)


def _told(value: int) -> int | None:
    return None if value == UNKNOWN else value


def _damaged(row: int) -> StorageError:
    return StorageError(
        f"The line of paper {row} in papers.jsonl is damaged; `paperreader check --repair` sets it aside."
    )
