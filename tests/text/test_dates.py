"""Dates: parsed, completed with a year, formatted."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.text.dates import (
    date_from_parts,
    explicit_year,
    format_long_date,
    format_short_date,
    iso_date_in_name,
    month_day,
    most_precise,
    most_recent_date,
    parse_iso,
    parse_partial,
    stated_date,
    valid_partial_date,
)

DAYS = st.dates(datetime.date(1995, 1, 1), datetime.date(2090, 12, 31))


@pytest.mark.parametrize(
    "text", ["2025-02-29", "2025-13-01", "2025-1-1", "20250101", " 2025-01-01", "٢٠٢٥-٠١-٠١", ""]
)
def test_invalid_iso_days(text: str) -> None:
    assert parse_iso(text) is None


@given(DAYS)
def test_iso_days(day: datetime.date) -> None:
    assert parse_iso(day.isoformat()) == day.isoformat()
    assert iso_date_in_name(f"daily-{day.isoformat()}.txt") == day.isoformat()
    assert iso_date_in_name(f"{day:%Y%m%d}_page.txt") == day.isoformat()


@pytest.mark.parametrize(
    "name", ["000_a598187c47d565ec.txt", "page.txt", "2025-13-45.txt", "12025-01-011.txt", "0000-01-01"]
)
def test_file_names_without_a_date(name: str) -> None:
    assert iso_date_in_name(name) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mar 14", (3, 14)),
        ("march 14", (3, 14)),
        ("14 March", (3, 14)),
        ("Sept. 3rd", (9, 3)),
        ("Fri, Aug 8, 2025", (8, 8)),
        ("Feb 29", (2, 29)),
        (" May  1 ", (5, 1)),
        ("Feb 30", None),
        ("Feb 29, 2025", None),
        ("Mars 14", None),
        ("March", None),
        ("Mar 14 was a day", None),
        ("GPT 4", None),
        ("", None),
    ],
)
def test_month_day(text: str, expected: tuple[int, int] | None) -> None:
    assert month_day(text) == expected


def test_explicit_year() -> None:
    assert explicit_year("Aug 8, 2025") == 2025
    assert explicit_year("8 August 2025") == 2025
    assert explicit_year("Aug 8") is None
    assert explicit_year("nonsense") is None


@given(DAYS, DAYS)
def test_most_recent_date_is_not_after_the_limit(day: datetime.date, limit: datetime.date) -> None:
    found = datetime.date.fromisoformat(most_recent_date(day.month, day.day, limit))
    assert (found.month, found.day) == (day.month, day.day)
    assert found <= limit
    assert (limit - found).days < 366 * (8 if (day.month, day.day) == (2, 29) else 1)


def test_leap_day_goes_back_over_a_century() -> None:
    assert most_recent_date(2, 29, datetime.date(2103, 1, 1)) == "2096-02-29"


def test_most_recent_date_of_an_invalid_day() -> None:
    with pytest.raises(ValueError, match="no year"):
        most_recent_date(2, 30, datetime.date(2025, 1, 1))


def test_format_days() -> None:
    today = datetime.date(2025, 12, 1)
    assert format_short_date("2025-10-03", today) == "3 Oct"
    assert format_short_date("2024-10-03", today) == "2024-10"
    assert format_long_date("2025-10-03") == "3 Oct 2025"
    assert format_short_date("", today) == format_long_date("") == ""


PARTIAL = st.tuples(DAYS, st.sampled_from((4, 7, 10))).map(lambda drawn: drawn[0].isoformat()[: drawn[1]])


@given(PARTIAL)
def test_partial_dates_round_trip(date: str) -> None:
    year, month, day = [*date.split("-"), "", ""][:3]
    assert parse_partial(date) == date == stated_date(date) == stated_date(f" {date}T10:00"[: len(date) + 1])
    assert stated_date("/".join((year, month, day, ""))) == date  # RIS
    assert date_from_parts(year, month, day) == date  # BibTeX
    assert valid_partial_date(int(year), int(month or 0), int(day or 0)) == date
    for earlier in (date[:4], date[:7]):
        assert most_precise(earlier, None, date) == most_precise(date, earlier) == date
        assert format_long_date(date).endswith(format_long_date(earlier)), (
            "a day is written with its month and year behind it"
        )


@given(st.text(), st.text(alphabet="0123456789-/. maydecjn"))
def test_stated_date_is_always_valid(text: str, near: str) -> None:
    for found in (
        stated_date(text),
        stated_date(near),
        date_from_parts(near, text, near),
        date_from_parts(text, near, text),
    ):
        assert found is None or parse_partial(found) == found


@pytest.mark.parametrize(
    "text", ["0000", "2016-13", "2016-00", "2016-5", "201", "20165", "2016-", "٢٠١٦", "2016 "]
)
def test_invalid_partial_dates(text: str) -> None:
    assert parse_partial(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016-00-00", "2016"),
        ("2016-02-30", "2016-02"),
        ("2016/2017-05", "2016"),
        ("2016--2018", "2016"),
        ("5/2016", "2016-05"),
        ("12/05/2016", "2016"),
        ("May 3, 2016", "2016-05-03"),
        ("Feb 30, 2016", "2016-02"),
        ("2016 May 3", "2016-05-03"),
        ("20160503", "2016-05-03"),
        ("Spring 2016", "2016"),
        ("Dec. 2015 - Jan. 2016", "2015-12"),
        ("Marching since 2016", "2016"),
        ("12345", None),
        ("in press", None),
        ("", None),
    ],
)
def test_dates_as_references_have_them(text: str, expected: str | None) -> None:
    assert stated_date(text) == expected


def test_format_months_and_years() -> None:
    today = datetime.date(2016, 12, 1)
    assert (format_long_date("2016-05"), format_long_date("2016")) == ("May 2016", "2016")
    assert (format_short_date("2016-05", today), format_short_date("2016", today)) == ("2016-05", "2016")
    for style in ("iso", "%d.%m.%Y"):
        assert [format_long_date("2016-05", style), format_short_date("2016", today, style)] == [
            "2016-05",
            "2016",
        ]
    assert format_long_date("2016-13") == "2016-13"
