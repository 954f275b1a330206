"""A damaged notebook is quarantined, recovered as far as possible, and reported."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path

import pytest

from paperreader import storage
from paperreader.errors import StorageError
from paperreader.models import MarkChange
from paperreader.notebook import Notebook, backup_rotation

OTHER_JSON = [b"", b"\0" * 200, b"[]", b"{}", b'{"version": 1, "papers": ["a"]}', b'"a"', b"{", b"\xff\xfe"]


def write_library(folder: Path) -> bytes:
    """Write marks on a, b, c and d, of which the backup has a and b. Return the content of the file."""
    Notebook(folder).save([MarkChange("a", "A", bookmark=True), MarkChange("b", "B", note="first text")])
    later = Notebook(folder)
    later.save([MarkChange("b", note="edited since"), MarkChange("c", "C", read=True)])
    later.save([MarkChange("d", "D", tags={"rl": True})])
    return (folder / "notebook.json").read_bytes()


def damage(folder: Path, data: bytes) -> None:
    (folder / "notebook.json").write_bytes(data)


def quarantined(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob("notebook.json.damaged-*"))]


def parses(folder: Path) -> bool:
    return json.loads((folder / "notebook.json").read_bytes())["version"] == 1


@pytest.mark.parametrize("data", OTHER_JSON, ids=repr)
def test_other_content_is_quarantined_and_backup_restored(tmp_path: Path, data: bytes) -> None:
    write_library(tmp_path)
    damage(tmp_path, data)
    notebook = Notebook(tmp_path)
    marks = notebook.load()
    assert marks.keys() == {"a", "b"}
    assert marks["b"].note_text == "first text"
    assert quarantined(tmp_path) == [data]
    assert re.search(r"damaged-\d{8}-\d{6};", notebook.warnings[0])
    assert "backup" in notebook.warnings[0]
    assert Notebook(tmp_path).load() == marks
    assert notebook.verify() == []
    assert Notebook(tmp_path).warnings == []


def test_file_truncated_at_any_byte_is_recovered(tmp_path: Path) -> None:
    whole = write_library(tmp_path / "whole")
    complete = Notebook(tmp_path / "whole").load()
    for cut in [*range(0, len(whole) - 1, 19), *range(len(whole) - 6, len(whole) - 1)]:
        folder = tmp_path / str(cut)
        copy_library(tmp_path / "whole", folder)
        damage(folder, whole[:cut])
        notebook = Notebook(folder)
        marks = notebook.load()
        assert {"a", "b"} <= marks.keys()
        lines = whole[:cut].decode("utf-8", "replace")
        for name in "abcd":
            if re.search(rf'^   "{name}": .*\}},?\n', lines, re.MULTILINE):
                assert marks[name] == complete[name], (cut, "a complete line has to be recovered")
        assert len(notebook.warnings) == 1
        assert quarantined(folder) == [whole[:cut]]
        assert parses(folder)
    damage(tmp_path / "whole", whole[:-1])
    assert Notebook(tmp_path / "whole").load() == complete, "only the last line end is missing"
    assert quarantined(tmp_path / "whole") == []


def copy_library(model: Path, folder: Path) -> None:
    folder.mkdir()
    for path in model.glob("notebook.json*"):
        (folder / path.name).write_bytes(path.read_bytes())


def test_any_flipped_bit_loses_at_most_one_mark(tmp_path: Path) -> None:
    whole = write_library(tmp_path / "whole")
    randomness = random.Random(7)
    for trial in range(30):
        folder = tmp_path / str(trial)
        copy_library(tmp_path / "whole", folder)
        offset, bit = randomness.randrange(len(whole)), 1 << randomness.randrange(8)
        flipped = whole[:offset] + bytes([whole[offset] ^ bit]) + whole[offset + 1 :]
        damage(folder, flipped)
        notebook = Notebook(folder)
        marks = notebook.load()
        if notebook.warnings:
            assert {"a", "b"} <= marks.keys()
            assert len(marks.keys() & set("abcd")) >= 3, "at most one line may be lost"
            assert quarantined(folder) == [flipped]
        else:
            assert len(marks) == 4, "a flipped bit inside a text cannot be detected"
        notebook.save([MarkChange("e", "E", read=True)])
        assert parses(folder)


def test_damage_under_running_reader_loses_nothing(tmp_path: Path) -> None:
    write_library(tmp_path)
    notebook = Notebook(tmp_path)
    before = dict(notebook.load())
    damage(tmp_path, b"oops")
    os.utime(tmp_path / "notebook.json", (0, 0))
    assert notebook.load() == before
    assert "memory" in notebook.warnings[0]
    assert Notebook(tmp_path).load() == before
    damage(tmp_path, b"oops again")
    assert notebook.save([MarkChange("e", "E", read=True)]).marks.keys() == {*before, "e"}
    assert Notebook(tmp_path).load().keys() == {*before, "e"}
    assert quarantined(tmp_path) == [b"oops", b"oops again"]


def test_partially_written_file_is_not_repaired_at_once(tmp_path: Path) -> None:
    whole = write_library(tmp_path)
    notebook = Notebook(tmp_path)
    before = notebook.load()
    damage(tmp_path, whole[:70])
    assert notebook.poll() is None
    assert notebook.load() == before
    assert (tmp_path / "notebook.json").read_bytes() == whole[:70], "another program may still be writing it"
    damage(tmp_path, whole.replace(b"edited since", b"edited by hand"))
    fresh = notebook.poll()
    assert fresh is not None
    assert fresh["b"].note_text == "edited by hand"
    assert notebook.warnings == []
    assert quarantined(tmp_path) == []


def test_save_before_load_repairs_too(tmp_path: Path) -> None:
    write_library(tmp_path)
    damage(tmp_path, b'{"version": 1,')
    notebook = Notebook(tmp_path)
    assert notebook.save([MarkChange("e", "E", read=True)]).marks.keys() == {"a", "b", "e"}
    assert len(quarantined(tmp_path)) == 1
    assert len(notebook.warnings) == 1


def test_readable_marks_are_recovered_without_backup(tmp_path: Path) -> None:
    whole = write_library(tmp_path)
    for backup in backup_rotation.list_backups(tmp_path / "notebook.json"):
        backup.unlink()
    damage(tmp_path, whole.replace(b'"C"', b'"C'))
    notebook = Notebook(tmp_path)
    assert notebook.load().keys() == {"a", "b", "d"}
    assert "no backup" in notebook.warnings[0]


def test_damaged_backups_are_skipped_and_never_created(tmp_path: Path) -> None:
    write_library(tmp_path)
    Notebook(tmp_path).save([MarkChange("e", "E", read=True)])
    newest, older = backup_rotation.list_backups(tmp_path / "notebook.json")
    newest.write_bytes(newest.read_bytes()[:50])
    damage(tmp_path, b"not this either")
    notebook = Notebook(tmp_path)
    assert notebook.load().keys() == {"a", "b"}, "from the older backup"
    notebook.save([MarkChange("f", "F", read=True)])
    contents = [path.read_bytes() for path in backup_rotation.list_backups(tmp_path / "notebook.json")]
    assert b"not this either" not in contents
    assert older.exists()
    good = [json.loads(data)["papers"].keys() for data in contents if data.endswith(b"}}\n")]
    assert good == [{"a", "b"}] or good == [{"a", "b"}, {"a", "b"}]


def test_verify_reports_damage_and_repair_fixes_it(tmp_path: Path) -> None:
    whole = write_library(tmp_path)
    backup_rotation.create_backup(tmp_path / "notebook.json", b"bad")
    damage(tmp_path, whole.replace(b'"C"', b'"C'))
    notebook = Notebook(tmp_path)
    found = {problem.file: problem.line for problem in notebook.verify()}
    assert found == {"notebook.json": 5, "notebook.json.bak.1": 1}
    messages = notebook.repair()
    assert len(messages) == 2
    assert notebook.verify() == []
    assert notebook.repair() == []
    assert b"bad" in quarantined(tmp_path), "saved under another name"


def test_repair_restores_missing_notebook_and_leaves_newer_version(tmp_path: Path) -> None:
    write_library(tmp_path)
    (tmp_path / "notebook.json").unlink()
    assert "is missing" in Notebook(tmp_path).repair()[0]
    assert Notebook(tmp_path).load().keys() == {"a", "b"}
    newer = b'{"version": 7, "papers": {}}'
    damage(tmp_path, newer)
    Notebook(tmp_path).repair()
    assert (tmp_path / "notebook.json").read_bytes() == newer


def test_repair_does_not_change_undamaged_notebook(tmp_path: Path) -> None:
    whole = write_library(tmp_path)
    assert Notebook(tmp_path).repair() == []
    assert (tmp_path / "notebook.json").read_bytes() == whole


def test_recovered_marks_are_shown_when_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_library(tmp_path)
    damage(tmp_path, b"oops")
    with monkeypatch.context() as patched:
        patched.setattr(storage, "write_atomic", refuse)
        notebook = Notebook(tmp_path)
        assert notebook.load().keys() == {"a", "b"}
        assert "cannot be repaired" in notebook.warnings[0]
        assert notebook.poll() is None
        assert len(notebook.warnings) == 1, "reported once"
        with pytest.raises(StorageError, match="disk is full"):
            notebook.save([MarkChange("e", read=True)])
        assert (tmp_path / "notebook.json").read_bytes() == b"oops", (
            "not overwritten before it is quarantined"
        )
    assert notebook.save([MarkChange("e", read=True)]).marks.keys() == {"a", "b", "e"}
    assert quarantined(tmp_path) == [b"oops"]


def refuse(path: Path, data: bytes, *, durable: bool = True) -> None:
    raise StorageError(f"Cannot write {path}: the disk is full; nothing was changed.")


def test_concurrent_repairs_quarantine_once(tmp_path: Path) -> None:
    write_library(tmp_path)
    one, other = Notebook(tmp_path), Notebook(tmp_path)
    one.load()
    other.load()
    damage(tmp_path, b"oops")
    one.save([MarkChange("e", read=True)])
    other.poll()
    assert quarantined(tmp_path) == [b"oops"]
    assert other.load().keys() == set("abcde")
