"""No output replaces a file of the program itself, under any name or through any link."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from paperreader import config, paths, subscriptions
from paperreader.library import Library
from tests.cli.conftest import Command
from tests.examples import every_second

STORES = ("papers.jsonl", "notebook.json")


@pytest.fixture
def library(filled: Command, ids: dict[str, str]) -> Path:
    """The folder of a library with papers, a mark, a backup and a subscription."""
    filled("mark", ids["Slow"], "--bookmark")
    filled("mark", ids["Slow"], "--note", "Ask Ada.")
    filled("subscribe", "Rivers", "river")
    filled("config", "--init")
    return Library.open().folder


def other_library(library: Path) -> Path:
    """Return the folder of a copy of the library that no setting names."""
    return Path(shutil.copytree(library, library.parent / "another"))


def symbolic_link(library: Path) -> Path:
    link = library.parent / "reading.html"
    link.symlink_to(library / "notebook.json")
    return link


def hard_link(library: Path) -> Path:
    link = library.parent / "reading.html"
    link.hardlink_to(library / "papers.jsonl")
    return link


def linked_folder(library: Path) -> Path:
    link = library.parent / "linked"
    link.symlink_to(library)
    return link / "papers.jsonl"


def new_notebook(library: Path) -> Path:
    for file in library.glob("notebook.json*"):
        file.unlink()
    return library / "notebook.json"


def moved_store(library: Path) -> Path:
    """Return the file that the notebook links to, as in a synchronized folder."""
    moved = library.parent / "synced.json"
    (library / "notebook.json").rename(moved)
    (library / "notebook.json").symlink_to(moved)
    return moved


def missing_target(library: Path) -> Path:
    moved = moved_store(library)
    moved.unlink()
    return moved


PLACES: dict[str, Callable[[Path], Path]] = {
    "papers": lambda library: library / "papers.jsonl",
    "notebook": lambda library: library / "notebook.json",
    "notebook not there yet": new_notebook,
    "notebook of another library, not there yet": lambda library: new_notebook(other_library(library)),
    "backup": lambda library: library / "notebook.json.bak.1",
    "free backup": lambda library: library / "notebook.json.bak.7",
    "lock": lambda library: library / "catalog.lock",
    "damaged lines": lambda library: library / "papers.damaged.jsonl",
    "conflict copy": lambda library: library / "notebook (Ada's conflicted copy).json",
    "dots": lambda library: library / ".." / library.name / "." / "papers.jsonl",
    "capitals": lambda library: library / "Papers.JSONL",
    "symbolic link": symbolic_link,
    "hard link": hard_link,
    "linked folder": linked_folder,
    "link target": moved_store,
    "missing link target": missing_target,
    "other library": lambda library: other_library(library) / "papers.jsonl",
    "other notebook": lambda library: other_library(library) / "notebook.json",
    "sample library": lambda _: paths.sample_library_folder() / "papers.jsonl",
    "settings": lambda _: config.settings_file(),
    "subscriptions": lambda _: subscriptions.file_path(),
    "state": lambda _: paths.state_folder(Library.open().uuid) / "state.json",
    "rows": lambda _: paths.cache_folder(Library.open().uuid) / "rows.bin",
    "new cache file": lambda _: paths.response_cache_folder() / "x.answer",
    "log": lambda _: paths.log_file(),
}


def contents(home: Path) -> dict[str, bytes]:
    return {
        str(file): file.read_bytes() for file in home.rglob("*") if file.is_file() and file.suffix != ".lock"
    }


@pytest.mark.parametrize("place", every_second(PLACES))
def test_output_never_replaces_a_file_of_the_program(
    library: Path, filled: Command, home: Path, place: str
) -> None:
    path = PLACES[place](library)
    path.parent.mkdir(parents=True, exist_ok=True)
    spelled = os.path.relpath(path) if place == "papers" else path
    before = contents(home)
    for command in (
        ("export", "--format", "html", "--output", spelled),
        ("export", "no-such-word", "--format", "jsonl", "--output", spelled),
        ("digest", "--format", "rss", "--output", spelled),
    ):
        result = filled(*command)
        assert (result.code, "choose another file" in result.err) == (2, True), command
    after = contents(home)
    ignored = str(paths.state_folder(Library.open().uuid) / "state.json")
    assert {**after, ignored: b""} == {**before, ignored: b""}


@pytest.mark.parametrize(
    "name", ["reading.bib", "papers.html", "notebook.md", "my papers.jsonl", "papers-2.csv"]
)
def test_output_may_be_another_file_next_to_the_library(library: Path, filled: Command, name: str) -> None:
    output = library / name
    for _ in range(2):  # the second time it exists
        assert filled("export", "--format", "jsonl", "--output", output).code == 0
    assert output.read_bytes().count(b"\n") == 3
    assert Library.open().maintenance.check() == []


def test_redirected_output_is_not_appended_to_a_store(
    library: Path, filled: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = (library / "papers.jsonl").read_bytes()
    with (library / "papers.jsonl").open("a") as file:
        monkeypatch.setattr("sys.stdout", file)
        assert filled("export", "--format", "jsonl").code == 2
    assert (library / "papers.jsonl").read_bytes() == before
