"""Parse the values of fields, also while they are being typed."""

from __future__ import annotations

import re

from paperreader.lazy_pattern import lazy_pattern
from paperreader.text.query.fields import QueryField
from paperreader.text.query.relative_dates import (
    INCOMPLETE,
    MAX_DAY,
    MIN_DAY,
    ParsedSpan,
    Span,
    named_day,
    parse_relative_span,
)

MAX_NUMBER = 2**31 - 1

_COMPARISON = lazy_pattern(r"(>=|=>|<=|=<|==|[><=≥≤]?)(.*)", re.DOTALL)
_OPERATORS = {"=>": ">=", "≥": ">=", "=<": "<=", "≤": "<=", "": "=", "==": "="}
_DAY = lazy_pattern(r"([0-9]{4})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?|([0-9]{4})([0-9]{2})([0-9]{2})?")
_YEARS = lazy_pattern(r"([0-9]{4})[-–]([0-9]{4})")
"""Two years, the same as with dots."""
_UNFINISHED_YEARS = lazy_pattern(r"([0-9]{4})[-–](?:19|20)[0-9]?")
_NUMBERS = lazy_pattern(r"([0-9]+)[-–]([0-9]+)")
_THOUSANDS = lazy_pattern(r"[0-9]{1,3}(?:,[0-9]{3})+")
_KILO = lazy_pattern(r"([0-9]{1,6})k", re.IGNORECASE)
_DAYS_OF_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_UNFINISHED_DAY = lazy_pattern(
    r"(?P<year>[0-9]{4})(?:[-/][01]?|[01])|(?P<month>[0-9]{4}[-/]?(?:0[1-9]|1[0-2]))(?:[-/][0-3]?|[0-3])"
)
"""A day that is being typed, and the complete part of it."""


def parse_date_span(value: str, *, unfinished: bool) -> ParsedSpan:
    """Return the days that the value of a date field covers. `unfinished`: nothing follows it in the query yet.

    `7d` is today and the seven days before it; a month has 30 days there.
    """
    relative = parse_relative_span(value, unfinished=unfinished)
    if relative is not None:
        return relative
    if years := _YEARS.fullmatch(value):
        value = f"{years[1]}..{years[2]}"
    if ".." in value:
        return _parse_date_range(value, unfinished=unfinished)
    if unfinished and (years := _UNFINISHED_YEARS.fullmatch(value)):
        value = years[1]
    operator, text = _split_comparison(value)
    if unfinished and (not text or (operator != "=" and _may_become_year(text))):
        return INCOMPLETE
    span = _day_span(text, unfinished=unfinished)
    if span is None and unfinished and _may_become_year(text):
        return int(text.ljust(4, "0")) * 10_000, int(text.ljust(4, "9")) * 10_000 + 9_999
    if span is None or operator == "=":
        return span
    return _apply_comparison(operator, (_include_partial_dates(span[0]), span[1]), MIN_DAY, MAX_DAY)


def _parse_date_range(value: str, *, unfinished: bool) -> ParsedSpan:
    before, after = _split_range(value)
    first = _day_span(before, unfinished=False) if before else (MIN_DAY, MIN_DAY)
    is_open = not after or (unfinished and _may_become_year(after))
    last = (MAX_DAY, MAX_DAY) if is_open else _day_span(after, unfinished=unfinished)
    if first is None or last is None:
        return None
    start, end = min(first[0], last[0]), max(first[1], last[1])
    return (start if start == end else _include_partial_dates(start), end)


def parse_number_span(value: str, *, unfinished: bool) -> ParsedSpan:
    """Return the numbers that the value of a number field covers. `unfinished`: nothing follows it in the query yet."""
    if numbers := _NUMBERS.fullmatch(value):
        value = f"{numbers[1]}..{numbers[2]}"
    if ".." in value:
        before, after = _split_range(value)
        minimum = _number(before) if before else 0
        maximum = _number(after) if after else MAX_NUMBER
        if minimum is None or maximum is None:
            return None
        return min(minimum, maximum), max(minimum, maximum)
    operator, text = _split_comparison(value)
    if unfinished and not text:
        return INCOMPLETE
    if unfinished and text.endswith("."):  # the beginning of a range
        text = text[:-1]
    number = _number(text)
    return None if number is None else _apply_comparison(operator, (number, number), 0, MAX_NUMBER)


def parse_choice(field: QueryField, value: str) -> str | None:
    """Return the choice that a value means: one that it is a prefix or the plural of; None if there is none.

    One letter is enough, since the choices of a field differ in the first; where they do not, the first one counts.
    """
    value = value.lower()
    return next((known for known in field.choices if known.startswith(value) or value == f"{known}s"), None)


def _split_range(value: str) -> tuple[str, str]:
    before, _, after = value.partition("..")
    return before, after.lstrip(".")


def _split_comparison(value: str) -> tuple[str, str]:
    found = _COMPARISON.fullmatch(value)
    assert found is not None  # the pattern matches any text
    operator, text = _OPERATORS.get(found[1], found[1]), found[2]
    if operator == "=" and text.endswith("+"):  # 10+
        return ">=", text[:-1]
    return operator, text


def _apply_comparison(operator: str, span: Span, minimum: int, maximum: int) -> Span:
    first, last = span
    if operator == "=":
        return first, last
    if operator.startswith(">"):
        return (first if operator == ">=" else last + 1), maximum
    return minimum, (last if operator == "<=" else first - 1)


def _day_span(text: str, *, unfinished: bool) -> Span | None:
    """Return the first and last day of a year, a month or a day; None if it is none."""
    if (named := named_day(text)) is not None:
        return named, named
    if unfinished and text.endswith("."):  # the beginning of a range
        text = text[:-1]
    if unfinished and (typed := _UNFINISHED_DAY.fullmatch(text)):
        text = typed["year"] or typed["month"]
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if (part := found[at] or found[at + 3]) else None for at in (1, 2, 3))
    assert year is not None
    if month is None:
        return year * 10_000, year * 10_000 + 9_999
    if not 1 <= month <= 12 or not (day is None or 1 <= day <= _last_day(year, month)):
        return None
    start = year * 10_000 + month * 100
    return (start, start + 99) if day is None else (start + day, start + day)


def _last_day(year: int, month: int) -> int:
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 28 if month == 2 and not is_leap else _DAYS_OF_MONTH[month - 1]


def _include_partial_dates(first: int) -> int:
    """Return the first number of a span that begins on this day.

    A paper of which only the month is known counts as 20160500, before the first day of the month.
    """
    if first == MIN_DAY:
        return first
    if first % 100 == 1:
        first -= 1
    return first - 100 if first % 10_000 == 100 else first


def _may_become_year(text: str) -> bool:
    return len(text) < 4 and (not text or (text.isascii() and text.isdigit()))


def _number(text: str) -> int | None:
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if thousands := _KILO.fullmatch(text):
        text = f"{thousands[1]}000"
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0")
    return int(digits or "0") if len(digits) < 10 else MAX_NUMBER
