"""Processes save marks of one notebook at the same time: how long each waits, and whether a mark is lost.

    python -m tests.endurance.locks --writers 3 --marks 300
    python -m tests.endurance.locks --writers 3 --marks 300 --without-flock ENOLCK

`--without-flock` makes flock(2) fail with that error in the writers, as on NFS without its lock service, by a library
that is loaded before libc (needs a C compiler).
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from pathlib import Path

from paperreader.notebook import Notebook
from tests.endurance import script

WRITER = """
import json, sys, time
from pathlib import Path
from paperreader.models import MarkChange
from paperreader.notebook import Notebook
folder, name, marks, writers = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
notebook = Notebook(folder)
(folder.parent / f"{name}.ready").touch()
while len(list(folder.parent.glob("*.ready"))) < writers:
    time.sleep(0.001)
waits = []
for number in range(marks):
    began = time.monotonic()
    notebook.save([MarkChange(f"{name}-{number}", bookmark=True)])
    waits.append(time.monotonic() - began)
waits.sort()
print(json.dumps([waits[len(waits) // 2], waits[len(waits) * 99 // 100], waits[-1]]))
"""

SHIM = """
#include <errno.h>
int flock(int descriptor, int operation) { errno = NUMBER; return -1; }
"""


def compile_shim(folder: Path, name: str) -> Path:
    """Compile a library in which flock fails with the error of that name."""
    source, library = folder / "shim.c", folder / "shim.so"
    source.write_text(SHIM.replace("NUMBER", str(getattr(errno, name))))
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    return library


def run(home: Path, writers: int, marks: int, environ: dict[str, str]) -> dict[str, float]:
    """Save `marks` marks in each process, and return the median, 99th percentile and maximum of a save in ms.

    Raises:
        AssertionError: a mark was lost.
    """
    folder = home / "library"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder), str(number), str(marks), str(writers)],
            stdout=subprocess.PIPE,
            env={**os.environ, **environ},
        )
        for number in range(writers)
    ]
    results = [json.loads(process.communicate()[0]) for process in processes]
    assert len(Notebook(folder).load()) == writers * marks
    assert not [path.name for path in folder.glob("*.lock.*")]
    names = ("median", "99 %", "longest")
    return {
        name: round(1000 * max(values), 1)
        for name, values in zip(names, zip(*results, strict=True), strict=True)
    }


def main() -> None:
    """Print the result."""
    arguments = script.parse_arguments(__doc__, texts={"without-flock": ""}, writers=3, marks=300)
    began = time.monotonic()
    with script.temporary_home() as home:
        name = arguments.without_flock
        environ = {"LD_PRELOAD": str(compile_shim(home, name))} if name else {}
        waits = run(home, arguments.writers, arguments.marks, environ)
    total = arguments.writers * arguments.marks
    seconds = round(time.monotonic() - began, 1)
    print(json.dumps({"saved": total, "ms per save": waits, "seconds": seconds}))


if __name__ == "__main__":
    main()
