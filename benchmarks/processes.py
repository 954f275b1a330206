"""Run a command and measure its duration, CPU time and memory, including all its child processes.

Memory is the resident set size (RSS), summed over the processes twenty times a second. Shared pages count repeatedly.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SAMPLE_SECONDS = 0.05
"""Sampling interval of `/proc`."""

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Usage:
    """Resources used by a command."""

    seconds: float = 0.0
    """Wall-clock time."""
    cpu_seconds: dict[int, float] = field(default_factory=dict)
    """CPU seconds of each process seen, by process id, in order of their start."""
    peak_megabytes: float = 0.0
    """Maximum resident memory of all processes together."""
    exit_code: int = 0
    output: str = ""

    @property
    def total_cpu_seconds(self) -> float:
        """CPU seconds of all processes together."""
        return sum(self.cpu_seconds.values())


def run_measured(argv: Sequence[str], env: Mapping[str, str] | None = None, timeout: float = 3600) -> Usage:
    """Run a command to its end and measure it.

    Raises:
        RuntimeError: it failed.
    """
    usage = Usage()
    finished = threading.Event()
    started = time.perf_counter()
    process = subprocess.Popen(
        argv,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    watcher = threading.Thread(target=_sample_usage, args=(process.pid, usage, finished), daemon=True)
    watcher.start()
    try:
        usage.output, _ = process.communicate(timeout=timeout)
    finally:
        finished.set()
        watcher.join()
        process.kill()
    usage.seconds = time.perf_counter() - started
    usage.exit_code = process.returncode
    if usage.exit_code:
        raise RuntimeError(f"{' '.join(map(str, argv))} gave {usage.exit_code}:\n{usage.output[-2000:]}")
    return usage


def _sample_usage(root: int, usage: Usage, finished: threading.Event) -> None:
    while not finished.wait(SAMPLE_SECONDS):
        resident = 0.0
        for pid, cpu_seconds, pages in _process_tree(root):
            usage.cpu_seconds[pid] = cpu_seconds
            resident += pages * _PAGE / 1e6
        usage.peak_megabytes = max(usage.peak_megabytes, resident)


def _process_tree(root: int) -> list[tuple[int, float, int]]:
    """Return process id, CPU seconds and resident pages of a process and its descendants."""
    processes, pending = [], [root]
    while pending:
        pid = pending.pop()
        try:
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            children = [
                child
                for task in Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()
            ]
        except OSError:  # it has ended in the meantime
            continue
        processes.append((pid, (int(stat[11]) + int(stat[12])) / _TICK, int(stat[21])))
        pending += map(int, children)
    return processes
