"""Imports: files and responses of services into the catalog, and the marks that files carry into the notebook."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from paperreader import importers
from paperreader.catalog.journal.format import PAPERS_PER_CHUNK
from paperreader.catalog.journal.undo_records import OperationId
from paperreader.catalog.write.import_undo import UndoneImport
from paperreader.catalog.write.operations import AddReport
from paperreader.import_formats import TEXT_PAGE
from paperreader.library.maintenance import MaintenanceService
from paperreader.library.running_import import RunningImport
from paperreader.library.stores import Stores
from paperreader.library.types import ImportReport, Progress, Update
from paperreader.models import EMPTY_MARK, SERVICE_PREFIX, ImportedEntry, Mark, Problem, SourceRecord
from paperreader.notebook import AddedMarks, merge_all
from paperreader.text.ids import slug_id

NO_DATE_MESSAGE = (
    "no date of certain year found, so its papers are listed on no day; `paperreader import --date` sets it"
)
"""Papers with an arXiv id have its month, others the day of their import."""
ASSUMED_DATE_MESSAGE = (
    "shows a day without a year, which is taken to be {}; `paperreader import --date` sets another"
)


class ServiceResponse(Struct, frozen=True):
    """The response of a service, as it was sent."""

    name: str
    """The request as a URL without scheme: equal for equal requests. Shown to the user as the source of a paper."""
    data: bytes
    requested_at: str
    """Time of the request (ISO, UTC): the age of its votes."""


class ImportService:
    """Imports papers, and undoes an import."""

    def __init__(self, stores: Stores, maintenance: MaintenanceService) -> None:
        self._stores = stores
        self._maintenance = maintenance

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
        with self._maintenance.start_workers() as workers, RunningImport() as running_import:

            def on_progress(done: int) -> None:
                if done >= PAPERS_PER_CHUNK:
                    running_import.start(stores.open_state(), stores.cache_folder, stores.table)
                progress(Progress("reading", done, None, bytes_fraction=reader.fraction_read))

            with stores.io_lock:
                report = stores.catalog.add(
                    iter(reader),
                    date_given=date is not None,
                    progress=on_progress,
                    on_rows_added=workers.submit_rows,
                )
                stores.refresh()
                self._add_marks(reader.marks(report.ids), report.operation_id)
            self._warn_of_split(report)
            self._maintenance.update_index_after_write(progress, workers)
        return _import_report(report, reader.problems, reader.unreadable)

    def new_operation_id(self) -> OperationId:
        """Return the id of an import that consists of several calls of `add_responses`."""
        return self._stores.catalog.new_operation_id()

    def add_responses(
        self, responses: Iterable[ServiceResponse], operation_id: OperationId | None = None
    ) -> ImportReport:
        """Import responses of services. The papers are durable when this returns, but not yet in the index.

        A response to a repeated request replaces the earlier one. Calls with the same `operation_id` are one import,
        which is undone as a whole.

        Raises:
            StorageError: the library cannot be written.
        """
        reader = ResponseReader(responses)
        with self._stores.io_lock:
            report = self._stores.catalog.add(iter(reader), operation_id=operation_id)
            self._stores.refresh()
        self._warn_of_split(report)
        return _import_report(report, reader.problems)

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
            self._maintenance.update_index_after_write(progress)
        return undone


def _import_report(report: AddReport, problems: Iterable[Problem], unreadable: int = 0) -> ImportReport:
    return ImportReport(report.read, report.new, report.merged, report.unchanged, tuple(problems), unreadable)


class ImportReader:
    """Reads the entries of paths, and collects what cannot be read.

    Iterate it once; then `problems`, `unreadable` and `marks` are complete.
    """

    def __init__(self, inputs: Sequence[str], date: str | None) -> None:
        self._items = list(importers.expand_paths(inputs))
        self._date = date
        self._sizes = [_input_size(item) for item in self._items]
        self._items_read = 0
        self._file: BinaryIO | None = None
        self._marks: list[tuple[int, Mark]] = []
        self.problems: list[Problem] = []

    @property
    def unreadable(self) -> int:
        """How many of the paths could not be read at all."""
        return sum(isinstance(problem, importers.UnreadableFile) for problem in self.problems)

    @property
    def fraction_read(self) -> float:
        """How much of the inputs is read, by their bytes: 0 to 1."""
        position = sum(self._sizes[: self._items_read])
        with suppress(ValueError, OSError):  # closed: it is read completely, and is counted with the next
            position += self._file.tell() if self._file else 0
        return min(1.0, position / max(1, sum(self._sizes)))

    def __iter__(self) -> Iterator[ImportedEntry]:
        count = 0
        uncertain: dict[str, str] = {}
        for item in self._read():
            if isinstance(item, Problem):
                self.problems.append(item)
                continue
            if item.mark is not None:
                self._marks.append((count, item.mark))
            count += 1
            if message := _date_message(item.records[0]):
                uncertain.setdefault(item.records[0].source.name, message)
            yield item
        self.problems += [Problem(name, None, message) for name, message in uncertain.items()]

    def marks(self, ids: Mapping[int, str]) -> dict[str, Mark]:
        """Return the marks of the entries by paper id. `ids` maps entries, counted from 0, to papers."""
        found: dict[str, list[Mark]] = {}
        for position, mark in self._marks:
            found.setdefault(ids[position], []).append(mark)
        return {id: merge_all(marks) for id, marks in found.items()}

    def _read(self) -> Iterator[ImportedEntry | Problem]:
        today = dt.datetime.now(dt.UTC).date()
        for index, item in enumerate(self._items):
            self._items_read, self._file = index, None
            if isinstance(item, Problem):
                yield item
            else:
                yield from importers.read_entries(
                    item, date=self._date, today=today, on_open=self._file_opened
                )
        self._items_read, self._file = len(self._items), None

    def _file_opened(self, file: BinaryIO) -> None:
        self._file = file


class ResponseReader:
    """Reads the entries of responses, and collects what cannot be used.

    Iterate it once; then `problems` is complete.
    """

    def __init__(self, responses: Iterable[ServiceResponse]) -> None:
        self._responses = responses
        self.problems: list[Problem] = []

    def __iter__(self) -> Iterator[ImportedEntry]:
        today = dt.datetime.now(dt.UTC).date()
        for response in self._responses:
            item = importers.Input(response.name, response.data, observed_at=response.requested_at)
            for entry in importers.read_entries(item, date=None, today=today):
                if isinstance(entry, Problem):
                    self.problems.append(entry)
                else:
                    records = tuple(_with_service_key(record, response) for record in entry.records)
                    yield replace(entry, records=records)


def _date_message(record: SourceRecord) -> str:
    """Return what to report about the listing day of a paper of a saved page; empty if it is certain."""
    source = record.source
    if source.kind != TEXT_PAGE:
        return ""
    if source.date is None:
        return NO_DATE_MESSAGE
    # The ids of papers decide the year of their page.
    is_guess = source.is_date_assumed and not record.arxiv
    return ASSUMED_DATE_MESSAGE.format(source.date) if is_guess else ""


def _with_service_key(record: SourceRecord, response: ServiceResponse) -> SourceRecord:
    """Return the record with a key made of the request and the paper, which a repeated request yields again.

    Neither the content of the response nor the position in it would be stable.
    """
    digest = hashlib.sha256(response.name.encode()).hexdigest()[:15]
    paper = record.arxiv or slug_id(record.title, record.abstract)
    source = replace(record.source, key=f"{SERVICE_PREFIX}{digest}:{paper}")
    return replace(record, source=source, observed=record.observed or response.requested_at)


def _input_size(item: importers.Input | Problem) -> int:
    if isinstance(item, Problem):
        return 0
    with suppress(OSError):  # removed in the meantime, which reading it will report
        return item.path.stat().st_size if item.path else len(item.data)
    return 0
