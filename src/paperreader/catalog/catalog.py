"""The catalog of a library folder: open it, follow it, add to it, take from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Container, Iterable, Sequence
from typing import TYPE_CHECKING

from paperreader.catalog.catalog_file import PAPERS_FILE_NAME, CatalogFile
from paperreader.catalog.row_table.table import CatalogTable
from paperreader.models import ImportedEntry, Problem, Source, SourceRecord
from paperreader.sync_copies import conflict_copies

if TYPE_CHECKING:
    from paperreader.catalog.write.import_undo import UndoneImport
    from paperreader.catalog.write.operations import AddReport, RemoveReport
    from paperreader.catalog.write.writer import OnRowsAdded

__all__ = ["PAPERS_FILE_NAME", "Catalog"]


class Catalog(CatalogFile):
    """The papers of one library folder.

    Reading never takes a lock and creates nothing in the folder; the row table is kept in the cache.
    """

    def add(
        self,
        entries: Iterable[ImportedEntry],
        *,
        date_given: bool = False,
        progress: Callable[[int], None] | None = None,
        today: dt.date | None = None,
        on_rows_added: OnRowsAdded | None = None,
    ) -> AddReport:
        """Add what sources say of papers, in chunks of about 1,000 entries, each durable by itself.

        Adding what is there already changes nothing, so an interrupted import is completed by repeating it. With
        `date_given` the listing days of the entries replace what is known of the same sources. `progress` is told
        after each chunk how many entries are done, `grown` of new rows as soon as they are written; `today` (UTC) is
        the day that new papers are stamped with.

        Raises:
            StorageError: the catalog cannot be written; finished chunks are kept.
            LockTimeout: another process writes and does not come to an end.
        """
        from paperreader.catalog.write.operations import add_entries

        stamp = (today or dt.datetime.now(dt.UTC).date()).isoformat()
        with self._writer(on_rows_added) as writer:
            return add_entries(
                writer,
                entries,
                today=stamp,
                date_given=date_given,
                progress=progress,
                operation_id=self._operation_id(),
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
        from paperreader.json_codec import to_json_line

        table = self.open()
        told = to_json_line(name).encode()
        named = (row for row in table.newest if told in table.line(row))
        ids = [
            paper.id for paper in map(table.paper, named) if any(one.name == name for one in paper.sources)
        ]
        return self._remove(ids, lambda source: source.name == name)

    def undo_removal(self) -> RemoveReport | None:
        """Bring back what the last removal took that was not undone yet; None when there is nothing to bring back.

        Raises:
            StorageError: the catalog cannot be written.
        """
        from paperreader.catalog.write.operations import undo_removal

        if not self._path.exists():
            return None
        with self._writer() as writer:
            return undo_removal(writer)

    def undo_import(self, marked_ids: Container[str] = frozenset()) -> UndoneImport | None:
        """Take back what the last import brought that was not undone yet; None when there is nothing to take back.

        Papers that came with it go, papers that it changed become what they were. Ids that only came with it are
        forgotten; those `marked` stay as aliases of what is left, so that no mark loses its paper.

        Raises:
            StorageError: the catalog cannot be written; a repetition goes on where this ended.
        """
        from paperreader.catalog.write.import_undo import undo_import

        if not self._path.exists():
            return None
        with self._writer() as writer:
            return undo_import(writer, marked_ids)

    def compact(self) -> None:
        """Write the catalog anew without its dead and damaged lines.

        Raises:
            StorageError: nothing was changed.
        """
        if self._path.exists():
            with self._writer() as writer:
                writer.compact()

    def records(self, table: CatalogTable, row: int) -> tuple[SourceRecord, ...]:
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
        from paperreader.catalog import verify as catalog_verify

        waiting = (
            Problem(copy.name, None, "it is a conflict copy; `paperreader check --repair` merges it")
            for copy in conflict_copies(self._path)
        )
        return [*catalog_verify.verify_catalog(self._path, self._rows_path), *waiting]

    def repair(self) -> list[str]:
        """Set damaged lines aside, write the catalog anew without them, and make the row table anew; a sentence for
        each thing that was mended.

        Raises:
            StorageError: it cannot be written.
        """
        from paperreader.catalog import verify as catalog_verify

        taken = self.merge_conflict_copies()
        problems = catalog_verify.verify_catalog(self._path, self._rows_path)
        if not problems:
            return taken
        mended = [*taken, *catalog_verify.repair_messages(problems)]
        with self._writer() as writer:
            writer.rebuild()
        self.warnings.clear()
        return mended

    def _remove(self, ids: Sequence[str], is_removed_source: Callable[[Source], bool]) -> RemoveReport:
        from paperreader.catalog.write.operations import RemoveReport, remove_papers

        if not self._path.exists():
            return RemoveReport((), 0)
        with self._writer() as writer:
            return remove_papers(writer, ids, is_removed_source, self._operation_id())
