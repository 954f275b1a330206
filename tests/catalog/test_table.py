"""The row table: order, lookups, changed rows, and changes by other processes."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from paperreader.catalog import Catalog
from paperreader.models import (
    CODE_FLAG,
    DATA_FLAG,
    MODEL_FLAG,
    PROJECT_FLAG,
    UNDATED_FLAG,
    CatalogVersion,
    ImportedEntry,
)
from tests.catalog.records import (
    catalog_in,
    entry,
    link,
    numbered_entries,
    papers_by_id,
    papers_file,
    papers_in_table,
    row_table_file,
)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return catalog_in(tmp_path)


def titles(catalog: Catalog) -> list[str]:
    table = catalog.open()
    return [table.paper(row).title for row in table.newest]


def test_papers_are_sorted_by_day_then_votes_then_position(catalog: Catalog) -> None:
    day = {"date": "2024-03-02"}
    catalog.add(
        [
            entry("Place ten of the page", "a:10", **day),
            entry("Place two of the page", "a:2", **day),
            entry("Voted for by one", "a:11", votes=1, **day),
            entry("Voted for by many", "a:12", votes=30, **day),
            entry("Voted for by no one", "a:1", votes=0, **day),
            entry("Published later, never listed", "b:0", published="2024-03-03"),
            entry("Listed earlier, published later", "b:1", date="2024-03-01", published="2024-04-01"),
            entry("Only ever added, on the day of the test", "b:2"),
        ]
    )
    assert titles(catalog) == [
        "Published later, never listed",
        "Voted for by many",
        "Voted for by one",
        "Voted for by no one",
        "Place two of the page",
        "Place ten of the page",
        "Listed earlier, published later",
        "Only ever added, on the day of the test",
    ]
    table = catalog.open()
    days = [table.day(row) for row in table.newest]
    assert (days[:2], days[-1]) == (["2024-03-03", "2024-03-02"], "")
    assert [table.votes(row) for row in table.newest][1:5] == [30, 1, 0, None]


def test_partial_dates_sort_at_start_of_their_period(catalog: Catalog) -> None:
    days = ("2024-05", "2024", "2024-05-01", "2024-04-30", "2023-12-31", "2024-01")
    catalog.add([entry(f"A paper of {day}", f"a:{at}", published=day) for at, day in enumerate(days)])
    table = catalog.open()
    days_shown = [table.day(row) for row in table.newest]
    assert days_shown == ["2024-05-01", "2024-05", "2024-04-30", "2024-01", "2024", "2023-12-31"]
    assert [table.paper(row).date for row in table.newest] == days_shown
    assert [bool(table.flags(row) & UNDATED_FLAG) for row in table.newest] == [
        len(day) < 10 for day in days_shown
    ]


def test_row_holds_flags_and_counts(catalog: Catalog) -> None:
    links = (link("https://a.org/x", "project"), link("https://b.org/x", "dataset"))
    catalog.add(
        [
            entry(
                "All that can be linked to",
                "a:0",
                links=links,
                votes=2**31 - 1,
                comments=3,
                stars=4,
                published="2024-01-02",
            ),
            entry(
                "Code and a model",
                "a:1",
                links=(link("https://c.org/x"), link("https://d.org/x", "model")),
            ),
            entry("A day that is none", "a:2", added="soon"),
        ]
    )
    table = catalog.open()
    first, second, third = range(3)
    assert table.flags(first) == PROJECT_FLAG | DATA_FLAG
    assert table.flags(second) == CODE_FLAG | MODEL_FLAG | UNDATED_FLAG
    assert (table.flags(third), table.day(third)) == (UNDATED_FLAG, "")
    assert [table.added(row) for row in (first, third)] == [table.paper(first).added, ""]
    assert [table.id_of(row) for row in range(3)] == [table.paper(row).id for row in range(3)]
    assert (table.votes(first), table.comments(first), table.stars(first)) == (2**31 - 1, 3, 4)
    assert table.paper(first).votes == 2**31 - 1


def test_rows_are_found_by_id_alias_and_prefix(catalog: Catalog) -> None:
    catalog.add(
        [
            entry("A title that is long enough", "a:0"),
            entry("A title that is long enough", "b:0", arxiv="2403.00001"),
        ]
    )
    catalog.add(
        [
            entry("Another of March", "b:1", arxiv="2403.00002"),
            entry('Quotes " and \\', "b:2", arxiv='od"d\\'),
        ]
    )
    table = catalog.open()
    (alias,) = papers_in_table(table)["2403.00001"].aliases
    assert table.row_of("2403.00001") == table.row_of(alias) is not None
    assert table.row_of("2403.0000") is None
    assert sorted(table.ids_with_prefix("2403.0000")) == ["2403.00001", "2403.00002"]
    assert table.ids_with_prefix("2403", limit=1) == ["2403.00001"]
    assert table.ids_with_prefix('od"d') == ['od"d\\']
    assert table.ids_with_prefix("2403.00001x") == []


def test_long_paper_is_parsed_once_and_others_are_not_mistaken_for_it(catalog: Catalog) -> None:
    catalog.add(
        [entry(f"Study number {n} of {n} cases", f"x:{n}", abstract=f"{n} word " * 30_000) for n in (1, 2)]
        + [entry("Study number 3 of 3 cases", "x:3", abstract="3 words")]
    )
    table = catalog.open()
    papers = {table.paper(row).title[13]: row for row in table.newest}
    for number in ("1", "1", "3", "1", "2", "2", "3", "1"):
        assert table.paper(papers[number]).abstract.startswith(f"{number} word")
    assert table.paper(papers["1"]) is table.paper(papers["1"])
    catalog.add([entry("Study number 1 of 1 cases", "x:1", abstract="now short", votes=1)])
    changed = catalog.open()
    assert changed.paper(papers["1"]).abstract == "now short"
    assert table.paper(papers["1"]).abstract.startswith("1 word")


def test_rows_stay_when_other_papers_change(catalog: Catalog) -> None:
    catalog.add(numbered_entries(5))
    table = catalog.open()
    rows = {id: table.row_of(id) for id in papers_in_table(table)}
    ids = sorted(rows, key=lambda id: rows[id])
    catalog.add(
        [entry("Something else came in", "x:0"), entry("A study of many in its part 00003", "x:1", votes=3)]
    )
    catalog.remove(ids[:1])
    fresh = catalog.poll(table)
    assert fresh is not None
    assert {id: fresh.row_of(id) for id in ids[1:]} == {id: rows[id] for id in ids[1:]}
    assert [fresh.is_live(row) for row in range(-1, 7)] == [False, False, True, True, True, True, True, False]
    assert list(fresh.changed_since(table.version)) == [0, 3, 5]
    assert list(fresh.changed_since(fresh.version)) == []
    assert (
        list(fresh.changed_since(CatalogVersion(fresh.version.uuid, 1, fresh.version.committed - 1, 5)) or [])
        == []
    )
    with pytest.raises(IndexError):
        fresh.paper(0)
    with pytest.raises(IndexError):
        fresh.paper(6)
    assert len(table) == 5, "an open table does not change"
    assert papers_in_table(table).keys() == set(ids)


@pytest.mark.parametrize("field", ["uuid", "generation", "committed", "crc"])
def test_changed_since_unknown_version_returns_none(catalog: Catalog, field: str) -> None:
    catalog.add(numbered_entries(2))
    old = catalog.open().version
    catalog.add(numbered_entries(3))
    values = {"uuid": old.uuid, "generation": old.generation, "committed": old.committed, "crc": old.crc}
    other = "another" if field == "uuid" else values[field] + 1
    table = catalog.open()
    assert table.changed_since(CatalogVersion(**{**values, field: other})) is None
    assert table.changed_since(old) == [2]


@pytest.mark.parametrize("max_pending_keys", [3, 1_000_000])
def test_small_changes_to_large_table_equal_a_rebuild(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, max_pending_keys: int
) -> None:
    monkeypatch.setattr("paperreader.catalog.key_index.MAX_PENDING_KEYS", max_pending_keys)
    chance = random.Random(5)
    catalog.add(
        [
            entry(f"A study of many in its part {n:05d}", f"many:{n}", date=f"2024-03-{1 + n % 28:02d}")
            for n in range(400)
        ]
    )
    for round in range(4):
        picked = chance.sample(range(400), 6)
        catalog.add(
            [
                entry(f"A study of many in its part {n:05d}", f"{round}:{n}", date="2024-03-20", votes=n)
                for n in picked
            ]
        )
        catalog.remove(chance.sample(sorted(papers_by_id(catalog)), 2))
        catalog.add(
            [entry(f"New in round {round}, number {n}", f"new{round}:{n}", votes=n) for n in range(3)]
        )
    grown = row_table_file(tmp_path).read_bytes()
    row_table_file(tmp_path).unlink()
    catalog.open()
    assert row_table_file(tmp_path).read_bytes() == grown


def test_poll_returns_none_until_a_commit(tmp_path: Path) -> None:
    catalog, other = catalog_in(tmp_path), catalog_in(tmp_path)
    table = catalog.open()
    other.add(numbered_entries(2))
    fresh = catalog.poll(table)
    assert fresh is not None
    assert len(fresh) == 2
    assert catalog.poll(fresh) is None
    with papers_file(tmp_path).open("ab") as file:
        file.write(b'{"id":"half a li')
    assert catalog.poll(fresh) is None
    other.compact()
    compacted = catalog.poll(fresh)
    assert compacted is not None
    assert compacted.generation == 2
    papers_file(tmp_path).unlink()
    empty = catalog.poll(compacted)
    assert empty is not None
    assert len(empty) == 0


@pytest.mark.endurance
def test_poll_ignores_running_bulk_import_until_it_ends_or_stalls(tmp_path: Path) -> None:
    catalog, other = catalog_in(tmp_path), catalog_in(tmp_path)
    other.add(numbered_entries(1))
    table = catalog.open()
    seen: list[object] = []

    def large_import() -> Iterator[ImportedEntry]:
        for number in range(4200):
            if number == 4100:
                seen.append(catalog.poll(table))
                os.utime(papers_file(tmp_path), (1, 1))
                seen.append(len(catalog.poll(table) or ()))
            yield entry(f"A large paper, number {number}", f"large:{number}", abstract="words " * 250)

    other.add(large_import())
    assert seen == [None, 4001]
    fresh = catalog.poll(table)
    assert fresh is not None
    assert len(fresh) == 4201


def test_bytes_to_read_and_open_progress_agree(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    assert catalog.bytes_to_read() == 0
    catalog.add(numbered_entries(1500))
    assert catalog.bytes_to_read() == 0
    row_table_file(tmp_path).unlink()
    size = papers_file(tmp_path).stat().st_size
    assert catalog.bytes_to_read() == size
    calls: list[tuple[int, int]] = []
    catalog.open(progress=lambda done, total: calls.append((done, total)))
    assert len(calls) == 2
    assert calls[-1] == (size, size)


def test_row_table_is_private(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(1))
    assert row_table_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert row_table_file(tmp_path).parent.stat().st_mode & 0o777 == 0o700
    assert papers_file(tmp_path).stat().st_mode & 0o777 == 0o600


def test_opening_and_polling_load_neither_writer_nor_numpy(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(2))
    code = (
        "import sys; from tests.catalog.records import *;"
        f"catalog = catalog_in(Path({str(tmp_path)!r})); table = catalog.open(); table.paper(table.newest[0]);"
        "catalog.merge_conflict_copies(1); catalog.poll(table);"
        "heavy = {'numpy', 'filelock', 'whoosh', 'textual', 'paperreader.catalog.write.writer'} & set(sys.modules);"
        "print(sorted(heavy))"
    )
    path = [str(Path(__file__).parents[2]), *sys.path]
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = {path!r}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"


def test_numpy_sort_gives_same_order(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(8)
    catalog.add(
        entry(f"A study of many in its part {n:05d}", f"a:{chance.randrange(5)}", **fields)
        for n in range(200)
        for fields in [{"date": f"2024-03-0{chance.randrange(1, 4)}", "votes": chance.choice([None, 0, 7])}]
    )
    catalog.remove(chance.sample(sorted(papers_by_id(catalog)), 20))
    slow = row_table_file(tmp_path).read_bytes()
    row_table_file(tmp_path).unlink()
    monkeypatch.setattr("paperreader.catalog.row_table.builder.NUMPY_SORT_ROWS", 10)
    catalog.open()
    assert row_table_file(tmp_path).read_bytes() == slow
