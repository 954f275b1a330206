"""Import of real responses, archives and snapshots, if they are available."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from paperreader import importers
from paperreader.models import ImportedEntry
from paperreader.text.ids import match_keys
from tests.catalog.records import catalog_in
from tests.importers.import_helpers import import_paths


@pytest.fixture(scope="module")
def two_years(real_data):
    return import_paths(real_data / "hf_daily" / "hf_daily_2024-2026.tar.xz")


@pytest.mark.endurance
def test_two_years_of_daily_papers(two_years):
    records, problems = two_years
    assert problems == []
    assert len({record.source.name for record in records}) == 484
    assert len({record.arxiv for record in records}) == 8181
    for record in records:
        assert record.arxiv
        assert record.abstract
        assert record.votes is not None
        assert record.source.date == record.source.name[:10]
        assert not record.repo or record.repo in [link.url for link in record.links]
    assert sum(bool(record.repo) for record in records) == 2997


@pytest.mark.endurance
def test_two_years_of_daily_papers_are_imported_at_once(two_years, tmp_path):
    report = catalog_in(tmp_path).add(ImportedEntry((record,)) for record in two_years[0])
    assert (report.read, report.new, report.merged) == (8182, 8181, 1)


@pytest.mark.endurance
def test_extracted_day_has_the_same_sources_as_in_the_archive(real_data, two_years):
    records, problems = import_paths(*sorted((real_data / "hf_daily").glob("*.json")))
    assert problems == []
    assert {record.source for record in records} <= {record.source for record in two_years[0]}


def test_feeds_and_references(real_data):
    counts = {}
    for path in sorted((real_data / "arxiv").iterdir()):
        if path.suffix in (".xml", ".bib", ".ris"):
            records, problems = import_paths(path)
            counts[path.stem] = (len(records), len(problems))
            assert all(record.arxiv and record.authors and record.abstract for record in records)
    assert len(counts) >= 10
    assert {name: found for name, found in counts.items() if found[1]} == {
        "id_abc_s0_m100_b79c8dcf6bc3.400": (0, 1)
    }
    assert sum(papers for papers, _ in counts.values()) == 129


def test_snapshot_is_a_stream_of_rows(real_data):
    (item,) = importers.expand_paths([str(real_data / "arxiv" / "arxiv_100k.jsonl.xz")])
    first = list(itertools.islice(importers.read_entries(item, date=None, today=dt.date(2026, 1, 1)), 2000))
    assert all(
        isinstance(one, ImportedEntry) and one.records[0].arxiv and one.records[0].published for one in first
    )
    records, problems = import_paths(real_data / "arxiv" / "kaggle-first100.jsonl")
    assert (len(records), problems) == (100, [])
    assert all(record.authors and record.published < "2007-04-04" for record in records)


@pytest.mark.endurance
def test_text_pages_and_api_items_match_by_title(real_data, two_years):
    captures, _ = import_paths(real_data / "captures")
    known = {key for record in two_years[0] for key in match_keys(record) if key.startswith("title:")}
    assert sum(not known.isdisjoint(match_keys(record)) for record in captures) >= 9
