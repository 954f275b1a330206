"""End a job whose parent has ended, also while it waits for the network."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading

CHECK_SECONDS = 1.0
"""How often the parent is looked for where the system does not report that the pipe to it is closed."""

CLEANUP_SECONDS = 1.0
"""How long a job may remove temporary files after its parent has ended."""


def end_with_parent() -> None:
    """End this process soon after its parent, which reads the pipe that is standard output.

    It is ended like with `Job.stop`. Call this in the main thread.
    """
    if not hasattr(select, "poll"):  # Windows
        return
    threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()


def _watch(parent: int) -> None:
    poll = select.poll()
    poll.register(sys.stdout.fileno(), 0)  # reports errors only: that nobody can read any more
    while not poll.poll(CHECK_SECONDS * 1000) and os.getppid() == parent:
        pass
    # To the main thread: a call in which it is blocked would not be interrupted otherwise.
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
    threading.main_thread().join(CLEANUP_SECONDS)
    os._exit(128 + signal.SIGTERM)
