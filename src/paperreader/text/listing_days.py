"""The year of a day on a Daily Papers page, which shows none, by the arXiv ids of the papers on it.

In two years of Daily Papers, 99.7 % of the papers were listed in the month of their id or in the one after it, and at
least 89 % of the papers of every day.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence

from paperreader.text.dates import parse_iso
from paperreader.text.ids import arxiv_month

MAX_MONTHS = 1
"""Months from that of the id to that of the day on which the paper is listed."""


def may_be_listed_on(arxiv_id: str, day: str) -> bool:
    """Whether a paper was probably on the page of this day (ISO), by the month of its arXiv id."""
    return 0 <= _months(day) - _months(arxiv_month(arxiv_id)) <= MAX_MONTHS


def listing_day_by_ids(month: int, day: int, arxiv_ids: Sequence[str]) -> str | None:
    """Return the day (ISO) with the year in which most of the papers may have been listed; None if there is none.

    A list of search results shows the day of the search, which most of its papers have nothing to do with.
    """
    years = Counter(_listing_year(month, id) for id in arxiv_ids)
    year, count = max(years.items(), key=lambda item: item[1], default=(0, 0))
    if count * 2 <= len(arxiv_ids) or not year:
        return None
    return parse_iso(f"{year:04}-{month:02}-{day:02}")


def _listing_year(month: int, arxiv_id: str) -> int:
    """Return the year in which a paper may have been listed in this month; 0 if there is none."""
    submitted = arxiv_month(arxiv_id)
    year = datetime.date.fromisoformat(f"{submitted}-01").year
    years = (year, year + 1)
    return next((year for year in years if may_be_listed_on(arxiv_id, f"{year:04}-{month:02}-01")), 0)


def _months(date: str) -> int:
    return int(date[:4]) * 12 + int(date[5:7])
