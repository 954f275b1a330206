"""Measure saving one bookmark among many marks, compared with a plain write and two fsyncs of a file of that size.

python benchmarks/notebook.py [--marks N] [--folder FOLDER] [--json FILE]
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from report import Report
from timing import time_once

from paperreader.models import MarkChange
from paperreader.notebook import Notebook

ROUNDS = 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--marks", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="where to write, by default for temporary files")
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = Path(name)
        Notebook(folder).save([example_mark(number) for number in range(options.marks)])
        size = (folder / "notebook.json").stat().st_size
        print(f"{options.marks} marks, {size / 1e6:.1f} MB")
        report = Report("notebook")
        notebook, other = Notebook(folder), Notebook(folder)
        report.add("load all", [time_once(notebook.load)])
        other.load()
        first = [MarkChange("2403.00000", bookmark=True)]
        report.add("first bookmark, with a backup", [time_once(lambda: notebook.save(first))])
        data = (folder / "notebook.json").read_bytes()
        changes = ([MarkChange(f"2403.{n:05}", bookmark=bool(n % 2))] for n in range(ROUNDS))
        report.add("one bookmark", [time_once(lambda each=each: notebook.save(each)) for each in changes])
        bare = [time_once(lambda: write_and_flush(folder / "bare", data)) for _ in range(ROUNDS)]
        report.add("plain write, rename, two fsyncs", bare)
        report.add("refresh in another process", [time_once(other.poll)])
    report.write(options.json)


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


if __name__ == "__main__":
    main()
