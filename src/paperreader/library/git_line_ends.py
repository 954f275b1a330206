"""Line ends of the stores in a git repository. With `core.autocrlf` or `eol=crlf`, git writes CRLF in place of LF.

Both stores are read with either. But git then reports whole files as changed, and other programs may be confused, so
users can turn the conversion off for the library (gitattributes(5), `-text`).
"""

from __future__ import annotations

import os
from pathlib import Path

from paperreader.catalog import PAPERS_FILE_NAME
from paperreader.catalog.journal.format import CATALOG_LOCK_NAME
from paperreader.errors import StorageError
from paperreader.notebook import NOTEBOOK_FILE_NAME, NOTEBOOK_LOCK_NAME
from paperreader.storage import lock, open_regular_file, os_error_message, write_atomic
from paperreader.system.file_status import path_exists

ATTRIBUTES_FILE_NAME, ATTRIBUTES_LINE = ".gitattributes", "* -text"

_LOCKS = {PAPERS_FILE_NAME: CATALOG_LOCK_NAME, NOTEBOOK_FILE_NAME: NOTEBOOK_LOCK_NAME}
_SEARCHED_BYTES = 64 * 1024


def converted_stores(folder: Path) -> list[str]:
    """Return the names of the stores in a git repository that have CRLF line ends."""
    if not any((parent / ".git").exists() for parent in (folder, *folder.parents)):
        return []
    return [name for name in _LOCKS if _has_crlf(folder / name)]


def turn_conversion_off(folder: Path) -> None:
    """Append `* -text` to `.gitattributes` of the library, and write its stores with LF.

    Raises:
        StorageError: a file cannot be read or written.
    """
    path = folder / ATTRIBUTES_FILE_NAME
    try:
        text = _read(path) if path_exists(path) else b""
        if ATTRIBUTES_LINE.encode() not in text.splitlines()[-1:]:
            separator = b"" if not text or text.endswith(b"\n") else b"\n"
            with path.open("ab") as file:
                file.write(separator + ATTRIBUTES_LINE.encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        for name in converted_stores(folder):
            with lock(folder / _LOCKS[name]):
                write_atomic(folder / name, _read(folder / name).replace(b"\r\n", b"\n"))
    except OSError as error:
        raise StorageError(f"Cannot change the line ends in {folder}: {os_error_message(error)}.") from error


def _read(path: Path) -> bytes:
    with os.fdopen(open_regular_file(path), "rb") as file:
        return file.read()


def _has_crlf(path: Path) -> bool:
    try:
        with os.fdopen(open_regular_file(path), "rb") as file:
            return b"\r\n" in file.read(_SEARCHED_BYTES)
    except OSError:
        return False  # missing, or reported where it is opened
