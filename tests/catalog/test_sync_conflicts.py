"""Folders synchronized by other programs: replaced catalogs, conflict copies, and git conflict markers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from paperreader.catalog import Catalog
from tests.catalog.records import catalog_in, entry, numbered_entries, paper_lines, papers_by_id, papers_file
from tests.git import git

COPY = "papers.sync-conflict-20251003-101500-ABCDEFG.jsonl"
LONG = "A title that is long enough"


def other_machine(here: Path, there: Path) -> Catalog:
    """Return the catalog of a copy of the library on another machine."""
    shutil.copytree(here / "library", there / "library")
    return catalog_in(there)


def replace_file(source: Path, target: Path) -> None:
    """Replace a file as file synchronization programs do: by renaming another one."""
    shutil.copy(source, target.with_name("incoming"))
    target.with_name("incoming").rename(target)


@pytest.fixture
def here(tmp_path: Path) -> Catalog:
    catalog = catalog_in(tmp_path / "here")
    catalog.add([*numbered_entries(5), entry(LONG, "a:0")])
    return catalog


def add_on_both_sides(tmp_path: Path, here: Catalog) -> dict[str, bytes]:
    """Add different papers on either side. Return the lines that both together should have."""
    there = other_machine(tmp_path / "here", tmp_path / "there")
    together = other_machine(tmp_path / "here", tmp_path / "both")
    mine = [*numbered_entries(3, "mine"), entry(LONG, "b:0", abstract="From here.")]
    theirs = [*numbered_entries(4, "theirs"), entry(LONG, "c:0", arxiv="2403.00001"), *numbered_entries(1)]
    here.add(mine)
    there.add(theirs)
    together.add([*mine, *theirs])
    return paper_lines(together)


def test_conflict_copy_is_merged_and_renamed(tmp_path: Path, here: Catalog) -> None:
    expected = add_on_both_sides(tmp_path, here)
    before = paper_lines(here)
    replace_file(papers_file(tmp_path / "there"), papers_file(tmp_path / "here").with_name(COPY))
    assert [problem.file for problem in here.verify()] == [COPY]
    (message,) = here.merge_conflict_copies(max_bytes=100_000)
    assert "4 papers new, 1 merged" in message
    assert paper_lines(here) == expected
    assert here.verify() == []
    (renamed,) = (tmp_path / "here" / "library").glob("*.merged-*")
    assert renamed.read_bytes() == papers_file(tmp_path / "there").read_bytes()
    assert here.merge_conflict_copies() == []
    assert here.undo_import() is not None
    assert paper_lines(here) == before


def test_removed_paper_is_not_restored_by_conflict_copy(tmp_path: Path, here: Catalog) -> None:
    there = other_machine(tmp_path / "here", tmp_path / "there")
    removed = next(id for id in papers_by_id(here) if "00002" in id)
    here.remove([removed])
    there.add(numbered_entries(2, "theirs"))
    replace_file(papers_file(tmp_path / "there"), papers_file(tmp_path / "here").with_name(COPY))
    here.merge_conflict_copies()
    assert removed not in papers_by_id(here)
    assert len(papers_by_id(here)) == 7


def test_copies_of_compacted_and_other_catalogs_are_merged(tmp_path: Path, here: Catalog) -> None:
    there = other_machine(tmp_path / "here", tmp_path / "there")
    there.add(numbered_entries(3, "theirs"))
    there.compact()
    catalog_in(tmp_path / "stranger").add(numbered_entries(2, "strange"))
    for number, name in enumerate(("there", "stranger"), 1):
        replace_file(
            papers_file(tmp_path / name), papers_file(tmp_path / "here").with_name(f"papers ({number}).jsonl")
        )
    assert len(here.merge_conflict_copies()) == 2
    assert len(papers_by_id(here)) == 11


def test_copy_replaces_missing_catalog(tmp_path: Path, here: Catalog) -> None:
    before = paper_lines(here)
    papers_file(tmp_path / "here").rename(papers_file(tmp_path / "here").with_name(COPY))
    (message,) = here.merge_conflict_copies()
    assert "was replaced by" in message
    assert paper_lines(here) == before


@pytest.mark.parametrize(
    "content", [b"", b"nonsense\n", b'{"paperreader":99,"library":"x","generation":1}\n']
)
def test_unreadable_copy_stays_and_is_reported_once(tmp_path: Path, here: Catalog, content: bytes) -> None:
    copy = papers_file(tmp_path / "here").with_name(COPY)
    copy.write_bytes(content)
    assert [len(here.merge_conflict_copies(1000)) for _ in range(3)] == [1, 0, 0]
    assert copy.read_bytes() == content
    assert len(papers_by_id(here)) == 6


def test_large_copy_is_merged_by_repair_only(tmp_path: Path, here: Catalog) -> None:
    expected = add_on_both_sides(tmp_path, here)
    replace_file(papers_file(tmp_path / "there"), papers_file(tmp_path / "here").with_name(COPY))
    (message,) = here.merge_conflict_copies(max_bytes=10)
    assert "check --repair" in message
    assert here.merge_conflict_copies(max_bytes=10) == []
    assert "4 papers new" in here.repair()[0]
    assert paper_lines(here) == expected


@pytest.mark.parametrize("older", [True, False])
def test_replaced_catalog_loses_no_paper_of_a_running_reader(
    tmp_path: Path, here: Catalog, older: bool
) -> None:
    shutil.copy(papers_file(tmp_path / "here"), tmp_path / "older")
    expected = add_on_both_sides(tmp_path, here)
    table = here.open()
    replace_file(
        tmp_path / "older" if older else papers_file(tmp_path / "there"), papers_file(tmp_path / "here")
    )
    before = {id: table.line(row) for row in table.newest for id in [table.paper(row).id]}
    assert here.poll(table) is not None
    assert paper_lines(here) == (before if older else expected)
    assert sum("was replaced" in warning for warning in here.warnings) == 1
    assert here.poll(here.open()) is None


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_conflict_markers_lose_no_paper_of_either_side(tmp_path: Path, here: Catalog) -> None:
    folder = tmp_path / "here" / "library"

    git(folder, "init", "-b", "main")
    git(folder, "add", "papers.jsonl")
    git(folder, "commit", "-m", "both")
    git(folder, "checkout", "-b", "theirs")
    here.add(numbered_entries(3, "theirs"))
    git(folder, "commit", "-am", "theirs")
    git(folder, "checkout", "main")
    here.add(numbered_entries(2, "ours"))
    git(folder, "commit", "-am", "ours")
    git(folder, "merge", "theirs", check=False)
    assert b"<<<<<<<" in papers_file(tmp_path / "here").read_bytes()
    catalog = catalog_in(tmp_path / "here")
    assert len(papers_by_id(catalog)) == 11
    assert catalog.repair()
    assert (len(papers_by_id(catalog)), catalog.verify()) == (11, [])
