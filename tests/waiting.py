"""Wait for file descriptors."""

from __future__ import annotations

import select


def is_readable(descriptor: int, timeout: float) -> bool:
    """Return whether something can be read within `timeout` seconds.

    Unlike select(2), poll(2) works for descriptors above 1023, which a process with many tests has.
    """
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(max(timeout, 0.0) * 1000))
