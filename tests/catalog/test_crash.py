"""Kills and disk errors at every step of writing: finished chunks stay, none is partial, repeating completes."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from paperreader.catalog import Catalog
from paperreader.catalog.journal import format as journal_format
from paperreader.errors import StorageError
from paperreader.models import ImportedEntry
from tests.catalog.records import catalog_in, entry, numbered_entries, paper_lines
from tests.examples import endurance

STEPS = ("pwrite", "fsync", "ftruncate", "replace", "link", "unlink")
"""The functions of `os` with which the catalog changes files."""


class Faults:
    """Counts the calls of the steps, and calls `fail` at the given one."""

    def __init__(self, at: int, fail: Callable[[], None]) -> None:
        self.left = at
        self.fail = fail

    def install(self, patch: pytest.MonkeyPatch) -> None:
        for name in STEPS:
            patch.setattr(os, name, self.wrap(name, getattr(os, name)))

    def wrap(self, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any, **named: Any) -> Any:
            self.left -= 1
            if self.left == 0:
                if name == "pwrite":
                    descriptor, data, offset = given
                    real(descriptor, bytes(data)[: len(data) // 2], offset)
                self.fail()
            return real(*given, **named)

        return step


ENTRIES = [
    *numbered_entries(14, "more"),
    entry("A study of many in its part 00001", "x:1", arxiv="2403.00001"),
    *numbered_entries(3),
    entry("A study of many in its part 00002", "x:2", votes=2),
]


def start(folder: Path) -> Catalog:
    catalog = catalog_in(folder)
    catalog.add([*numbered_entries(12), entry("A study of many in its part 00003", "y:3")])
    catalog.remove([next(id for id in paper_lines(catalog) if "00005" in id)])
    return catalog


def add(catalog: Catalog) -> None:
    catalog.add(ENTRIES)


def remove_source(catalog: Catalog) -> None:
    catalog.remove_source("page.txt")


def undo(catalog: Catalog) -> None:
    catalog.undo_removal()


def undo_import(catalog: Catalog) -> None:
    catalog.undo_import()


OPERATIONS = {
    "add": add,
    "remove source": remove_source,
    "undo": undo,
    "undo import": undo_import,
    "compact": Catalog.compact,
    "first": add,
}


def allowed_states(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, bytes]]:
    """Return the states that may be found after an interruption: after each chunk of a run without one."""
    catalog = catalog_in(folder) if name == "first" else start(folder)
    states = [paper_lines(catalog)]
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        states.append(paper_lines(catalog))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        OPERATIONS[name](catalog)
    return states


@pytest.fixture(params=OPERATIONS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_format, "PAPERS_PER_CHUNK", 5)


def check(folder: Path, name: str, states: list[dict[str, bytes]], step: int) -> None:
    """Check that the state after an interruption is allowed, and that repeating the operation completes it."""
    assert paper_lines(catalog_in(folder)) in states, step
    catalog = catalog_in(folder)
    OPERATIONS[name](catalog)
    assert paper_lines(catalog) == states[-1], step
    assert catalog.verify() == [], step
    for rows in (folder / "cache").glob("*/rows.bin"):
        rows.unlink()
    assert paper_lines(catalog_in(folder)) == paper_lines(catalog), step
    catalog.compact()
    left = {path.name for path in (folder / "library").iterdir()}
    assert left - {"papers.damaged.jsonl"} == {"papers.jsonl", "catalog.lock"}, step


@pytest.mark.parametrize("name", ["add", *map(endurance, sorted(OPERATIONS.keys() - {"add"}))])
def test_kill_at_any_step_leaves_finished_chunks(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = allowed_states(tmp_path / "uninterrupted", name, monkeypatch)
    start(begun := tmp_path / "begun")
    step = 0
    died = True
    while died:
        step += 1
        folder = tmp_path / str(step)
        if name != "first":
            shutil.copytree(begun, folder)
        child = os.fork()
        if not child:
            try:
                Faults(step, lambda: os._exit(9)).install(monkeypatch)
                OPERATIONS[name](catalog_in(folder))
                os._exit(0)
            finally:
                os._exit(1)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status in (0, 9)
        died = status == 9
        check(folder, name, states, step)
    assert step > 4, "no steps were counted"


def test_disk_error_at_any_step_leaves_finished_chunks(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    states = allowed_states(tmp_path / "uninterrupted", name, monkeypatch)
    start(begun := tmp_path / "begun")

    def full() -> None:
        raise OSError(28, "No space left on device")

    step, reached = 0, True
    errors = 0
    while reached:
        step += 1
        folder = tmp_path / str(step)
        if name != "first":
            shutil.copytree(begun, folder)
        faults = Faults(step, full)
        with monkeypatch.context() as patch:
            faults.install(patch)
            try:
                OPERATIONS[name](catalog_in(folder))
            except StorageError as error:
                errors += 1
                assert "no space left on device" in str(error)
        reached = faults.left <= 0
        check(folder, name, states, step)
    assert errors, "no error was reported"


def test_failing_input_leaves_finished_chunks(tmp_path: Path) -> None:
    def broken() -> Any:
        yield from numbered_entries(7)
        raise RuntimeError("input failed")

    catalog = catalog_in(tmp_path)
    with pytest.raises(RuntimeError, match="input failed"):
        catalog.add(broken())
    assert len(paper_lines(catalog)) == 5
    assert catalog.warnings == []
    report = catalog.add(numbered_entries(7))
    assert (report.new, report.unchanged) == (2, 5)


def test_progress_counts_entries_per_chunk(tmp_path: Path) -> None:
    counts: list[int] = []
    entries: list[ImportedEntry] = numbered_entries(12)
    catalog_in(tmp_path).add(iter(entries), progress=counts.append)
    assert counts == [5, 10, 12]
