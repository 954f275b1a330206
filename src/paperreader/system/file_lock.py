"""Lock files, compatible with `filelock`, but without importing it where flock(2) exists.

The import takes 10 ms or more, as long as storing a bookmark. Both respect each other's locks.

Waiting is fair enough for a few processes that write all the time: the longer a process waits, the more often it tries,
and a process that has just released the lock lets the others go first.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paperreader.system.owner_file import OwnerFile

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

POLL_SECONDS, MIN_POLL_SECONDS = 0.005, 0.0005
"""Time between two attempts: at first, and after a long wait."""

_YIELD_SECONDS = 0.5
"""A process that released the lock at most this long ago lets others go first."""

_BUSY_ERRORS = (errno.EAGAIN, errno.EACCES)
"""Errors for a file that another process has locked; the second occurs on some network file systems."""

_UNSUPPORTED_ERRORS = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP)
"""Errors of file systems without flock: NFS without its lock service, Lustre and some FUSE file systems."""

_OWNER_SUFFIX, _WAITING_SUFFIX = ".owner", ".waiting"
"""Suffixes of files next to a lock file: who has the lock where flock does not exist, and whether others wait."""

_released: dict[str, float] = {}
"""When this process released each lock (monotonic seconds)."""

Release = Callable[[], None]


def acquire_lock(path: Path, timeout: float, mode: int) -> Release:
    """Lock the file `path` and return the function that releases it. The end of the process releases it too.

    Args:
        path: the lock file, created with the permissions `mode` if missing.
        timeout: seconds to wait for another process.
        mode: permissions of a new file.

    Raises:
        TimeoutError: another process held it for `timeout` seconds.
        OSError: it cannot be created or locked.
    """
    if fcntl is None:
        return _acquire_with_filelock(path, timeout, mode)
    lock = _LockFile(path, mode)
    release = None if timeout > 0 and _should_yield(path) else lock.try_acquire()
    if release is None:
        release = _wait_for(lock, path, timeout, mode)

    def release_and_remember() -> None:
        release()
        _released[str(path)] = time.monotonic()

    return release_and_remember


def _wait_for(lock: _LockFile, path: Path, timeout: float, mode: int) -> Release:
    """Try until the lock is free.

    Raises:
        TimeoutError: see `acquire_lock`.
    """
    began = time.monotonic()
    with _announced(path, mode):
        while (waited := time.monotonic() - began) < timeout:
            pause = max(POLL_SECONDS / (1 + 40 * waited), MIN_POLL_SECONDS)
            time.sleep(min(pause, timeout - waited))
            if (release := lock.try_acquire()) is not None:
                return release
    raise TimeoutError


class _LockFile:
    """The attempts of one process to take a lock: with flock, or without it on a file system that has none."""

    def __init__(self, path: Path, mode: int) -> None:
        self._path, self._mode = path, mode
        self._owner_path = path.with_name(f"{path.name}{_OWNER_SUFFIX}")
        self._owner_file: OwnerFile | None = None
        self._has_flock = True

    def try_acquire(self) -> Release | None:
        """Return the function that releases the lock; None if another process has it."""
        if self._has_flock:
            try:
                descriptor = self._try_flock()
            except OSError as error:
                if error.errno not in _UNSUPPORTED_ERRORS:
                    raise
                self._has_flock = False
            else:
                return None if descriptor is None else partial(os.close, descriptor)
        return self._owner().try_acquire()

    def _try_flock(self) -> int | None:
        """Return the descriptor that holds the lock. A lock on a file that was removed excludes no one."""
        # No symbolic link, which may lead anywhere, and no FIFO, which would block.
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(self._path, flags, self._mode)
        try:
            if try_flock(descriptor) and os.fstat(descriptor).st_nlink > 0 and not self._has_owner():
                return descriptor
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)
        return None

    def _has_owner(self) -> bool:
        """Return whether a process has the lock for which flock failed, perhaps only once or on its machine."""
        return os.path.lexists(self._owner_path) and self._owner().is_taken()

    def _owner(self) -> OwnerFile:
        if self._owner_file is None:
            from paperreader.system.owner_file import OwnerFile

            self._owner_file = OwnerFile(self._owner_path, self._mode)
        return self._owner_file


def try_flock(descriptor: int, *, shared: bool = False) -> bool:
    """Try to lock an open file, and return whether that succeeded.

    Raises:
        OSError: it cannot be locked, for another reason than a lock of another process.
    """
    if fcntl is None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY_ERRORS:
            return False
        raise
    return True


# Who waits


@contextmanager
def _announced(path: Path, mode: int) -> Iterator[None]:
    """Let other processes know during the body that this one waits, by a shared lock on a file."""
    waiting = _waiting_file(path)
    try:
        descriptor = os.open(waiting, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, mode)
    except OSError:
        yield  # waiting works, and is only less fair
        return
    try:
        with suppress(OSError):
            try_flock(descriptor, shared=True)
        yield
    finally:
        with suppress(OSError):
            if _is_last_user(descriptor):
                waiting.unlink()
        os.close(descriptor)


def _waiting_file(path: Path) -> Path:
    return path.with_name(f"{path.name}{_WAITING_SUFFIX}")


def _is_last_user(descriptor: int) -> bool:
    try:
        return try_flock(descriptor)
    except OSError:
        return True  # unknown without flock


def _should_yield(path: Path) -> bool:
    """Return whether this process has just had the lock, and others wait for it."""
    released = _released.get(str(path))
    if released is None or time.monotonic() - released > _YIELD_SECONDS:
        return False
    try:
        descriptor = os.open(_waiting_file(path), os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        return not try_flock(descriptor)
    except OSError:
        return True  # unknown without flock
    finally:
        os.close(descriptor)


def _acquire_with_filelock(path: Path, timeout: float, mode: int) -> Release:
    import filelock

    file_lock = filelock.FileLock(path, timeout=timeout, poll_interval=POLL_SECONDS, mode=mode)
    try:
        file_lock.acquire()
    except filelock.Timeout as error:
        raise TimeoutError from error
    return file_lock.release
