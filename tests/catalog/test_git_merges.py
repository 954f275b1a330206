"""Libraries in real git repositories: merges, rewritten files, and line ends that git converts."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from paperreader.catalog import Catalog
from tests.catalog.git_machine import MARKER, Machine, titles
from tests.catalog.records import catalog_in, numbered_entries, paper_lines, papers_by_id, papers_file
from tests.endurance import git_merges
from tests.examples import endurance

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")


ORIGIN = Path("../../origin")
"""The shared repository, relative to a library: both can be copied together."""


@pytest.fixture(scope="module")
def prepared_machines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a repository and two machines with the same nine papers."""
    folder = tmp_path_factory.mktemp("machines")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder / "origin"], check=True)
    one, two = Machine(folder / "one", ORIGIN), Machine(folder / "two", ORIGIN)
    one.catalog.add(numbered_entries(6))
    one.catalog.add(numbered_entries(3, "late"))
    one.push()
    two.git("pull", "-q", "origin", "main")
    return folder


@pytest.fixture
def machines(tmp_path: Path, prepared_machines: Path) -> tuple[Machine, Machine]:
    """Two machines with the same nine papers."""
    shutil.copytree(prepared_machines, tmp_path, dirs_exist_ok=True)
    return Machine.copied(tmp_path / "one"), Machine.copied(tmp_path / "two")


REMOVED = (titles("many", 0), titles("many", 3, 4) | titles("late", 2), titles("late", 0, 1, 2))
COMPACTED = ("remover", "other", "both", "neither")
CASES = [
    (compacted, (COMPACTED.index(compacted) + number) % 2 == 0, removed)
    for compacted in COMPACTED
    for number, removed in enumerate(REMOVED)
]
"""Who has compacted, whether the machine that removed papers merges, and what it removed: each pair of these.

The suite tries each value of each of the three at least once.
"""


@pytest.mark.parametrize(
    ("compacted", "remover_merges", "removed"),
    [case if number % 3 == number // 3 % 3 else endurance(*case) for number, case in enumerate(CASES)],
)
def test_removed_papers_stay_removed(
    machines: tuple[Machine, Machine], compacted: str, remover_merges: bool, removed: set[str]
) -> None:
    remover, other = machines
    remover.remove(*removed)
    if compacted in ("remover", "both"):
        remover.catalog.compact()
    other.catalog.add([*numbered_entries(2, "theirs"), *numbered_entries(1)])
    if compacted in ("other", "both"):
        other.catalog.compact()
    first, second = (other, remover) if remover_merges else (remover, other)
    first.push()
    second.pull()
    second.push()
    first.pull()
    expected = titles("many", *range(6)) | titles("late", *range(3)) | titles("theirs", 0, 1)
    for machine in machines:
        assert machine.titles == expected - removed
        machine.catalog.compact()
        assert machine.titles == expected - removed


def test_undone_import_stays_undone_and_may_come_back(machines: tuple[Machine, Machine]) -> None:
    one, two = machines
    one.catalog.undo_import()
    one.catalog.compact()
    one.push()
    two.catalog.add(numbered_entries(1, "theirs"))
    two.pull()
    assert two.titles == titles("many", *range(6)) | titles("theirs", 0)
    two.catalog.add(numbered_entries(3, "late"))
    two.catalog.compact()
    two.push()
    one.catalog.add(numbered_entries(1, "ours"))
    one.catalog.compact()
    one.pull()
    everything = (
        titles("many", *range(6)) | titles("late", *range(3)) | titles("theirs", 0) | titles("ours", 0)
    )
    assert one.titles == everything


@pytest.mark.endurance
def test_random_changes_on_two_machines_are_all_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda _: None)
    counts = {"added": 0, "removed": 0, "rewritten": 0, "merges": 0}
    git_merges.merge_library(tmp_path / "library", random.Random(20251003), counts)
    assert min(counts.values()) > 2


def convert_by_setting(machine: Machine) -> None:
    machine.git("config", "core.autocrlf", "true")


def convert_by_attribute(machine: Machine) -> None:
    (machine.folder / "library" / ".git" / "info" / "attributes").write_text("* text eol=crlf\n")


@pytest.mark.parametrize("convert", [convert_by_setting, convert_by_attribute])
def test_library_with_converted_line_ends_works_on_both_machines(
    machines: tuple[Machine, Machine], convert: Callable[[Machine], None]
) -> None:
    one, two = machines
    before = paper_lines(one.catalog)
    convert(two)
    two.git("rm", "-q", "--cached", "papers.jsonl")
    two.git("reset", "-q", "--hard")
    assert papers_file(two.folder).read_bytes().count(b"\r\n") > 10
    assert paper_lines(two.catalog) == before
    assert two.catalog.verify() == []
    assert not two.catalog.repair()
    two.catalog.add(numbered_entries(2, "theirs"))
    two.push()
    one.catalog.add(numbered_entries(2, "ours"))
    one.pull()
    one.push()
    two.pull()
    expected = (
        titles("many", *range(6)) | titles("late", *range(3)) | titles("theirs", 0, 1) | titles("ours", 0, 1)
    )
    assert one.titles == two.titles == expected
    assert not list(two.folder.rglob("papers.damaged.jsonl"))


def catalog_with_conflict(one: Machine, two: Machine) -> Catalog:
    """Add papers on both machines, and return the catalog of the second one with the markers of git in its file."""
    one.catalog.add(numbered_entries(2, "ours"))
    one.push()
    two.catalog.add(numbered_entries(2, "theirs"))
    two.commit()
    two.git("pull", "-q", "--no-rebase", "origin", "main", check=False)
    assert MARKER in papers_file(two.folder).read_bytes()
    return catalog_in(two.folder)


def test_commands_after_a_pull_see_the_papers_of_both_sides(machines: tuple[Machine, Machine]) -> None:
    catalog = catalog_with_conflict(*machines)
    table = catalog.recover_end(catalog.open())
    assert len(table) == 13
    assert any("Both sides are merged" in warning for warning in catalog.warnings)
    assert not any("damaged" in warning for warning in catalog.warnings), "git's markers are no papers"
    assert not (machines[1].folder / "papers.damaged.jsonl").exists()


def test_import_after_a_pull_loses_nothing(machines: tuple[Machine, Machine]) -> None:
    catalog = catalog_with_conflict(*machines)
    catalog.add(numbered_entries(1, "new"))
    catalog.merge_conflict_copies()
    assert len(papers_by_id(catalog)) == 14
    assert catalog.verify() == []
