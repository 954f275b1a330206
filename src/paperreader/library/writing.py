"""Writing a file that a command was asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from paperreader.errors import StorageError
from paperreader.storage import atomic_writer, os_error_message


def write_lines(path: Path, lines: Iterable[str]) -> None:
    """Write a file in whole or not at all; a pipe or device is simply written to.

    Raises:
        StorageError: it cannot be written.
    """
    encoded = (f"{text}\n".encode() for text in lines)
    if path.exists() and not path.is_file():
        try:
            with path.open("wb") as device:
                device.writelines(encoded)
        except OSError as error:
            raise StorageError(f"Cannot write {path}: {os_error_message(error)}.") from error
        return
    with atomic_writer(path, mode=_file_mode(path)) as file:
        file.writelines(encoded)


def _file_mode(path: Path) -> int:
    """The permissions of the file that is replaced, or those any new file would get."""
    if path.exists():
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
