"""The rows of the list in other orders."""

from __future__ import annotations

import pytest

from paperreader.models import Paper
from paperreader.tui.model.row_order import sorted_rows
from tests.search.conftest import MemoryTable

DATES = ("", "2024", "2024-02", "2024-02-01", "2024-02-02")
NUMBERS = (None, 0, 3, 12)


@pytest.mark.parametrize("sort", ["date", "votes", "stars", "comments"])
def test_rows_are_sorted_as_their_papers_and_equal_ones_stay_in_their_order(sort):
    papers = [
        Paper(f"{day}-{number}", "T", published=day, votes=number, stars=number, comments=number)
        for number in NUMBERS
        for day in DATES
    ]
    table, rows = MemoryTable(tuple(papers)), range(len(papers))[::-1]

    def key(row: int) -> object:
        paper = papers[row]
        number = getattr(paper, "votes" if sort == "date" else sort)
        return (paper.date, number or 0) if sort == "date" else -1 if number is None else number

    assert sorted_rows(rows, sort, table, {}, lambda: False) == sorted(rows, key=key, reverse=True)
