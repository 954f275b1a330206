"""Reading the notebook's files, and what is done with damaged ones."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path

from paperreader import storage, sync_copies
from paperreader.errors import StorageError
from paperreader.notebook import format as notebook_format
from paperreader.notebook.format import NotebookContents, NotebookDamaged

FRESH_SECONDS = 2.0
"""How long an editor that writes a file in place may take."""

FileSignature = tuple[int, int, int]
"""Inode, size and modification time (ns) of a file: another one means that its content has to be read again."""


def file_signature(path: Path) -> FileSignature:
    """What `path` looks like now.

    Raises:
        FileNotFoundError: there is no such file.
        StorageError: it cannot be looked at.
    """
    try:
        return signature_from_stat(path.stat())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _read_error(path, error) from error


def read_file(path: Path) -> tuple[bytes, FileSignature]:
    """The content of a file and the signature that belongs to it.

    Raises:
        FileNotFoundError: there is no such file.
        StorageError: it cannot be read, or is no ordinary file.
    """
    try:
        with os.fdopen(storage.open_regular_file(path), "rb") as file:
            # An editor that writes in place is seen by a later look at the signature of before.
            before = signature_from_stat(os.fstat(file.fileno()))
            return file.read(), before
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _read_error(path, error) from error


def recently_written(path: Path) -> bool:
    """Whether `path` was written within the last `FRESH_SECONDS`."""
    try:
        return 0 <= time.time() - path.stat().st_mtime < FRESH_SECONDS
    except OSError:
        return True  # replaced at this very moment


def last_good_backup(path: Path) -> tuple[Path, NotebookContents] | None:
    """The newest backup of `path` that is a notebook."""
    for backup in storage.list_backups(path):
        try:
            contents = notebook_format.parse_notebook(read_file(backup)[0])
        except (NotebookDamaged, StorageError, FileNotFoundError):
            continue  # `check` names it; here only an undamaged one helps
        if contents.version <= notebook_format.VERSION:
            return backup, contents
    return None


def quarantine(path: Path, data: bytes, label: str = "damaged") -> Path:
    """Keep content that was in the way under a dated name beside `path`, and give that name.

    Raises:
        StorageError: it cannot be written.
    """
    aside = sync_copies.quarantine_path(path, label)
    storage.write_atomic(aside, data)
    return aside


def format_modified(path: Path) -> str:
    """When a file was written, for a message."""
    return dt.datetime.fromtimestamp(path.stat().st_mtime).strftime("%Y-%m-%d %H:%M")


def signature_from_stat(status: os.stat_result) -> FileSignature:
    """The signature of a file with that status."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def _read_error(path: Path, error: OSError) -> StorageError:
    return StorageError(f"Cannot read {path}: {storage.os_error_message(error)}.")
