"""Restoring backups, whatever happened to the notebook meanwhile, and undoing that."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from paperreader.errors import NotFound, StorageError
from paperreader.models import Mark, MarkChange
from paperreader.notebook import Notebook
from tests.notebook.test_damage import OTHER_JSON


def values(marks: Mapping[str, Mark]) -> dict[str, tuple[object, ...]]:
    """Return the values of marks without timestamps, and without empty marks."""
    found = {
        name: (mark.bookmarked, mark.is_read, mark.note_text, mark.tag_names) for name, mark in marks.items()
    }
    return {name: what for name, what in found.items() if any(what)}


def write_library(folder: Path) -> list[dict[str, tuple[object, ...]]]:
    """Write a notebook in four sessions. Return the state at the end of each, newest first."""
    sessions = (
        [MarkChange("a", "A", bookmark=True, note="first"), MarkChange("b", "B", read=True)],
        [MarkChange("a", note="second"), MarkChange("c", "C", tags={"rl": True, "vla": True})],
        [MarkChange("a", bookmark=False), MarkChange("c", tags={"rl": False})],
        [MarkChange("d", "D", bookmark=True), MarkChange("b", read=False)],
    )
    states = []
    for session in sessions:
        states.insert(0, values(Notebook(folder).save(session).marks))
    return states


def test_backups_are_listed_with_number_time_and_size(tmp_path: Path) -> None:
    write_library(tmp_path)
    os.utime(tmp_path / "notebook.json.bak.2", (1759500000, 1759500000))
    (tmp_path / "notebook.json.bak.3").write_bytes(b"{")
    first, second, third = Notebook(tmp_path).backups()
    assert (first.number, first.name, first.marks, first.notes) == (1, "notebook.json.bak.1", 3, 1)
    assert second.modified.startswith("2025-10-0")
    assert "damaged" in third.error
    assert Notebook(tmp_path / "empty").backups() == []


@pytest.mark.parametrize("number", [1, 2, 3])
def test_restore_makes_previous_state_the_newest_backup(tmp_path: Path, number: int) -> None:
    states = write_library(tmp_path)
    notebook = Notebook(tmp_path)
    assert values(notebook.restore(str(number)).marks) == states[number]
    assert values(Notebook(tmp_path).load()) == states[number]
    assert values(notebook.restore("1").marks) == states[0], "undone"
    assert values(notebook.restore("1").marks) == states[number], "and redone"


def test_running_reader_shows_restored_state(tmp_path: Path) -> None:
    states = write_library(tmp_path)
    running = Notebook(tmp_path)
    running.load()
    Notebook(tmp_path).restore("2")
    assert values(running.poll() or {}) == states[2]
    assert values(Notebook(tmp_path).load()) == states[2]
    assert running.warnings == []


def test_other_file_can_be_restored(tmp_path: Path) -> None:
    write_library(tmp_path / "here")
    Notebook(tmp_path / "there").save([MarkChange("z", "Z", note="from there")])
    notebook = Notebook(tmp_path / "here")
    marks = notebook.restore(str(tmp_path / "there" / "notebook.json")).marks
    assert values(marks) == {"z": (False, False, "from there", ())}
    assert marks["z"].title == "Z"


def test_restoring_the_same_state_writes_nothing(tmp_path: Path) -> None:
    write_library(tmp_path)
    notebook = Notebook(tmp_path)
    notebook.load()
    before = [(path.name, path.stat().st_mtime_ns) for path in sorted(tmp_path.iterdir())]
    notebook.restore(str(tmp_path / "notebook.json"))
    assert [(path.name, path.stat().st_mtime_ns) for path in sorted(tmp_path.iterdir())] == before


@pytest.mark.parametrize(
    ("which", "error"),
    [("4", NotFound), ("0", NotFound), ("/no/such/file", NotFound), ("3", StorageError), ("", StorageError)],
)
def test_failed_restore_changes_nothing(
    tmp_path: Path, which: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    states = write_library(tmp_path)
    (tmp_path / "notebook.json.bak.3").write_bytes(b'{"version": 9, "papers": {}}')
    with pytest.raises(error):
        Notebook(tmp_path).restore(which)
    assert values(Notebook(tmp_path).load()) == states[0]
    assert len(list(tmp_path.glob("*.bak.*"))) == 3


def broken(whole: bytes) -> dict[str, bytes]:
    """Return the notebook truncated at every byte, with a bit flipped in every 13th, or replaced by other content."""
    cut = {f"cut at {offset}": whole[:offset] for offset in range(len(whole) - 1)}
    flipped = {
        f"bit {bit} of byte {offset}": whole[:offset]
        + bytes([whole[offset] ^ 1 << bit])
        + whole[offset + 1 :]
        for offset, bit in ((offset, offset % 8) for offset in range(0, len(whole), 13))
    }
    return cut | flipped | {repr(other): other for other in OTHER_JSON}


def test_backup_can_be_restored_after_any_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)  # no power failure is simulated here
    states = write_library(tmp_path)
    whole = (tmp_path / "notebook.json").read_bytes()
    backups = {path.name: path.read_bytes() for path in tmp_path.glob("*.bak.*")}
    for number, (how, data) in enumerate(broken(whole).items()):
        for path in tmp_path.iterdir():
            path.unlink()
        for name, backup in backups.items():
            (tmp_path / name).write_bytes(backup)
        (tmp_path / "notebook.json").write_bytes(data)
        notebook = Notebook(tmp_path)
        found = notebook.load()
        if notebook.warnings:
            (quarantined,) = tmp_path.glob("*.damaged-*")
            assert quarantined.read_bytes() == data, how
            assert found.keys() >= {"a", "b", "c"}, how
        if number % 5 and how.startswith("cut"):
            continue  # the result depends on the file only by whether it could be parsed
        assert values(notebook.restore("2").marks) == states[2], how
        assert json.loads((tmp_path / "notebook.json").read_bytes())["version"] == 1, how
