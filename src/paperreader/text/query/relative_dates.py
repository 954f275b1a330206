"""Dates relative to today: `today`, `yesterday`, `7d`, `2w`; and the numbers by which all dates are compared."""

from __future__ import annotations

import re
from typing import Final, Literal, TypeAlias

from paperreader.lazy_pattern import lazy_pattern

INCOMPLETE: Final = "incomplete"
"""Result for a value that is still being typed and has no meaning yet."""

MIN_DAY, MAX_DAY = 1, 99_999_999
"""Days as numbers YYYYMMDD. A paper whose date is not known has day 0, and matches no date."""

Span: TypeAlias = tuple[int, int]
"""Minimum and maximum, both included."""

ParsedSpan: TypeAlias = Span | Literal["incomplete"] | None
"""A span; `INCOMPLETE`; or None for a value that is not understood."""

_NAMED_DAYS = {"today": 0, "now": 0, "yesterday": 1}
"""How many days ago they were."""

NAMED_PERIODS = {"day": "1d", "week": "7d", "month": "1m", "year": "1y"}
"""Periods by the units of which they are one."""

_PERIOD = lazy_pattern(
    r"([0-9]{1,4})[- ]?(?:(d)(?:ays?)?|(w)(?:eeks?|ks?)?|(m)(?:onths?|o)?|(y)(?:ears?|rs?)?)",
    re.IGNORECASE | re.ASCII,
)
_DAYS_OF_UNIT = {"d": 1, "w": 7, "m": 30, "y": 365}

_UNFINISHED_PERIOD = lazy_pattern(
    "[03-9][0-9]{0,2}|[0-9]{1,4}-?(?:da?|day|we{0,2}|week|mo?|mon|mont|month|ye?|yea|year)",
    re.IGNORECASE | re.ASCII,
)
"""A number of days, weeks … without its unit, which no year begins with; or with the beginning of its unit."""


def parse_relative_span(value: str, *, unfinished: bool) -> ParsedSpan:
    """Return the days of a period that ends today, such as `7d`: today and the seven days before it.

    Papers with a later date, of places where it is tomorrow already, are included. None for any other value.
    `unfinished`: nothing follows it in the query yet.
    """
    if found := _PERIOD.fullmatch(value):
        unit = next(filter(None, found.groups()[1:])).lower()
        return _day_before(int(found[1]) * _DAYS_OF_UNIT[unit]), MAX_DAY
    text = value.lstrip("<>=").lower()
    begins_name = text and text not in _NAMED_DAYS and any(name.startswith(text) for name in _NAMED_DAYS)
    is_incomplete = unfinished and (begins_name or _UNFINISHED_PERIOD.fullmatch(value))
    return INCOMPLETE if is_incomplete else None


def named_day(text: str) -> int | None:
    """Return the day with this name as a number YYYYMMDD; None if it has none."""
    days = _NAMED_DAYS.get(text.lower())
    return None if days is None else _day_before(days)


def _day_before(days: int) -> int:
    import datetime  # takes 1 ms, and few queries need it

    today = datetime.date.today()
    day = today - datetime.timedelta(min(days, today.toordinal() - 1))
    return day.year * 10_000 + day.month * 100 + day.day
