"""Taking a lock file, as `filelock` does, and without loading it where the system itself knows how.

Loading it takes 10 ms and more, which is what storing a bookmark takes. Both keep each other out.
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
"""Seconds between two attempts."""

_BUSY_ERRORS = (errno.EAGAIN, errno.EACCES)
"""What is said of a file that somebody else has locked; the second on some network disks."""


def acquire_lock(path: Path, timeout: float, mode: int) -> Callable[[], None]:
    """Lock the file `path`, made with that mode where there is none; gives what lets go of it.

    The system lets go of it as well when the process dies.

    Raises:
        TimeoutError: somebody else held it for so many seconds.
        OSError: it cannot be made or locked.
    """
    if fcntl is None:
        return _acquire_with_filelock(path, timeout, mode)
    end = time.monotonic() + timeout
    while True:
        # Neither a link, which may lead anywhere, nor a FIFO, which would be waited for.
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(path, flags, mode)
        try:
            if _try_lock(descriptor):
                return partial(os.close, descriptor)
        except BaseException as error:
            os.close(descriptor)
            if isinstance(error, OSError) and error.errno == errno.ENOSYS:  # a disk that knows no locks
                return _acquire_with_filelock(path, timeout, mode)
            raise
        os.close(descriptor)
        if time.monotonic() >= end:
            raise TimeoutError
        time.sleep(POLL_SECONDS)


def _try_lock(descriptor: int) -> bool:
    """Try to lock an open file. A file that was removed meanwhile keeps nobody out: the next is to be made."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _BUSY_ERRORS:
            return False
        raise
    return os.fstat(descriptor).st_nlink > 0


def _acquire_with_filelock(path: Path, timeout: float, mode: int) -> Callable[[], None]:
    import filelock

    held = filelock.FileLock(path, timeout=timeout, poll_interval=POLL_SECONDS, mode=mode)
    try:
        held.acquire()
    except filelock.Timeout as error:
        raise TimeoutError from error
    return held.release
