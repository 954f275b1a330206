"""A reader in a pseudo-terminal and another process bookmark papers of the same library at the same time.

python -m tests.endurance.two_readers --marks 500
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from paperreader.library import Library
from tests.endurance import script
from tests.terminal import Terminal

OTHER = """
import sys
from pathlib import Path
from paperreader.library import Library
from paperreader.models import MarkChange
library = Library(Path(sys.argv[1]))
for row in list(library.table.newest)[int(sys.argv[2]):]:
    paper = library.paper(row)
    library.save_and_apply([MarkChange(paper.id, paper.title, bookmark=True)])
"""
"""Bookmarks every paper after the first N, one save each."""


def run(folder: Path, marks: int) -> float:
    """Bookmark `marks` papers in each process, and return the seconds that it took.

    Raises:
        AssertionError: a bookmark is missing in the notebook or on the screen.
    """
    page = folder / "page.jsonl"
    page.write_text(
        "".join(
            f'{{"title": "A study of two readers, {number:05}", "published": "2025"}}\n'
            for number in range(2 * marks)
        )
    )
    library = Library(folder / "library")
    library.imports.import_paths([str(page)])
    library.state.set("greeted", True)  # the first-run hint covers the counts in the status bar
    reader = [sys.executable, "-m", "paperreader", "--library", str(library.folder)]
    began = time.monotonic()
    with Terminal(reader, rows=24, columns=100) as terminal:
        terminal.wait_for("A study of two readers")
        with subprocess.Popen([sys.executable, "-c", OTHER, str(library.folder), str(marks)]) as other:
            for number in range(1, marks + 1):
                terminal.send("bj")
                if number % 10 == 0:  # wait until the reader has shown them
                    terminal.wait_for(f" {number + 1:,}/{2 * marks:,}")
        assert other.returncode == 0
        terminal.wait_for(f"★{2 * marks:,}")
        terminal.send("q")
        assert terminal.wait_for_exit() == 0
    seconds = time.monotonic() - began
    stored = json.loads((library.folder / "notebook.json").read_bytes())["papers"]
    assert sum(mark["bookmark"][0] for mark in stored.values()) == len(stored) == 2 * marks
    return seconds


def main() -> None:
    """Print the result."""
    arguments = script.parse_arguments(__doc__, marks=500)
    with script.temporary_home() as folder:
        seconds = run(folder, arguments.marks)
    print(
        json.dumps(
            {"marks": 2 * arguments.marks, "saved and shown": 2 * arguments.marks, "seconds": round(seconds)}
        )
    )


if __name__ == "__main__":
    main()
