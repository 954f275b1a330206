"""Backups of several ages, also when the clock jumps."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from paperreader.errors import StorageError
from paperreader.notebook.backup_rotation import create_backup, list_backups

HOUR, DAY, YEAR = 3600, 86400, 365 * 86400


def create_backups_of_ages(path: Path, *ages: float) -> None:
    """Create backups of `path` of those ages (seconds), newest first. Each contains its age."""
    now = time.time()
    for number, age in enumerate(ages, 1):
        backup = path.with_name(f"{path.name}.bak.{number}")
        backup.write_text(f"{age:g}")
        os.utime(backup, (now - age, now - age))


def backup_contents(path: Path) -> list[str]:
    assert [backup.name for backup in list_backups(path)] == [
        f"{path.name}.bak.{number}" for number in range(1, len(list_backups(path)) + 1)
    ]
    return [backup.read_text() for backup in list_backups(path)]


def test_new_backup_renumbers_the_others(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for data in (b"1", b"2", b"3"):
        create_backup(path, data)
    assert backup_contents(path) == ["3", "2", "1"]
    assert not path.exists()


def test_identical_content_is_not_backed_up_twice(tmp_path: Path) -> None:
    path = tmp_path / "file"
    create_backup(path, b"1")
    create_backup(path, b"1")
    assert backup_contents(path) == ["1"]


def test_old_backups_are_thinned_out_by_age(tmp_path: Path) -> None:
    path = tmp_path / "file"
    ages = (10, 20, 30, 40, 2 * HOUR, 5 * HOUR, 2 * DAY, 3 * DAY, 8 * DAY, 20 * DAY, 40 * DAY, 400 * DAY)
    create_backups_of_ages(path, *ages)
    create_backup(path, b"new")
    expected = ["new", "10", "20", "40", str(5 * HOUR), str(3 * DAY), f"{20 * DAY:g}", f"{40 * DAY:g}"]
    assert backup_contents(path) == expected


@pytest.mark.parametrize("pause", [60, HOUR // 2, DAY, 5 * DAY])
def test_old_backups_remain_for_any_backup_interval(tmp_path: Path, pause: int) -> None:
    path = tmp_path / "file"
    for number in range(40):
        for backup in list_backups(path):
            then = backup.stat().st_mtime - pause
            os.utime(backup, (then, then))
        create_backup(path, f"{number}".encode())
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
    foreign = ("x", "", "0", "²", "20251003", "2025", "007", "1.gz")
    for name in (*(f"file.bak.{suffix}" for suffix in foreign), "otherfile.bak.1"):
        (tmp_path / name).write_text("foreign")
        os.utime(tmp_path / name, (0, 0))
    for number in range(9):
        create_backup(path, f"new {number}".encode())
    assert {"10", "20", "30"} & set(backup_contents(path))
    assert all((tmp_path / f"file.bak.{suffix}").read_text() == "foreign" for suffix in foreign)


def test_old_temporary_files_are_removed(tmp_path: Path) -> None:
    own = (".file.paperreader-abcdefg1.tmp", ".file.paperreader-abcdefg1.tmp.old")
    others = (
        ".file.swp",
        ".file.whatever.tmp",
        ".file.abcdef",
        ".other.paperreader-abcdefg1.tmp",
        "file.tmp",
    )
    for name in (*own, *others, ".file.paperreader-abcdefg2.tmp"):
        (tmp_path / name).touch()
        if "2" not in name:
            os.utime(tmp_path / name, (0, 0))
    create_backup(tmp_path / "file", b"1")
    left = {entry.name for entry in tmp_path.iterdir()}
    assert left == {*others, ".file.paperreader-abcdefg2.tmp", "file.bak.1"}


def test_failed_backup_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    create_backups_of_ages(path, 10, 20)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(StorageError, match="no space left"):
            create_backup(path, b"new")
    assert sorted(backup.read_text() for backup in list_backups(path)) == ["10", "20"]
    create_backup(path, b"new")
    assert backup_contents(path) == ["new", "10", "20"]


@pytest.mark.parametrize("jump", [-56 * YEAR, -5 * YEAR, -3 * DAY, 2 * YEAR, 5 * YEAR])
@pytest.mark.parametrize("returns", [True, False])
def test_clock_that_jumps_loses_no_backup(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: int, returns: bool
) -> None:
    path = tmp_path / "file"
    ages = (600, HOUR // 2, 2 * HOUR, 5 * HOUR, 3 * DAY, 20 * DAY, 40 * DAY)
    create_backups_of_ages(path, *ages)
    now = time.time()
    for number in range(20):
        create_backup_at(path, now + jump + number * HOUR, f"wrong {number}", monkeypatch)
    before = {f"{age:g}" for age in ages}
    assert before <= set(backup_contents(path))
    assert {"wrong 19", "wrong 18", "wrong 17"} <= set(backup_contents(path))
    if returns:
        create_backup_at(path, now + HOUR, "right", monkeypatch)
        lost = before - set(backup_contents(path))
        assert len(lost) <= 1, "one that a backup of the same age replaces"
        assert {"right", "wrong 19"} <= set(backup_contents(path))
    assert len(list_backups(path)) < 20


def test_clock_that_never_stays_right_leaves_a_bounded_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    for number in range(60):
        create_backup_at(path, time.time() - (number % 7) * 20 * YEAR / 7, str(number), monkeypatch)
    assert len(list_backups(path)) <= 24
    assert backup_contents(path)[:2] == ["59", "58"]


def create_backup_at(path: Path, now: float, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Create a backup while the clock shows `now`."""
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: now)
        create_backup(path, text.encode())
    os.utime(path.with_name(f"{path.name}.bak.1"), (now, now))
