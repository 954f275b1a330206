"""Locks on file systems without flock(2), left by processes that ended, and fair waiting."""

from __future__ import annotations

import errno
import itertools
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from paperreader import storage
from paperreader.errors import LockTimeout, StorageError
from paperreader.models import MarkChange
from paperreader.notebook import Notebook
from paperreader.system import file_lock, owner_file
from paperreader.system.process_identity import ProcessIdentity, current_process, is_running
from tests.waiting import TIMEOUT_SECONDS

UNSUPPORTED = [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP]

HOLD_SCRIPT = """
import fcntl, sys
from pathlib import Path
from paperreader import storage
def flock(*_):
    raise OSError(int(sys.argv[2]), "no locks here")
fcntl.flock = flock
with storage.lock(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def without_flock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that makes flock fail with an error number."""

    def fail_with(number: int) -> None:
        def flock(*_: object) -> None:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(file_lock.fcntl, "flock", flock)

    return fail_with


@pytest.mark.parametrize("number", UNSUPPORTED, ids=errno.errorcode.get)
def test_lock_without_flock_excludes_others_until_its_process_ends(
    tmp_path: Path, without_flock: Callable[[int], None], number: int
) -> None:
    path = tmp_path / "a.lock"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD_SCRIPT, str(path), str(number)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"locked\n"
    without_flock(number)
    with pytest.raises(LockTimeout), storage.lock(path, timeout=0.02):
        pass
    holder.kill()
    holder.communicate()
    with (
        storage.lock(path, timeout=TIMEOUT_SECONDS),
        pytest.raises(LockTimeout),
        storage.lock(path, timeout=0),
    ):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["a.lock"]


@pytest.mark.parametrize("number", UNSUPPORTED, ids=errno.errorcode.get)
def test_notebook_is_saved_without_flock_and_without_a_wait(
    tmp_path: Path, without_flock: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    without_flock(number)
    monkeypatch.setattr(file_lock.time, "sleep", pytest.fail)
    for count in range(1, 4):
        Notebook(tmp_path).save([MarkChange(f"{count}", bookmark=True)])
    assert len(Notebook(tmp_path).load()) == 3
    assert not list(tmp_path.glob("*.owner"))


def test_holder_without_flock_excludes_one_with_flock(
    tmp_path: Path, without_flock: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error may occur once, or on one of two machines."""
    path = tmp_path / "a.lock"
    with monkeypatch.context() as patched:
        patched.setattr(file_lock, "try_flock", lambda *_, **__: without_flock_error())
        lock = storage.lock(path)
        lock.__enter__()
    with pytest.raises(LockTimeout), storage.lock(path, timeout=0.02):
        pass
    lock.__exit__(None, None, None)
    with storage.lock(path, timeout=0):
        pass


def without_flock_error() -> bool:
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


@pytest.mark.parametrize("number", [errno.EIO, errno.EPERM])
def test_other_errors_of_flock_are_reported_as_they_are(
    tmp_path: Path, without_flock: Callable[[int], None], number: int
) -> None:
    without_flock(number)
    with pytest.raises(StorageError, match=os.strerror(number).lower()), storage.lock(tmp_path / "a.lock"):
        pass


# Owners


def write_owner(path: Path, owner: object) -> Path:
    path.write_bytes(msgspec.json.encode(owner))
    return path


def changed(**fields: object) -> ProcessIdentity:
    return msgspec.structs.replace(current_process(), **fields)


@pytest.mark.parametrize(
    ("owner", "running"),
    [
        (current_process(), True),
        (changed(started="1"), False),  # another process has the id now
        (changed(started=""), True),
        (changed(pid=2**22 + 1), False),
        (changed(boot="another", machine="another"), None),
        (changed(namespace="pid:[1]"), None),
        (changed(boot="another", namespace="pid:[1]"), None),
    ],
)
def test_processes_are_identified_beyond_their_id(owner: ProcessIdentity, running: bool | None) -> None:
    assert is_running(owner) is running


@pytest.mark.parametrize("owner", [changed(started="1"), changed(pid=2**22 + 1)])
def test_lock_of_a_process_that_has_ended_is_taken_over(tmp_path: Path, owner: ProcessIdentity) -> None:
    file = write_owner(tmp_path / "a.owner", owner)
    attempt = owner_file.OwnerFile(file, 0o600)
    assert attempt.try_acquire() is None
    release = attempt.try_acquire()
    assert release is not None
    assert owner_file.read_owner(file) == current_process()
    release()
    assert not file.exists()


@pytest.mark.parametrize("owner", [changed(namespace="pid:[1]"), changed(boot="b", machine="m"), "damaged"])
def test_owner_that_cannot_be_seen_keeps_the_lock_while_it_touches_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: object
) -> None:
    file = write_owner(tmp_path / "a.owner", owner)
    attempt = owner_file.OwnerFile(file, 0o600)
    monkeypatch.setattr(owner_file, "STALE_SECONDS", 0.0)
    for second in range(3):
        os.utime(file, (second, second))
        monkeypatch.setattr(owner_file.time, "monotonic", itertools.count(100.0 * second).__next__)
        monkeypatch.setattr(owner_file, "STALE_SECONDS", 4.0)
        assert attempt.is_taken()
    monkeypatch.setattr(owner_file.time, "monotonic", lambda: 1000.0)
    assert not attempt.is_taken()
    assert not file.exists()


def test_owner_touches_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(owner_file, "TOUCH_SECONDS", 0.001)
    file = tmp_path / "a.owner"
    release = owner_file.OwnerFile(file, 0o600).try_acquire()
    assert release is not None
    os.utime(file, (0, 0))
    end = time.monotonic() + TIMEOUT_SECONDS
    while file.stat().st_mtime == 0 and time.monotonic() < end:
        pass
    assert file.stat().st_mtime > 0
    release()


def test_release_leaves_the_lock_of_another_process(tmp_path: Path) -> None:
    file = tmp_path / "a.owner"
    release = owner_file.OwnerFile(file, 0o600).try_acquire()
    assert release is not None
    file.unlink()
    write_owner(file, changed(pid=1))
    release()
    assert file.exists()


# Fairness

WRITER_SCRIPT = """
import sys, time
from pathlib import Path
from paperreader import storage
folder, name = Path(sys.argv[1]), sys.argv[2]
(folder / f"{name}.ready").touch()
while len(list(folder.glob("*.ready"))) < 3:
    time.sleep(0.001)
for _ in range(60):
    with storage.lock(folder / "a.lock", timeout=120), (folder / "log").open("a") as log:
        log.write(name)
        time.sleep(0.002)
"""


def test_waiting_is_fair(tmp_path: Path) -> None:
    """Without fairness, one of three writers gets the lock a hundred times before the others get it once."""
    writers = [subprocess.Popen([sys.executable, "-c", WRITER_SCRIPT, str(tmp_path), name]) for name in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    log = (tmp_path / "log").read_text()
    assert len(log) == 180
    while_all_write = log[: min(log.rindex(name) for name in "abc") + 1]
    waits = [len(others) for name in "abc" for others in while_all_write.split(name)]
    assert max(waits) <= 25, log
    assert not (tmp_path / "a.lock.waiting").exists()
