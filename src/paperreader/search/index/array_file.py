"""Named NumPy arrays in one file that needs no decoding.

Layout: `_MAGIC`, the length of the header (unsigned 32-bit), the header (JSON: name -> [dtype, count, offset from the
end of the header]), then the arrays, each aligned to 8 bytes. Native byte order: an index never leaves its machine.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]

_MAGIC = b"PRARRAY1"
_LENGTH = struct.Struct("=I")
_ALIGNMENT = 8


def serialize(arrays: Arrays) -> Iterator[bytes]:
    """Yield the content of a file of one-dimensional arrays in pieces."""
    header, end = {}, 0
    for name, array in arrays.items():
        header[name] = [array.dtype.str, len(array), end]
        end += array.nbytes + -array.nbytes % _ALIGNMENT
    header_bytes = json.dumps(header).encode()
    header_bytes += b" " * (-(len(_MAGIC) + _LENGTH.size + len(header_bytes)) % _ALIGNMENT)
    yield _MAGIC + _LENGTH.pack(len(header_bytes)) + header_bytes
    for array in arrays.values():
        yield array.tobytes()
        yield bytes(-array.nbytes % _ALIGNMENT)


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Write one-dimensional arrays to a new file.

    Raises:
        OSError: it exists or cannot be written.
    """
    with path.open("xb") as file:
        for chunk in serialize(arrays):
            file.write(chunk)


def read_arrays(file: BinaryIO, names: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Read only the named arrays of an open file.

    Raises:
        ValueError: it is not an array file.
        KeyError: an array is missing.
    """
    start = len(_MAGIC) + _LENGTH.size
    head = file.read(start)
    if head[: len(_MAGIC)] != _MAGIC or len(head) < start:
        raise ValueError("not a file of arrays")
    length = _LENGTH.unpack_from(head, len(_MAGIC))[0]
    header: dict[str, tuple[str, int, int]] = json.loads(file.read(length))
    found = {}
    for name in names:
        dtype, count, offset = header[name]
        file.seek(start + length + offset)
        found[name] = np.frombuffer(file.read(count * np.dtype(dtype).itemsize), dtype, count)
    return found


def parse_arrays(content: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays in the content of a file, as read-only views of it.

    Raises:
        ValueError: it is not an array file.
    """
    start = len(_MAGIC) + _LENGTH.size
    if content[: len(_MAGIC)] != _MAGIC:
        raise ValueError("not a file of arrays")
    length = _LENGTH.unpack_from(content, len(_MAGIC))[0]
    header: dict[str, tuple[str, int, int]] = json.loads(content[start : start + length])
    return {
        name: np.frombuffer(content, dtype, count, start + length + offset)
        for name, (dtype, count, offset) in header.items()
    }
