"""An answer's body, of which no more is taken than a service of good will sends."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from paperreader.fetch.http.errors import FetchError, TransientError

MAX_BODY_BYTES = 16 << 20
"""Bytes on the line. A day of papers takes 250 kB, two hundred of arXiv's 500 kB."""

MAX_DECOMPRESSED_BYTES = 32 << 20
"""Bytes after decompression."""


def read_bounded(chunks: Iterable[bytes], host: str, encoding: str, length: str) -> bytes:
    """The whole body, unpacked.

    Args:
        pieces: as they come over the line.
        host: who sends it, for messages.
        encoding: its `Content-Encoding`; `gzip` is all that is asked for.
        length: its `Content-Length`, or empty.

    Raises:
        FetchError: it is too long, packed or unpacked, or packed in another way.
        Passing: it is damaged.
    """
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"{host} packed its answer in a way that was not asked for ({encoding[:20]}).")
    if length.isascii() and length.isdigit() and int(length[:20]) > MAX_BODY_BYTES:
        raise _too_long_error(host)
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in encoding else None
    whole, sent = bytearray(), 0
    try:
        for piece in chunks:
            sent += len(piece)
            if sent > MAX_BODY_BYTES:
                raise _too_long_error(host)
            # One byte more than may be: an unpacker that is told how much to give cannot be made to give more.
            whole += (
                unpacker.decompress(piece, MAX_DECOMPRESSED_BYTES + 1 - len(whole)) if unpacker else piece
            )
            if len(whole) > MAX_DECOMPRESSED_BYTES:
                raise FetchError(
                    f"The answer of {host} unpacks to more than {MAX_DECOMPRESSED_BYTES >> 20} MB, and was left alone."
                )
    except zlib.error as error:
        raise TransientError(_damaged_error(host)) from error
    if unpacker is not None and sent and not unpacker.eof:
        raise TransientError(_damaged_error(host))
    return bytes(whole)


def _too_long_error(host: str) -> FetchError:
    return FetchError(f"The answer of {host} is longer than {MAX_BODY_BYTES >> 20} MB, and was left alone.")


def _damaged_error(host: str) -> FetchError:
    return FetchError(f"The answer of {host} is damaged; try again later.")
