"""Read and write an open file at given offsets."""

from __future__ import annotations

import os


def read_at(descriptor: int, length: int, offset: int) -> bytes:
    """Read up to `length` bytes from `offset` on, fewer at the end of the file. Does not move the file position."""
    parts = []
    while length > 0 and (part := os.pread(descriptor, length, offset)):
        parts.append(part)
        length -= len(part)
        offset += len(part)
    return b"".join(parts)


def write_at(descriptor: int, data: bytes, offset: int) -> None:
    """Write all of `data` at `offset`."""
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view = view[written:]
        offset += written
