"""Read a response body within limits: compressed size, decompressed size, and total time."""

from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

from paperreader.fetch.http.errors import FetchError, TransientError

MAX_BODY_BYTES = 16 << 20
"""Bytes on the wire. A day of papers takes 250 kB, two hundred arXiv papers 500 kB."""

MAX_DECOMPRESSED_BYTES = 32 << 20

_CONNECTED_EVENTS = ("connection.connect_tcp.complete", "connection.start_tls.complete")
"""Events of httpcore2's `trace` extension that carry the stream of a new connection."""


def read_bounded(chunks: Iterable[bytes], host: str, encoding: str, length: str) -> bytes:
    """Return the whole body, decompressed. Arguments and errors as for `stream_bounded`."""
    return b"".join(stream_bounded(chunks, host, encoding, length, MAX_BODY_BYTES, MAX_DECOMPRESSED_BYTES))


def stream_bounded(
    chunks: Iterable[bytes], host: str, encoding: str, length: str, max_bytes: int, max_decompressed: int
) -> Iterator[bytes]:
    """Yield the body, decompressed, as it arrives.

    Args:
        chunks: the raw data.
        host: the sender, for messages.
        encoding: `Content-Encoding`; only `gzip` was offered.
        length: `Content-Length`, or empty.
        max_bytes: the limit of the raw data.
        max_decompressed: the limit of what is yielded.

    Raises:
        FetchError: it is too large, or has another encoding.
        TransientError: the compressed data is damaged.
    """
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise FetchError(f"{host} used an unsupported content encoding ({encoding[:20]}).")
    if length.isascii() and length.isdigit() and int(length[:20]) > max_bytes:
        raise _too_large(host, max_bytes)
    decompressor = zlib.decompressobj(16 + zlib.MAX_WBITS) if "gzip" in encoding else None
    received = decompressed = 0
    try:
        for chunk in chunks:
            received += len(chunk)
            if received > max_bytes:
                raise _too_large(host, max_bytes)
            # `max_length` bounds the memory that one chunk can take; one byte more than allowed shows an overrun.
            room = max_decompressed + 1 - decompressed
            piece = decompressor.decompress(chunk, room) if decompressor else chunk
            decompressed += len(piece)
            if decompressed > max_decompressed:
                raise _too_large(host, max_decompressed, " after decompression")
            yield piece
    except zlib.error as error:
        raise _damaged(host) from error
    if decompressor is not None and received and not decompressor.eof:
        raise _damaged(host)


class Deadline:
    """Ends a response that takes too long in total, by shutting down its socket.

    A read timeout alone does not end a response of which a byte arrives occasionally, neither in the body nor in the
    headers. One object belongs to one connection.
    """

    def __init__(self) -> None:
        self._socket: socket.socket | None = None

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the socket of a new connection. Pass this as the `trace` extension of every request."""
        if event in _CONNECTED_EVENTS:
            self._socket = info["return_value"].get_extra_info("socket")

    @contextmanager
    def enforce(self, expires_at: float) -> Iterator[None]:
        """Shut down the socket if the body takes longer than to `expires_at` (monotonic clock).

        A read in progress then fails as if the server had closed the connection.
        """
        timer = threading.Timer(max(0.0, expires_at - time.monotonic()), self._shut_down)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _shut_down(self) -> None:
        if self._socket is not None:
            with suppress(OSError):  # already closed
                self._socket.shutdown(socket.SHUT_RDWR)


def _too_large(host: str, limit: int, when: str = "") -> FetchError:
    return FetchError(f"The response of {host} is larger than {limit >> 20} MB{when}, and was discarded.")


def _damaged(host: str) -> TransientError:
    return TransientError(FetchError(f"The response of {host} is damaged; try again later."))
