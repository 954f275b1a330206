"""Libraries in real git repositories: merges, rewritten files, and line ends that git converts."""

from __future__ import annotations

import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from paperreader.catalog import Catalog
from tests.catalog.records import catalog_in, numbered_entries, paper_lines, papers_by_id, papers_file

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

MARKER = b"<<<<<<<"


class Machine:
    """A clone of a shared repository with a library in it."""

    def __init__(self, folder: Path, origin: Path, *settings: str) -> None:
        self.folder = folder
        self._settings = ["user.name=A", "user.email=a@example.org", *settings]
        (folder / "library").mkdir(parents=True)
        self.git("init", "-q", "-b", "main")
        self.git("remote", "add", "origin", str(origin))
        self.catalog = catalog_in(folder)

    def git(self, *arguments: str, check: bool = True) -> str:
        options = [word for setting in self._settings for word in ("-c", setting)]
        command = ["git", *options, *arguments]
        done = subprocess.run(
            command, cwd=self.folder / "library", check=check, capture_output=True, text=True
        )
        return done.stdout

    def commit(self) -> None:
        self.git("add", "papers.jsonl")
        self.git("commit", "-q", "--allow-empty", "-m", "My papers")

    def push(self) -> None:
        self.commit()
        self.git("push", "-q", "origin", "main")

    def pull(self) -> None:
        """Pull and merge as the recipe says."""
        self.commit()
        self.git("pull", "-q", "--no-rebase", "--no-edit", "origin", "main", check=False)
        self.catalog = catalog_in(self.folder)
        self.catalog.repair()
        assert self.catalog.verify() == []
        assert MARKER not in papers_file(self.folder).read_bytes()
        self.commit()

    @property
    def titles(self) -> set[str]:
        return {paper.title for paper in papers_by_id(self.catalog).values()}

    def remove(self, *titles: str) -> None:
        papers = papers_by_id(self.catalog)
        self.catalog.remove([id for id, paper in papers.items() if paper.title in titles])


def titles(tag: str, *numbers: int) -> set[str]:
    return {f"A study of {tag} in its part {number:05d}" for number in numbers}


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", tmp_path / "origin"], check=True)
    return tmp_path / "origin"


@pytest.fixture
def machines(tmp_path: Path, origin: Path) -> tuple[Machine, Machine]:
    """Two machines with the same nine papers."""
    one, two = Machine(tmp_path / "one", origin), Machine(tmp_path / "two", origin)
    one.catalog.add(numbered_entries(6))
    one.catalog.add(numbered_entries(3, "late"))
    one.push()
    two.git("pull", "-q", "origin", "main")
    return one, two


@pytest.mark.parametrize("compacted", ["remover", "other", "both", "neither"])
@pytest.mark.parametrize("remover_merges", [True, False])
@pytest.mark.parametrize(
    "removed", [titles("many", 0), titles("many", 3, 4) | titles("late", 2), titles("late", 0, 1, 2)]
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


def test_random_changes_on_two_machines_are_all_kept(tmp_path: Path, origin: Path) -> None:
    chance = random.Random(20251003)
    for round in range(2):
        folder = tmp_path / f"round {round}"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder / "origin"], check=True)
        machines = [Machine(folder / name, folder / "origin") for name in ("one", "two")]
        machines[0].catalog.add(numbered_entries(12))
        machines[0].push()
        machines[1].git("pull", "-q", "origin", "main")
        expected = titles("many", *range(12))
        for step in range(3):
            for name, machine in zip(("one", "two"), machines, strict=True):
                expected |= add_some(machine, f"{name} {step}", chance.randrange(3))
                gone = set(chance.sample(sorted(machine.titles & expected), chance.randrange(3)))
                machine.remove(*gone)
                expected -= gone
                if chance.random() < 0.5:
                    machine.catalog.compact()
            first, second = chance.sample(machines, 2)
            first.push()
            second.pull()
            second.push()
            first.pull()
            assert first.titles == second.titles == expected, (round, step)


def add_some(machine: Machine, tag: str, count: int) -> set[str]:
    machine.catalog.add(numbered_entries(count, tag))
    return titles(tag, *range(count))


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


def test_commands_after_a_pull_see_the_papers_of_both_sides(machines: tuple[Machine, Machine]) -> None:
    one, two = machines
    one.catalog.add(numbered_entries(2, "ours"))
    one.push()
    two.catalog.add(numbered_entries(2, "theirs"))
    two.commit()
    two.git("pull", "-q", "--no-rebase", "origin", "main", check=False)
    assert MARKER in papers_file(two.folder).read_bytes()
    catalog = catalog_in(two.folder)
    table = catalog.recover_end(catalog.open())
    assert len(table) == 13
    assert any("Both sides are merged" in warning for warning in catalog.warnings)


def test_import_after_a_pull_loses_nothing(machines: tuple[Machine, Machine]) -> None:
    one, two = machines
    one.catalog.add(numbered_entries(2, "ours"))
    one.push()
    two.catalog.add(numbered_entries(2, "theirs"))
    two.commit()
    two.git("pull", "-q", "--no-rebase", "origin", "main", check=False)
    catalog = Catalog(two.folder / "library", lambda uuid: two.folder / "cache" / uuid)
    catalog.add(numbered_entries(1, "new"))
    catalog.merge_conflict_copies()
    assert len(papers_by_id(catalog)) == 14
    assert catalog.verify() == []
