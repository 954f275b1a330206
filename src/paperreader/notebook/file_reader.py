"""Read the notebook's files, and save damaged ones under another name."""

from __future__ import annotations

import os
from pathlib import Path

from paperreader import storage, sync_copies
from paperreader.checked_values import local_time
from paperreader.errors import StorageError
from paperreader.notebook import backup_rotation
from paperreader.notebook.format import VERSION, NotebookContents, NotebookDamaged, parse_notebook

FileSignature = tuple[int, int, int]
"""Inode, size and modification time (ns) of a file; when it differs, the content has to be read again."""


def file_signature(path: Path) -> FileSignature:
    """Return the present signature of a file.

    Raises:
        FileNotFoundError: there is no such file.
        StorageError: it cannot be accessed.
    """
    try:
        return signature_from_stat(path.stat())
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _read_error(path, error) from error


def read_file(path: Path) -> tuple[bytes, FileSignature]:
    """Return the content of a file and its signature.

    Raises:
        FileNotFoundError: there is no such file.
        StorageError: it cannot be read, or is no regular file.
    """
    try:
        with os.fdopen(storage.open_regular_file(path), "rb") as file:
            # Taken before reading, so that an edit in place during the read changes it.
            signature = signature_from_stat(os.fstat(file.fileno()))
            return file.read(), signature
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _read_error(path, error) from error


def last_good_backup(path: Path) -> tuple[Path, NotebookContents] | None:
    """Return the newest backup of `path` that is an undamaged notebook, and its contents."""
    for backup in backup_rotation.list_backups(path):
        try:
            contents = parse_notebook(read_file(backup)[0])
        except (NotebookDamaged, StorageError, FileNotFoundError):
            continue  # `verify_notebook` reports it
        if contents.version <= VERSION:
            return backup, contents
    return None


def quarantine(path: Path, data: bytes, label: str = "damaged") -> Path:
    """Write data that was found in place of `path` to a file next to it, and return its name.

    Raises:
        StorageError: it cannot be written.
    """
    copy = sync_copies.quarantine_path(path, label)
    storage.write_atomic(copy, data)
    return copy


def format_modified(path: Path) -> str:
    """Return when a file was last written, in local time, for a message."""
    modified = local_time(path.stat().st_mtime)
    return modified.strftime("%Y-%m-%d %H:%M") if modified else "an unknown time"


def signature_from_stat(status: os.stat_result) -> FileSignature:
    """Return the signature of a file with that status."""
    return status.st_ino, status.st_size, status.st_mtime_ns


def _read_error(path: Path, error: OSError) -> StorageError:
    return StorageError(f"Cannot read {path}: {storage.os_error_message(error)}.")
