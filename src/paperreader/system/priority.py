"""CPU and I/O priority of the current process, so that the reader stays responsive during long work."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

BACKGROUND, IDLE = 10, 19
"""Niceness of work that the user waits for, and of work that can happen at any time."""


def lower_priority(niceness: int = BACKGROUND) -> None:
    """Lower the priority of this process, and of the processes that it starts afterwards.

    On Linux it also gets the batch or idle scheduling policy, so that interactive processes preempt it. Its I/O
    priority follows from the niceness.
    """
    if not hasattr(os, "nice"):
        return
    with suppress(OSError):
        os.nice(niceness)
        if hasattr(os, "sched_setscheduler"):
            policy = os.SCHED_IDLE if niceness >= IDLE else os.SCHED_BATCH
            os.sched_setscheduler(0, policy, os.sched_param(0))
        if os.getsid(0) == os.getpid():
            # If Linux distributes CPU time between sessions first, the niceness of the session counts.
            Path("/proc/self/autogroup").write_text(str(niceness))
