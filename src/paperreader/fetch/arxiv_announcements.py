"""Which papers arXiv announced, and on which day.

arXiv announces once a day, from Sunday to Thursday at 20:00 in New York, what was submitted until 14:00
(https://info.arxiv.org/help/availability.html). The day of an announcement is the following one, as in its RSS feeds
and mails: Monday to Friday. Ids are assigned when a paper is announced, in ascending order: the records of 18,149
papers of three months have ids in the ranges of the days on which they were created, except for 82 that were changed on
the Saturday after. So a paper is new if its id is greater than those that were announced before, however long it was on
hold; cross-lists and replacements of older papers are not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from msgspec import Struct, field

DEADLINE_HOUR = 14
"""In New York."""

SUBMISSION_DAYS = 4
"""A paper that is not on hold is announced at most this many days after its submission, over a weekend. Papers that
were submitted earlier are not new if no id of an earlier announcement is known."""

FIRST_YEAR, LAST_YEAR = 1986, 9000
"""Years of submissions that are not errors."""

_FRIDAY, _SATURDAY = 4, 5
_ID = re.compile(r"[0-9]{4}\.[0-9]{5}", re.ASCII)
_ONE_DAY = dt.timedelta(days=1)


class ArxivRecord(Struct, frozen=True):
    """A paper in a response of arXiv."""

    id: str
    """Without version."""
    submitted: dt.datetime | None
    """When the first version was submitted (UTC)."""
    replaced: dt.datetime | None
    """When the latest version was submitted, if there are several and it is stated."""
    changed: dt.date | None
    """The day of the last change of its metadata, not before it was announced; None if it is not stated."""
    content: bytes
    """The part of the response that describes it."""
    version: int = 0
    """The latest version, 0 if it is not stated."""
    updated: dt.datetime | None = None
    """When the latest version was submitted, also if it is the first, if it is stated."""


class Window(Struct, frozen=True):
    """Consecutive days whose announcements are requested at once."""

    first: dt.date
    last: dt.date
    is_open: bool
    """Whether the last one is today, so that what changed later belongs to it too."""

    @property
    def days(self) -> list[dt.date]:
        """Every day of it, in order."""
        return [self.first + number * _ONE_DAY for number in range((self.last - self.first).days + 1)]


class Announced(Struct):
    """The papers of a window. `new` is sorted by day and id."""

    new: dict[dt.date, list[ArxivRecord]] = field(default_factory=dict)
    replaced: list[ArxivRecord] = field(default_factory=list)
    """Announced earlier, with a new version."""
    cross_listed: list[ArxivRecord] = field(default_factory=list)
    """Announced earlier: listed in another category, or changed in another way."""


def sort_announced(records: Iterable[ArxivRecord], window: Window, last_known_id: str) -> Announced:
    """Divide records into new papers by the day of their announcement, and others.

    Args:
        records: what was found in the window.
        window: the days that were requested.
        last_known_id: the greatest known id that was announced before the window; empty if none is known.
    """
    records = sorted(records, key=lambda record: record.id)
    last_ids = _last_ids_by_day(records)
    announced = Announced()
    since = window.first - SUBMISSION_DAYS * _ONE_DAY
    for record in records:
        if _is_new(record, last_known_id, since):
            announced.new.setdefault(_announcement_day(record, window, last_ids), []).append(record)
        elif record.replaced is not None and record.replaced.date() >= since:
            announced.replaced.append(record)
        else:
            announced.cross_listed.append(record)
    announced.new = dict(sorted(announced.new.items()))
    return announced


def mailing_day(submitted: dt.datetime) -> dt.date:
    """Return the first day on which a paper can have been announced, if no holiday delayed it.

    Args:
        submitted: time of its submission (UTC).
    """
    local = submitted + dt.timedelta(hours=_utc_offset_of_new_york(submitted))
    deadline = (local + dt.timedelta(hours=24 - DEADLINE_HOUR)).date()
    if deadline.weekday() >= _SATURDAY:
        deadline += (7 - deadline.weekday()) * _ONE_DAY
    return deadline + (3 if deadline.weekday() == _FRIDAY else 1) * _ONE_DAY


def windows(days: Iterable[dt.date], today: dt.date, max_days: int) -> Iterator[Window]:
    """Group days into windows of at most `max_days`, in order."""
    run: list[dt.date] = []
    for day in sorted(days):
        if run and (len(run) == max_days or day != run[-1] + _ONE_DAY):
            yield Window(run[0], run[-1], False)
            run = []
        run.append(day)
    if run:
        yield Window(run[0], run[-1], run[-1] >= today)


def plausible_time(time: dt.datetime) -> dt.datetime | None:
    """Return the time of a submission in UTC; None if it is out of range, so that no calculation with it overflows."""
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        return None
    return (time if time.tzinfo else time.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def is_current_id(id: str) -> bool:
    """Return whether an id has the form of those that are assigned today, whose order is that of announcements."""
    return _ID.fullmatch(id) is not None


def _is_new(record: ArxivRecord, last_known_id: str, since: dt.date) -> bool:
    if not is_current_id(record.id):
        return False
    if last_known_id:
        return record.id > last_known_id
    return record.submitted is not None and record.submitted.date() >= since


def _last_ids_by_day(records: Iterable[ArxivRecord]) -> dict[dt.date, str]:
    """Return the greatest id that was announced until each day, as far as the records tell."""
    last: dict[dt.date, str] = {}
    for record in records:
        if record.changed is not None and is_current_id(record.id):
            last[record.changed] = max(record.id, last.get(record.changed, ""))
    days = sorted(last)
    return dict(zip(days, accumulate((last[day] for day in days), max), strict=True))


def _announcement_day(record: ArxivRecord, window: Window, last_ids: Mapping[dt.date, str]) -> dt.date:
    """Return the first day until which an id as great as that of the paper was announced.

    Its own day may be later: it was replaced since. A response without days has that of the schedule.
    """
    if last_ids:
        day = next((day for day, last in last_ids.items() if last >= record.id), window.last)
    else:
        day = mailing_day(record.submitted) if record.submitted is not None else window.last
    return min(max(day, window.first), window.last)


def _utc_offset_of_new_york(time: dt.datetime) -> int:
    """Return the hours to add to a time (UTC). Not from the time zones of the system, which Windows lacks."""
    begin = _sunday(time.year, 3, 2) + dt.timedelta(hours=7)
    end = _sunday(time.year, 11, 1) + dt.timedelta(hours=6)
    return -4 if begin <= time.astimezone(dt.UTC) < end else -5


def _sunday(year: int, month: int, number: int) -> dt.datetime:
    """Return the midnight at which that Sunday of a month begins."""
    first = dt.datetime(year, month, 1, tzinfo=dt.UTC)
    return first + dt.timedelta(days=(6 - first.weekday()) % 7 + 7 * (number - 1))
