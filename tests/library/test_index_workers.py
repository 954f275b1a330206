"""Worker processes that build index batches while an import is running."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

from paperreader import paths
from paperreader.library import Library
from paperreader.library.index_workers import pool

WORDS = ("lantern", "harbour", "meadow", "granite", "orchard")


@pytest.fixture(autouse=True)
def use_small_jobs(monkeypatch):
    monkeypatch.setattr(pool, "ROWS_PER_JOB", 30)
    monkeypatch.setattr(pool, "MIN_ROWS_FOR_WORKERS", 10)
    monkeypatch.setattr(pool, "_processor_count", lambda: 2)
    monkeypatch.setattr("paperreader.catalog.journal.format.PAPERS_PER_CHUNK", 20)


def papers(count: int, *, first: int = 0) -> list[dict[str, str]]:
    return [
        {
            "id": f"2401.{number:05}",
            "title": f"Paper {number} of the {WORDS[number % len(WORDS)]}",
            "abstract": f"We walk {number} steps.",
            "authors": "A. Walker",
            "update_date": "2024-01-02",
            "categories": "cs.LG",
        }
        for number in range(first, first + count)
    ]


def write_papers(path: Path, rows: list[dict[str, str]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def worker_pids() -> list[int]:
    return [
        int(pid)
        for task in Path("/proc/self/task").iterdir()
        for pid in (task / "children").read_text().split()
    ]


def found_ids(library: Library, query: str) -> set[str]:
    return {library.paper(row).id for row in library.search(query).rows}


def test_every_paper_is_found_once_in_its_final_version(tmp_path):
    rows = papers(90)
    # A second record of a paper in the same file, with another title, after a worker may have processed the first one.
    again = {**rows[3], "title": "A second and much longer title about the lighthouse of paper three"}
    library = Library.open(tmp_path / "library")
    report = library.imports.import_paths([write_papers(tmp_path / "papers.jsonl", [*rows, again])])
    assert (report.read, report.new, report.merged) == (91, 90, 1)
    assert library.maintenance.index_is_current()
    assert library.search("walk ").full_matches == 90
    assert found_ids(library, "lighthouse") == {"2401.00003"}
    assert found_ids(library, "granite author:walker") == {
        f"2401.{n:05}" for n in range(90) if n % 5 == 3
    } - {"2401.00003"}
    assert library.maintenance.check() == []


@pytest.mark.endurance
def test_second_large_import_extends_the_index(tmp_path):
    library = Library.open(tmp_path / "library")
    library.imports.import_paths([write_papers(tmp_path / "a.jsonl", papers(60))])
    library.imports.import_paths([write_papers(tmp_path / "b.jsonl", papers(70, first=40))])
    assert library.search("walk ").full_matches == 110
    assert len(found_ids(library, "author:walker")) == 110
    assert library.maintenance.check() == []


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="looks for children in /proc")
def test_killed_workers_lose_no_papers(tmp_path):
    killed = []

    def kill(progress):
        for pid in worker_pids():
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    library = Library.open(tmp_path / "library")
    library.imports.import_paths([write_papers(tmp_path / "papers.jsonl", papers(90))], progress=kill)
    assert killed
    assert library.search("walk ").full_matches == 90
    assert library.maintenance.check() == []


def test_import_works_if_no_worker_can_be_started(tmp_path, monkeypatch):
    monkeypatch.setattr("sys.executable", str(tmp_path / "absent"))
    library = Library.open(tmp_path / "library")
    library.imports.import_paths([write_papers(tmp_path / "papers.jsonl", papers(90))])
    assert library.search("walk ").full_matches == 90


def test_unwritable_cache_does_not_stop_an_import(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    (tmp_path / "file").write_text("not a folder")
    library = Library.open(tmp_path / "library")
    assert library.imports.import_paths([write_papers(tmp_path / "papers.jsonl", papers(90))]).new == 90
    assert any("search index could not be updated" in warning for warning in library.pop_warnings())


@pytest.mark.endurance
def test_catalog_compacted_during_an_import_is_indexed_correctly(tmp_path):
    library = Library.open(tmp_path / "library")
    other = Library(tmp_path / "library")

    def compact(progress):
        if progress.stage == "reading" and progress.done == 60:
            other.maintenance.compact()

    library.imports.import_paths([write_papers(tmp_path / "papers.jsonl", papers(90))], progress=compact)
    assert library.table.generation == 2
    assert library.search("walk ").full_matches == 90
    assert library.maintenance.check() == []


def test_files_of_a_killed_import_are_removed(tmp_path):
    library = Library.open(tmp_path / "library")
    library.imports.import_paths([write_papers(tmp_path / "a.jsonl", papers(5))])
    cache = paths.cache_folder(library.uuid)
    abandoned = cache / "building-left"
    abandoned.mkdir()
    (abandoned / "lock").touch()
    (abandoned / "papers_x.pst").write_bytes(b"half a segment")
    library.imports.import_paths([write_papers(tmp_path / "b.jsonl", papers(5, first=5))])
    assert [path.name for path in cache.glob("building-*")] == []
