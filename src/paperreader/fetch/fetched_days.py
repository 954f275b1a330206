"""Which days of Daily Papers, and of a subscription to arXiv, a library has completely.

`state.json` holds `{"fetched": {"huggingface": {"from": DAY, "days": [[FIRST, LAST], …], "papers": {DAY: …}}}}`: the
first day that was ever requested, and the ranges of days that are complete. A day is complete when it was fetched after
its end (UTC) by the clock of the service; until then papers may be added to it. Subscriptions have the same under the
keys `arxiv cs.CL`, `arxiv all:agents` etc.

`papers` has, for each complete day, `{"generation": N, "ids": [[ROW, ID], …]}`, some of the papers that completed it.
Without any of them a library is a copy with the same UUID, or a backup that was restored, and lacks the day.
"""

from __future__ import annotations

import datetime as dt
import itertools
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from paperreader.checked_values import calendar_day, checked, checked_item, row_number
from paperreader.errors import StorageError
from paperreader.fetch.huggingface import is_page_of_day
from paperreader.library import Library
from paperreader.models import Paper

STATE_KEY = "fetched"
DAILY_PAPERS_KEY = "huggingface"
_ONE_DAY = dt.timedelta(days=1)

_REMEMBERED_PAPERS = 5
"""Papers of each day that are remembered."""

_REMEMBERED_DAYS = 1000
"""Days whose papers are remembered: older ones are complete without a check."""

MAX_PENDING_DAYS = 5000
"""Daily Papers began in May 2023. A service whose clock is wrong by centuries causes no more requests than this."""

DayRange = tuple[dt.date, dt.date]
"""First and last day, both included."""

IsFromDay = Callable[[Paper, str], bool]
"""Whether a paper is there because of the responses for an ISO day."""


def is_on_page_of_day(paper: Paper, day: str) -> bool:
    """Return whether a paper is from the Daily Papers page of an ISO day."""
    return any(is_page_of_day(source.name, day) for source in paper.sources)


class _PapersOfDay(Struct, frozen=True):
    """Some papers that completed a day, and their rows in a generation of the catalog."""

    generation: int
    ids: tuple[tuple[int, str], ...]

    def is_in(self, library: Library, day: str, is_from_day: IsFromDay) -> bool:
        """Return whether one of the papers is in the library as a paper of that day, or was removed by the user."""
        return not self.ids or any(self._is_known(library, row, id, day, is_from_day) for row, id in self.ids)

    def _is_known(self, library: Library, former_row: int, id: str, day: str, is_from_day: IsFromDay) -> bool:
        table = library.table
        if self.generation == table.generation and table.was_removed_by_user(former_row, id):
            return True
        row = table.row_of(id)
        return row is not None and _is_from_day(library, row, day, is_from_day)


class FetchedDays:
    """The days of one service, or of one subscription, that are complete in a library.

    Args:
        library: its state holds the record.
        key: of the service or subscription in the state.
        is_from_day: recognizes its papers.
    """

    def __init__(
        self, library: Library, key: str = DAILY_PAPERS_KEY, is_from_day: IsFromDay = is_on_page_of_day
    ) -> None:
        self._library, self._key, self._is_from_day = library, key, is_from_day
        self._record = library.state.parse(STATE_KEY, self._parse)

    @property
    def is_empty(self) -> bool:
        """Whether no day was ever requested."""
        return self._record.since is None and not self._record.ranges

    def remembered_ids(self, before: dt.date) -> Iterator[str]:
        """Yield the remembered papers of the days before a day."""
        for day, papers in self._record.papers.items():
            if day < before.isoformat():
                yield from (id for _, id in papers.ids)

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
                STATE_KEY, lambda services: self._with_record(services, cut(self._parse(services)))
            )

    def mark_done(self, day: dt.date, requested_at: dt.datetime | None, first_new_row: int) -> None:
        """Record that all papers of a day, as of `requested_at`, are in the library.

        Args:
            day: the day.
            requested_at: when it was requested, by the clock of the service. Without it the day does not count as
                complete, because the clock of this computer may be wrong.
            first_new_row: the number of rows of the library before that.
        """
        self.mark_all_done([day], requested_at, first_new_row)

    def mark_all_done(
        self, days: Iterable[dt.date], requested_at: dt.datetime | None, first_new_row: int
    ) -> None:
        """Record the same of several days, of which those that had not ended do not count as complete."""
        ended = [day for day in days if requested_at and requested_at.astimezone(dt.UTC).date() > day]
        papers = {day.isoformat(): self._papers_of_day(day.isoformat(), first_new_row) for day in ended}
        # Also without any: the first papers of a new library have arrived, so what is required can be stored now.
        self._save(_Record(None, [(day, day) for day in ended], papers))

    def _is_complete(self, day: dt.date) -> bool:
        if not any(start <= day <= end for start, end in self._record.ranges):
            return False
        papers = self._record.papers.get(day.isoformat())
        return papers is None or papers.is_in(self._library, day.isoformat(), self._is_from_day)

    def _papers_of_day(self, day: str, first_new_row: int) -> _PapersOfDay:
        """Return the papers of a day that were added last; of its new ones, if there are any."""
        table = self._library.table
        newest = table.newest
        start = bisect_left(newest, True, key=lambda row: table.day(row) <= day)
        of_day = itertools.takewhile(lambda row: table.day(row) == day, itertools.islice(newest, start, None))
        rows = sorted(
            (row for row in of_day if _is_from_day(self._library, row, day, self._is_from_day)), reverse=True
        )
        new = [row for row in rows if row >= first_new_row]
        pairs = ((row, self._library.paper(row).id) for row in (new or rows)[:_REMEMBERED_PAPERS])
        return _PapersOfDay(table.generation, tuple(pairs))

    def _save(self, new: _Record) -> None:
        """Add to what is stored now: another process may have fetched other days."""
        self._record = self._record.joined(new)

        # Opened again when the first papers of a new library are written: only then it has a file.
        self._library.state.update(
            STATE_KEY,
            lambda services: self._with_record(services, self._parse(services).joined(self._record)),
        )

    def _parse(self, services: Any) -> _Record:
        return _parse_record(services.get(self._key) if isinstance(services, dict) else None)

    def _with_record(self, services: Any, record: _Record) -> dict[str, Any]:
        return {**(services if isinstance(services, dict) else {}), self._key: record.to_json()}


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


def _is_from_day(library: Library, row: int, day: str, is_from_day: IsFromDay) -> bool:
    try:
        return is_from_day(library.paper(row), day)
    except (StorageError, IndexError):
        return False  # damaged, which `check` reports


def _parse_record(record: Any) -> _Record:
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
