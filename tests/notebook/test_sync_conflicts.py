"""Folders synchronized by other programs: replaced notebooks, conflict copies, and git conflict markers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from paperreader.models import Mark, MarkChange
from paperreader.notebook import Notebook
from tests.git import git

COPIES = (
    "notebook.sync-conflict-20251003-101500-ABCDEFG.json",
    "notebook (Ada's conflicted copy 2025-10-03).json",
    "notebook (In Konflikt stehende Kopie von Ada 2025-10-03).json",
    "notebook (conflicted copy 2025-10-03 101500).json",
    "notebook (SFConflict ada@example.org 2025-10-03-10-15-00).json",
    "notebook_conflict-20251003-101500.json",
    "notebook.Conflict.json",
    "notebook [conflicted].json",
    "notebook (1).json",
    "notebook 2.json",
)
"""Names used by Syncthing, Dropbox in two languages, Nextcloud, Seafile, ownCloud, Resilio, pCloud and others."""

FOREIGN = (
    "notebook-old.json",
    "notebooks.json",
    "my notebook (1).json",
    "notebook.json.bak.1x",
    "notebook.jsonl",
)


def papers(folder: Path) -> dict[str, object]:
    return json.loads((folder / "notebook.json").read_bytes())["papers"]


def marked(folder: Path, *ids: str, note: str | None = None) -> Notebook:
    notebook = Notebook(folder)
    for name in ids:
        notebook.save([MarkChange(name, f"Title {name}", bookmark=True, note=note)])
    return notebook


def other_machine(folder: Path, target: Path) -> Notebook:
    """Return the notebook of a copy of the library on another machine."""
    shutil.copytree(folder, target)
    return Notebook(target)


def replace_file(data: bytes, path: Path) -> None:
    """Replace a file as file synchronization programs do: by renaming another one."""
    path.with_name("incoming").write_bytes(data)
    path.with_name("incoming").rename(path)


@pytest.mark.parametrize("name", COPIES)
def test_conflict_copy_is_merged_by_mark_and_renamed(tmp_path: Path, name: str) -> None:
    notebook = marked(tmp_path / "here", "a", "b")
    there = other_machine(tmp_path / "here", tmp_path / "there")
    there.save([MarkChange("b", bookmark=False), MarkChange("c", "C", read=True)])
    notebook.save([MarkChange("a", note="written here")])
    data = (tmp_path / "there" / "notebook.json").read_bytes()
    replace_file(data, tmp_path / "here" / name)
    marks = notebook.poll()
    assert marks is not None
    assert (marks["a"].note_text, marks["b"].bookmarked, marks["c"].is_read) == ("written here", False, True)
    assert papers(tmp_path / "here").keys() == {"a", "b", "c"}
    assert "2 marks were added or updated" in notebook.warnings[0]
    assert not (tmp_path / "here" / name).exists()
    (renamed,) = (tmp_path / "here").glob("*.merged-*")
    assert renamed.read_bytes() == data
    assert notebook.poll() is None, "once"


@pytest.mark.parametrize("name", FOREIGN)
def test_file_with_other_name_is_ignored(tmp_path: Path, name: str) -> None:
    marked(tmp_path, "a")
    (tmp_path / name).write_text('{"version": 1, "papers": {"x": {"title": "X", "read": [true, 3]}}}')
    notebook = Notebook(tmp_path)
    assert notebook.load().keys() == {"a"}
    assert (tmp_path / name).exists()
    assert notebook.warnings == []


def test_two_conflict_copies_replace_missing_notebook(tmp_path: Path) -> None:
    for number in (1, 2):
        marked(tmp_path / f"m{number}", f"from {number}")
        shutil.copy(tmp_path / f"m{number}" / "notebook.json", tmp_path / f"notebook ({number}).json")
    notebook = Notebook(tmp_path)
    assert notebook.load().keys() == {"from 1", "from 2"}
    assert papers(tmp_path).keys() == {"from 1", "from 2"}
    assert len(notebook.warnings) == 2


def test_notes_of_both_sides_are_kept_and_reported(tmp_path: Path) -> None:
    notebook = marked(tmp_path / "here", "a", note="at first")
    there = other_machine(tmp_path / "here", tmp_path / "there")
    there.save([MarkChange("a", note="rewritten there")])
    notebook.save([MarkChange("a", note="rewritten here")])
    replace_file((tmp_path / "there" / "notebook.json").read_bytes(), tmp_path / "here" / COPIES[0])
    notebook.poll()
    text = notebook.load()["a"].note_text
    assert "rewritten here" in text
    assert "rewritten there" in text
    assert "both texts were saved" in notebook.warnings[0]


def test_copy_next_to_symbolic_link_target_is_merged(tmp_path: Path) -> None:
    (tmp_path / "synced").mkdir()
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "notebook.json").symlink_to(tmp_path / "synced" / "marks.json")
    notebook = marked(tmp_path / "library", "a")
    marked(tmp_path / "other", "b")
    replace_file(
        (tmp_path / "other" / "notebook.json").read_bytes(),
        tmp_path / "synced" / "marks.sync-conflict-20251003-101500-ABCDEFG.json",
    )
    assert (notebook.poll() or {}).keys() == {"a", "b"}
    assert [path.name[:14] for path in (tmp_path / "synced").glob("*.merged-*")] == ["marks.sync-con"]


def test_readable_marks_of_damaged_copy_are_merged(tmp_path: Path) -> None:
    notebook = marked(tmp_path / "here", "a")
    marked(tmp_path / "there", "b", "c", "d")
    data = (tmp_path / "there" / "notebook.json").read_bytes()
    copy = tmp_path / "here" / COPIES[0]
    replace_file(data[: data.index(b'"d"') + 9], copy)
    assert notebook.poll() is None, "another program may be writing it"
    os.utime(copy, (1, 1))
    assert (notebook.poll() or {}).keys() == {"a", "b", "c"}
    assert not copy.exists()


@pytest.mark.parametrize("data", [b"not a notebook", b'{"version": 9, "papers": {}}'])
def test_unmergeable_copy_stays_and_is_reported_once(tmp_path: Path, data: bytes) -> None:
    notebook = marked(tmp_path, "a")
    replace_file(data, tmp_path / COPIES[1])
    os.utime(tmp_path / COPIES[1], (1, 1))
    assert [notebook.poll(), notebook.poll()] == [None, None]
    assert len(notebook.warnings) == 1
    assert COPIES[1] in notebook.warnings[0]
    assert (tmp_path / COPIES[1]).read_bytes() == data
    assert [problem.file for problem in notebook.verify()] == [COPIES[1]]


def test_copies_of_newer_notebook_are_not_merged(tmp_path: Path) -> None:
    (tmp_path / "notebook.json").write_text('{"version": 9, "papers": {}}')
    marked(tmp_path / "there", "b")
    shutil.copy(tmp_path / "there" / "notebook.json", tmp_path / COPIES[0])
    notebook = Notebook(tmp_path)
    assert notebook.load() == {}
    assert (tmp_path / COPIES[0]).exists()


def test_notebook_replaced_by_older_state_gets_marks_back(tmp_path: Path) -> None:
    notebook = marked(tmp_path, "a", "b")
    older = (tmp_path / "notebook.json").read_bytes()
    notebook.save([MarkChange("b", bookmark=False, note="new"), MarkChange("c", "C", tags={"rl": True})])
    before = notebook.load()
    replace_file(older, tmp_path / "notebook.json")
    assert (notebook.poll() or notebook.load()) == before
    assert Notebook(tmp_path).load() == before, "written at once, not by the next save"
    assert len(notebook.warnings) == 1
    assert "2 missing marks were" in notebook.warnings[0]


def test_notebook_replaced_by_other_machine_holds_both(tmp_path: Path) -> None:
    notebook = marked(tmp_path / "here", "a", "b", note="at first")
    there = other_machine(tmp_path / "here", tmp_path / "there")
    here_at = time.time_ns() // 1_000_000 + 10
    notebook.save([MarkChange("a", note="rewritten here"), MarkChange("x", read=True)], when=here_at)
    there.save(
        [
            MarkChange("a", note="rewritten there"),
            MarkChange("b", bookmark=False),
            MarkChange("y", read=True),
        ],
        when=here_at + 10,  # at the same time, the file would count as edited by hand
    )
    replace_file((tmp_path / "there" / "notebook.json").read_bytes(), tmp_path / "here" / "notebook.json")
    marks = notebook.poll()
    assert marks is not None
    assert marks.keys() == {"a", "b", "x", "y"}
    assert not marks["b"].bookmarked
    assert "rewritten here" in marks["a"].note_text
    assert "rewritten there" in marks["a"].note_text
    assert any("both texts" in warning for warning in notebook.warnings)
    assert Notebook(tmp_path / "here").load() == marks


def test_two_machines_replacing_each_others_file_converge(tmp_path: Path) -> None:
    one = marked(tmp_path / "one", "a")
    other = other_machine(tmp_path / "one", tmp_path / "other")
    other.load()
    one.save([MarkChange("b", bookmark=True)])
    other.save([MarkChange("c", bookmark=True)])
    files = [tmp_path / name / "notebook.json" for name in ("one", "other")]
    for _ in range(2):
        data = [file.read_bytes() for file in files]
        replace_file(data[1], files[0])
        replace_file(data[0], files[1])
        one.poll()
        other.poll()
    assert files[0].read_bytes() == files[1].read_bytes()
    assert papers(tmp_path / "one").keys() == {"a", "b", "c"}


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("style", ["merge", "diff3"])
@pytest.mark.parametrize("running", [True, False])
def test_git_merge_conflict_is_resolved_by_mark(tmp_path: Path, style: str, running: bool) -> None:
    marked(tmp_path, *"abcd", note="at first")
    git(tmp_path, "init", "-b", "main")
    git(tmp_path, "config", "merge.conflictStyle", style)
    git(tmp_path, "add", "notebook.json")
    git(tmp_path, "commit", "-m", "both")
    git(tmp_path, "checkout", "-b", "theirs")
    theirs = (
        Notebook(tmp_path)
        .save([MarkChange("a", note="rewritten there"), MarkChange("z", "Z", read=True)])
        .marks
    )
    git(tmp_path, "commit", "-am", "theirs")
    git(tmp_path, "checkout", "main")
    notebook = Notebook(tmp_path)
    ours = notebook.save(
        [MarkChange("a", note="rewritten here"), MarkChange("y", "Y", tags={"rl": True})]
    ).marks
    git(tmp_path, "commit", "-am", "ours")
    with pytest.raises(subprocess.CalledProcessError):
        git(tmp_path, "merge", "theirs")
    assert b"<<<<<<<" in (tmp_path / "notebook.json").read_bytes()
    for backup in tmp_path.glob("notebook.json.bak.*"):
        backup.unlink()
    notebook = notebook if running else Notebook(tmp_path)
    marks = notebook.load()
    assert marks.keys() == set("abcdyz")
    assert (marks["y"], marks["z"]) == (ours["y"], theirs["z"])
    assert all(text in marks["a"].note_text for text in ("rewritten here", "rewritten there"))
    assert any("git merge conflict" in warning for warning in notebook.warnings)
    assert Notebook(tmp_path).load() == marks
    (renamed,) = tmp_path.glob("notebook.json.merged-*")
    assert b"<<<<<<<" in renamed.read_bytes()
    git(tmp_path, "commit", "-am", "merged")


def test_conflict_markers_in_a_note_are_text(tmp_path: Path) -> None:
    note = "<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> other"
    notebook = marked(tmp_path, "a", note=note)
    assert Notebook(tmp_path).load()["a"] == notebook.load()["a"]
    assert notebook.load()["a"].note_text == note
    assert list(tmp_path.glob("*.merged-*")) == []


def test_future_timestamps_do_not_prevent_merge(tmp_path: Path) -> None:
    ahead = 2**60
    notebook = Notebook(tmp_path)
    notebook.save([MarkChange("a", bookmark=True)], when=ahead)
    marked(tmp_path / "there", "a")
    replace_file((tmp_path / "there" / "notebook.json").read_bytes(), tmp_path / "notebook.json")
    assert notebook.load()["a"] == Mark("Title a", (True, ahead))
