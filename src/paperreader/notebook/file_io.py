"""Reading the notebook's files, and what is done with damaged ones."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

from paperreader import storage, sync_copies
from paperreader.errors import StorageError
from paperreader.notebook import format as notebook_format
from paperreader.notebook.format import Contents, Damaged

FRESH_SECONDS = 2.0
"""How long an editor that writes a file in place may take."""

Signature = tuple[int, int, int]
"""Inode, size and modification time (ns) of a file: another one means that its content has to be read again."""


def signature(path: Path) -> Signature:
    """What `path` looks like now.

    Raises:
        FileNotFoundError: there is no such file.
        StorageError: it cannot be looked at.
    """
    try:
        return signature_of(path.stat())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _unreadable(path, error) from error


def read(path: Path) -> tuple[bytes, Signature]:
    """The content of a file and the signature that belongs to it.

    Raises:
        FileNotFoundError: there is no such file.
        StorageError: it cannot be read, or is no ordinary file.
    """
    try:
        with os.fdopen(storage.open_regular(path), "rb") as file:
            # An editor that writes in place is seen by a later look at the signature of before.
            before = signature_of(os.fstat(file.fileno()))
            return file.read(), before
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _unreadable(path, error) from error


def is_fresh(path: Path) -> bool:
    """Whether `path` was written within the last `FRESH_SECONDS`."""
    try:
        return 0 <= time.time() - path.stat().st_mtime < FRESH_SECONDS
    except OSError:
        return True  # replaced at this very moment


def last_good_backup(path: Path) -> tuple[Path, Contents] | None:
    """The newest backup of `path` that is a notebook."""
    for backup in storage.backups(path):
        try:
            contents = notebook_format.parse(read(backup)[0])
        except (Damaged, StorageError, FileNotFoundError):
            continue  # `check` names it; here only an undamaged one helps
        if contents.version <= notebook_format.VERSION:
            return backup, contents
    return None


def set_aside(path: Path, data: bytes, why: str = "damaged") -> Path:
    """Keep content that was in the way under a dated name beside `path`, and give that name.

    Raises:
        StorageError: it cannot be written.
    """
    aside = sync_copies.aside(path, why)
    storage.write_atomic(aside, data)
    return aside


def day_and_time(path: Path) -> str:
    """When a file was written, for a message."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")


def signature_of(status: os.stat_result) -> Signature:
    """The signature of a file with that status."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def _unreadable(path: Path, error: OSError) -> StorageError:
    return StorageError(f"Cannot read {path}: {storage.reason(error)}.")
