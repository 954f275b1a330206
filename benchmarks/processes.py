"""A command and everything it starts: how long it runs, what it computes, and the memory of all of it together.

Memory is what the system says is resident (RSS), added up over the processes twenty times a second: pages that two of
them share count twice.
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
"""Seconds between two looks at `/proc`."""

_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICK = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Usage:
    """What a command took."""

    seconds: float = 0.0
    """From its start to its end."""
    cpu_seconds: dict[int, float] = field(default_factory=dict)
    """Seconds computed by each of its processes, as far as they were seen, in the order of their start."""
    peak_megabytes: float = 0.0
    """The most megabytes resident at one moment, over all processes."""
    exit_code: int = 0
    output: str = ""

    @property
    def total_cpu_seconds(self) -> float:
        """Seconds computed by all processes together."""
        return sum(self.cpu_seconds.values())


def run_measured(argv: Sequence[str], env: Mapping[str, str] | None = None, timeout: float = 3600) -> Usage:
    """Run a command to its end and watch it.

    Raises:
        RuntimeError: it failed.
    """
    usage = Usage()
    ended = threading.Event()
    began = time.perf_counter()
    process = subprocess.Popen(
        argv,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
    watcher = threading.Thread(target=_sample_usage, args=(process.pid, usage, ended), daemon=True)
    watcher.start()
    try:
        usage.output, _ = process.communicate(timeout=timeout)
    finally:
        ended.set()
        watcher.join()
        process.kill()
    usage.seconds = time.perf_counter() - began
    usage.exit_code = process.returncode
    if usage.exit_code:
        raise RuntimeError(f"{' '.join(map(str, argv))} gave {usage.exit_code}:\n{usage.output[-2000:]}")
    return usage


def _sample_usage(root: int, usage: Usage, ended: threading.Event) -> None:
    while not ended.wait(SAMPLE_SECONDS):
        resident = 0.0
        for pid, cpu, pages in _process_tree(root):
            usage.cpu_seconds[pid] = cpu
            resident += pages * _PAGE / 1e6
        usage.peak_megabytes = max(usage.peak_megabytes, resident)


def _process_tree(root: int) -> list[tuple[int, float, int]]:
    """The process and its descendants: number, seconds computed, pages resident."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        try:
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            children = [
                child
                for task in Path(f"/proc/{pid}/task").iterdir()
                for child in (task / "children").read_text().split()
            ]
        except OSError:  # it has just ended
            continue
        found.append((pid, (int(stat[11]) + int(stat[12])) / _TICK, int(stat[21])))
        waiting += map(int, children)
    return found
