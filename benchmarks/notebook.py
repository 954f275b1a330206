"""What one bookmark among many marks costs, against the bare write and two flushes of a file of that size.

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
        began = time.perf_counter()
        notebook = Notebook(folder)
        notebook.load()
        print(f"{'reading all':34}{(time.perf_counter() - began) * 1000:6.1f}")
        other = Notebook(folder)
        other.load()
        first = time_rounds(lambda _: notebook.save([MarkChange("2403.00000", bookmark=True)]), 1)[0]
        print(f"{'first bookmark, with a backup':34}{first:6.1f}")
        data = (folder / "notebook.json").read_bytes()
        print_times(
            "one bookmark", lambda n: notebook.save([MarkChange(f"2403.{n:05}", bookmark=bool(n % 2))])
        )
        print_times("bare write, rename, two flushes", lambda _: write_and_flush(folder / "bare", data))
        began = time.perf_counter()
        other.poll()
        print(f"{'another reader catching up':34}{(time.perf_counter() - began) * 1000:6.1f}")


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


def time_rounds(act: Callable[[int], object], rounds: int) -> list[float]:
    took = []
    for number in range(rounds):
        began = time.perf_counter()
        act(number)
        took.append((time.perf_counter() - began) * 1000)
    return sorted(took)


def print_times(what: str, act: Callable[[int], object]) -> None:
    took = time_rounds(act, ROUNDS)
    print(f"{what:34}{took[len(took) // 2]:6.1f}{took[len(took) * 95 // 100]:6.1f}")


if __name__ == "__main__":
    main()
