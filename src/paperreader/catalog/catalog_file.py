"""The catalog of a library folder as it is on disk: opened, followed, and written to by one writer at a time."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.catalog.journal.format import Header, read_header
from paperreader.catalog.row_table.format import DamagedRows, Rows
from paperreader.catalog.row_table.loader import FILE_NAME, committed_in, fitting_rows, write_rows
from paperreader.catalog.row_table.table import NO_SIGNATURE, Signature, Table, signature_of
from paperreader.errors import StorageError
from paperreader.storage import open_regular, reason
from paperreader.sync_copies import conflict_copies

if TYPE_CHECKING:
    from paperreader.catalog.row_table.builder import Draft
    from paperreader.catalog.sync_conflicts import Copies
    from paperreader.catalog.write.operations import AddReport
    from paperreader.catalog.write.writer import Grown, Writer

PAPERS = "papers.jsonl"

FLOOD, FLOOD_SECONDS = 4 << 20, 3.0
"""So many bytes (about 2,500 papers) that were written within so many seconds are somebody's large import."""


class Followed:
    """The papers of one library folder, and what other programs do to them."""

    def __init__(self, folder: Path, cache_root: Callable[[str], Path] = paths.cache_folder) -> None:
        self._folder = folder
        self._path = folder / PAPERS
        self._cache_root = cache_root
        self._quiet: Signature = NO_SIGNATURE
        self._last_act = 0
        self._copies: Copies | None = None
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
        if table.has_parted_from(fresh):
            self._bring_back(table)
            fresh = self.open()
        if fresh.stamp == table.stamp and fresh.damaged == table.damaged:
            self._quiet = signature  # somebody is in the middle of writing, or was interrupted there
            return None
        return fresh

    def take_in_copies(self, limit: int | None = None) -> list[str]:
        """Merge conflict copies that lie beside the catalog, and set them aside; a sentence for each.

        With `limit`, only those that hold at most so many bytes of news; those that have to stay are told once.

        Raises:
            StorageError: the folder cannot be listed.
        """
        if not conflict_copies(self._path):
            return []
        from paperreader.catalog.sync_conflicts import Copies

        if self._copies is None:
            self._copies = Copies(self._path)
        return self._copies.take_in(self._act, self._moment(), limit)

    def _act(self, act: Callable[[Writer], AddReport]) -> AddReport:
        with self._writer() as writer:
            return act(writer)

    def _bring_back(self, table: Table) -> None:
        """Add what another program lost when it put an older or another machine's file in the place of ours."""
        from paperreader.catalog.sync_conflicts import Other

        with table.reading() as descriptor:
            report = self._act(partial(Other(descriptor, self._path).join, at=self._moment()))
        if report.new or report.merged:
            count = "1 paper was" if report.new == 1 else f"{report.new:,} papers were"
            self.notices.append(f"{self._path} was replaced by a file in which {count} missing; all is back.")

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
        from paperreader.catalog.row_table.catchup import current_draft  # and with it all that merging needs

        draft, why = current_draft(descriptor, header, path, progress)
        self._tell(draft, why)
        if header.damaged:
            self.notices.append("The first line of papers.jsonl is damaged; the next import writes it anew.")
        return write_rows(path, draft.build()) if draft.changed or why else draft.base

    def _writer(self, grown: Grown | None = None) -> Writer:
        from paperreader.catalog.write.writer import Writer

        return Writer(self._path, self._rows_path, self._tell, grown)

    def _rows_path(self, uuid: str) -> Path:
        return self._cache_root(uuid) / FILE_NAME

    def _tell(self, draft: Draft, why: str) -> None:
        """Put into `notices` what was found wrong while the row table was brought up to date."""
        self.uuid = draft.head.stamp.uuid
        if why:
            self.notices.append(f"The row table was made anew from papers.jsonl, because {why}.")
        if draft.bad:
            from paperreader.catalog import verify

            self.notices.append(verify.set_aside(self._folder, draft.bad))
