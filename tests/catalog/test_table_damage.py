"""The row table is derived: it is checked before use, and rebuilt where it does not match the catalog."""

from __future__ import annotations

from pathlib import Path

import pytest

from paperreader.catalog import CatalogTable
from paperreader.catalog.row_table.loader import clear_row_table_cache
from paperreader.errors import StorageError
from tests.catalog.records import (
    catalog_in,
    entry,
    numbered_entries,
    paper_lines,
    papers_by_id,
    papers_file,
    row_table_file,
)


def broken(content: bytes) -> dict[str, bytes]:
    """Return damaged variants of a file, by the kind of damage."""
    ways = {
        "empty": b"",
        "cut": content[: len(content) // 2],
        "longer": content + b"\0",
        "zeros": bytes(len(content)),
    }
    for offset in (0, 6, 7, 20, 60, 100, 118, *range(128, len(content), 9), len(content) - 1):
        flipped = bytearray(content)
        flipped[offset] ^= 4
        ways[f"bit {offset}"] = bytes(flipped)
    return ways


def everything_in(table: CatalogTable) -> list[object]:
    """Use every part of a table."""
    lines = {table.paper(row).id: (row, table.line(row)) for row in table.newest}
    rows = [table.row_of(id) for id in lines]
    return [lines, rows, [table.columns.column(name).tolist() for name in ("day", "votes", "flags")]]


def test_bad_row_table_is_rebuilt_with_a_warning(tmp_path: Path) -> None:
    catalog_in(tmp_path).add(numbered_entries(6))
    good, before = row_table_file(tmp_path).read_bytes(), everything_in(catalog_in(tmp_path).open())
    for way, content in broken(good).items():
        row_table_file(tmp_path).write_bytes(content)
        catalog = catalog_in(tmp_path)
        assert catalog.verify(), way
        assert everything_in(catalog.open()) == before, way
        assert len(catalog.warnings) == 1, way
        assert "was rebuilt" in catalog.warnings[0]
        assert row_table_file(tmp_path).read_bytes() == good, way
    row_table_file(tmp_path).unlink()
    catalog = catalog_in(tmp_path)
    assert everything_in(catalog.open()) == before
    assert "missing" in catalog.warnings[0]


def test_row_table_of_another_library_is_not_used(tmp_path: Path) -> None:
    for name in ("one", "two"):
        catalog_in(tmp_path / name).add(numbered_entries(3, name))
    row_table_file(tmp_path / "one").write_bytes(row_table_file(tmp_path / "two").read_bytes())
    assert all("of one" in paper.title for paper in papers_by_id(catalog_in(tmp_path / "one")).values())


def test_row_table_of_diverged_catalog_is_not_used(tmp_path: Path) -> None:
    catalog_in(tmp_path).add(numbered_entries(3))
    start = papers_file(tmp_path).read_bytes()
    catalog_in(tmp_path).add(numbered_entries(3, "left"))
    papers_file(tmp_path).write_bytes(start)
    old = row_table_file(tmp_path).read_bytes()
    catalog_in(tmp_path).add(numbered_entries(5, "right"))
    row_table_file(tmp_path).write_bytes(old)
    catalog = catalog_in(tmp_path)
    assert sum("of right" in paper.title for paper in papers_by_id(catalog).values()) == 5
    assert len(papers_by_id(catalog)) == 8


def test_outdated_row_table_is_updated_without_a_warning(tmp_path: Path) -> None:
    catalog_in(tmp_path).add(numbered_entries(3))
    old = row_table_file(tmp_path).read_bytes()
    catalog_in(tmp_path).add(
        [*numbered_entries(3, "more"), entry("A study of many in its part 00001", "x:0", votes=1)]
    )
    new = row_table_file(tmp_path).read_bytes()
    row_table_file(tmp_path).write_bytes(old)
    catalog = catalog_in(tmp_path)
    assert len(papers_by_id(catalog)) == 6
    assert catalog.warnings == []
    assert row_table_file(tmp_path).read_bytes() == new


def test_unwritable_cache_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    catalog = catalog_in(tmp_path)
    catalog.add(numbered_entries(3))
    assert len(papers_by_id(catalog)) == 3


@pytest.mark.parametrize("content", [b"", b"cut", b"?" * 100_000])
def test_row_table_overwritten_in_place_does_not_affect_open_tables(tmp_path: Path, content: bytes) -> None:
    catalog_in(tmp_path).add(numbered_entries(6))
    catalog = catalog_in(tmp_path)
    clear_row_table_cache()
    before, table, grown = everything_in(catalog.open()), catalog.open(), catalog.open()
    with row_table_file(tmp_path).open("r+b") as file:
        file.truncate(len(content))
        file.write(content)
    assert everything_in(table) == before
    assert ["was rebuilt" in message for message in catalog.warnings] == [True]
    catalog_in(tmp_path).add(numbered_entries(3, "more"))
    assert everything_in(grown) == before
    assert len(papers_by_id(catalog_in(tmp_path))) == 9


def test_row_table_that_cannot_be_rebuilt_while_open_is_reported(tmp_path: Path) -> None:
    catalog_in(tmp_path).add(numbered_entries(3))
    clear_row_table_cache()
    table, good = catalog_in(tmp_path).open(), row_table_file(tmp_path).read_bytes()
    row_table_file(tmp_path).write_bytes(good[:-300] + bytes(300))
    papers_file(tmp_path).write_bytes(papers_file(tmp_path).read_bytes().replace(b"On 1.", b"On l."))
    with pytest.raises(StorageError, match="Start paperreader again"):
        table.row_of(next(iter(papers_by_id(catalog_in(tmp_path)))))
    assert {paper.abstract for paper in papers_by_id(catalog_in(tmp_path)).values()} == {"On 0.", "On 2."}


def test_line_damaged_under_open_table_is_reported_when_read(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add(numbered_entries(3))
    table = catalog.open()
    before = paper_lines(catalog)
    content = papers_file(tmp_path).read_bytes()
    papers_file(tmp_path).write_bytes(content.replace(b"On 1.", b"On l."))
    with pytest.raises(StorageError, match="check --repair"):
        table.paper(1)
    with pytest.raises(StorageError):
        table.paper_records(1)
    assert table.paper(2).abstract == "On 2."
    assert {problem.file for problem in catalog.verify()} == {"papers.jsonl", "rows.bin"}
    report = catalog.add(numbered_entries(3))
    assert (report.new, report.unchanged) == (1, 2)
    assert paper_lines(catalog) == before
    catalog.repair()
    assert (catalog.verify(), paper_lines(catalog)) == ([], before)


def test_line_damaged_under_open_table_does_not_block_changes(tmp_path: Path) -> None:
    catalog = catalog_in(tmp_path)
    catalog.add(numbered_entries(3))
    papers_file(tmp_path).write_bytes(papers_file(tmp_path).read_bytes().replace(b"On 1.", b"On l."))
    assert catalog.add([entry("A study of many in its part 00001", "x:0", votes=1)]).new == 1
    assert len(papers_by_id(catalog)) == 3
