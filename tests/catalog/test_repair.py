"""Repair removes little, and nothing without a copy; a file that is no catalog is put aside."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from paperreader.catalog import Catalog
from paperreader.errors import RepairRefused, StorageError
from tests.catalog.records import (
    catalog_in,
    numbered_entries,
    paper_lines,
    papers_by_id,
    papers_file,
    papers_in_table,
)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return catalog_in(tmp_path)


def damage(path: Path, count: int) -> list[bytes]:
    """Damage that many paper lines of a catalog, and return them as they are then."""
    lines = path.read_bytes().split(b"\n")
    papers = [index for index, line in enumerate(lines) if line.startswith(b'{"id"')]
    for index in papers[:count]:
        lines[index] = lines[index].replace(b"study", b"stu\xffdy")
    path.write_bytes(b"\n".join(lines))
    return [lines[index] for index in papers[:count]]


@pytest.mark.parametrize(
    ("papers", "damaged", "is_refused"), [(20, 3, False), (20, 4, True), (500, 5, False), (500, 6, True)]
)
def test_repair_refuses_to_remove_many_lines(
    catalog: Catalog, tmp_path: Path, papers: int, damaged: int, is_refused: bool
) -> None:
    catalog.add(numbered_entries(papers))
    lines = damage(papers_file(tmp_path), damaged)
    content = papers_file(tmp_path).read_bytes()
    if is_refused:
        with pytest.raises(RepairRefused, match=f"{damaged} of {papers + 3} lines") as refused:
            catalog.repair()
        assert len(refused.value.losses) == damaged
        assert all("would be removed" in loss for loss in refused.value.losses)
        assert papers_file(tmp_path).read_bytes() == content
        assert catalog.add(numbered_entries(1, "more")).new == 1
    catalog.repair(force=is_refused)
    assert catalog.verify() == []
    assert len(papers_by_id(catalog)) == papers - damaged + is_refused
    copied = papers_file(tmp_path).with_name("papers.damaged.jsonl").read_bytes().split(b"\n")
    assert set(lines) <= set(copied)


def test_repair_removes_nothing_without_a_copy(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(20))
    damage(papers_file(tmp_path), 2)
    content = papers_file(tmp_path).read_bytes()
    papers_file(tmp_path).with_name("papers.damaged.jsonl").mkdir()
    for operation in (catalog.repair, catalog.compact):
        with pytest.raises(StorageError, match="No copy of damaged lines"):
            operation()
        assert papers_file(tmp_path).read_bytes() == content


def test_many_damaged_lines_are_not_compacted_away(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(400))
    damage(papers_file(tmp_path), 150)
    catalog.add(numbered_entries(1, "more"))
    assert papers_file(tmp_path).read_bytes().count(b"stu\xffdy") == 2 * 150


def test_lines_that_another_program_appended_are_copied(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(3))
    every = paper_lines(catalog)
    appended = [b"a line of text %d" % number for number in range(6)]
    with papers_file(tmp_path).open("ab") as file:
        file.write(b"\n".join(appended))
    with pytest.raises(RepairRefused, match="6 of 12 lines"):
        catalog.repair()
    catalog.repair(force=True)
    assert (paper_lines(catalog), catalog.verify()) == (every, [])
    assert set(appended) <= set(
        papers_file(tmp_path).with_name("papers.damaged.jsonl").read_bytes().split(b"\n")
    )


def replace(path: Path, content: bytes) -> None:
    """Replace a file as sync programs and editors do, some seconds ago."""
    path.with_name("incoming").write_bytes(content)
    os.utime(path.with_name("incoming"), (1_760_000_000, 1_760_000_000))
    path.with_name("incoming").rename(path)


@pytest.mark.parametrize(
    "content", [b"", b"@article{a, title = {B}}\n" * 30, b"\0" * 5000, b'{"id": "a", "title": "b"}\n']
)
def test_file_that_is_no_catalog_is_put_aside_under_a_running_reader(
    catalog: Catalog, tmp_path: Path, content: bytes
) -> None:
    catalog.add(numbered_entries(30))
    table, every = catalog.open(), paper_lines(catalog)
    replace(papers_file(tmp_path), content)
    fresh = catalog.poll(table)
    assert papers_in_table(fresh or table).keys() == every.keys()
    assert (paper_lines(catalog), catalog.verify()) == (every, [])
    (aside,) = papers_file(tmp_path).parent.glob("papers.jsonl.damaged-*")
    assert aside.read_bytes() == content
    assert [warning for warning in catalog.warnings if "is no catalog" in warning]
    assert catalog.poll(fresh or table) is None
    assert catalog.add(numbered_entries(1, "more")).new == 1


@pytest.mark.parametrize("content", [b"@article{a, title = {B}}\n" * 30, b"\0" * 5000])
def test_file_that_is_no_catalog_is_kept_by_the_next_import(
    catalog: Catalog, tmp_path: Path, content: bytes
) -> None:
    papers_file(tmp_path).parent.mkdir()
    papers_file(tmp_path).write_bytes(content)
    assert catalog.add(numbered_entries(2)).new == 2
    (aside,) = papers_file(tmp_path).parent.glob("papers.jsonl.damaged-*")
    assert aside.read_bytes() == content
    assert (len(papers_by_id(catalog)), catalog.verify()) == (2, [])


@pytest.mark.parametrize("kind", ["before a compaction", "of another library", "after an absence"])
def test_replaced_file_loses_no_paper_and_keeps_removals(catalog: Catalog, tmp_path: Path, kind: str) -> None:
    catalog.add(numbered_entries(6))
    old = papers_file(tmp_path).read_bytes()
    catalog.add(numbered_entries(2, "more"))
    gone = sorted(papers_by_id(catalog))[0]
    catalog.remove([gone])
    catalog.compact()
    table, every = catalog.open(), papers_by_id(catalog)
    if kind == "of another library":
        (other := catalog_in(tmp_path / "other")).add(numbered_entries(3, "strange"))
        every |= papers_by_id(other)
        old = papers_file(tmp_path / "other").read_bytes()
    if kind == "after an absence":
        papers_file(tmp_path).unlink()
        assert len(catalog.poll(table) or ()) == 0
        table = catalog.open()
    replace(papers_file(tmp_path), old)
    fresh = catalog.poll(table)
    assert fresh is not None
    assert papers_in_table(fresh).keys() == every.keys()
    assert catalog.poll(fresh) is None


def test_compaction_by_another_process_restores_nothing(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(6))
    table = catalog.open()
    other = catalog_in(tmp_path)
    other.remove(sorted(papers_by_id(other))[:3])
    other.compact()
    content = papers_file(tmp_path).read_bytes()
    fresh = catalog.poll(table)
    assert fresh is not None
    assert len(fresh) == 3
    assert papers_file(tmp_path).read_bytes() == content
    assert catalog.warnings == []


def test_compaction_removes_only_files_of_this_program(catalog: Catalog, tmp_path: Path) -> None:
    catalog.add(numbered_entries(2))
    folder = papers_file(tmp_path).parent
    others = {
        ".papers.jsonl.swp",
        ".papers.jsonl.AbC123",
        ".papers.jsonl.whatever.tmp",
        ".papers.jsonl.un~",
        "papers.jsonl~",
    }
    for name in {*others, ".papers.jsonl.paperreader-12345678.tmp"}:
        (folder / name).write_text("text")
    shutil.rmtree(tmp_path / "cache")
    catalog.compact()
    assert {file.name for file in folder.iterdir()} == {*others, "papers.jsonl", "catalog.lock"}
