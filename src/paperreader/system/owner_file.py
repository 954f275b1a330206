"""A lock for file systems without flock(2): a file that is created exclusively and names its owner.

Exclusive creation is atomic everywhere, also on NFS since version 3 (see open(2), `O_EXCL`). The owner may be killed,
so the file says which process it is. A process of another machine or container cannot be seen; it shows that it is
running by touching the file.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import msgspec

from paperreader.system.process_identity import ProcessIdentity, current_process, is_running

TOUCH_SECONDS = 1.0
"""Time between two signs of life of the owner."""

STALE_SECONDS = 4.0
"""An owner that cannot be seen, and gives no sign of life for so long, has ended."""

_MAX_OWNER_BYTES = 4096


class OwnerFile:
    """One attempt to take the lock, which may need several calls of `try_acquire`."""

    def __init__(self, path: Path, mode: int) -> None:
        """
        Args:
            path: the file, which exists while the lock is held.
            mode: its permissions.
        """
        self._path, self._mode = path, mode
        self._seen: tuple[int, int] | None = None
        """Inode and modification time (ns) of the file at the last attempt."""
        self._seen_since = 0.0

    def try_acquire(self) -> Callable[[], None] | None:
        """Return the function that releases the lock; None if another process has it.

        Raises:
            OSError: the file cannot be created.
        """
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
        try:
            descriptor = os.open(self._path, flags, self._mode)
        except FileExistsError:
            self.is_taken()
            return None
        try:
            os.write(descriptor, msgspec.json.encode(current_process()))
        except BaseException:
            os.close(descriptor)
            self._path.unlink(missing_ok=True)
            raise
        return _Ownership(self._path, descriptor).release

    def is_taken(self) -> bool:
        """Return whether another process has the lock. The file of a process that has ended is removed."""
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return False
        signature, now = (status.st_ino, status.st_mtime_ns), time.monotonic()
        if signature != self._seen:
            self._seen, self._seen_since = signature, now
        owner = read_owner(self._path)
        running = is_running(owner) if owner is not None else None
        abandoned = running is False or (running is None and now - self._seen_since >= STALE_SECONDS)
        if abandoned:
            self._remove(status)
        return not abandoned

    def _remove(self, expected: os.stat_result) -> None:
        """Remove the file that was looked at, and no other one that was created in the meantime."""
        aside = self._path.with_name(f".{self._path.name}.{os.getpid()}-{threading.get_ident()}")
        with suppress(FileNotFoundError):  # another process removed it
            self._path.rename(aside)
            if not os.path.samestat(aside.stat(), expected):
                with suppress(OSError):
                    os.link(aside, self._path)
            aside.unlink()


class _Ownership:
    """The lock, held by this process."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor
        self._released = threading.Event()
        self._thread = threading.Thread(target=self._touch, daemon=True, name="paperreader-lock")
        self._thread.start()

    def _touch(self) -> None:
        while not self._released.wait(TOUCH_SECONDS):
            with suppress(OSError):  # the lock is lost if this fails for long
                os.utime(self._descriptor if os.utime in os.supports_fd else self._path)

    def release(self) -> None:
        self._released.set()
        self._thread.join()
        with suppress(OSError):  # it was removed, or belongs to another process now
            if os.path.samestat(self._path.stat(), os.fstat(self._descriptor)):
                self._path.unlink()
        os.close(self._descriptor)


def read_owner(path: Path) -> ProcessIdentity | None:
    """Return the process that a file names; None if it is unknown."""
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MAX_OWNER_BYTES), type=ProcessIdentity)
    except (OSError, msgspec.DecodeError):
        return None
