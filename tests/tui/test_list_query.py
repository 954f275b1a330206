"""Tests of list queries."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from paperreader.models import SearchHits
from paperreader.tui.model import list_query, list_sort
from paperreader.tui.model.list_query import ListQuery
from tests.tui.fakes import FakeTable, code_link, make_paper, read_mark


class FakeLibrary:
    """A library of papers in memory, with fixed search results."""

    def __init__(self, papers, hits=()):
        self.table, self._hits = FakeTable(papers), hits
        self.marks = {1: read_mark(bookmark=(True, 7)), 2: read_mark(tags={"rl": (True, 5)})}
        self.unlisted = frozenset()
        self.citation_counts = SimpleNamespace(rows=lambda table: {0: 0, 2: 7})

    def view(self, view):
        return [row for row in self.table.newest if view == "all" or self.table.flags(row)]

    def search(self, query, **settings):
        rows, full_matches = self._hits
        return SearchHits(query, 1, rows, full_matches, [0.0] * len(rows), 0.001, lambda text: [])


PAPERS = [
    make_paper(0, title="Zebra crossings", votes=3, listed="2025-10-03"),
    make_paper(
        1,
        title="Émile, revisited",
        votes=None,
        listed="2025-10-02",
        links=(code_link("https://github.com/a/b"),),
    ),
    make_paper(2, title="apples", votes=9, listed="2025-10-01"),
]


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        (ListQuery(), [0, 1, 2]),
        (ListQuery(sort="votes"), [2, 0, 1]),
        (ListQuery(sort="title"), [2, 1, 0]),
        (ListQuery(sort="citations"), [2, 0, 1]),
        (ListQuery(sort="marked"), [1, 2, 0]),
        (ListQuery(sort="queue"), [1, 0, 2]),
        (ListQuery(code_only=True), [1]),
        (ListQuery(view="code", sort="votes"), [1]),
    ],
)
def test_views_are_sorted_and_filtered(query, rows):
    result = list_query.run_query(FakeLibrary(PAPERS), query)
    assert list(result.rows) == rows
    assert result.full_matches == len(rows)


def test_without_citations_the_order_is_that_by_date_and_says_so():
    result = list_query.run_query(FakeLibrary(PAPERS), ListQuery(view="code", sort="citations"))
    assert (list(result.rows), result.sort, result.hint) == ([1], "date", list_sort.NO_CITATIONS)


def test_sorted_search_keeps_full_matches_first():
    library = FakeLibrary(PAPERS, ([2, 1, 0], 2))
    result = list_query.run_query(library, ListQuery(text="x", sort="date"))
    assert list(result.rows) == [1, 2, 0]
    assert result.full_matches == 2
    result = list_query.run_query(library, ListQuery(text="x", sort="relevance", view="code"))
    assert list(result.rows) == [1]
    assert (result.full_matches, result.matches_outside_view) == (1, 1)


def test_cancelled_sort_stops():
    result = list_query.run_query(FakeLibrary(PAPERS), ListQuery(sort="title"), lambda: True)
    assert len(result.rows) == 3
