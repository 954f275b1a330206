"""Read the entries of files and of responses of services, and collect what cannot be read."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from paperreader import importers
from paperreader.import_formats import TEXT_PAGE
from paperreader.models import SERVICE_PREFIX, ImportedEntry, Mark, Problem, SavedPage, SourceRecord
from paperreader.notebook import merge_all
from paperreader.text.ids import slug_id

if TYPE_CHECKING:
    from paperreader.library.full_texts.saved_pages import SavedPages

NO_DATE_MESSAGE = (
    "no date of certain year found, so its papers are listed on no day; `paperreader import --date` sets it"
)
"""Papers with an arXiv id have its month, others no date."""
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
    listed: str | None = None
    """The day (ISO) that all its papers are listed under; None: the days that the response states."""


class ImportReader:
    """Reads the entries of paths, and collects what cannot be read.

    Iterate it once; then `problems`, `unreadable` and `marks` are complete.
    """

    def __init__(self, inputs: Sequence[str], date: str | None) -> None:
        self._paths = [
            (number, item) for number, path in enumerate(inputs) for item in importers.expand_paths([path])
        ]
        self._items = [item for _, item in self._paths]
        self._date = date
        self._sizes = [_input_size(item) for item in self._items]
        self._items_read = 0
        self._file: BinaryIO | None = None
        self._marks: list[tuple[int, Mark]] = []
        self._entries_by_path: Counter[int] = Counter()
        self._refused_paths: set[int] = set()
        self.problems: list[Problem] = []
        self.pages: SavedPages | None = None
        """The full texts among the inputs; None if there are none."""

    @property
    def unreadable(self) -> int:
        """How many of the paths, and of the files in folders, could not be read at all.

        One with problems and without a single paper was refused as a whole.
        """
        unreadable = sum(isinstance(problem, importers.UnreadableFile) for problem in self.problems)
        return unreadable + sum(not self._entries_by_path[path] for path in self._refused_paths)

    @property
    def fraction_read(self) -> float:
        """How much of the inputs is read, by their bytes: 0 to 1."""
        position = sum(self._sizes[: self._items_read])
        with suppress(ValueError, OSError):  # closed: it is read completely, and is counted with the next
            position += self._file.tell() if self._file else 0
        return min(1.0, position / max(1, sum(self._sizes)))

    @property
    def _current_path(self) -> int:
        return self._paths[self._items_read][0]

    def __iter__(self) -> Iterator[ImportedEntry]:
        count = 0
        uncertain: dict[str, str] = {}
        for item in self._read():
            path = self._current_path
            if isinstance(item, Problem):
                self.problems.append(item)
                if not isinstance(item, importers.UnreadableFile):
                    self._refused_paths.add(path)
                continue
            self._entries_by_path[path] += 1
            if item.mark is not None:
                self._marks.append((count, item.mark))
            if item.page is not None:
                self._keep(item.records[0], item.page)
                item = replace(item, page=None)
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

    def _keep(self, record: SourceRecord, page: SavedPage) -> None:
        if self.pages is None:
            from paperreader.library.full_texts.saved_pages import SavedPages  # few imports need it

            self.pages = SavedPages()
        self.pages.add(record, page)

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
            for entry in importers.read_entries(item, date=response.listed, today=today):
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
