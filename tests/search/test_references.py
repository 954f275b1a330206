"""Queries that name papers by id, DOI or URL."""

from __future__ import annotations

import pytest

from paperreader.models import Link, Mark, Paper
from paperreader.text.query.references import find_references
from tests.search.conftest import MemoryTable

PAPERS = (
    Paper("2403.01234", "Lamps", "Doors.", arxiv="2403.01234"),
    Paper("hep-th/9901001", "Old lamps", arxiv="hep-th/9901001", aliases=("old-lamps-12345678",)),
    Paper("doors-1", "Doors", "See 2403.01234 for lamps.", doi="10.1016/s0004-3702(02)00128-x"),
    Paper("acl-1", "Window lamps", doi="10.18653/v1/2024.acl-long.7"),
    Paper(
        "review-1",
        "Reviewed doors",
        links=(
            Link("https://openreview.net/forum?id=Ab_c-1", "paper", "openreview.net"),
            Link("https://github.com/Lamps/Doors", "code", "github.com"),
        ),
    ),
    Paper("2403.05678", "More lamps", arxiv="2403.05678"),
)


@pytest.fixture
def search(engine):
    table = MemoryTable(PAPERS)
    engine.store.update(table)
    return lambda query: engine.search(query, table, {})


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("2403.01234", 0),
        ("2403.01234v3", 0),
        ("arXiv:2403.01234v2", 0),
        ("(arXiv:2403.01234).", 0),
        ("https://arxiv.org/abs/2403.01234", 0),
        ("https://www.arxiv.org/pdf/2403.01234v1.pdf", 0),
        ("huggingface.co/papers/2403.01234", 0),
        ("https://www.alphaxiv.org/abs/2403.01234", 0),
        ("https://scirate.com/arxiv/2403.01234", 0),
        ("https://api.semanticscholar.org/arXiv:2403.01234?fields=title", 0),
        ("10.48550/arXiv.2403.01234", 0),
        ("Doors, arXiv preprint arXiv:2403.01234 [cs.CL]", 0),
        ("hep-th/9901001", 1),
        ("https://arxiv.org/abs/hep-th/9901001v1", 1),
        ("10.1016/S0004-3702(02)00128-X", 2),
        ("https://doi.org/10.1016/S0004-3702(02)00128-X.", 2),
        ("doi:10.1016/S0004-3702(02)00128-X", 2),
        ("https://aclanthology.org/2024.acl-long.7/", 3),
        ("https://aclanthology.org/2024.acl-long.7.pdf", 3),
        ("https://openreview.net/pdf?id=Ab_c-1", 4),
        ("http://www.openreview.net/forum?id=Ab_c-1", 4),
        ("https://github.com/lamps/doors/tree/main", 4),
    ],
)
def test_named_paper_comes_first(search, query, row):
    hits = search(query)
    assert hits.rows[0] == row
    assert hits.full_matches >= 1
    assert hits.missing == ()
    assert hits.suggestion == ""


@pytest.mark.parametrize(
    "query", ["2403.01234", "https://arxiv.org/abs/2403.01234v2", "2403.01234 has:code "]
)
def test_hidden_paper_is_found_by_its_id(engine, query):
    table = MemoryTable(PAPERS)
    engine.store.update(table)
    marks = {0: Mark(hidden=(True, 1)), 4: Mark(hidden=(True, 1))}
    hits = engine.search(query, table, marks)
    if "has:" in query:
        assert 0 not in [*hits.rows]
    else:
        assert [*hits.rows] == [0]
        assert hits.hint == "2403.01234 is hidden"
    assert hits.missing == ()
    deleted = engine.search(query, table, {0: Mark(deleted=(True, 1))})
    assert 0 not in [*deleted.rows]
    assert deleted.missing == ("2403.01234",)


@pytest.mark.parametrize("query", ["id:2403.01234 ", "unordered logical ", "author:nobody id:2403.01234 "])
def test_hidden_papers_without_other_matches_are_counted(engine, query):
    table = MemoryTable(PAPERS)
    engine.store.update(table)
    marks = {0: Mark(hidden=(True, 1)), 5: Mark(hidden=(True, 1))}
    hits = engine.search(query, table, marks)
    assert not hits.full_matches
    assert ("1 hidden" in hits.hint) == (query == "id:2403.01234 ")


def test_other_words_are_searched_as_well(search):
    assert [*search("2403.01234").rows] == [0]
    hits = search("lamps 2403.05678 ")
    assert hits.rows[0] == 5
    assert {*hits.rows[: hits.full_matches]} == {0, 1, 2, 3, 5}
    assert len({*hits.rows}) == len(hits.rows) == len(hits.scores)
    two = search("2403.05678 https://arxiv.org/abs/2403.01234")
    assert [*two.rows] == [5, 0]
    assert [*search("2403.05678 sort:date").rows[:1]] == [5]


def test_filters_apply_to_named_papers(search):
    assert [*search("2403.01234 id:hep ").rows] == [1]
    assert [*search("2403.01234 has:code ").rows] == [4]


@pytest.mark.parametrize(
    ("query", "missing"),
    [
        ("2510.99999", ("2510.99999",)),
        ("https://arxiv.org/abs/2510.99999v2 10.1234/unknown", ("2510.99999", "10.1234/unknown")),
        ("2403.01234 2510.99999", ("2510.99999",)),
        ("10.1234/unknown", ("10.1234/unknown",)),
        ("id:2510.99999", ()),
        ("-2510.99999", ()),
        ("2510.9999", ()),
    ],
)
def test_missing_papers_are_reported(search, query, missing):
    hits = search(query)
    assert hits.missing == missing
    assert (
        [*hits.rows] == [0]
        if query.startswith("2403")
        else 0 not in [*hits.rows[: hits.full_matches]] or "-" in query
    )


@pytest.mark.parametrize(
    "query", ["id:2403.01234 ", "id:2403 ", "id:10.1016 ", "lamps ", "version 10.2 of 2024.1", "-2403.01234"]
)
def test_values_of_id_and_other_numbers_name_no_paper(query):
    assert find_references(query) == []


def test_id_is_still_a_filter(search):
    assert {*search("id:2403 ").rows} == {0, 5}
    assert [*search("lamps id:2403.01234 ").rows] == [0]
