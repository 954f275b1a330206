"""The date of the first version of an arXiv paper, as far as a source states it."""

from __future__ import annotations

from paperreader.text.dates import parse_partial
from paperreader.text.ids import arxiv_month

MONTHS_BEFORE_ID = 1
"""A paper that is submitted at the end of a month may get an id of the next one."""


def first_version_date(day: str | None, arxiv_id: str) -> str | None:
    """Return a date (ISO) that is stated for a paper, or the month of its id if the date is that of a later version.

    A paper without an id has the stated date, if any.
    """
    if not arxiv_id:
        return day
    month = arxiv_month(arxiv_id)
    if not day or not parse_partial(day):
        return month
    distance = _months(month) - _months(f"{day}-01"[:7])
    return day if len(day) > 4 and 0 <= distance <= MONTHS_BEFORE_ID else month


def _months(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])
