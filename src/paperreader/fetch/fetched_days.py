"""Which days of Daily Papers a library has completely.

`state.json` holds `{"fetched": {"huggingface": {"from": DAY, "days": [[FIRST, LAST], …], "papers": {DAY: …}}}}`: the
first day that was ever requested, and the ranges of days that are complete. A day is complete when it was fetched after
its end (UTC) by the clock of the service; until then papers may be added to it.

`papers` has, for each complete day, `{"generation": N, "ids": [[ROW, ID], …]}`, some of the papers that completed it.
Without any of them a library is a copy with the same UUID, or a backup that was restored, and lacks the day.
"""

from __future__ import annotations

import datetime as dt
import itertools
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from paperreader.checked_values import calendar_day, checked, checked_item, row_number
from paperreader.errors import StorageError
from paperreader.fetch.huggingface import is_page_of_day
from paperreader.library import Library

_STATE_KEY = "fetched"
_SERVICE_KEY = "huggingface"
_ONE_DAY = dt.timedelta(days=1)

_REMEMBERED_PAPERS = 5
"""Papers of each day that are remembered."""

_REMEMBERED_DAYS = 1000
"""Days whose papers are remembered: older ones are complete without a check."""

MAX_PENDING_DAYS = 5000
"""Daily Papers began in May 2023. A service whose clock is wrong by centuries causes no more requests than this."""

DayRange = tuple[dt.date, dt.date]
"""First and last day, both included."""


class _PapersOfDay(Struct, frozen=True):
    """Some papers that completed a day, and their rows in a generation of the catalog."""

    generation: int
    ids: tuple[tuple[int, str], ...]

    def is_in(self, library: Library, day: str) -> bool:
        """Return whether one of the papers is in the library as a paper of that day, or was removed by the user."""
        return not self.ids or any(self._is_known(library, row, id, day) for row, id in self.ids)

    def _is_known(self, library: Library, former_row: int, id: str, day: str) -> bool:
        table = library.table
        if self.generation == table.generation and table.was_removed_by_user(former_row, id):
            return True
        row = table.row_of(id)
        return row is not None and _is_from_day(library, row, day)


class FetchedDays:
    """The days of one library that are complete."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._record = library.state.parse(_STATE_KEY, _parse_record)

    def pending(self, today: dt.date, initial_days: int) -> list[dt.date]:
        """Return the required days that are not complete, latest first. Without any, the last `initial_days` days."""
        since = self._record.since
        if since is None or since > today:  # a day in the future was stored under a wrong clock
            since = today - (initial_days - 1) * _ONE_DAY
        return self.pending_since(since, today)

    def pending_since(self, first: dt.date, today: dt.date) -> list[dt.date]:
        """Return the days from `first` on that are not complete, latest first. `today` never is."""
        count = min((today - first).days + 1, MAX_PENDING_DAYS)
        days = (today - number * _ONE_DAY for number in range(count))
        return [day for day in days if day == today or not self._is_complete(day)]

    def require_since(self, first: dt.date) -> None:
        """Require every day from `first` on, so that the next fetch continues one that was interrupted."""
        if self._record.since is None or first < self._record.since:
            self._save(_Record(first, [], {}))

    def forget_from(self, day: dt.date) -> None:
        """Forget that this day and later ones are complete: they cannot be before they have ended."""

        def cut(record: _Record) -> _Record:
            return replace(
                record, ranges=[(first, min(last, day - _ONE_DAY)) for first, last in record.ranges]
            )

        if any(last >= day for _, last in self._record.ranges):
            self._record = cut(self._record)
            self._library.state.update(
                _STATE_KEY, lambda services: _with_record(services, cut(_parse_record(services)))
            )

    def mark_done(self, day: dt.date, requested_at: dt.datetime | None, first_new_row: int) -> None:
        """Record that all papers of a day, as of `requested_at`, are in the library.

        Args:
            day: the day.
            requested_at: when it was requested, by the clock of the service. Without it the day does not count as
                complete, because the clock of this computer may be wrong.
            first_new_row: the number of rows of the library before that.
        """
        if requested_at is not None and requested_at.astimezone(dt.UTC).date() > day:
            papers = _papers_of_day(self._library, day.isoformat(), first_new_row)
            self._save(_Record(None, [(day, day)], {day.isoformat(): papers}))
        else:  # the first papers of a new library have arrived, so what is required can be stored now
            self._save(_Record(None, [], {}))

    def _is_complete(self, day: dt.date) -> bool:
        if not any(start <= day <= end for start, end in self._record.ranges):
            return False
        papers = self._record.papers.get(day.isoformat())
        return papers is None or papers.is_in(self._library, day.isoformat())

    def _save(self, new: _Record) -> None:
        """Add to what is stored now: another process may have fetched other days."""
        self._record = self._record.joined(new)

        # Opened again when the first papers of a new library are written: only then it has a file.
        self._library.state.update(
            _STATE_KEY, lambda services: _with_record(services, _parse_record(services).joined(self._record))
        )


class _Record(Struct, frozen=True):
    """What `state.json` holds about the days of a service."""

    since: dt.date | None
    """The first day that was ever requested."""
    ranges: list[DayRange]
    papers: dict[str, _PapersOfDay]
    """By ISO day."""

    def joined(self, other: _Record) -> _Record:
        """Return everything that is in one of both; of the papers of a day, those in the other one."""
        days = sorted({**self.papers, **other.papers}.items(), reverse=True)
        return _Record(
            min((day for day in (self.since, other.since) if day), default=None),
            _merge_ranges([*self.ranges, *other.ranges]),
            dict(days[:_REMEMBERED_DAYS]),
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "from": self.since.isoformat() if self.since else None,
            "days": [[start.isoformat(), end.isoformat()] for start, end in self.ranges],
            "papers": {
                day: {"generation": papers.generation, "ids": [list(pair) for pair in papers.ids]}
                for day, papers in self.papers.items()
            },
        }


def _with_record(services: Any, record: _Record) -> dict[str, Any]:
    return {**(services if isinstance(services, dict) else {}), _SERVICE_KEY: record.to_json()}


def _papers_of_day(library: Library, day: str, first_new_row: int) -> _PapersOfDay:
    """Return the papers of a day that were added last; of its new ones, if there are any."""
    table = library.table
    newest = table.newest
    start = bisect_left(newest, True, key=lambda row: table.day(row) <= day)
    of_day = itertools.takewhile(lambda row: table.day(row) == day, itertools.islice(newest, start, None))
    rows = sorted((row for row in of_day if _is_from_day(library, row, day)), reverse=True)
    new = [row for row in rows if row >= first_new_row]
    pairs = ((row, library.paper(row).id) for row in (new or rows)[:_REMEMBERED_PAPERS])
    return _PapersOfDay(table.generation, tuple(pairs))


def _is_from_day(library: Library, row: int, day: str) -> bool:
    try:
        return any(is_page_of_day(source.name, day) for source in library.paper(row).sources)
    except (StorageError, IndexError):
        return False  # damaged, which `check` reports


def _parse_record(services: Any) -> _Record:
    record = services.get(_SERVICE_KEY) if isinstance(services, dict) else None
    if not isinstance(record, dict):
        return _Record(None, [], {})
    papers = record.get("papers")
    return _Record(
        checked_item(record, "from", calendar_day),
        _parse_ranges(record.get("days")),
        dict(_parse_papers(papers)) if isinstance(papers, dict) else {},
    )


def _parse_papers(papers: Mapping[str, Any]) -> Iterator[tuple[str, _PapersOfDay]]:
    for day, value in papers.items():
        match value:
            case {"generation": number, "ids": list() as ids} if checked("day", day, calendar_day, None):
                if (generation := checked("generation", number, row_number, None)) is not None:
                    yield day, _PapersOfDay(generation, tuple(_parse_pairs(ids)))


def _parse_pairs(values: Iterable[Any]) -> Iterator[tuple[int, str]]:
    for value in values:
        match value:
            case [number, str() as id]:
                if (row := checked("row", number, row_number, None)) is not None:
                    yield row, id


def _parse_ranges(value: Any) -> list[DayRange]:
    """Return the valid ranges of a value read from a file."""
    pairs: Iterable[Any] = value if isinstance(value, list) else ()
    ranges: list[DayRange] = []
    for pair in pairs:
        if isinstance(pair, list) and len(pair) == 2:
            first, last = (checked("day", day, calendar_day, None) for day in pair)
            if first and last:
                ranges.append((first, last))
    return _merge_ranges(ranges)


def _merge_ranges(ranges: Sequence[DayRange]) -> list[DayRange]:
    """Return the same days in as few ranges as possible, in order."""
    merged: list[DayRange] = []
    for start, end in sorted(pair for pair in ranges if pair[0] <= pair[1]):
        if merged and start <= merged[-1][1] + _ONE_DAY:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
