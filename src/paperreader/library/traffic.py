"""Papers into the library, out of it, and out of it for good."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from paperreader import paths
from paperreader.errors import NotFound
from paperreader.library.lookup import resolve_row
from paperreader.library.maintenance import Upkeep
from paperreader.library.types import ImportReport, Progress, Update

if TYPE_CHECKING:
    from paperreader.catalog.write.import_undo import UndoneImport
    from paperreader.library.answers import ServiceResponse


class Traffic(Upkeep):
    """Imports, removals and exports."""

    def import_paths(
        self,
        inputs: Sequence[str],
        *,
        date: str | None = None,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> ImportReport:
        """Bring every readable paper of files and folders (`-`: standard input) into the library.

        `date` (ISO) is the listing day of every page among them, whatever their names say. Papers and marks are
        durable when this returns; when it is interrupted, finished chunks stay and a repetition completes them. An
        index that could not follow is a notice.

        Raises:
            StorageError: the library cannot be written.
        """
        from paperreader.catalog.journal.format import CHUNK
        from paperreader.library.import_journal import ImportJournal
        from paperreader.library.importing import ImportReader  # the parsers: not before the first paint

        intake = ImportReader(inputs, date)
        with self._worker_pool() as crew, ImportJournal() as record:

            def tell(done: int) -> None:
                if done >= CHUNK:
                    record.start(self._open_state(), paths.cache_folder(self.uuid), self.table)
                progress(Progress("reading", done, None, bytes_fraction=intake.fraction_read))

            with self._io_lock:
                report = self._catalog.add(
                    iter(intake), date_given=date is not None, progress=tell, on_rows_added=crew.submit_rows
                )
                self.refresh()
                if marks := intake.marks(report.ids):
                    self.adopt(Update(notebook=self._notebook.merge(marks).marks))
            self.update_index_after_write(progress, crew)
        return ImportReport(
            report.read,
            report.new,
            report.merged,
            report.unchanged,
            tuple(intake.problems),
            intake.unreadable,
        )

    def add_responses(self, responses: Iterable[ServiceResponse]) -> ImportReport:
        """Bring what services answered into the library: durable when this returns, not yet in the index.

        An answer to a question that was answered before takes the place of the former one.

        Raises:
            StorageError: the library cannot be written.
        """
        from paperreader.library.answers import ResponseReader

        told = ResponseReader(responses)
        with self._io_lock:
            report = self._catalog.add(iter(told))
            self.refresh()
        return ImportReport(report.read, report.new, report.merged, report.unchanged, tuple(told.problems), 0)

    def remove(self, ids: Sequence[str]) -> tuple[str, ...]:
        """Take papers out of the catalog (their marks stay in the notebook). Gives the ids removed.

        Raises:
            NotFound, Ambiguous: one of the ids is no paper's; nothing was removed.
            StorageError: the catalog cannot be written.
        """
        exact = [self.table.paper(resolve_row(self.table, text)).id for text in ids]
        return self._removal(lambda: self._catalog.remove(exact).ids)

    def remove_source(self, name: str) -> tuple[str, ...]:
        """Take back what the source of that name brought. Gives the ids of the papers removed or changed.

        Raises:
            NotFound: no paper came from it.
            StorageError: the catalog cannot be written.
        """
        ids = self._removal(lambda: self._catalog.remove_source(name).ids)
        if not ids:
            raise NotFound(f"No paper came from a source named {name}; `paperreader show ID` names sources.")
        return ids

    def undo_removal(self) -> tuple[str, ...]:
        """Bring back what the last removal took. Gives the ids, none when there is nothing to undo.

        Raises:
            StorageError: the catalog cannot be written.
        """

        def undo() -> tuple[str, ...]:
            report = self._catalog.undo_removal()
            return report.ids if report else ()

        return self._removal(undo)

    def undo_import(self, progress: Callable[[Progress], None] = lambda _: None) -> UndoneImport | None:
        """Take back what the last import brought that was not undone yet; None when there is nothing to take back.

        Its new papers go, papers it was merged into become what they were, and marks stay in the notebook.

        Raises:
            StorageError: the catalog cannot be written; a repetition goes on where this ended.
        """
        with self._io_lock:
            undone = self._catalog.undo_import(self._notebook.load().keys())
            self.refresh()
        if undone is not None:
            self.update_index_after_write(progress)
        return undone

    def export(self, rows: Iterable[int], format_name: str) -> Iterator[str]:
        """The papers at `rows` in an export format, as lines without their ends."""
        from paperreader.exporters import formats

        return formats.render(
            format_name,
            (
                formats.ExportItem(paper, self.mark(row), self._catalog.records(self.table, row))
                for row in rows
                for paper in [self.table.paper(row)]
            ),
        )

    def _removal(self, act: Callable[[], tuple[str, ...]]) -> tuple[str, ...]:
        with self._io_lock:
            ids = act()
            self.refresh()
        if ids:
            self.update_index_after_write(lambda _: None)
        return ids
