"""Giving way: long work takes what is left of the processors, so that a key echoes at once whatever runs behind."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

BACKGROUND, IDLE = 10, 19
"""How much nicer than its parent work is that somebody waits for, and work that nobody does."""


def lower_priority(niceness: int = BACKGROUND) -> None:
    """Let this process, and what it starts from here on, give way to all others of the usual priority.

    On Linux it does not count as interactive either, so that whoever wakes up takes its place at once; how urgent its
    reading and writing are follows from the niceness.
    """
    if not hasattr(os, "nice"):
        return
    with suppress(OSError):
        os.nice(niceness)
        if hasattr(os, "sched_setscheduler"):
            policy = os.SCHED_IDLE if niceness >= IDLE else os.SCHED_BATCH
            os.sched_setscheduler(0, policy, os.sched_param(0))
        if os.getsid(0) == os.getpid():
            # Where Linux shares out time between sessions first, what counts is how nice this one is among them.
            Path("/proc/self/autogroup").write_text(str(niceness))
