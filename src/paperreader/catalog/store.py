"""The catalog of a library folder: open it, follow it, add to it, take from it."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Container, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.catalog.derived import FILE_NAME, committed_in, fitting_rows, write_rows
from paperreader.catalog.log import Header, read_header
from paperreader.catalog.rows import DamagedRows, Rows
from paperreader.catalog.table import NO_SIGNATURE, Signature, Table, signature_of
from paperreader.errors import StorageError
from paperreader.models import Entry, Problem, Record, Source
from paperreader.storage import open_regular, reason

if TYPE_CHECKING:
    from paperreader.catalog.acts import AddReport, RemoveReport
    from paperreader.catalog.draft import Draft
    from paperreader.catalog.taking_back import UndoneImport
    from paperreader.catalog.writer import Writer

PAPERS = "papers.jsonl"

FLOOD, FLOOD_SECONDS = 4 << 20, 3.0
"""So many bytes (about 2,500 papers) that were written within so many seconds are somebody's large import."""


class Catalog:
    """The papers of one library folder.

    Reading never takes a lock and creates nothing in the folder; the row table is kept in the cache.
    """

    def __init__(self, folder: Path, cache_root: Callable[[str], Path] = paths.cache_folder) -> None:
        self._folder = folder
        self._path = folder / PAPERS
        self._cache_root = cache_root
        self._quiet: Signature = NO_SIGNATURE
        self._last_act = 0
        self.uuid = ""
        """The library's own; empty while there is no catalog."""
        self.notices: list[str] = []
        """What the reader should be told, one sentence each; whoever tells it clears the list."""

    def open(self, progress: Callable[[int, int], None] | None = None) -> Table:
        """The catalog as it is now; an empty table when there is none yet.

        A row table that is missing, damaged or does not fit is made anew (seconds for 100,000 papers), one that is
        only behind is caught up. `progress` is told how many bytes of how many are read; `behind` tells beforehand.

        Raises:
            StorageError: the catalog cannot be read, or a newer version wrote it.
        """
        try:
            descriptor = open_regular(self._path)
        except FileNotFoundError:
            return Table()
        except OSError as error:
            raise StorageError(f"Cannot read {self._path}: {reason(error)}.") from error
        try:
            table = self._table(descriptor, progress)
        except OSError as error:
            os.close(descriptor)
            raise StorageError(f"Cannot read {self._path}: {reason(error)}.") from error
        except BaseException:
            os.close(descriptor)
            raise
        if table is None:
            os.close(descriptor)
            return Table()
        return table

    def behind(self) -> int:
        """How many bytes of the catalog `open` will have to read because no row table covers them; 0 means at once.

        Raises:
            StorageError: a newer version wrote the catalog.
        """
        try:
            with os.fdopen(open_regular(self._path), "rb") as file:
                size = os.fstat(file.fileno()).st_size
                header = read_header(file.fileno())
                if header is None:
                    return 0
                rows = fitting_rows(file.fileno(), header, self._rows_path(header.uuid))
                return size - rows.head.stamp.committed
        except DamagedRows:
            return size
        except OSError:
            return 0  # `open` has the words for it

    def poll(self, table: Table) -> Table | None:
        """A fresh table if the catalog has changed since that one was opened, else None. Cheap when it has not.

        While another process is pouring in papers by the thousand, nothing is fresh before it has finished: it leaves
        a row table behind that costs nothing to open, where following it would cost whole seconds.

        Raises:
            StorageError: the catalog has changed and cannot be read.
        """
        try:
            signature = signature_of(self._path.stat())
        except FileNotFoundError:
            signature = NO_SIGNATURE
        except OSError as error:
            raise StorageError(f"Cannot read {self._path}: {reason(error)}.") from error
        if signature in (table.signature, self._quiet) or self._is_flooded(table):
            return None
        fresh = self.open()
        if fresh.stamp == table.stamp and fresh.damaged == table.damaged:
            self._quiet = signature  # somebody is in the middle of writing, or was interrupted there
            return None
        return fresh

    def add(
        self,
        entries: Iterable[Entry],
        *,
        date_given: bool = False,
        progress: Callable[[int], None] | None = None,
        today: dt.date | None = None,
    ) -> AddReport:
        """Add what sources say of papers, in chunks of about 1,000 entries, each durable by itself.

        Adding what is there already changes nothing, so an interrupted import is completed by repeating it. With
        `date_given` the listing days of the entries replace what is known of the same sources. `progress` is told
        after each chunk how many entries are done; `today` (UTC) is the day that new papers are stamped with.

        Raises:
            StorageError: the catalog cannot be written; finished chunks are kept.
            LockTimeout: another process writes and does not come to an end.
        """
        from paperreader.catalog.acts import add_entries

        stamp = (today or dt.datetime.now(dt.UTC).date()).isoformat()
        with self._writer() as writer:
            return add_entries(
                writer, entries, today=stamp, date_given=date_given, progress=progress, at=self._moment()
            )

    def remove(self, ids: Sequence[str]) -> RemoveReport:
        """Take those papers (exact ids; others are passed over) out, with all that sources said of them.

        Raises:
            StorageError: the catalog cannot be written.
        """
        return self._remove(list(dict.fromkeys(ids)), lambda source: True)

    def remove_source(self, name: str) -> RemoveReport:
        """Take back what the sources of that name (a file name or an address) said.

        Papers that no other source speaks of are gone; others become what the other sources say of them.

        Raises:
            StorageError: the catalog cannot be written.
        """
        from paperreader.serialize import dumps

        table = self.open()
        told = dumps(name).encode()
        named = (row for row in table.newest if told in table.line(row))
        ids = [
            paper.id for paper in map(table.paper, named) if any(one.name == name for one in paper.sources)
        ]
        return self._remove(ids, lambda source: source.name == name)

    def undo_remove(self) -> RemoveReport | None:
        """Bring back what the last removal took that was not undone yet; None when there is nothing to bring back.

        Raises:
            StorageError: the catalog cannot be written.
        """
        from paperreader.catalog.acts import undo_remove

        if not self._path.exists():
            return None
        with self._writer() as writer:
            return undo_remove(writer)

    def undo_import(self, marked: Container[str] = frozenset()) -> UndoneImport | None:
        """Take back what the last import brought that was not undone yet; None when there is nothing to take back.

        Papers that came with it go, papers that it changed become what they were. Ids that only came with it are
        forgotten; those `marked` stay as aliases of what is left, so that no mark loses its paper.

        Raises:
            StorageError: the catalog cannot be written; a repetition goes on where this ended.
        """
        from paperreader.catalog.taking_back import undo_import

        if not self._path.exists():
            return None
        with self._writer() as writer:
            return undo_import(writer, marked)

    def compact(self) -> None:
        """Write the catalog anew without its dead and damaged lines.

        Raises:
            StorageError: nothing was changed.
        """
        if self._path.exists():
            with self._writer() as writer:
                writer.compact()

    def records(self, table: Table, row: int) -> tuple[Record, ...]:
        """Everything that sources said of a paper, one record for each source.

        Raises:
            StorageError: its line is damaged.
        """
        return table.paper_records(row)

    def verify(self) -> list[Problem]:
        """Everything that is wrong with the catalog and its row table, read from beginning to end.

        Raises:
            StorageError: the catalog cannot be read at all.
        """
        from paperreader.catalog import damage

        return damage.verify(self._path, self._rows_path)

    def repair(self) -> list[str]:
        """Set damaged lines aside, write the catalog anew without them, and make the row table anew; a sentence for
        each thing that was mended.

        Raises:
            StorageError: it cannot be written.
        """
        from paperreader.catalog import damage

        problems = self.verify()
        if not problems:
            return []
        mended = damage.sentences(problems)
        with self._writer() as writer:
            writer.renew()
        self.notices.clear()
        return mended

    def _remove(self, ids: Sequence[str], doomed: Callable[[Source], bool]) -> RemoveReport:
        from paperreader.catalog.acts import RemoveReport, remove

        if not self._path.exists():
            return RemoveReport((), 0)
        with self._writer() as writer:
            return remove(writer, ids, doomed, self._moment())

    def _moment(self) -> int:
        """Now, in UTC milliseconds, for an act that has to be told from every other one."""
        self._last_act = max(self._last_act + 1, time.time_ns() // 1_000_000)
        return self._last_act

    def _is_flooded(self, table: Table) -> bool:
        """Whether the catalog is far ahead of every row table, and still growing."""
        try:
            stat = self._path.stat()
        except OSError:
            return False
        if stat.st_size - table.stamp.committed < FLOOD or abs(time.time() - stat.st_mtime) > FLOOD_SECONDS:
            return False
        # The table of a library that was empty names none, and this very process may have filled it since.
        return stat.st_size - committed_in(self._rows_path(table.stamp.uuid or self.uuid)) >= FLOOD

    def _table(self, descriptor: int, progress: Callable[[int, int], None] | None) -> Table | None:
        signature = signature_of(os.fstat(descriptor))
        header = read_header(descriptor)
        if header is None:
            return None
        self.uuid = header.uuid
        path = self._rows_path(header.uuid)
        rows = self._current_rows(descriptor, header, path, signature)
        return Table(rows or self._renewed_rows(descriptor, header, path, progress), descriptor, signature)

    def _current_rows(self, descriptor: int, header: Header, path: Path, signature: Signature) -> Rows | None:
        """The row table as it stands in the cache, if nothing has to be done to it."""
        try:
            rows = fitting_rows(descriptor, header, path)
        except DamagedRows:
            return None
        return rows if rows.head.stamp.committed == signature[2] else None

    def _renewed_rows(
        self, descriptor: int, header: Header, path: Path, progress: Callable[[int, int], None] | None
    ) -> Rows:
        from paperreader.catalog.catchup import current_draft  # and with it all that merging needs

        draft, why = current_draft(descriptor, header, path, progress)
        self._tell(draft, why)
        if header.damaged:
            self.notices.append("The first line of papers.jsonl is damaged; the next import writes it anew.")
        return write_rows(path, draft.build()) if draft.changed or why else draft.base

    def _writer(self) -> Writer:
        from paperreader.catalog.writer import Writer

        return Writer(self._path, self._rows_path, self._tell)

    def _rows_path(self, uuid: str) -> Path:
        return self._cache_root(uuid) / FILE_NAME

    def _tell(self, draft: Draft, why: str) -> None:
        """Put into `notices` what was found wrong while the row table was brought up to date."""
        self.uuid = draft.head.stamp.uuid
        if why:
            self.notices.append(f"The row table was made anew from papers.jsonl, because {why}.")
        if draft.bad:
            from paperreader.catalog import damage

            self.notices.append(damage.set_aside(self._folder, draft.bad))
