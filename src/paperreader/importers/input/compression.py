"""Decompress gzip, xz and bzip2 streams, with limits to memory and to the compression ratio."""

from __future__ import annotations

import bz2
import io
import lzma
import zlib
from collections.abc import Callable
from typing import Any, BinaryIO, Literal, Protocol

from paperreader.importers.input.content import UnsupportedContent

Compression = Literal["gzip", "xz", "bzip2"]

MAX_MEMORY_BYTES = 128 * 1024 * 1024
"""Memory of an xz decoder; the strongest usual setting needs 65 MB."""

UNCHECKED_BYTES = 64 * 1024 * 1024
"""Bytes that any file may decompress to before its ratio is checked."""

MAX_EXPANSION_RATIO = 200
"""Text is compressed to a tenth, very repetitive text to a fiftieth, a bomb to a thousandth."""

_CHUNK_BYTES = 64 * 1024
_GZIP_WINDOW = 31
_TOO_LARGE = "would unpack to far more than any papers need; it was not read to the end"


class Budget:
    """Limit to what a compressed file may decompress to: `UNCHECKED_BYTES`, or `MAX_EXPANSION_RATIO` times its size."""

    def __init__(self, input_bytes: Callable[[], int]) -> None:
        self._input_bytes = input_bytes
        self._out = 0

    def consume(self, count: int) -> None:
        """Count decompressed bytes.

        Raises:
            UnsupportedContent: the limit is exceeded.
        """
        self._out += count
        if self._out > UNCHECKED_BYTES and self._out > MAX_EXPANSION_RATIO * self._input_bytes():
            raise UnsupportedContent(_TOO_LARGE)


class CountingReader(io.RawIOBase):
    """A stream that counts its bytes against a budget."""

    def __init__(self, file: BinaryIO, budget: Budget) -> None:
        self._file = file
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        self._budget.consume(len(data))
        buffer[: len(data)] = data
        return len(data)


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int = ...) -> bytes: ...


class DecompressingReader(io.RawIOBase):
    """The content of a compressed stream, or of several concatenated ones.

    Reading raises `UnsupportedContent` if the data are damaged, truncated, or a bomb, and at every further attempt.
    """

    def __init__(self, file: BinaryIO, compression: Compression) -> None:
        self._file = file
        self._compression = compression
        self._decompressor: _Decompressor | None = None
        self._pending = b""
        self._input_bytes = 0
        self._budget = Budget(lambda: self._input_bytes)
        self._error_message = ""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._error_message:
            raise UnsupportedContent(self._error_message)
        try:
            return self._fill(memoryview(buffer))
        except UnsupportedContent as refusal:
            self._error_message = str(refusal)
            raise
        except (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError) as error:
            self._error_message = f"is damaged {self._compression} data; what follows was not read"
            if isinstance(error, OSError) and error.errno is not None:
                raise
            if "Memory usage limit" in str(error):
                self._error_message = f"needs more than {MAX_MEMORY_BYTES >> 20} MB of memory to unpack"
            raise UnsupportedContent(self._error_message) from error

    def _fill(self, buffer: memoryview) -> int:
        """Fill the buffer as far as possible; return the number of bytes, which is smaller only at the end."""
        filled = 0
        while filled < len(buffer):
            if self._decompressor is None:
                if not self._read_input():
                    break
                self._decompressor = _create_decompressor(self._compression)
            data, self._pending = self._pending, b""
            made = self._decompressor.decompress(data, len(buffer) - filled)
            self._pending = getattr(self._decompressor, "unconsumed_tail", b"")
            buffer[filled : filled + len(made)] = made
            filled += len(made)
            self._budget.consume(len(made))
            if self._decompressor.eof:
                # Streams may be concatenated; zeros between and after them are padding.
                self._pending = self._decompressor.unused_data.lstrip(b"\0")
                self._decompressor = None
            elif not made and not self._read_input():
                raise UnsupportedContent(f"is {self._compression} data that is truncated")
        return filled

    def _read_input(self) -> bool:
        """Read input if none is pending; return whether there is any."""
        while not self._pending:
            chunk = self._file.read(_CHUNK_BYTES)
            if not chunk:
                return False
            self._input_bytes += len(chunk)
            self._pending = chunk if self._decompressor else chunk.lstrip(b"\0")
        return True


def _create_decompressor(compression: Compression) -> _Decompressor:
    if compression == "gzip":
        return zlib.decompressobj(_GZIP_WINDOW)
    if compression == "xz":
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MAX_MEMORY_BYTES)
    return bz2.BZ2Decompressor()
