"""Durable files: atomic replacement and locks. Knows nothing of their content.

A write returns only when it survives a power failure: the data is flushed to the disk before the rename, and the folder
after it (rename(2) alone guarantees no order on disk, see fsync(2), NOTES).
"""

from __future__ import annotations

import errno
import glob
import itertools
import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from paperreader.errors import LockTimeout, StorageError
from paperreader.system.file_lock import acquire_lock
from paperreader.system.file_status import path_exists

LOCK_TIMEOUT_SECONDS = 5.0
"""Locks are held for one write or chunk, so a longer wait means that something is stuck. Commands wait longer."""

_WAIT_BEFORE_REPORT_SECONDS = 1.0
"""A wait that takes longer is reported."""

PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
"""Permissions: only the owner can read a library."""

_TMP_PREFIX, _TMP_SUFFIX, _OLD_SUFFIX = "paperreader-", ".tmp", ".old"
"""Parts of the names of files that a crash may leave: no other program uses them."""

_ADVICE = dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "Free some space, then try again.") | dict.fromkeys(
    (errno.EACCES, errno.EPERM, errno.EROFS), "Check the permissions, then try again."
)
"""What to do about an error of the system, by its number."""

_NOT_REGULAR = "it is not an ordinary file; move it away"

_LEFTOVER_AGE_SECONDS = 3600.0
"""Temporary files that are younger may belong to a running write."""


def ensure_folder(folder: Path) -> None:
    """Create `folder` and its parents, private to the user. They survive a power failure when this returns.

    Raises:
        StorageError: it cannot be created.
    """
    try:
        missing = list(itertools.takewhile(lambda path: not path_exists(path), (folder, *folder.parents)))
        # One by one: `parents=True` applies the mode to the last folder only, and who can rename a parent has access.
        for path in reversed(missing):
            path.mkdir(mode=PRIVATE_FOLDER, exist_ok=True)
            with suppress(PermissionError):  # a folder in which one may write but not read cannot be flushed
                fsync_folder(path.parent)
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise StorageError(f"Cannot create the folder {folder}: {os_error_message(error)}.") from error


def write_atomic(path: Path, data: bytes, *, durable: bool = True) -> os.stat_result:
    """Replace the content of `path` by `data`, completely or not at all, and return the status of the new file.

    Symbolic links are followed, so that a library in a synchronized folder stays there. Permissions are
    preserved. `durable=False` skips the flush to the disk, for files that can be derived again.

    Raises:
        StorageError: nothing was changed.
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        mode = PRIVATE_FILE  # it does not exist; any other error will occur again when it is written
    with atomic_writer(path, durable=durable, mode=mode) as file:
        file.write(data)
        file.flush()
        return os.fstat(file.fileno())


@contextmanager
def atomic_writer(path: Path, *, durable: bool = True, mode: int = PRIVATE_FILE) -> Iterator[BinaryIO]:
    """Open a temporary file that replaces `path` when the body succeeds.

    Like `write_atomic`, for content that is too large for memory.

    Raises:
        StorageError: nothing was changed.
    """
    target = Path(os.path.realpath(path))
    temporary: Path | None = None
    try:
        if path_exists(target) and not target.is_file():
            # A link to /dev/null, for example: as root, the rename would replace the device for the whole system.
            raise OSError(errno.EINVAL, _NOT_REGULAR, str(path))
        descriptor, name = tempfile.mkstemp(
            prefix=f".{target.name}.{_TMP_PREFIX}", suffix=_TMP_SUFFIX, dir=target.parent
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
                temporary.unlink()  # does not exist any more if it was renamed


def _replace_durably(temporary: Path, target: Path) -> None:
    """Rename `temporary` to `target` and flush the folder. If that fails, restore the old file."""
    old = temporary.with_name(f"{temporary.name}{_OLD_SUFFIX}")
    try:
        try:
            os.link(target, old)  # no copy; removed below
            previous: Literal["linked", "absent", "lost"] = "linked"
        except FileNotFoundError:
            previous = "absent"
        except OSError:  # the file system has no hard links
            previous = "lost"
        temporary.replace(target)
        try:
            fsync_folder(target.parent)
        except OSError:
            if previous == "linked":
                old.replace(target)
            elif previous == "absent":
                target.unlink()
            raise
    finally:
        with suppress(OSError):
            old.unlink()


def append_private_file(path: Path, text: str, *, max_bytes: int) -> None:
    """Append `text` to a file that only the user can read. A file larger than `max_bytes` is emptied first.

    Raises:
        StorageError: it cannot be written.
    """
    ensure_folder(path.parent)
    try:
        # Non-blocking: opening a FIFO would wait.
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
        with os.fdopen(os.open(path, flags, PRIVATE_FILE), "ab") as file:
            if os.fstat(file.fileno()).st_size > max_bytes:
                file.truncate(0)
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise StorageError(f"Cannot write {path}: {os_error_message(error)}.") from error


def open_regular_file(path: Path) -> int:
    """Return a descriptor for reading an ordinary file. Never waits, as opening a FIFO would.

    Raises:
        OSError: it cannot be opened, or is not an ordinary file.
    """
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, _NOT_REGULAR, str(path))


def new_file_mode() -> int:
    """Return the permissions that a new file of any program gets."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def fsync_folder(folder: Path) -> None:
    """Flush the entries of a folder to the disk. A new or renamed file is durable only after this.

    Raises:
        OSError: the disk reports an error.
    """
    if os.name == "nt":
        return  # folders cannot be opened there; NTFS journals its entries
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _flush_to_disk(descriptor)
    except OSError as error:
        # Some network and FUSE file systems cannot flush folders, and offer no alternative.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)


def _flush_to_disk(descriptor: int) -> None:
    """Flush a file through the cache of the drive."""
    if sys.platform == "darwin":
        import fcntl

        # fsync(2) stops at the cache of the drive there. Not every file system supports the full flush.
        with suppress(OSError):
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
            return
    os.fsync(descriptor)


class _Patience(NamedTuple):
    """How long locks are waited for whose caller names no time, and what reports a wait."""

    seconds: float
    report: Callable[[Path], None]


_patience: _Patience | None = None
"""None: `LOCK_TIMEOUT_SECONDS`, without a report."""


@contextmanager
def waiting_for_locks(seconds: float, report: Callable[[Path], None]) -> Iterator[None]:
    """During the body, wait up to `seconds` for each lock, and report the path of one that takes more than a moment."""
    global _patience  # noqa: PLW0603 - a property of the process, like its signal handlers
    before, _patience = _patience, _Patience(seconds, report)
    try:
        yield
    finally:
        _patience = before


def _acquire(path: Path, timeout: float) -> Callable[[], None]:
    """Do `acquire_lock`, and report a wait that takes more than a moment."""
    first = min(timeout, _WAIT_BEFORE_REPORT_SECONDS)
    try:
        return acquire_lock(path, first, PRIVATE_FILE)
    except TimeoutError:
        if first == timeout:
            raise
    if _patience is not None:
        _patience.report(path)
    return acquire_lock(path, timeout - first, PRIVATE_FILE)


@contextmanager
def lock(path: Path, *, timeout: float | None = None) -> Iterator[None]:
    """Hold the lock file `path` during the body. The operating system releases it when the process ends.

    `timeout` is in seconds, by default `LOCK_TIMEOUT_SECONDS` or what `waiting_for_locks` says.

    Raises:
        LockTimeout: another process held it for `timeout` seconds.
        StorageError: the lock file cannot be created.
    """
    try:
        usual = _patience.seconds if _patience is not None else LOCK_TIMEOUT_SECONDS
        release = _acquire(path, usual if timeout is None else timeout)
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


def describe_os_error(error: OSError) -> str:
    """Return a sentence about an error that no caller expected, and what to do."""
    place = f" ({error.filename})" if isinstance(error.filename, str) else ""
    advice = _ADVICE.get(error.errno or 0, "Check the disk and the temporary folder, then try again.")
    return f"The system reports: {os_error_message(error)}{place}. {advice}"


def os_error_message(error: OSError) -> str:
    """Return the message of the operating system, to be used within a sentence."""
    return (error.strerror or str(error)).rstrip(".").lower()


def remove_leftovers(target: Path, min_age: float = _LEFTOVER_AGE_SECONDS) -> None:
    """Remove temporary files of `target` that a crash left, if they are older than `min_age` seconds: younger ones may
    be in use. Files of other programs stay.
    """
    for suffix in (_TMP_SUFFIX, f"{_TMP_SUFFIX}{_OLD_SUFFIX}"):
        for file in target.parent.glob(f".{glob.escape(target.name)}.{_TMP_PREFIX}????????{suffix}"):
            with suppress(OSError):  # removed in the meantime
                if file.is_file() and time.time() - file.stat().st_mtime >= min_age:
                    file.unlink()
