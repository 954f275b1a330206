"""An end to every answer: a timeout for silence alone would wait for ever where a byte comes now and then."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

_CONNECTED_EVENTS = ("connection.connect_tcp.complete", "connection.start_tls.complete")
"""Events of httpcore2's `trace` extension that give the stream of a new connection."""


class Deadline:
    """Breaks an answer off that has not come to its end in time, wherever in it that is: the headers, say."""

    def __init__(self) -> None:
        self._socket: socket.socket | None = None

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """To be the `trace` extension of every request of one connection."""
        if event in _CONNECTED_EVENTS:
            self._socket = info["return_value"].get_extra_info("socket")

    @contextmanager
    def enforce(self, expires_at: float) -> Iterator[None]:
        """Break the connection off when the body lasts longer than to `ends` (of the monotonic clock).

        What reads from it is told that the other side has hung up.
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
            with suppress(OSError):  # it has ended by itself
                self._socket.shutdown(socket.SHUT_RDWR)
