"""Measure saving one bookmark among many marks, compared with a plain write and two fsyncs of a file of that size.

python benchmarks/notebook.py [MARKS] [FOLDER]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from paperreader.models import MarkChange
from paperreader.notebook import Notebook

ROUNDS = 200


def main() -> None:
    marks = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as name:
        folder = Path(name)
        Notebook(folder).save([example_mark(number) for number in range(marks)])
        size = (folder / "notebook.json").stat().st_size
        print(f"{marks} marks, {size / 1e6:.1f} MB; milliseconds, p50 and p95 of {ROUNDS}")
        started = time.perf_counter()
        notebook = Notebook(folder)
        notebook.load()
        print(f"{'load all':34}{(time.perf_counter() - started) * 1000:6.1f}")
        other = Notebook(folder)
        other.load()
        first = time_rounds(lambda _: notebook.save([MarkChange("2403.00000", bookmark=True)]), 1)[0]
        print(f"{'first bookmark, with a backup':34}{first:6.1f}")
        data = (folder / "notebook.json").read_bytes()
        print_times(
            "one bookmark", lambda n: notebook.save([MarkChange(f"2403.{n:05}", bookmark=bool(n % 2))])
        )
        print_times("plain write, rename, two fsyncs", lambda _: write_and_flush(folder / "bare", data))
        started = time.perf_counter()
        other.poll()
        print(f"{'refresh in another process':34}{(time.perf_counter() - started) * 1000:6.1f}")


def example_mark(number: int) -> MarkChange:
    note = "A remark of middling length on what is good here. " * 2 if number % 5 == 0 else None
    return MarkChange(
        f"2403.{number:05}", "A title of the usual length for a paper of these days", True, True, note
    )


def write_and_flush(path: Path, data: bytes) -> None:
    temporary = path.with_name("temporary")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def time_rounds(function: Callable[[int], object], rounds: int) -> list[float]:
    durations = []
    for number in range(rounds):
        started = time.perf_counter()
        function(number)
        durations.append((time.perf_counter() - started) * 1000)
    return sorted(durations)


def print_times(label: str, function: Callable[[int], object]) -> None:
    durations = time_rounds(function, ROUNDS)
    print(f"{label:34}{durations[len(durations) // 2]:6.1f}{durations[len(durations) * 95 // 100]:6.1f}")


if __name__ == "__main__":
    main()
