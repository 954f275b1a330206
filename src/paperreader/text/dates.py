"""Calendar days: ISO text in and out, days without a year, and how a day is shown."""

from __future__ import annotations

import datetime
import re

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_ISO_IN_NAME = re.compile(r"(?<![0-9])([0-9]{4})([-_.]?)([0-9]{2})\2([0-9]{2})(?![0-9])", re.ASCII)
_FULL_NAMES = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_NAMES = {name: number for number, full in enumerate(_FULL_NAMES, 1) for name in (full, full[:3])} | {
    "sept": 9
}
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}([a-z]{{3,9}})\.?\s+([0-9]{{1,2}})(?:st|nd|rd|th)?(?:,?\s+([0-9]{{4}}))?", re.I | re.ASCII
)
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}([0-9]{{1,2}})(?:st|nd|rd|th)?\.?\s+([a-z]{{3,9}})\.?(?:,?\s+([0-9]{{4}}))?", re.I | re.ASCII
)


def parse_iso(text: str) -> str | None:
    """`text` where it is exactly a real day as `YYYY-MM-DD`, else None."""
    if not _ISO.fullmatch(text):
        return None
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return None
    return text


def iso_in_name(file_name: str) -> str | None:
    """The first real day that a file name carries (`daily-2025-08-08.txt`, `20250808.txt`), as ISO text."""
    for year, _, month, day in _ISO_IN_NAME.findall(file_name):
        if "1990" <= year <= "2100" and (iso := parse_iso(f"{year}-{month}-{day}")):
            return iso
    return None


def month_day(text: str) -> tuple[int, int] | None:
    """Month and day where the whole of `text` is a date (`Mar 14`, `14 March`, `Fri, Aug 8, 2025`), else None."""
    found = _parts(text)
    return found[:2] if found else None


def written_year(text: str) -> int | None:
    """The year of a date that `month_day` understands, where it is written."""
    found = _parts(text)
    return found[2] if found else None


def latest_year(month: int, day: int, not_after: datetime.date) -> str:
    """The latest such day that is not after `not_after` (ISO): a leap day goes back to a leap year.

    Raises:
        ValueError: there is no such day in any year.
    """
    for year in range(not_after.year, max(not_after.year - 9, 0), -1):
        try:
            found = datetime.date(year, month, day)
        except ValueError:
            continue
        if found <= not_after:
            return found.isoformat()
    raise ValueError(f"no year has a day {day} in month {month}")


def short_day(iso: str, today: datetime.date, style: str = "short") -> str:
    """A day for a narrow column: `3 Oct` in the year of `today`, `2024-10` otherwise; other text as it stands.

    `style` is `short`, `iso`, or a pattern of strftime's signs.
    """
    if parse_iso(iso) is None:
        return iso
    if style != "short":
        return _styled(iso, style)
    if iso[:4] != f"{today.year:04}":
        return iso[:7]
    return f"{int(iso[8:])} {MONTHS[int(iso[5:7]) - 1]}"


def long_day(iso: str, style: str = "short") -> str:
    """`3 Oct 2025`; other text as it stands. `style` as for `short_day`."""
    if parse_iso(iso) is None:
        return iso
    if style != "short":
        return _styled(iso, style)
    return f"{int(iso[8:])} {MONTHS[int(iso[5:7]) - 1]} {iso[:4]}"


def _styled(iso: str, style: str) -> str:
    return iso if style == "iso" else datetime.date.fromisoformat(iso).strftime(style)


def _parts(text: str) -> tuple[int, int, int | None] | None:
    if len(text) > 40:
        return None
    text = text.strip()
    if found := _MONTH_FIRST.fullmatch(text):
        name, day, year = found.groups()
    elif found := _DAY_FIRST.fullmatch(text):
        day, name, year = found.groups()
    else:
        return None
    month = _NAMES.get(name.lower())
    if month is None:
        return None
    try:
        datetime.date(int(year) if year else 2000, month, int(day))
    except ValueError:
        return None
    return month, int(day), int(year) if year else None
