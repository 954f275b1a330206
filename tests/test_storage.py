"""Atomic replacement of files, locks, and backups of several ages."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from paperreader import storage
from paperreader.errors import LockTimeout, StorageError

HOUR, DAY = 3600, 86400


def test_write_atomic_replaces_content_with_private_mode(tmp_path: Path) -> None:
    path = tmp_path / "file"
    storage.write_atomic(path, b"one")
    status = storage.write_atomic(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == storage.PRIVATE_FILE
    assert (status.st_ino, status.st_size) == (path.stat().st_ino, 3)
    assert status.st_mtime_ns == path.stat().st_mtime_ns
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("durable", [True, False])
def test_failing_body_changes_nothing(tmp_path: Path, durable: bool) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with pytest.raises(ZeroDivisionError), storage.atomic_writer(path, durable=durable) as file:
        file.write(b"half")
        raise ZeroDivisionError
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_symbolic_links_are_followed(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "middle").symlink_to(tmp_path / "there" / "file")
    (tmp_path / "link").symlink_to("middle")
    storage.write_atomic(tmp_path / "link", b"new")
    assert (tmp_path / "there" / "file").read_bytes() == b"new"
    assert (tmp_path / "link").is_symlink()


def test_invalid_path_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"Cannot write .*; nothing was changed\."):
        storage.write_atomic(tmp_path / "absent" / "file", b"x")
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="Cannot create the folder"):
        storage.ensure_folder(tmp_path / "file" / "below")


@pytest.mark.parametrize("before", [b"old", None])
def test_failed_folder_flush_restores_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bytes | None
) -> None:
    path = tmp_path / "file"
    if before is not None:
        path.write_bytes(before)

    def fail(folder: Path) -> None:
        assert path.read_bytes() == b"new", "the flush follows the rename"
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(storage, "fsync_folder", fail)
    with pytest.raises(StorageError, match="input/output error; nothing was changed"):
        storage.write_atomic(path, b"new")
    assert (path.read_bytes() if path.exists() else None) == before
    assert [entry.name for entry in tmp_path.iterdir()] == (["file"] if before else [])


def test_file_system_without_hard_links_is_supported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", fail)
    for data in (b"one", b"two"):
        storage.write_atomic(tmp_path / "file", data)
        assert (tmp_path / "file").read_bytes() == data


HOLD_LOCK_SCRIPT = """
import sys
from collections.abc import Callable
from pathlib import Path
from paperreader import storage
with storage.lock(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


def test_lock_excludes_others_until_its_process_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_LOCK_SCRIPT, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"locked\n"
    with pytest.raises(LockTimeout, match="try again"), storage.lock(path, timeout=0.02):
        pass
    holder.kill()
    holder.communicate()
    with storage.lock(path, timeout=0.02):
        pass


def test_removed_lock_file_excludes_no_one(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with storage.lock(path):
        path.unlink()
        with storage.lock(path, timeout=0), pytest.raises(LockTimeout), storage.lock(path, timeout=0):
            pass


@pytest.mark.parametrize("held_here", [True, False])
def test_locks_are_compatible_with_filelock(tmp_path: Path, held_here: bool) -> None:
    path = tmp_path / "a.lock"
    other = filelock.FileLock(path, timeout=0)
    if held_here:
        with storage.lock(path), pytest.raises(filelock.Timeout):
            other.acquire()
        other.acquire()
    else:
        with other, pytest.raises(LockTimeout), storage.lock(path, timeout=0):
            pass
        with storage.lock(path, timeout=0):
            pass


def test_lock_file_is_private_and_not_a_link(tmp_path: Path) -> None:
    with storage.lock(tmp_path / "a.lock"):
        assert stat.S_IMODE((tmp_path / "a.lock").stat().st_mode) == 0o600
    (tmp_path / "link.lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StorageError, match="Cannot lock"), storage.lock(tmp_path / "link.lock"):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_lock_that_cannot_be_created_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match="Cannot lock"), storage.lock(tmp_path / "file" / "a.lock"):
        pass


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir], ids=["fifo", "folder"])
def test_only_ordinary_files_are_replaced(tmp_path: Path, make: Callable[[Path], None]) -> None:
    make(tmp_path / "thing")
    (tmp_path / "link").symlink_to(tmp_path / "thing")
    for path in (tmp_path / "thing", tmp_path / "link"):
        with pytest.raises(StorageError, match="not an ordinary file"):
            storage.write_atomic(path, b"data")
    assert not (tmp_path / "thing").is_file()
    assert {path.name for path in tmp_path.iterdir()} == {"thing", "link"}


# Backups


def create_backups_of_ages(path: Path, *ages: float) -> None:
    """Create backups of `path` of those ages (seconds), newest first. Each contains its age."""
    now = time.time()
    for number, age in enumerate(ages, 1):
        backup = path.with_name(f"{path.name}.bak.{number}")
        backup.write_text(f"{age:g}")
        os.utime(backup, (now - age, now - age))


def backup_contents(path: Path) -> list[str]:
    assert [backup.name for backup in storage.list_backups(path)] == [
        f"{path.name}.bak.{number}" for number in range(1, len(storage.list_backups(path)) + 1)
    ]
    return [backup.read_text() for backup in storage.list_backups(path)]


def test_new_backup_renumbers_the_others(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for data in (b"1", b"2", b"3"):
        storage.create_backup(path, data)
    assert backup_contents(path) == ["3", "2", "1"]
    assert not path.exists()


def test_identical_content_is_not_backed_up_twice(tmp_path: Path) -> None:
    path = tmp_path / "file"
    storage.create_backup(path, b"1")
    storage.create_backup(path, b"1")
    assert backup_contents(path) == ["1"]


def test_old_backups_are_thinned_out_by_age(tmp_path: Path) -> None:
    path = tmp_path / "file"
    ages = (10, 20, 30, 40, 2 * HOUR, 5 * HOUR, 2 * DAY, 3 * DAY, 8 * DAY, 20 * DAY, 40 * DAY, 400 * DAY)
    create_backups_of_ages(path, *ages)
    storage.create_backup(path, b"new")
    expected = ["new", "10", "20", "40", str(5 * HOUR), str(3 * DAY), f"{20 * DAY:g}", f"{40 * DAY:g}"]
    assert backup_contents(path) == expected


@pytest.mark.parametrize("pause", [60, HOUR // 2, DAY, 5 * DAY])
def test_old_backups_remain_for_any_backup_interval(tmp_path: Path, pause: int) -> None:
    path = tmp_path / "file"
    for number in range(40):
        for backup in storage.list_backups(path):
            then = backup.stat().st_mtime - pause
            os.utime(backup, (then, then))
        storage.create_backup(path, f"{number}".encode())
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
    storage.create_backup(path, b"new")
    assert backup_contents(path) == ["new", "10", "30", "20"]
    assert (tmp_path / "file.bak.x").read_text() == "foreign"


def test_old_temporary_files_are_removed(tmp_path: Path) -> None:
    for name in (".file.abc.tmp", ".file.abc.tmp.old", ".file.new.tmp", ".other.abc.tmp"):
        (tmp_path / name).touch()
        if "new" not in name:
            os.utime(tmp_path / name, (0, 0))
    storage.create_backup(tmp_path / "file", b"1")
    assert {entry.name for entry in tmp_path.iterdir()} == {".file.new.tmp", ".other.abc.tmp", "file.bak.1"}


def test_failed_backup_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    create_backups_of_ages(path, 10, 20)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fail)
        with pytest.raises(StorageError, match="no space left"):
            storage.create_backup(path, b"new")
    assert sorted(backup.read_text() for backup in storage.list_backups(path)) == ["10", "20"]
    storage.create_backup(path, b"new")
    assert backup_contents(path) == ["new", "10", "20"]
