"""Durable files: atomic replacement, locks, backups. Knows nothing of what is stored.

A write is acknowledged only when it survives a power cut: the data is flushed to the disk before the rename, and the
folder after it (rename(2) alone orders nothing on disk, see fsync(2), NOTES).
"""

from __future__ import annotations

import errno
import glob
import itertools
import math
import os
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Literal

from paperreader.errors import LockTimeout, StorageError
from paperreader.system.file_lock import acquire_lock

LOCK_TIMEOUT_SECONDS = 5.0
"""How long a lock is waited for: held per write or chunk, so longer means that something is stuck."""

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
"""A library is its owner's alone."""

_TEMPORARY_SUFFIX, _OLD_SUFFIX = ".tmp", ".old"
"""Ends of the names of files that a crash may leave behind."""

_NOT_REGULAR = "it is not an ordinary file; move it away"

_HOUR_SECONDS, _DAY_SECONDS = 3600.0, 86400.0
_BACKUP_AGES = (-math.inf, _HOUR_SECONDS, _DAY_SECONDS, 7 * _DAY_SECONDS, 30 * _DAY_SECONDS, math.inf)
"""Spans of age (seconds) of which one backup each is kept beside the newest."""


def ensure_folder(folder: Path) -> None:
    """Create `folder` and its parents, private to the user.

    Raises:
        StorageError: it cannot be created.
    """
    missing = list(itertools.takewhile(lambda path: not path.exists(), (folder, *folder.parents)))
    try:
        # One by one: `parents=True` leaves those above to the umask, and whoever may rename a folder has what is in it.
        for path in reversed(missing):
            path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StorageError(f"Cannot create the folder {folder}: {os_error_message(error)}.") from error


def write_atomic(path: Path, data: bytes, *, durable: bool = True) -> os.stat_result:
    """Replace the content of `path` by `data`, in whole or not at all, and give the new file's status.

    A symbolic link is followed, so that a library kept in a synced folder stays there; the permissions of a file that
    was there are kept. `durable=False` leaves the flushing to the system: for files that can be derived again.

    Raises:
        StorageError: nothing was changed.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        mode = PRIVATE_FILE  # there is none; anything else shows when it is written
    with atomic_writer(path, durable=durable, mode=mode) as file:
        file.write(data)
        file.flush()
        return os.fstat(file.fileno())


@contextmanager
def atomic_writer(path: Path, *, durable: bool = True, mode: int = PRIVATE_FILE) -> Iterator[BinaryIO]:
    """A file to write the new content of `path` to, which takes its place when the body ends well.

    Like `write_atomic`, for content that is too large to be held in memory.

    Raises:
        StorageError: nothing was changed.
    """
    target = Path(os.path.realpath(path))
    temporary: Path | None = None
    try:
        if target.exists() and not target.is_file():
            # A link to /dev/null, say: root would have put a file in its place, for every program there is.
            raise OSError(errno.EINVAL, _NOT_REGULAR, str(path))
        descriptor, name = tempfile.mkstemp(
            prefix=f".{target.name}.", suffix=_TEMPORARY_SUFFIX, dir=target.parent
        )
        temporary = Path(name)
        with os.fdopen(descriptor, "wb") as file:
            if mode != PRIVATE_FILE:
                temporary.chmod(mode)
            yield file
            file.flush()
            if durable:
                _flush_to_disk(file.fileno())
        if durable:
            _replace_durably(temporary, target)
        else:
            temporary.replace(target)
    except OSError as error:
        raise StorageError(f"Cannot write {path}: {os_error_message(error)}; nothing was changed.") from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()  # a renamed one is not there any more


def _replace_durably(temporary: Path, target: Path) -> None:
    """Rename `temporary` to `target` and flush the folder; where that fails, put the old file back."""
    old = temporary.with_name(f"{temporary.name}{_OLD_SUFFIX}")
    try:
        try:
            os.link(target, old)  # costs no copy; unlinked again below
            was: Literal["kept", "absent", "lost"] = "kept"
        except FileNotFoundError:
            was = "absent"
        except OSError:  # no hard links on this disk
            was = "lost"
        temporary.replace(target)
        try:
            fsync_folder(target.parent)
        except OSError:
            if was == "kept":
                old.replace(target)
            elif was == "absent":
                target.unlink()
            raise
    finally:
        with suppress(OSError):
            old.unlink()


def append_private_file(path: Path, text: str, *, max_bytes: int) -> None:
    """Add `text` to a file of the user's alone; one that has grown past `limit` bytes is started anew.

    Raises:
        StorageError: it cannot be written.
    """
    ensure_folder(path.parent)
    try:
        # Not blocking: a FIFO in that place would be waited for.
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags, PRIVATE_FILE), "ab") as file:
            if os.fstat(file.fileno()).st_size > max_bytes:
                file.truncate(0)
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise StorageError(f"Cannot write {path}: {os_error_message(error)}.") from error


def open_regular_file(path: Path) -> int:
    """A descriptor to read an ordinary file with. Never waits, which opening a FIFO does.

    Raises:
        OSError: it cannot be opened, or is no ordinary file.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, _NOT_REGULAR, str(path))


def fsync_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk (a new or renamed file is durable only after this).

    Raises:
        OSError: the disk refuses.
    """
    if os.name == "nt":
        return  # a folder cannot be opened there; NTFS journals its entries
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _flush_to_disk(descriptor)
    except OSError as error:
        # Some network and FUSE disks know no flushing of folders, and there is nothing else to be done on them.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def _flush_to_disk(descriptor: int) -> None:
    """Have the disk itself keep what was written."""
    if sys.platform == "darwin":
        import fcntl

        # There fsync(2) stops at the drive's cache. Not every disk knows the full form.
        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


@contextmanager
def lock(path: Path, *, timeout: float | None = None) -> Iterator[None]:
    """Hold the lock file `path` for the body. The system releases it when the process dies.

    `timeout` is in seconds, `LOCK_SECONDS` unless given.

    Raises:
        LockTimeout: somebody else held it for `timeout` seconds.
        StorageError: the lock file cannot be created.
    """
    try:
        release = acquire_lock(path, LOCK_TIMEOUT_SECONDS if timeout is None else timeout, PRIVATE_FILE)
    except TimeoutError as error:
        raise LockTimeout(
            f"{path} is held by another paperreader; try again when it has finished."
        ) from error
    except OSError as error:
        raise StorageError(f"Cannot lock {path}: {os_error_message(error)}.") from error
    try:
        yield
    finally:
        release()


def os_error_message(error: OSError) -> str:
    """What went wrong, in the system's own words."""
    return (error.strerror or str(error)).rstrip(".").lower()


def list_backups(path: Path) -> list[Path]:
    """The backups of `path` (`NAME.bak.N` beside it), newest first."""
    try:
        names = [entry.name for entry in os.scandir(path.parent) if entry.is_file()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StorageError(f"Cannot list {path.parent}: {os_error_message(error)}.") from error
    prefix = f"{path.name}.bak."
    numbers = [name[len(prefix) :] for name in names if name.startswith(prefix)]
    return [
        path.with_name(prefix + number)
        for number in sorted(numbers, key=_backup_number)
        if _backup_number(number)
    ]


def create_backup(path: Path, data: bytes) -> None:
    """Keep `data`, known to be a good state of `path`, as the newest backup `NAME.bak.1`.

    It is on the disk when this returns, so what is written to `path` afterwards cannot be lost together with it. The
    three newest generations stay, and of the older ones one each that is hours, days, weeks and months old.

    Raises:
        StorageError: there is no new backup; older ones are still there.
    """
    older = list_backups(path)
    try:
        if older and older[0].stat().st_size == len(data) and older[0].read_bytes() == data:
            return
        _renumber_backups(path, _prune_backups(older))
        _remove_leftovers(Path(os.path.realpath(path)))
    except OSError as error:
        raise StorageError(f"Cannot back up {path}: {os_error_message(error)}.") from error
    write_atomic(path.with_name(f"{path.name}.bak.1"), data)


def _prune_backups(older: list[Path]) -> list[Path]:
    """The backups worth keeping, newest first; the others are removed."""
    now = time.time()
    kept = older[:2]  # the third of the newest is the one about to be written
    ages = {path: now - path.stat().st_mtime for path in older[2:]}
    for start, end in itertools.pairwise(_BACKUP_AGES):
        aged = [path for path, age in ages.items() if start <= age < end]
        # The oldest of a span grows into the next one; of the last span, the youngest is a month old already.
        kept += aged[:1] if end == math.inf else aged[-1:]
    for path in older:
        if path not in kept:
            path.unlink()
    return kept


def _remove_leftovers(target: Path) -> None:
    """Remove what crashes have left beside `target`, unless it may still be in use."""
    for end in (_TEMPORARY_SUFFIX, f"{_TEMPORARY_SUFFIX}{_OLD_SUFFIX}"):
        for left in target.parent.glob(f".{glob.escape(target.name)}.*{end}"):
            if left.stat().st_mtime < time.time() - _HOUR_SECONDS:
                left.unlink()


def _renumber_backups(path: Path, kept: list[Path]) -> None:
    """Number backups from 2 on, renaming each to a name that is free at that moment."""
    moves = [(old, path.with_name(f"{path.name}.bak.{number}")) for number, old in enumerate(kept, 2)]
    down = [
        (old, new) for old, new in moves if _backup_number(old.suffix[1:]) > _backup_number(new.suffix[1:])
    ]
    up = [(old, new) for old, new in moves if _backup_number(old.suffix[1:]) < _backup_number(new.suffix[1:])]
    for old, new in (*down, *reversed(up)):
        old.rename(new)


def _backup_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
