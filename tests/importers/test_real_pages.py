"""Import of real pages, if they are available: the number of papers, and that nothing is lost."""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path

import pytest

from paperreader.importers import Input, expand_paths, read_entries
from paperreader.models import ImportedEntry, Problem, SourceRecord
from paperreader.text.ids import match_keys
from paperreader.text.tex_display import tex_to_unicode
from tests.importers.page_rendering import import_page, layout_a, layout_b

PAPERS = {"000_a598187c47d565ec.txt": 84, "001_1d6603c43528bfa8.txt": 50, "004_b1cac15ed75e7650.txt": 245}
DAYS = {"000": (3, 14), "001": (8, 8)}


@pytest.fixture(scope="module")
def captures(real_data: Path) -> dict[str, list[SourceRecord]]:
    found: dict[str, list[SourceRecord]] = {}
    for item in expand_paths([str(real_data / "captures")]):
        assert isinstance(item, Input)
        entries = list(read_entries(item, date=None, today=dt.date.today()))
        assert not [entry for entry in entries if isinstance(entry, Problem)]
        found[item.short_name] = [entry.records[0] for entry in entries if isinstance(entry, ImportedEntry)]
    return found


def test_counts(captures: dict[str, list[SourceRecord]]) -> None:
    assert {name: len(records) for name, records in captures.items()} == PAPERS
    keys = {match_keys(record) for records in captures.values() for record in records}
    assert len(keys) == 364


def test_titles_abstracts_and_dates(captures: dict[str, list[SourceRecord]]) -> None:
    for name, records in captures.items():
        for record in records:
            assert 5 <= len(record.title) <= 239
            assert 400 < len(record.abstract) < 4000
            assert "\n" not in record.title + record.abstract
        days = {record.source.date for record in records}
        if name[:3] in DAYS:
            (day,) = days
            assert day is not None
            found = dt.date.fromisoformat(day)
            assert (found.month, found.day) == DAYS[name[:3]]
            assert found <= dt.date.today()
        else:
            assert days == {None}


def test_first_and_last_paper_of_each_page(captures: dict[str, list[SourceRecord]]) -> None:
    ends = {
        name[:3]: (records[0].title[:24], records[-1].abstract[-10:]) for name, records in captures.items()
    }
    assert ends["000"] == ("MixtureGrowth: Growing N", "l classes.")
    assert ends["001"] == ("Evolving Normalization-A", "noche/CM3.")
    assert ends["004"][0] == "Maximum Independent Set:"


def test_links(captures: dict[str, list[SourceRecord]]) -> None:
    links = {
        link.url: link.kind for records in captures.values() for record in records for link in record.links
    }
    kinds = list(links.values())
    assert (len(links), kinds.count("code")) == (78, 63)
    for url, kind in {
        "https://github.com/WangYueFt/rfs": "code",
        "https://github.com/edwardjhu/TP4": "code",
        "https://github.com/kleinzcy/Cr-KD-NCD": "code",
        "https://github.com/alaamaalouf/AutoCoreset": "code",
        "https://github.com/WangWenhao0716/V2L": "code",
        "https://github.com/HDETR": "other",
        "https://yingyichen-cyy.github.io/CompressFeatNoisyLabels/": "project",
        "https://zenodo.org/records/14710732": "data",
        "https://huggingface.co/suwesh/ParallelPerceptionNetwork": "model",
        "https://anonymous.4open.science/r/OLinear": "code",
    }.items():
        assert links[url] == kind


def test_concatenated_files_have_the_same_papers(
    real_data: Path, captures: dict[str, list[SourceRecord]]
) -> None:
    files = sorted((real_data / "captures").glob("*.txt"))
    for order in (files, files[::-1]):
        found, problems, _ = import_page(b"".join(file.read_bytes() for file in order))
        assert problems == []
        assert found == [(record.title, record.abstract) for file in order for record in captures[file.name]]


def test_little_tex_remains(captures: dict[str, list[SourceRecord]]) -> None:
    left = {
        word
        for records in captures.values()
        for record in records
        for word in tex_to_unicode(f"{record.title} {record.abstract}").split()
        if "\\" in word or "$" in word or "``" in word
    }
    assert left == {"\\800"}


def test_thousands_of_real_titles_and_abstracts_in_both_layouts(real_data: Path) -> None:
    """Render pages from Daily Papers of many days, and import them without loss."""
    papers = []
    for file in sorted((real_data / "hf_daily").glob("*.json")):
        for item in json.loads(file.read_bytes()):
            if isinstance(item, dict) and isinstance(item.get("paper"), dict):
                title, abstract = item["paper"].get("title", ""), item["paper"].get("summary", "")
                papers.append((" ".join(title.split()), " ".join(abstract.split())))
    assert len(papers) > 200
    shuffled = random.Random(7)
    for layout in (layout_a, layout_b) * 3:
        shuffled.shuffle(papers)
        assert import_page(layout(papers))[:2] == (papers, [])
