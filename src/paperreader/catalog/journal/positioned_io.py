"""Read and write an open file at given offsets."""

from __future__ import annotations

import os

from paperreader.errors import StorageError
from paperreader.storage import os_error_message


class ReadError(StorageError, OSError):
    """An open catalog could not be read: the disk failed, or the file is gone from a network drive."""

    def __str__(self) -> str:
        return str(self.args[0])


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """Read up to `length` bytes from `offset` on, fewer at the end of the file. Does not move the file position.

    Raises:
        ReadError: the disk reports an error.
    """
    parts = []
    try:
        while length > 0 and (part := os.pread(descriptor, length, offset)):
            parts.append(part)
            length -= len(part)
            offset += len(part)
    except OSError as error:
        failure = ReadError(f"Cannot read papers.jsonl: {os_error_message(error)}. Check the disk.")
        failure.errno, failure.strerror = error.errno, error.strerror
        raise failure from error
    return b"".join(parts)


def write_at(descriptor: int, data: bytes, offset: int) -> None:
    """Write all of `data` at `offset`."""
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view = view[written:]
        offset += written
