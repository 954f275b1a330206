"""Atomic replacement of files, and locks."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import filelock
import pytest

from paperreader import storage
from paperreader.errors import LockTimeout, StorageError


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
