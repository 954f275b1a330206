"""Versions of a paper: each that a service stated stays, and the latest one is shown, in any order."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from paperreader.catalog.merge.versions import version_history
from paperreader.models import REVISED_FLAG, ImportedEntry, SourceRecord
from tests.catalog.records import catalog_in, entry, record

TITLE = "Rivers that remember what was thrown into them"
KEY = f"@{'a' * 15}:2611.00001"


def version(number: int, key: str = KEY, **more: object) -> ImportedEntry:
    fields = {"abstract": f"Text of version {number}, {'longer ' * (5 - number)}.", "authors": ("Ada Brook",)}
    return entry(
        TITLE,
        key,
        kind="arxiv",
        arxiv="2611.00001",
        arxiv_version=number,
        arxiv_updated=f"2026-11-0{number}",
        observed=f"2026-11-1{number}T15:00:00Z",
        **(fields | more),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("order", permutations((1, 2, 3)))
def test_any_order_gives_the_same_paper(tmp_path: Path, order: tuple[int, ...]) -> None:
    catalog = catalog_in(tmp_path)
    for number in order:
        catalog.add([version(number)])
    table = catalog.open()
    assert len(table) == 1
    paper = table.paper(0)
    assert (paper.arxiv_version, paper.arxiv_updated) == (3, "2026-11-03")
    assert paper.abstract.startswith("Text of version 3")
    assert [source.key for source in paper.sources] == [KEY, f"{KEY}v1", f"{KEY}v2"]
    history = version_history(table.paper_records(0))
    assert history is not None
    assert [each.number for each in history.versions] == [3, 2, 1]
    assert table.flags(0) & REVISED_FLAG
    assert catalog.add([version(number) for number in order]).unchanged == 3


def test_latest_version_decides_title_abstract_and_authors_among_equal_sources(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    names = ("Ada Brook", "Cy Weir", "Eve Ford")
    catalog.add(
        [
            version(1, "file:0", authors=names),
            entry(
                TITLE + ", in a longer title",
                "hf:0",
                kind="huggingface",
                arxiv="2611.00001",
                abstract="Long " * 40,
            ),
            version(2, "file:1", authors=names[:2]),
            entry(
                "Other",
                "bib:0",
                kind="bibtex",
                arxiv="2611.00001",
                arxiv_version=9,
                abstract="Of a reference.",
            ),
        ]
    )
    paper = catalog.open().paper(0)
    assert (paper.title, paper.authors) == (TITLE, names[:2])
    assert paper.abstract.startswith("Text of version 2")


def plain(number: int, added: str, *, updated: str = "", kind: str = "arxiv") -> SourceRecord:
    return record(
        TITLE,
        f"{kind}{number}:0",
        kind=kind,
        arxiv="2611.00001",
        arxiv_version=number,
        arxiv_updated=updated,
        added=added,
    )


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ([plain(1, "2026-11-01")], None),
        ([plain(3, "2026-11-01")], None),
        ([plain(1, "2026-11-01"), plain(1, "2026-11-02")], None),
        ([plain(1, "2026-11-01"), plain(3, "2026-11-09")], [(3, "2026-11-09"), (1, "2026-11-01")]),
        ([plain(0, "2026-11-01", kind="huggingface"), plain(1, "2026-11-09", updated="2026-11-05")], None),
        ([plain(0, "2026-11-05", kind="huggingface"), plain(2, "2026-11-09", updated="2026-11-05")], None),
        ([plain(0, "2026-11-01", kind="huggingface"), plain(2, "2026-11-09")], None),
        ([plain(1, "2026-11-01", kind="bibtex"), plain(2, "2026-11-09")], None),
        (
            [plain(0, "2026-11-01", kind="huggingface"), plain(2, "2026-11-09", updated="2026-11-05")],
            [(2, "2026-11-05"), (1, "2026-11-01")],
        ),
        (
            [plain(0, "2026-11-01", kind="huggingface"), plain(4, "2026-11-09", updated="2026-11-05")],
            [(4, "2026-11-05"), (0, "2026-11-01")],
        ),
    ],
)
def test_history(records: list[SourceRecord], expected: list[tuple[int, str]] | None) -> None:
    history = version_history(records)
    assert (history and [(each.number, each.day) for each in history.versions]) == expected
