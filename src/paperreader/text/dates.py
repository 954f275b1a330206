"""Parse and format calendar dates: ISO, dates without a year, months and years without a day.

A partial date is the ISO text of a month or a year: `2016-05`, `2016`.
"""

from __future__ import annotations

import datetime
import re

from paperreader.lazy_pattern import lazy_pattern

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_ISO = lazy_pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ISO_IN_NAME = lazy_pattern(r"(?<![0-9])([0-9]{4})([-_.]?)([0-9]{2})\2([0-9]{2})(?![0-9])", re.ASCII)
_FULL_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH_NUMBERS = {name: number for number, full in enumerate(_FULL_NAMES, 1) for name in (full, full[:3])} | {
    "sept": 9
}
MONTH_NAMES = tuple(_MONTH_NUMBERS)
"""Full and short names in lower case."""

_MONTH_NAME = lazy_pattern(
    rf"(?<![a-z])({'|'.join(sorted(_MONTH_NUMBERS, key=len, reverse=True))})(?![a-z])", re.I | re.ASCII
)
_YEAR = lazy_pattern(r"(?<![0-9])(1[0-9]{3}|20[0-9]{2})(?![0-9])", re.ASCII)
_PARTIAL = lazy_pattern(r"([0-9]{4})(?:-([0-9]{2}))?", re.ASCII)
_YEAR_FIRST = lazy_pattern(
    r"\s*([0-9]{4})(?:[-/]([0-9]{0,2})(?:[-/]([0-9]{0,2}))?)?(?![0-9])|\s*([0-9]{1,2})[-/]([0-9]{4})\s*$",
    re.ASCII,
)
_YEAR_MONTH_DAY = lazy_pattern(
    r"([0-9]{4})(?:[ /-]([a-z]{3,9})\.?[ /-]([0-9]{1,2})(?![0-9])|([0-9]{2})([0-9]{2})\Z)", re.I | re.ASCII
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_EPOCH = lazy_pattern(r"([0-9]{9,10})(?:[0-9]{3}|[0-9]{6}|[0-9]{9})?(?:\.[0-9]{0,9})?", re.ASCII)
"""Seconds since 1970, also as milliseconds, microseconds or nanoseconds, as programs write them."""
_MONTH_FIRST = lazy_pattern(
    rf"{_WEEKDAY}([a-z]{{3,9}})\.?\s+([0-9]{{1,2}})(?:st|nd|rd|th)?(?:,?\s+([0-9]{{4}}))?", re.I | re.ASCII
)
_DAY_FIRST = lazy_pattern(
    rf"{_WEEKDAY}([0-9]{{1,2}})(?:st|nd|rd|th)?\.?\s+([a-z]{{3,9}})\.?(?:,?\s+([0-9]{{4}}))?", re.I | re.ASCII
)


def parse_iso(text: str) -> str | None:
    """Return `text` if it is exactly a real day as `YYYY-MM-DD`, of the years 1000 to 2999, else None.

    With other years, which are mistakes, adding some days to a date could fail.
    """
    if not _ISO.fullmatch(text) or not "1000" <= text[:4] <= "2999":
        return None
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return text


def parse_partial(text: str) -> str | None:
    """Return `text` if it is exactly a real day, month or year (`2016-05-03`, `2016-05`, `2016`), else None."""
    found = _PARTIAL.fullmatch(text)
    if found is None:
        return parse_iso(text)
    return text if parse_iso(f"{found[1]}-{found[2] or '01'}-01") else None


def valid_partial_date(year: int, month: int = 0, day: int = 0) -> str | None:
    """Return the valid part of a date (ISO): without an invalid day the month, without an invalid month the year."""
    candidates = (f"{year:04}-{month:02}-{day:02}", f"{year:04}-{month:02}", f"{year:04}")
    return next((text for text in candidates if parse_partial(text)), None)


def stated_date(text: str) -> str | None:
    """Return the day, month or year (ISO) of a date as references write it; None if it has no year.

    Understands `2016-05-03T10:00`, `2016/05//`, `2016-05/2016-07`, `05/2016`, `20160503`, `May 3, 2016`, `2016 May`,
    `2016 May 3`, `May-June 2016`, `c1998`, and seconds or milliseconds since 1970; of a range, the beginning.
    """
    text = text[:100].strip()
    if found := _EPOCH.fullmatch(text):
        return datetime.datetime.fromtimestamp(int(found[1]), datetime.UTC).date().isoformat()
    if found := _YEAR_MONTH_DAY.match(text):
        number = _MONTH_NUMBERS.get(found[2].lower(), 0) if found[2] else int(found[4])
        date = valid_partial_date(int(found[1]), number, int(found[3] or found[5]))
        if date and len(date) > len("2016"):
            return date
    if (parts := _parse_written_date(text)) and parts[2]:
        return valid_partial_date(parts[2], *parts[:2])
    year, month = _YEAR.search(text), _MONTH_NAME.search(text)
    named = (
        valid_partial_date(int(year[1]), _MONTH_NUMBERS[month[1].lower()] if month else 0) if year else None
    )
    numbers = _YEAR_FIRST.match(text)
    if numbers is None:
        return named
    ordered = (numbers[1], numbers[2], numbers[3]) if numbers[1] else (numbers[5], numbers[4], None)
    return most_precise(valid_partial_date(*(int(part or 0) for part in ordered)), named)


def names_impossible_day(text: str) -> bool:
    """Return whether all of `text` is a date, with the name of a month, that no calendar has: `31 Feb 2024`."""
    text = text[:100].strip()
    found = _MONTH_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    return found is not None and found[3] is not None and _parse_written_date(text) is None


def date_from_parts(year: str, month: str, day: str) -> str | None:
    """Return the day, month or year (ISO) of three fields; the month as name or number, or with the day (`3 May`)."""
    found = re.search(r"(?<![0-9])[0-9]{4}(?![0-9])", year, re.ASCII)
    if found is None:
        return None
    if not day.strip() and (parts := month_day(month)):
        return valid_partial_date(int(found[0]), *parts)
    name, number, of_month = _MONTH_NAME.search(month), _two_digit_number(month), _two_digit_number(day)
    return valid_partial_date(int(found[0]), _MONTH_NUMBERS[name[1].lower()] if name else number, of_month)


def most_precise(*dates: str | None) -> str | None:
    """Return the most precise of the dates (a day, else a month, else a year); of several, the first."""
    return max((date for date in dates if date), key=len, default=None)


def iso_date_in_name(file_name: str) -> str | None:
    """Return the first real day in a file name (`daily-2025-08-08.txt`, `20250808.txt`) as ISO text."""
    for year, _, month, day in _ISO_IN_NAME.findall(file_name):
        if "1990" <= year <= "2100" and (iso := parse_iso(f"{year}-{month}-{day}")):
            return iso
    return None


def month_day(text: str) -> tuple[int, int] | None:
    """Return month and day if all of `text` is a date (`Mar 14`, `14 March`, `2025-08-08`), else None."""
    found = _parse_written_date(text)
    return found[:2] if found else None


def explicit_year(text: str) -> int | None:
    """Return the year of a date that `month_day` understands; None if it has none."""
    found = _parse_written_date(text)
    return found[2] if found else None


def most_recent_date(month: int, day: int, not_after: datetime.date) -> str:
    """Return the latest date (ISO) with this month and day that is not after `not_after`; a leap day in a leap year.

    Raises:
        ValueError: no year has such a day.
    """
    for year in range(not_after.year, max(not_after.year - 9, 0), -1):
        try:
            found = datetime.date(year, month, day)
        except ValueError:
            continue
        if found <= not_after:
            return found.isoformat()
    raise ValueError(f"no year has a day {day} in month {month}")


def format_short_date(iso: str, today: datetime.date, style: str = "short") -> str:
    """Return an ISO day for a narrow column: `3 Oct` in the year of `today`, else `2024-10`; other text unchanged.

    `style` is `short`, `iso`, or a pattern for `strftime`.
    """
    if parse_iso(iso) is None:
        return iso
    if style != "short":
        return _format_with(iso, style)
    if iso[:4] != f"{today.year:04}":
        return iso[:7]
    return f"{int(iso[8:])} {MONTHS[int(iso[5:7]) - 1]}"


def format_long_date(iso: str, style: str = "short") -> str:
    """Return `3 Oct 2025` for an ISO day, `Oct 2025` for a month; other text unchanged, a year included.

    `style` is as for `format_short_date`.
    """
    if parse_iso(iso) is None:
        in_words = style == "short" and len(iso) == 7 and parse_partial(iso)
        return f"{MONTHS[int(iso[5:7]) - 1]} {iso[:4]}" if in_words else iso
    if style != "short":
        return _format_with(iso, style)
    return f"{int(iso[8:])} {MONTHS[int(iso[5:7]) - 1]} {iso[:4]}"


def _format_with(iso: str, style: str) -> str:
    return iso if style == "iso" else datetime.date.fromisoformat(iso).strftime(style)


def _two_digit_number(text: str) -> int:
    """Return the value of a number of at most two digits, or 0."""
    return int(text) if re.fullmatch(r"\s*[0-9]{1,2}\s*", text, re.ASCII) else 0


def _parse_written_date(text: str) -> tuple[int, int, int | None] | None:
    if len(text) > 40:
        return None
    text = text.strip()
    if parse_iso(text):
        return int(text[5:7]), int(text[8:]), int(text[:4])
    if found := _MONTH_FIRST.fullmatch(text):
        name, day, year = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, name, year = found.groups()
    else:
        return None
    month = _MONTH_NUMBERS.get(name.lower())
    if month is None:
        return None
    try:
        datetime.date(int(year) if year else 2000, month, int(day))
    except ValueError:
        return None
    return month, int(day), int(year) if year else None
