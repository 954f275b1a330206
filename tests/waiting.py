"""Wait for file descriptors, and how long to wait at most."""

from __future__ import annotations

import select

TIMEOUT_SECONDS = 120.0
"""How long to wait for other processes and threads: longer than a machine with a high load takes."""


def is_readable(descriptor: int, timeout: float) -> bool:
    """Return whether something can be read within `timeout` seconds.

    Unlike select(2), poll(2) works for descriptors above 1023, which a process with many tests has.
    """
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(max(timeout, 0.0) * 1000))
