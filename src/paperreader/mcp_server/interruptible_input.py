"""Standard input that a signal ends, like the end of a file."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

_CHUNK_BYTES = 65_536


@contextmanager
def interruptible_input() -> Iterator[Callable[[], None]]:
    """Put a relay in place of file descriptor 0 in the body, which gets a function that ends the input.

    The SDK reads standard input in a thread, and a read that has begun cannot be interrupted: without the relay, ctrl+c
    would wait for the next line.
    """
    source = os.dup(0)
    reader, writer = socket.socketpair()
    os.dup2(reader.fileno(), 0)
    reader.close()

    def end() -> None:
        with suppress(OSError):  # ended already
            writer.shutdown(socket.SHUT_WR)

    threading.Thread(target=_copy, args=(source, writer, end), daemon=True).start()
    try:
        yield end
    finally:
        end()
        os.dup2(source, 0)


def _copy(source: int, writer: socket.socket, end: Callable[[], None]) -> None:
    """Copy everything from `source`, and end the input after it."""
    with suppress(OSError):  # the terminal or the client is gone
        while chunk := os.read(source, _CHUNK_BYTES):
            writer.sendall(chunk)
    end()
