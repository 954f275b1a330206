"""Check numbers and dates when they are read from a file: the one place that knows their ranges.

Files are edited, merged, damaged and forged. Every reader of a number, a date or a length uses these functions. A value
that is out of range counts as missing; `DroppedValues` collects such values for a message. So whatever a file contains,
it cannot break a start or a command, and a small file cannot require much memory.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.dates import (
    date_from_parts,
    names_impossible_day,
    parse_iso,
    parse_partial,
    stated_date,
)
from paperreader.text.sanitize import single_line

Value = TypeVar("Value")

MAX_COUNT = 2**31 - 1
"""Votes, comments and stars. The columns of the catalog could not store more."""

MAX_ARXIV_VERSION = 999
"""Versions of one paper at arXiv; few have more than ten."""

MAX_TIMESTAMP = 253_402_300_799_999
"""The last millisecond that `datetime` can represent (31 December 9999)."""

MAX_QUEUE_POSITION = 2.0**52
"""Adding 1 to it still gives another number."""

MAX_GENERATION = 2**31 - 1
"""A catalog is rewritten at most every few seconds."""

MAX_VERSION = 9999
"""Format versions. A larger number is damage, not a newer program."""

_MAX_INTEGER_DIGITS = 400
"""Integers of JSON with more digits are read as infinity, as `1e400` is. Python refuses those above 4,300."""

_CACHED_DATES = 4096
"""Dates of one library repeat."""

_MAX_DATE_CHARS = 100
_DATE_IN_DIGITS = lazy_pattern(r"[-+]?([0-9]+)(?:-([0-9]{2})(?:-([0-9]{2})(?:[T ].*)?)?)?", re.ASCII)
"""A number, or an ISO date or timestamp with any year. Other forms are not checked: they may mean anything."""

_SEASONS = range(21, 42)
"""Numbers that mean a season or another part of the year in place of a month (ISO 8601-2)."""

_MAX_NAMED_VALUES = 3
_MAX_VALUE_CHARS = 30


class DroppedValues:
    """Names of the values that were out of range, for one message."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def add(self, name: str, value: Any) -> None:
        """Record that `value` of the field `name` was out of range."""
        shown = repr(value) if not isinstance(value, int) or abs(value) < 10**40 else "a huge number"
        shown = single_line(shown)
        shown = shown if len(shown) <= _MAX_VALUE_CHARS else f"{shown[:_MAX_VALUE_CHARS]}…"
        self._names[f"{single_line(name)} {shown}"] = None

    def extend(self, prefix: str, other: DroppedValues) -> None:
        """Add the values of `other`, which belong to `prefix`."""
        self._names |= dict.fromkeys(f"{single_line(prefix)}: {name}" for name in other._names)

    def __bool__(self) -> bool:
        return bool(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def message(self, file: str) -> str:
        """Return a sentence about the values; empty if there are none."""
        return f"{file} {self.clause}." if self else ""

    @property
    def clause(self) -> str:
        """What is wrong with the file that contains the values."""
        named = "; ".join(islice(self._names, _MAX_NAMED_VALUES))
        more = len(self) - _MAX_NAMED_VALUES
        return (
            f"contains values out of range, which are ignored: {named}"
            f"{f' and {more:,} more' if more > 0 else ''}"
        )


_collector: ContextVar[DroppedValues | None] = ContextVar("collector", default=None)


def collect(items: Iterator[Value], dropped: DroppedValues) -> Iterator[Value]:
    """Yield `items`. Values out of range that are read meanwhile, and recorded nowhere else, are added to `dropped`."""
    while True:
        token = _collector.set(dropped)
        try:
            item = next(items)
        except StopIteration:
            return
        finally:
            _collector.reset(token)
        yield item


@contextmanager
def collecting(dropped: DroppedValues) -> Iterator[None]:
    """Add values out of range that the body reads, and records nowhere else, to `dropped`."""
    token = _collector.set(dropped)
    try:
        yield
    finally:
        _collector.reset(token)


def load_json(data: bytes | str) -> Any:
    """Parse JSON. Numbers may have any length, values any depth.

    Raises:
        ValueError: it is not JSON, or nested too deeply for the parser.
    """
    try:
        return json.loads(data)
    except json.JSONDecodeError:
        raise
    except RecursionError as error:
        raise ValueError("its values are nested too deeply") from error
    except ValueError:  # also for invalid UTF-8, which fails again
        try:
            return json.loads(data, parse_int=parse_integer)
        except RecursionError as error:
            raise ValueError("its values are nested too deeply") from error


def parse_integer(digits: str) -> int | float:
    """Return the value of an integer of JSON: infinity for one that is too long."""
    if len(digits) <= _MAX_INTEGER_DIGITS:
        return int(digits)
    return -math.inf if digits.startswith("-") else math.inf


def is_number(value: Any) -> bool:
    """Return whether a value is a number, which may be NaN or infinite."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def whole_number(value: Any, minimum: int, maximum: int) -> int | None:
    """Return a whole number from `minimum` to `maximum`, else None. `5.0` is one: some programs write numbers so."""
    if not is_number(value) or not minimum <= value <= maximum or value != int(value):
        return None
    return int(value)


def count(value: Any) -> int | None:
    """Return a number of votes, comments or stars, else None."""
    return whole_number(value, 0, MAX_COUNT)


def arxiv_version(value: Any) -> int | None:
    """Return a version of a paper at arXiv, else None."""
    return whole_number(value, 1, MAX_ARXIV_VERSION)


def timestamp(value: Any) -> int | None:
    """Return a time in UTC milliseconds since 1970, else None."""
    return whole_number(value, 0, MAX_TIMESTAMP)


def queue_position(value: Any) -> float | None:
    """Return a position in the reading queue, else None. 0 means none."""
    return float(value) if is_number(value) and 0 <= value <= MAX_QUEUE_POSITION else None


def format_version(value: Any) -> int | None:
    """Return the version of a file format, else None."""
    return whole_number(value, 1, MAX_VERSION)


def row_number(value: Any) -> int | None:
    """Return a number of rows, or the number of a row, else None."""
    return whole_number(value, 0, MAX_COUNT)


def local_time(seconds: float) -> dt.datetime | None:
    """Return a time in seconds since 1970, such as that of a file, as local time; None if no calendar has it."""
    try:
        return dt.datetime.fromtimestamp(seconds)
    except (OSError, ValueError, OverflowError):
        return None


@lru_cache(_CACHED_DATES)
def day(value: str) -> str | None:
    """Return an ISO day that exists, else None."""
    return parse_iso(value)


@lru_cache(_CACHED_DATES)
def partial_day(value: str) -> str | None:
    """Return an ISO day, month or year that exists, else None."""
    return parse_partial(value)


def checked(
    name: str, value: Any, parse: Callable[[Any], Value | None], dropped: DroppedValues | None
) -> Value | None:
    """Return what `parse`, one of the functions above, makes of a value. If that is None, record it in `dropped`, else
    where `collect` adds it.
    """
    parsed = parse(value)
    if parsed is None and (record := dropped if dropped is not None else _collector.get()) is not None:
        record.add(name, value)
    return parsed


def checked_item(data: Mapping[str, Any], name: str, parse: Callable[[Any], Value | None]) -> Value | None:
    """Return what `parse` makes of an item, recorded as by `checked`; None if it is missing or null."""
    value = data.get(name)
    return None if value is None else checked(name, value, parse, None)


def calendar_day(value: Any) -> dt.date | None:
    """Return the day for an ISO text, else None."""
    return dt.date.fromisoformat(value) if isinstance(value, str) and parse_iso(value) else None


# Dates of imported files


def checked_date(text: str) -> str | None:
    """Return the date (ISO, perhaps partial) that a text states, as `stated_date`; record one that no calendar has."""
    found = _cached_date(text) if len(text) <= _MAX_DATE_CHARS else stated_date(text)
    if _lacks_part(text.strip()[:_MAX_DATE_CHARS], found) or (
        found is not None and len(found) == len("2016-05") and names_impossible_day(text)
    ):
        _record_date(text)
    return found


def checked_date_parts(year: str, month: str, day: str) -> str | None:
    """Return the date of three fields, as `date_from_parts`; record one that no calendar has."""
    found = date_from_parts(year, month, day)
    parts = [part.strip()[:_MAX_DATE_CHARS] for part in (year, month, day)]
    # A day without a month says nothing.
    written = "-".join(part.rjust(2, "0") for part in (parts if parts[1].strip("0") else parts[:1]) if part)
    if all(part.isdecimal() or not part for part in parts) and _lacks_part(written, found):
        _record_date(written)
    return found


def checked_day(text: str) -> str | None:
    """Return the ISO day at the beginning of a timestamp; record one that no calendar has. None if there is none."""
    if (found := day(text[:10])) is not None:
        return found
    written = text.strip()[:_MAX_DATE_CHARS]
    if _lacks_part(written, parse_partial(written[:7]) or parse_partial(written[:4])):
        _record_date(text)
    return None


@lru_cache(_CACHED_DATES)
def _cached_date(text: str) -> str | None:
    return stated_date(text)


def _lacks_part(text: str, found: str | None) -> bool:
    """Return whether a date in digits has a year, month or day that is not in what was found. Zeros are no value."""
    if found is not None and (text == found or len(found) == len("2016-05-03")):
        return False
    written = _DATE_IN_DIGITS.fullmatch(text)
    if written is None or not text.strip("0-/. :TZ"):
        return False
    if found is None:
        return True
    _, month, day = (int(part or 0) for part in written.groups())
    is_season = month in _SEASONS and not day
    return bool(month and not is_season) + bool(month and day) > found.count("-")


def _record_date(text: str) -> None:
    if (record := _collector.get()) is not None:
        record.add("date", text)
