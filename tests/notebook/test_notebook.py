"""The notebook on disk: saves, changes by others, backups, symbolic links, newer versions, vanished files."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from paperreader import storage, sync_copies
from paperreader.errors import LockTimeout, StorageError
from paperreader.models import Highlight, Mark, MarkChange
from paperreader.notebook import Notebook, backup_rotation, backups


def papers(folder: Path) -> dict[str, object]:
    return json.loads((folder / "notebook.json").read_bytes())["papers"]


def marked(folder: Path, *ids: str) -> Notebook:
    """Return a notebook in which each id was bookmarked by a separate save."""
    notebook = Notebook(folder)
    for name in ids:
        notebook.save([MarkChange(name, f"Title {name}", bookmark=True)])
    return notebook


def test_loading_from_empty_folder_writes_nothing(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path / "library")
    assert notebook.load() == {}
    assert notebook.poll() is None
    assert list(tmp_path.iterdir()) == []


def test_save_is_visible_to_next_reader(tmp_path: Path) -> None:
    saved = Notebook(tmp_path / "new" / "library").save(
        [MarkChange("2403.01234", "A title", bookmark=True, note="good", tags={"rl": True})], when=5
    )
    expected = {"2403.01234": Mark("A title", (True, 5), (False, 0), ("good", 5), {"rl": (True, 5)})}
    assert saved.marks == expected
    assert Notebook(tmp_path / "new" / "library").load() == expected
    assert (tmp_path / "new" / "library" / "notebook.json").stat().st_mode & 0o777 == 0o600


def test_save_patches_current_file(tmp_path: Path) -> None:
    one, other = Notebook(tmp_path), Notebook(tmp_path)
    one.load()
    other.save([MarkChange("a", bookmark=True)])
    assert one.save([MarkChange("b", bookmark=True)]).marks.keys() == {"a", "b"}
    assert one.poll() is None
    fresh = other.poll()
    assert fresh is not None
    assert fresh.keys() == {"a", "b"}
    assert other.poll() is None


def test_returned_marks_do_not_change(tmp_path: Path) -> None:
    notebook = marked(tmp_path, "a")
    before = notebook.load()
    notebook.save([MarkChange("b", bookmark=True)])
    assert before.keys() == {"a"}


def test_several_changes_to_one_paper_in_one_save(tmp_path: Path) -> None:
    saved = Notebook(tmp_path).save(
        [MarkChange("a", bookmark=True), MarkChange("a", bookmark=False, read=True)], when=7
    )
    assert saved.marks["a"] == Mark(bookmark=(False, 8), read=(True, 7))


def test_concurrently_changed_note_is_kept_and_reported(tmp_path: Path) -> None:
    reader = marked(tmp_path, "a")
    Notebook(tmp_path).save([MarkChange("a", note="from the other window")])
    saved = reader.save([MarkChange("a", note="from this one", note_base="")])
    assert saved.conflicts == ("a",)
    assert "from this one" in saved.marks["a"].note_text
    assert "from the other window" in saved.marks["a"].note_text
    assert (
        reader.save([MarkChange("a", note="settled", note_base=saved.marks["a"].note_text)]).conflicts == ()
    )


def test_concurrently_written_comment_is_kept_and_reported(tmp_path: Path) -> None:
    reader = marked(tmp_path, "a")
    Notebook(tmp_path).save([MarkChange("a", highlights={"h": Highlight("q", comment="other window")})])
    mine = Highlight("q", comment="this one")
    saved = reader.save([MarkChange("a", highlights={"h": mine}, comment_bases={"h": ""})])
    assert saved.conflicts == ("a",)
    (both,) = saved.marks["a"].passages
    assert both.comment == "other window\n\nthis one"
    for base, is_removed in (("this one", False), (both.comment, True)):
        saved = reader.save([MarkChange("a", highlights={"h": None}, comment_bases={"h": base})])
        assert saved.conflicts == (() if is_removed else ("a",))
        assert saved.marks["a"].passages == (() if is_removed else (both,))


def test_merging_an_older_copy_changes_nothing(tmp_path: Path) -> None:
    notebook = marked(tmp_path, "a", "b")
    copy = dict(notebook.save([MarkChange("a", note="first")]).marks)
    notebook.save([MarkChange("a", note="second, quite different", bookmark=False)])
    before = (tmp_path / "notebook.json").read_bytes()
    status = (tmp_path / "notebook.json").stat()
    saved = notebook.merge(copy)
    assert saved.conflicts == ()
    assert (tmp_path / "notebook.json").read_bytes() == before
    assert (tmp_path / "notebook.json").stat().st_ino == status.st_ino, "without changes nothing is written"


def test_merging_another_notebook_keeps_both_notes(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    notebook.save([MarkChange("a", note="mine")], when=5)
    saved = notebook.merge({"a": Mark(note=("yours", 9)), "b": Mark("B", (True, 1))})
    assert saved.conflicts == ("a",)
    assert saved.marks["a"].note_text.split("\n")[::3] == ["yours", "mine"]
    assert Notebook(tmp_path).load() == saved.marks
    assert notebook.merge({"a": Mark(note=("yours", 9))}).marks == saved.marks


def test_unknown_keys_are_preserved(tmp_path: Path) -> None:
    (tmp_path / "notebook.json").write_text(
        '{"version": 1, "theme": {"a": [1]}, "papers": {"a": {"title": "A", "rating": 5, "read": [true, 3]}}}'
    )
    Notebook(tmp_path).save([MarkChange("a", bookmark=True)], when=9)
    assert json.loads((tmp_path / "notebook.json").read_bytes()) == {
        "version": 1,
        "theme": {"a": [1]},
        "papers": {"a": {"title": "A", "rating": 5, "read": [True, 3], "bookmark": [True, 9]}},
    }


def test_manual_edit_of_file_is_used(tmp_path: Path) -> None:
    notebook = marked(tmp_path, "a", "b")
    text = (tmp_path / "notebook.json").read_text()
    (tmp_path / "notebook.json").write_text(text.replace("[true,", "[false,", 1))
    fresh = notebook.poll()
    assert fresh is not None
    assert not fresh["a"].bookmarked
    assert notebook.warnings == []


def test_symbolic_link_is_followed(tmp_path: Path) -> None:
    library, synced = tmp_path / "library", tmp_path / "synced"
    library.mkdir()
    synced.mkdir()
    (library / "notebook.json").symlink_to(synced / "marks.json")
    marked(library, "a", "b")
    assert (library / "notebook.json").is_symlink()
    assert papers(synced.parent / "library").keys() == {"a", "b"}
    assert [entry.name for entry in synced.iterdir()] == ["marks.json"]
    assert (library / "notebook.json.bak.1").exists()


def test_dangling_symbolic_link_is_not_written_by_loading(tmp_path: Path) -> None:
    marked(tmp_path, "a", "b")
    (tmp_path / "notebook.json").unlink()
    (tmp_path / "notebook.json").symlink_to(tmp_path / "unplugged" / "notebook.json")
    notebook = Notebook(tmp_path)
    assert notebook.load().keys() == {"a"}
    assert "is missing" in notebook.warnings[0]
    with pytest.raises(StorageError, match="Cannot write"):
        notebook.save([MarkChange("c", bookmark=True)])
    (tmp_path / "unplugged").mkdir()
    assert notebook.save([MarkChange("c", bookmark=True)]).marks.keys() == {"a", "c"}
    assert (tmp_path / "notebook.json").is_symlink()


def test_file_permissions_are_preserved(tmp_path: Path) -> None:
    marked(tmp_path, "a")
    (tmp_path / "notebook.json").chmod(0o640)
    marked(tmp_path, "b")
    assert (tmp_path / "notebook.json").stat().st_mode & 0o777 == 0o640


def test_newer_version_is_shown_and_not_changed(tmp_path: Path) -> None:
    newer = b'{"version": 2, "papers": {"a": {"title": "A", "read": [true, 3]}, "b": {"title": {"en": "B"}}}}'
    (tmp_path / "notebook.json").write_bytes(newer)
    notebook = Notebook(tmp_path)
    assert notebook.load() == {"a": Mark("A", read=(True, 3))}
    assert notebook.read_only
    assert "version 2" in notebook.warnings[0]
    for act in (
        lambda: notebook.save([MarkChange("a", bookmark=True)]),
        lambda: notebook.merge({"a": Mark("x")}),
    ):
        with pytest.raises(StorageError, match="newer paperreader"):
            act()
    assert (tmp_path / "notebook.json").read_bytes() == newer
    assert [problem.file for problem in notebook.verify()] == ["notebook.json"]


def test_known_version_after_newer_one_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "notebook.json").write_text('{"version": 9, "papers": {}}')
    notebook = Notebook(tmp_path)
    notebook.load()
    (tmp_path / "notebook.json").write_text('{"version": 1, "papers": {}}')
    notebook.save([MarkChange("a", bookmark=True)])
    assert not notebook.read_only
    assert papers(tmp_path).keys() == {"a"}


def test_vanished_file_is_written_again_by_next_save(tmp_path: Path) -> None:
    notebook = marked(tmp_path, "a", "b", "c")
    (tmp_path / "notebook.json").unlink()
    assert notebook.poll() is None
    assert not (tmp_path / "notebook.json").exists(), "another program may be replacing it"
    assert notebook.save([MarkChange("d", bookmark=True)]).marks.keys() == {"a", "b", "c", "d"}
    assert papers(tmp_path).keys() == {"a", "b", "c", "d"}
    assert ["was missing" in warning for warning in notebook.warnings] == [True]


def test_file_that_stays_missing_is_written_again_by_poll(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = marked(tmp_path, "a", "b", "c")
    (tmp_path / "notebook.json").unlink()
    assert notebook.poll() is None
    monkeypatch.setattr(sync_copies, "PARTIAL_WRITE_SECONDS", 0.0)
    assert (notebook.poll() or notebook.load()).keys() == {"a", "b", "c"}
    assert papers(tmp_path).keys() == {"a", "b", "c"}
    assert notebook.poll() is None
    assert ["was missing" in warning for warning in notebook.warnings] == [True], "reported once"


def test_missing_folder_is_not_created_by_poll(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = marked(tmp_path / "stick", "a")
    (tmp_path / "stick").rename(tmp_path / "unplugged")
    monkeypatch.setattr(sync_copies, "PARTIAL_WRITE_SECONDS", 0.0)
    assert [notebook.poll(), notebook.poll(), notebook.poll()] == [None] * 3
    assert not (tmp_path / "stick").exists()
    assert ["is missing" in warning for warning in notebook.warnings] == [True], "reported once"
    (tmp_path / "unplugged").rename(tmp_path / "stick")
    assert (notebook.poll() or notebook.load()).keys() == {"a"}


def test_recreated_file_gets_marks_back(tmp_path: Path) -> None:
    notebook = marked(tmp_path, "a", "b", "c")
    (tmp_path / "notebook.json").unlink()
    notebook.poll()
    (tmp_path / "notebook.json").write_text(
        '{"version": 1, "papers": {"z": {"title": "Z", "read": [true, 3]}}}'
    )
    fresh = notebook.poll()
    assert fresh is not None
    assert fresh.keys() == {"a", "b", "c", "z"}
    notebook.save([])
    assert papers(tmp_path).keys() == {"a", "b", "c", "z"}


def test_vanished_folder_is_created_by_save(tmp_path: Path) -> None:
    notebook = marked(tmp_path / "library", "a")
    for path in (tmp_path / "library").iterdir():
        path.unlink()
    (tmp_path / "library").rmdir()
    assert notebook.save([MarkChange("b", bookmark=True)]).marks.keys() == {"a", "b"}
    assert papers(tmp_path / "library").keys() == {"a", "b"}


def test_missing_notebook_is_restored_from_backup(tmp_path: Path) -> None:
    marked(tmp_path, "a", "b")
    (tmp_path / "notebook.json").unlink()
    assert [problem.message for problem in Notebook(tmp_path).verify()] == [
        "it is missing; `paperreader check --repair` restores it from a backup"
    ]
    notebook = Notebook(tmp_path)
    assert notebook.load().keys() == {"a"}
    assert "is missing" in notebook.warnings[0]
    assert papers(tmp_path).keys() == {"a"}
    assert notebook.verify() == []


def test_unreadable_path_raises_and_is_not_changed(tmp_path: Path) -> None:
    (tmp_path / "notebook.json").mkdir()
    with pytest.raises(StorageError, match=r"Cannot read|not an ordinary file"):
        Notebook(tmp_path).load()
    (tmp_path / "notebook.json").rmdir()
    os.mkfifo(tmp_path / "notebook.json")
    with pytest.raises(StorageError, match="not an ordinary file"):
        Notebook(tmp_path).save([MarkChange("a", bookmark=True)])


def test_held_lock_raises_lock_timeout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = marked(tmp_path, "a")
    monkeypatch.setattr(storage, "LOCK_TIMEOUT_SECONDS", 0.02)
    with storage.lock(tmp_path / "notebook.lock"), pytest.raises(LockTimeout, match="another paperreader"):
        notebook.save([MarkChange("b", bookmark=True)])
    assert notebook.load().keys() == {"a"}


def test_concurrent_threads_lose_no_mark(tmp_path: Path) -> None:
    notebook = Notebook(tmp_path)
    threads = [
        threading.Thread(
            target=lambda n=n: [notebook.save([MarkChange(f"{n}-{i}", read=True)]) for i in range(10)]
        )
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(papers(tmp_path)) == 40


# Backups


def generations(folder: Path) -> list[set[str]]:
    return [
        set(json.loads(path.read_bytes())["papers"])
        for path in backup_rotation.list_backups(folder / "notebook.json")
    ]


def test_first_save_of_session_makes_a_backup(tmp_path: Path) -> None:
    marked(tmp_path, "a")
    assert generations(tmp_path) == []
    marked(tmp_path, "b", "c", "d")
    assert generations(tmp_path) == [{"a"}]
    marked(tmp_path, "e", "f")
    assert generations(tmp_path) == [{"a", "b", "c", "d"}, {"a"}]


def test_backups_within_session_by_count_and_age(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backups, "SAVES_PER_BACKUP", 3)
    marked(tmp_path, *"abcdefgh")
    assert generations(tmp_path) == [set("abcdefg"), set("abcd"), {"a"}]
    monkeypatch.setattr(backups, "BACKUP_INTERVAL_SECONDS", 0.0)
    marked(tmp_path, "i", "j")
    assert generations(tmp_path)[0] == set("abcdefghi")


def test_short_sessions_do_not_displace_old_backups(tmp_path: Path) -> None:
    marked(tmp_path, "a")
    marked(tmp_path, "b")
    os.utime(tmp_path / "notebook.json.bak.1", (0, 0))
    for number in range(12):
        marked(tmp_path, f"session {number}")
    remaining = generations(tmp_path)
    assert remaining[0] == {"a", "b"} | {f"session {number}" for number in range(11)}
    assert remaining[-1] == {"a"}
    assert len(remaining) <= 7


def test_failed_backup_does_not_prevent_the_save(tmp_path: Path) -> None:
    marked(tmp_path, "a")
    (tmp_path / "notebook.json.bak.1").mkdir()
    notebook = marked(tmp_path, "b", "c")
    assert papers(tmp_path).keys() == {"a", "b", "c"}
    assert ["without a new backup" in warning for warning in notebook.warnings] == [True], (
        "reported once a session"
    )
