"""Copies of what is damaged in a catalog, from which it may be recovered by hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from paperreader.catalog.journal.format import COMMIT_PREFIX, JournalLine, line_end_before
from paperreader.errors import StorageError
from paperreader.storage import PRIVATE_FILE, fsync_folder, open_regular_file, os_error_message
from paperreader.sync_copies import CONFLICT_MARKERS, quarantine_path
from paperreader.system.file_status import path_exists

QUARANTINE_FILE_NAME = "papers.damaged.jsonl"
"""The file next to the catalog that gets a copy of each damaged line, once and unchanged."""

MAX_REMOVED_LINES, MAX_REMOVED_PERCENT = 3, 1
"""More damaged lines than this (the larger of both) are only removed when the user insists."""


def quarantine_lines(folder: Path, lines: Sequence[JournalLine]) -> str:
    """Copy damaged lines into the quarantine file of a library folder. Return a warning."""
    count = "A line of papers.jsonl is" if len(lines) == 1 else f"{len(lines):,} lines of papers.jsonl are"
    try:
        copy_lines(folder, (line.data for line in lines))
    except StorageError as error:
        return f"{count} damaged and skipped. {error} Run `paperreader check` to list the damage."
    return f"{count} damaged and skipped (copied to {QUARANTINE_FILE_NAME}). Import those papers again."


def copy_lines(folder: Path, lines: Iterable[bytes]) -> None:
    """Copy lines into the quarantine file of a library folder, each once. They are durable when this returns.

    Raises:
        StorageError: they cannot be copied.
    """
    path = folder / QUARANTINE_FILE_NAME
    try:
        is_new = not path_exists(path)
        present = set() if is_new else _lines(path)
        missing = [line for line in dict.fromkeys(lines) if line not in present]
        if not missing:
            return
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
        with os.fdopen(descriptor, "ab") as file:
            file.write(line_end_before(file.fileno(), os.fstat(file.fileno()).st_size))
            file.write(b"".join(line + b"\n" for line in missing))
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            fsync_folder(folder)
    except OSError as error:
        raise StorageError(
            f"No copy of damaged lines could be saved in {path}: {os_error_message(error)}."
        ) from error


def _lines(path: Path) -> set[bytes]:
    with os.fdopen(open_regular_file(path), "rb") as file:
        return set(file.read().split(b"\n"))


def copy_catalog(path: Path) -> Path:
    """Copy a whole catalog that is damaged, and return the name of the copy. It is durable when this returns.

    Raises:
        StorageError: it cannot be copied.
    """
    copy = quarantine_path(path, "damaged")
    try:
        descriptor = os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
        with os.fdopen(descriptor, "wb") as target, os.fdopen(open_regular_file(path), "rb") as source:
            shutil.copyfileobj(source, target)
            target.flush()
            os.fsync(target.fileno())
        fsync_folder(copy.parent)
    except OSError as error:
        raise StorageError(f"Cannot copy {path} to {copy}: {os_error_message(error)}.") from error
    return copy


def lines_with_content(lines: Iterable[JournalLine]) -> list[JournalLine]:
    """Return the lines that may hold papers or marks of the user: no commit lines, and no markers of git."""
    return [line for line in lines if not line.data.startswith((COMMIT_PREFIX, *CONFLICT_MARKERS))]


def is_too_much_to_remove(count: int, total: int) -> bool:
    """Return whether so many lines, of all lines of a catalog, are only removed when the user insists."""
    return count > max(MAX_REMOVED_LINES, total * MAX_REMOVED_PERCENT / 100)
