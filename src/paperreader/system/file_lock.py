"""Lock files, compatible with `filelock`, but without importing it where flock(2) exists.

The import takes 10 ms or more, as long as storing a bookmark. Both respect each other's locks.
"""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

POLL_SECONDS = 0.005
"""Time between two attempts."""

_BUSY_ERRORS = (errno.EAGAIN, errno.EACCES)
"""Errors for a file that another process has locked; the second occurs on some network file systems."""


def acquire_lock(path: Path, timeout: float, mode: int) -> Callable[[], None]:
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
    end = time.monotonic() + timeout
    while True:
        # No symbolic link, which may lead anywhere, and no FIFO, which would block.
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(path, flags, mode)
        try:
            if _try_lock(descriptor):
                return partial(os.close, descriptor)
        except BaseException as error:
            os.close(descriptor)
            if isinstance(error, OSError) and error.errno == errno.ENOSYS:  # a file system without locks
                return _acquire_with_filelock(path, timeout, mode)
            raise
        os.close(descriptor)
        if time.monotonic() >= end:
            raise TimeoutError
        time.sleep(POLL_SECONDS)


def _try_lock(descriptor: int) -> bool:
    """Try to lock an open file. A lock on a file that was removed in the meantime excludes no one and is not enough."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY_ERRORS:
            return False
        raise
    return os.fstat(descriptor).st_nlink > 0


def _acquire_with_filelock(path: Path, timeout: float, mode: int) -> Callable[[], None]:
    import filelock

    file_lock = filelock.FileLock(path, timeout=timeout, poll_interval=POLL_SECONDS, mode=mode)
    try:
        file_lock.acquire()
    except filelock.Timeout as error:
        raise TimeoutError from error
    return file_lock.release
