"""A few changes to a row table are written to a file of their own, and give the same table as a rebuild."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from paperreader.catalog import Catalog, CatalogTable
from paperreader.catalog.row_table.loader import clear_row_table_cache
from tests.catalog.records import catalog_in, entry, numbered_entries, papers_by_id, row_table_file


@pytest.fixture(autouse=True)
def few_changes_may_be_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("paperreader.catalog.row_table.records_builder.CHANGED_FRACTION", 1)


def everything_in(table: CatalogTable) -> list[object]:
    """Use every part of a table, in pieces first."""
    found = {id: table.row_of(id) for id in sorted(table.paper(row).id for row in table.newest)}
    rows = [(table.day(row), table.votes(row), table.is_live(row)) for row in range(table.size)]
    columns = [table.columns.column(name).tolist() for name in ("day", "votes", "flags", "length")]
    return [found, rows, columns, list(table.newest), bytes(table.records), len(table)]


def opened(folder: Path) -> CatalogTable:
    """Open a catalog as another process does."""
    clear_row_table_cache()
    catalog = catalog_in(folder)
    table = catalog.open()
    assert catalog.warnings == []
    return table


def rebuilt(folder: Path) -> list[object]:
    """Return everything in the table that a rebuild gives, without leaving it in the folder."""
    file = row_table_file(folder)
    files = {path: path.read_bytes() for path in file.parent.glob("rows.*")}
    for path in files:
        path.unlink()
    clear_row_table_cache()
    table = everything_in(catalog_in(folder).open())
    for path in file.parent.glob("rows.*"):
        path.unlink()
    for path, content in files.items():
        path.write_bytes(content)
    clear_row_table_cache()
    return table


def change_anything(catalog: Catalog, number: int, chance: random.Random) -> None:
    """Add papers, merge others, and remove or restore some."""
    day = f"2024-03-{chance.randrange(1, 28):02d}"
    added = [
        entry(f"New in round {number}, number {n}", f"{number}:{n}", date=day, votes=n) for n in range(3)
    ]
    merged = [
        entry(f"A study of many in its part {n:05d}", f"{number}:m{n}", date=day, votes=number)
        for n in chance.sample(range(30), 2)
    ]
    catalog.add([*added, *merged])
    if number % 3 == 1:
        catalog.remove(chance.sample(sorted(papers_by_id(catalog)), 2))
    elif number % 3 == 2:
        catalog.undo_removal()


@pytest.mark.parametrize("max_rows", [1000, 12])
def test_changes_equal_a_rebuild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, max_rows: int) -> None:
    monkeypatch.setattr("paperreader.catalog.row_table.records_builder.MAX_CHANGED_ROWS", max_rows)
    catalog_in(tmp_path).add(numbered_entries(80))
    base, chance = row_table_file(tmp_path).read_bytes(), random.Random(4)
    earlier = opened(tmp_path)
    for number in range(7):
        version = earlier.version
        clear_row_table_cache()
        change_anything(catalog_in(tmp_path), number, chance)
        table = opened(tmp_path)
        changed = table.changed_since(version)
        found = everything_in(table)
        assert found == rebuilt(tmp_path), number
        assert opened(tmp_path).changed_since(version) == changed
        assert catalog_in(tmp_path).verify() == []
        clear_row_table_cache()
        catalog_in(tmp_path).add(numbered_entries(2))  # known already: nothing changes
        assert everything_in(opened(tmp_path)) == found
        earlier = table
    assert (row_table_file(tmp_path).read_bytes() == base) == (max_rows == 1000)


def test_small_changes_leave_the_large_file_alone(tmp_path: Path) -> None:
    catalog_in(tmp_path).add(numbered_entries(30))
    base = row_table_file(tmp_path)
    before, status = opened(tmp_path), base.stat()
    catalog_in(tmp_path).add(numbered_entries(2, "more"))
    assert base.stat() == status
    assert base.with_name("rows.new").stat().st_mode & 0o777 == 0o600
    assert catalog_in(tmp_path).bytes_to_read() == 0
    assert len(before) == 30
    assert len(opened(tmp_path)) == 32
    catalog_in(tmp_path).compact()
    assert not base.with_name("rows.new").exists()
    assert len(opened(tmp_path)) == 32


def test_damaged_or_foreign_changes_are_read_from_the_catalog(tmp_path: Path) -> None:
    for name in ("one", "other"):
        catalog_in(tmp_path / name).add(numbered_entries(30))
        clear_row_table_cache()
        catalog_in(tmp_path / name).add(numbered_entries(2, "more"))
    file = row_table_file(tmp_path / "one").with_name("rows.new")
    expected, good = everything_in(opened(tmp_path / "one")), file.read_bytes()
    other = row_table_file(tmp_path / "other").with_name("rows.new").read_bytes()
    ways = [b"", good[:-1], good + b"?", good[: len(good) // 2], other]
    ways += [good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for at in range(0, len(good), 41)]
    for content in ways:
        file.write_bytes(content)
        assert everything_in(opened(tmp_path / "one")) == expected
        assert file.read_bytes() == good


def library_with_changes(folder: Path) -> Path:
    """Add papers in two steps, of which the second is stored as changes, and return the file of the first."""
    catalog_in(folder).add(numbered_entries(30))
    clear_row_table_cache()
    catalog_in(folder).add(numbered_entries(2, "more"))
    clear_row_table_cache()
    return row_table_file(folder)


def test_damage_beneath_changes_is_repaired_when_it_is_met(tmp_path: Path) -> None:
    file = library_with_changes(tmp_path)
    changes, good = file.with_name("rows.new").read_bytes(), file.read_bytes()
    expected = everything_in(opened(tmp_path))
    for at in range(160, len(good), 333):
        file.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        file.with_name("rows.new").write_bytes(changes)
        clear_row_table_cache()
        catalog = catalog_in(tmp_path)
        assert everything_in(catalog.open()) == expected
        assert ["was rebuilt" in message for message in catalog.warnings] == [True]
        assert everything_in(opened(tmp_path)) == expected


@pytest.mark.parametrize("part", range(8))
def test_damage_beneath_changes_does_not_affect_writing(tmp_path: Path, part: int) -> None:
    file = library_with_changes(tmp_path)
    good = file.read_bytes()
    at = 160 + (len(good) - 161) * part // 7
    file.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
    catalog = catalog_in(tmp_path)
    report = catalog.add(
        [
            *numbered_entries(29),
            entry("A study of many in its part 00003", "again:1", votes=5),
            entry("New", "n:1"),
        ]
    )
    assert (report.new, report.merged, report.unchanged) == (1, 1, 29)
    clear_row_table_cache()
    assert everything_in(catalog.open()) == rebuilt(tmp_path)
    assert len(catalog.warnings) <= 1
    assert catalog_in(tmp_path).verify() == []
