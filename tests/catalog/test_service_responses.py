"""Responses of services: the same request is the same source, and the newer response counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import ImportedEntry
from tests.catalog.records import catalog_in, entry, papers_by_id, papers_file, temporary_folder
from tests.catalog.test_merge import property_test

TITLE = "Rivers that remember what was thrown into them"


def response(
    request: str, minute: int, *, votes: int, date: str | None = "2026-11-20", **more: Any
) -> ImportedEntry:
    """Return the response of a service about one paper, observed at that minute."""
    return entry(
        more.pop("title", TITLE),
        f"@{request * 15}:2611.00001",
        kind="huggingface",
        name=f"example.org/{request}",
        date=date,
        arxiv="2611.00001",
        observed=f"2026-11-20T15:{minute:02}:00Z",
        votes=votes,
        **more,
    )


def test_newer_response_replaces_older_one(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add([response("a", 1, votes=3, title=TITLE + ", first draft", added="2026-11-20")])
    report = catalog.add([response("a", 2, votes=9, date="2026-11-21", added="2026-11-21")])
    (paper,) = papers_by_id(catalog).values()
    assert (report.new, report.merged, report.unchanged) == (0, 1, 0)
    assert (paper.title, paper.votes, paper.listed, paper.added) == (TITLE, 9, "2026-11-21", "2026-11-20")
    assert [source.name for source in paper.sources] == ["example.org/a"]


def test_identical_response_writes_nothing(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add([response("a", 1, votes=3)])
    before = papers_file(tmp_path).read_bytes()
    assert catalog.add([response("a", 5, votes=3)]).unchanged == 1
    assert catalog.add([response("a", 0, votes=2)]).unchanged == 1, "an older response"
    assert papers_file(tmp_path).read_bytes() == before


def test_votes_that_return_to_an_earlier_value_are_newest(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add([response("a", 1, votes=5)])
    catalog.add([response("b", 2, votes=6)])
    catalog.add([response("a", 3, votes=5)])
    (paper,) = papers_by_id(catalog).values()
    assert paper.votes == 5


@property_test
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 9)), unique=True, min_size=1, max_size=6),
    st.data(),
)
def test_order_of_responses_does_not_matter(observations: list[tuple[str, int]], data: st.DataObject) -> None:
    responses = [
        response(request, minute, votes=index) for index, (request, minute) in enumerate(observations)
    ]
    with temporary_folder() as folder:
        one, other = catalog_in(folder / "one"), catalog_in(folder / "other")
        one.add(responses)
        for single in data.draw(st.permutations(responses)):
            other.add([single])
        assert papers_by_id(one) == papers_by_id(other)
        assert one.verify() == other.verify() == []
