"""Real answers, archives and snapshots, where they are at hand."""

from __future__ import annotations

import datetime as dt
import itertools

from paperreader import sources
from paperreader.models import Entry
from paperreader.text.ids import match_keys
from tests.sources.reading import read_paths


def test_two_years_of_daily_papers(real_data):
    records, problems = read_paths(real_data / "hf_daily" / "hf_daily_2024-2026.tar.xz")
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


def test_single_days_are_the_same_sources_as_in_the_archive(real_data):
    records, problems = read_paths(*sorted((real_data / "hf_daily").glob("*.json")))
    assert problems == []
    packed, _ = read_paths(real_data / "hf_daily" / "hf_daily_2024-2026.tar.xz")
    assert {record.source for record in records} <= {record.source for record in packed}


def test_feeds_and_references(real_data):
    counts = {}
    for path in sorted((real_data / "arxiv").glob("*.[xbr]*[mbs]")):
        records, problems = read_paths(path)
        counts[path.name[:14]] = (len(records), len(problems))
        assert all(record.arxiv and record.authors and record.abstract for record in records)
    assert counts == {
        "Willjay5991_ar": (2, 0),
        "id_0000.0000_s": (0, 0),
        "id_0808.05394_": (1, 0),
        "id_abc_s0_m100": (0, 1),
        "id_astro-ph_06": (1, 0),
        "id_quant-ph_02": (1, 0),
        "msudars_arxiv_": (4, 0),
        "q_testing_s0_m": (10, 0),
        "q_testing_s10_": (10, 0),
        "qhduan_cs.CL_e": (0, 0),
    }


def test_a_snapshot_is_a_stream_of_rows(real_data):
    (item,) = sources.expand([str(real_data / "arxiv" / "arxiv_100k.jsonl.xz")])
    first = list(itertools.islice(sources.read(item, date=None, today=dt.date(2026, 1, 1)), 2000))
    assert all(isinstance(one, Entry) and one.records[0].arxiv and one.records[0].published for one in first)
    records, problems = read_paths(real_data / "arxiv" / "kaggle-first100.jsonl")
    assert (len(records), problems) == (100, [])
    assert all(record.authors and record.published < "2007-04-04" for record in records)


def test_captures_and_answers_meet_by_their_titles(real_data):
    captures, _ = read_paths(real_data / "captures")
    answers, _ = read_paths(real_data / "hf_daily" / "hf_daily_2024-2026.tar.xz")
    known = {key for record in answers for key in match_keys(record) if key.startswith("title:")}
    assert sum(not known.isdisjoint(match_keys(record)) for record in captures) >= 9
