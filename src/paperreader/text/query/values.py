"""The values of fields, also while they are being typed."""

from __future__ import annotations

import re
from typing import Final, Literal

from paperreader.text.clean import single_line
from paperreader.text.query.fields import FIELD_CHOICES
from paperreader.text.query.syntax_tree import DateRange, VoteRange

INCOMPLETE: Final = "not yet"
"""A value that is still being typed, and says nothing so far."""

MIN_DAY, MAX_DAY = 1, 99_999_999
"""Days: a paper whose day is not known has day 0, and is no answer to any date."""

MAX_VOTES = 2**31 - 1

_MAX_SHOWN_LENGTH = 30
_COMPARED = re.compile(r"(>=|=>|<=|=<|[><=≥≤]?)(.*)", re.DOTALL)
_SAME = {"=>": ">=", "≥": ">=", "=<": "<=", "≤": "<=", "": "="}
_DAY = re.compile(r"([0-9]{4})(?:[-/]([0-9]{1,2})(?:[-/]([0-9]{1,2}))?)?|([0-9]{4})([0-9]{2})([0-9]{2})?")
_HALF = re.compile(
    r"(?P<year>[0-9]{4})(?:[-/][01]?|[01])|(?P<month>[0-9]{4}[-/]?(?:0[1-9]|1[0-2]))(?:[-/][0-3]?|[0-3])"
)
"""A day in the making, and what of it stands."""

DaySpan = tuple[int, int]


def parse_date_range(value: str, *, unfinished: bool) -> DateRange | Literal["not yet"] | None:
    """What `date:` says with that value; None where it is none. `open`: nothing follows yet."""
    if ".." in value:
        before, after = _split_range(value)
        first = _day(before, unfinished=False) if before else (MIN_DAY, MIN_DAY)
        unfinished = not after or (unfinished and _may_become_year(after))
        last = (MAX_DAY, MAX_DAY) if unfinished else _day(after, unfinished=unfinished)
        if first is None or last is None:
            return None
        start, end = min(first[0], last[0]), max(first[1], last[1])
        return DateRange(start if start == end else _include_partial_dates(start), end)
    sign, text = _split_comparison(value)
    if unfinished and (not text or (sign != "=" and _may_become_year(text))):
        return INCOMPLETE
    span = _day(text, unfinished=unfinished)
    if span is None and unfinished and _may_become_year(text):
        return DateRange(int(text.ljust(4, "0")) * 10_000, int(text.ljust(4, "9")) * 10_000 + 9_999)
    if span is None:
        return None
    return DateRange(
        *(
            span
            if sign == "="
            else _apply_comparison(sign, (_include_partial_dates(span[0]), span[1]), MIN_DAY, MAX_DAY)
        )
    )


def parse_vote_range(value: str, *, unfinished: bool) -> VoteRange | Literal["not yet"] | None:
    """What `votes:` says with that value; None where it is none. `open`: nothing follows yet."""
    if ".." in value:
        before, after = _split_range(value)
        least = _number(before) if before else 0
        most = _number(after) if after else MAX_VOTES
        if least is None or most is None:
            return None
        return VoteRange(min(least, most), max(least, most))
    sign, text = _split_comparison(value)
    if unfinished and not text:
        return INCOMPLETE
    if unfinished and text.endswith("."):  # of a range
        text = text[:-1]
    number = _number(text)
    return None if number is None else VoteRange(*_apply_comparison(sign, (number, number), 0, MAX_VOTES))


def parse_choice(name: str, value: str) -> str | None:
    """The value of `has:`, `is:` or `sort:` that is meant: its beginning is enough, and one letter tells them apart."""
    value = value.lower()
    return next(
        (known for known in FIELD_CHOICES[name] if known.startswith(value) or value == f"{known}s"), None
    )


def format_value(name: str, value: str) -> str:
    """A field with its value, for a sentence."""
    whole = single_line(f"{name}:{value}")
    return whole if len(whole) <= _MAX_SHOWN_LENGTH else f"{whole[: _MAX_SHOWN_LENGTH - 1]}…"


def _split_range(value: str) -> tuple[str, str]:
    before, _, after = value.partition("..")
    return before, after.lstrip(".")


def _split_comparison(value: str) -> tuple[str, str]:
    found = _COMPARED.fullmatch(value)
    assert found is not None  # the pattern takes anything
    return _SAME.get(found[1], found[1]), found[2]


def _apply_comparison(sign: str, span: DaySpan, least: int, most: int) -> DaySpan:
    first, last = span
    if sign == "=":
        return first, last
    if sign.startswith(">"):
        return (first if sign == ">=" else last + 1), most
    return least, (last if sign == "<=" else first - 1)


def _day(text: str, *, unfinished: bool) -> DaySpan | None:
    """First and last day of a year, a month or a day."""
    if unfinished and text.endswith("."):  # of a range
        text = text[:-1]
    if unfinished and (half := _HALF.fullmatch(text)):
        text = half["year"] or half["month"]
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    year, month, day = (int(part) if (part := found[at] or found[at + 3]) else None for at in (1, 2, 3))
    assert year is not None
    if month is None:
        return year * 10_000, year * 10_000 + 9_999
    if not 1 <= month <= 12 or not (day is None or 1 <= day <= 31):
        return None
    start = year * 10_000 + month * 100
    return (start, start + 99) if day is None else (start + day, start + day)


def _include_partial_dates(first: int) -> int:
    """The first number of a span of time that begins on that day.

    A paper of which the month alone is known stands at its beginning, as 20160500, before the first day of it.
    """
    if first == MIN_DAY:
        return first
    if first % 100 == 1:
        first -= 1
    return first - 100 if first % 10_000 == 100 else first


def _may_become_year(text: str) -> bool:
    """Whether it may become a year."""
    return len(text) < 4 and (not text or (text.isascii() and text.isdigit()))


def _number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit()):
        return None
    digits = text.lstrip("0")
    return int(digits or "0") if len(digits) < 10 else MAX_VOTES
