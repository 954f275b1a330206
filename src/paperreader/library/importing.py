"""Imports: files and responses of services into the catalog, and the marks that files carry into the notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from paperreader import paths
from paperreader.catalog.journal.format import PAPERS_PER_CHUNK
from paperreader.catalog.journal.undo_records import OperationId
from paperreader.catalog.write.import_undo import UndoneImport
from paperreader.catalog.write.operations import AddReport
from paperreader.errors import PaperreaderError
from paperreader.library.import_readers import ImportReader, ResponseReader, ServiceResponse
from paperreader.library.inbox.arrivals import Arrivals
from paperreader.library.inbox.deleted_papers import DeletedPapers
from paperreader.library.maintenance import MaintenanceService
from paperreader.library.running_import import RunningImport
from paperreader.library.stores import Stores
from paperreader.library.table_position import TablePosition
from paperreader.library.types import ImportReport, Progress, Update
from paperreader.models import EMPTY_MARK, ImportedEntry, Mark, Problem
from paperreader.notebook import AddedMarks

if TYPE_CHECKING:
    from paperreader.library.full_texts.saved_pages import SavedPages


class ImportService:
    """Imports papers, and undoes an import."""

    def __init__(self, stores: Stores, maintenance: MaintenanceService, arrivals: Arrivals) -> None:
        self._stores = stores
        self._maintenance = maintenance
        self._arrivals = arrivals

    def import_paths(
        self,
        inputs: Sequence[str],
        *,
        date: str | None = None,
        progress: Callable[[Progress], None] = lambda _: None,
    ) -> ImportReport:
        """Import every readable paper of files and folders (`-`: standard input), and update the index.

        Papers and marks are durable when this returns. After an interruption the committed chunks stay, and a
        repetition completes them. If the index cannot be updated, that is a warning.

        Args:
            inputs: paths of files and folders.
            date: ISO listing day of every page among them, in place of the one in its name.
            progress: called with the progress of reading and indexing.

        Raises:
            StorageError: the library cannot be written.
        """
        stores, reader = self._stores, ImportReader(inputs, date)
        start = self._arrivals.begin()
        with self._maintenance.start_workers() as workers, RunningImport() as running_import:

            def on_progress(done: int) -> None:
                if done >= PAPERS_PER_CHUNK:
                    running_import.start(stores.open_state(), stores.cache_folder, stores.table)
                progress(Progress("reading", done, None, bytes_fraction=reader.fraction_read))

            with stores.io_lock:
                deleted = DeletedPapers(stores)
                with self._ended_if_interrupted(start):
                    report = stores.catalog.add(
                        deleted.watch(reader),
                        date_given=date is not None,
                        progress=on_progress,
                        on_rows_added=workers.submit_rows,
                    )
                stores.refresh()
                self._add_marks(reader.marks(report.ids), report.operation_id)
                deleted.restore()
                self._arrivals.end_archive(start)
            self._warn_of_split(report)
            reader.problems += self._store_pages(reader.pages, report.operation_id, progress)
            self._maintenance.update_index_after_write(progress, workers)
        full_texts = reader.pages.stored if reader.pages is not None else 0
        return _import_report(report, reader.problems, reader.unreadable, full_texts=full_texts)

    @contextmanager
    def _ended_if_interrupted(self, start: TablePosition) -> Iterator[None]:
        """If the body fails, let what it has added not be new, except for the newest day: more than one chunk."""
        try:
            yield
        except BaseException:
            with suppress(PaperreaderError):  # the first error is reported
                self._stores.refresh()
                self.end_archive(start)
            raise

    def import_samples(self) -> None:
        """Import the sample pages, unless the library has them.

        Raises:
            PaperreaderError: they are missing from the installation, or cannot be stored.
        """
        pages = paths.sample_pages_folder()
        files = sorted(pages.glob("*.txt"))
        wanted = [f"{page.name}:{page.stat().st_size}" for page in files]
        if len(self._stores.table) and self._stores.state.get("samples") == wanted:
            return
        report = self.import_paths([str(page) for page in files])
        if not report.read:
            raise PaperreaderError(f"The sample pages are missing from {pages}. Reinstall paperreader.")
        self._stores.state.set("samples", wanted)

    def new_operation_id(self) -> OperationId:
        """Return the id of an import that consists of several calls of `add_responses`, which begins now."""
        self._arrivals.begin()
        return self._stores.catalog.new_operation_id()

    def begin_archive(self) -> TablePosition:
        """Begin to add papers of which only the newest day is new; return what `end_archive` needs."""
        return self._arrivals.begin()

    def end_archive(self, start: TablePosition) -> None:
        """End what `begin_archive` began, also repeatedly while more papers of the same archive arrive."""
        self._arrivals.end_archive(start, min_papers=0)

    def add_responses(
        self,
        responses: Iterable[ServiceResponse],
        operation_id: OperationId | None = None,
        *,
        restore_deleted: bool = False,
    ) -> ImportReport:
        """Import responses of services. The papers are durable when this returns, but not yet in the index.

        A response to a repeated request replaces the earlier one.

        Args:
            responses: what services sent.
            operation_id: calls with the same one are one import, which is undone as a whole.
            restore_deleted: whether papers that the user deleted are brought back, instead of left out.

        Raises:
            StorageError: the library cannot be written.
        """
        if operation_id is None:
            operation_id = self.new_operation_id()
        reader = ResponseReader(responses)
        with self._stores.io_lock:
            deleted = DeletedPapers(self._stores)
            entries = deleted.watch(reader) if restore_deleted else deleted.skip(reader)
            report = self._stores.catalog.add(entries, operation_id=operation_id)
            self._stores.refresh()
            deleted.restore()
        self._warn_of_split(report)
        return _import_report(report, reader.problems, skipped=deleted.skipped)

    def add_entries(self, entries: Sequence[ImportedEntry]) -> ImportReport:
        """Add papers that were read from responses, also those that the user deleted. As for `add_responses`, they are
        durable when this returns.

        Raises:
            StorageError: the library cannot be written.
        """
        operation_id = self.new_operation_id()
        with self._stores.io_lock:
            deleted = DeletedPapers(self._stores)
            report = self._stores.catalog.add(deleted.watch(entries), operation_id=operation_id)
            self._stores.refresh()
            deleted.restore()
        return _import_report(report, [])

    def _add_marks(self, imported: Mapping[str, Mark], operation_id: OperationId) -> None:
        """Add the marks that came with an import, and record them, so that they can be taken back with it."""
        stores = self._stores
        if not imported:
            return
        rows = {id: row for id in imported if (row := stores.table.row_of(id)) is not None}
        live = {id: stores.live_marks.by_row.get(row, EMPTY_MARK) for id, row in rows.items()}
        added = stores.notebook.added_by_import(imported, live, operation_id)
        if records := {id: each.to_json() for id, each in added.items() if each}:
            stores.catalog.import_marks.record(operation_id, records)
        if added:
            saved = stores.notebook.add_imported(imported, live, operation_id)
            stores.refresh()
            stores.apply_update(Update(notebook=saved.marks))

    def _store_pages(
        self, pages: SavedPages | None, operation_id: OperationId, progress: Callable[[Progress], None]
    ) -> list[Problem]:
        """Store the full texts that were imported, and return what could not be stored."""
        if pages is None:
            return []
        from paperreader.library.full_texts.full_texts import FullTexts

        texts = FullTexts(self._stores)
        problems = pages.store(texts, self._stores.table, operation_id, progress)
        texts.index.update_after_write(progress)
        return problems

    def _warn_of_split(self, report: AddReport) -> None:
        if report.split:
            self._stores.warn(
                "Papers that mixed several works with the same title were separated. Their marks stay with the title "
                "and authors shown before; check your notes on them."
            )

    def _added_marks(self, recorded: Mapping[str, Any]) -> dict[str, AddedMarks]:
        """Return what an import added to marks, under the recorded ids and those that the papers have now."""
        table = self._stores.table
        added = {id: AddedMarks.from_json(each) for id, each in recorded.items()}
        rows = {id: row for id in added if (row := table.row_of(id)) is not None}
        return {**{table.id_of(row): added[id] for id, row in rows.items()}, **added}

    def undo_import(self, progress: Callable[[Progress], None] = lambda _: None) -> UndoneImport | None:
        """Undo the last import that was not undone yet, and return what it was; None if there is none.

        Its new papers are removed, papers that it was merged into are restored, and marks that it added are taken back
        unless they were changed since. Other marks stay in the notebook.

        Raises:
            StorageError: the catalog cannot be written; a repetition continues where this ended.
        """
        stores = self._stores
        with stores.io_lock:
            recorded = stores.catalog.import_marks.of_last_import()
            added = self._added_marks(recorded)
            if added:
                stores.apply_update(Update(notebook=stores.notebook.take_back(added).marks))
            undone = stores.catalog.undo_import()
            stores.refresh()
        if undone is not None:
            self._maintenance.remove_full_texts_of_import(undone.operation_id)
            self._maintenance.update_index_after_write(progress)
        return undone


def _import_report(
    report: AddReport,
    problems: Iterable[Problem],
    unreadable: int = 0,
    skipped: int = 0,
    full_texts: int = 0,
) -> ImportReport:
    """Return the report on an import that left out `skipped` further entries, which changed nothing."""
    return ImportReport(
        report.read + skipped,
        report.new,
        report.merged,
        report.unchanged + skipped,
        tuple(problems),
        unreadable,
        full_texts,
    )
