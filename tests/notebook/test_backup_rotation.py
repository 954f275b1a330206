"""Backups of several ages."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from paperreader.errors import StorageError
from paperreader.notebook import backup_rotation

HOUR, DAY = 3600, 86400


def create_backups_of_ages(path: Path, *ages: float) -> None:
    """Create backups of `path` of those ages (seconds), newest first. Each contains its age."""
    now = time.time()
    for number, age in enumerate(ages, 1):
        backup = path.with_name(f"{path.name}.bak.{number}")
        backup.write_text(f"{age:g}")
        os.utime(backup, (now - age, now - age))


def backup_contents(path: Path) -> list[str]:
    assert [backup.name for backup in backup_rotation.list_backups(path)] == [
        f"{path.name}.bak.{number}" for number in range(1, len(backup_rotation.list_backups(path)) + 1)
    ]
    return [backup.read_text() for backup in backup_rotation.list_backups(path)]


def test_new_backup_renumbers_the_others(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for data in (b"1", b"2", b"3"):
        backup_rotation.create_backup(path, data)
    assert backup_contents(path) == ["3", "2", "1"]
    assert not path.exists()


def test_identical_content_is_not_backed_up_twice(tmp_path: Path) -> None:
    path = tmp_path / "file"
    backup_rotation.create_backup(path, b"1")
    backup_rotation.create_backup(path, b"1")
    assert backup_contents(path) == ["1"]


def test_old_backups_are_thinned_out_by_age(tmp_path: Path) -> None:
    path = tmp_path / "file"
    ages = (10, 20, 30, 40, 2 * HOUR, 5 * HOUR, 2 * DAY, 3 * DAY, 8 * DAY, 20 * DAY, 40 * DAY, 400 * DAY)
    create_backups_of_ages(path, *ages)
    backup_rotation.create_backup(path, b"new")
    expected = ["new", "10", "20", "40", str(5 * HOUR), str(3 * DAY), f"{20 * DAY:g}", f"{40 * DAY:g}"]
    assert backup_contents(path) == expected


@pytest.mark.parametrize("pause", [60, HOUR // 2, DAY, 5 * DAY])
def test_old_backups_remain_for_any_backup_interval(tmp_path: Path, pause: int) -> None:
    path = tmp_path / "file"
    for number in range(40):
        for backup in backup_rotation.list_backups(path):
            then = backup.stat().st_mtime - pause
            os.utime(backup, (then, then))
        backup_rotation.create_backup(path, f"{number}".encode())
    ages = [(39 - int(text)) * pause for text in backup_contents(path)]
    assert ages[:3] == [0, pause, 2 * pause], "the three newest"
    assert ages == sorted(ages)
    assert len(ages) <= 8
    for span in (HOUR, DAY, 7 * DAY, 30 * DAY):
        if 39 * pause >= 2 * span:
            assert any(span <= age for age in ages[3:])


def test_gaps_and_unrelated_names_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "file"
    create_backups_of_ages(path, 10, 20, 30)
    (tmp_path / "file.bak.2").rename(tmp_path / "file.bak.12")
    for name in ("file.bak.x", "file.bak.", "file.bak.0", "file.bak.²", "otherfile.bak.1"):
        (tmp_path / name).write_text("foreign")
    backup_rotation.create_backup(path, b"new")
    assert backup_contents(path) == ["new", "10", "30", "20"]
    assert (tmp_path / "file.bak.x").read_text() == "foreign"


def test_old_temporary_files_are_removed(tmp_path: Path) -> None:
    for name in (".file.abc.tmp", ".file.abc.tmp.old", ".file.new.tmp", ".other.abc.tmp"):
        (tmp_path / name).touch()
        if "new" not in name:
            os.utime(tmp_path / name, (0, 0))
    backup_rotation.create_backup(tmp_path / "file", b"1")
    assert {entry.name for entry in tmp_path.iterdir()} == {".file.new.tmp", ".other.abc.tmp", "file.bak.1"}


def test_failed_backup_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    create_backups_of_ages(path, 10, 20)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(StorageError, match="no space left"):
            backup_rotation.create_backup(path, b"new")
    assert sorted(backup.read_text() for backup in backup_rotation.list_backups(path)) == ["10", "20"]
    backup_rotation.create_backup(path, b"new")
    assert backup_contents(path) == ["new", "10", "20"]
