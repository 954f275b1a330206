"""Two at once: a reader in a real pseudo-terminal and another process, each bookmarking paper after paper.

python -m tests.endurance.two_readers --marks 500
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

from paperreader.library import Library
from tests.endurance import by_hand
from tests.terminal import Terminal

OTHER = """
import sys
from pathlib import Path
from paperreader.library import Library
from paperreader.models import MarkChange
library = Library(Path(sys.argv[1]))
for row in list(library.table.newest)[int(sys.argv[2]):]:
    paper = library.paper(row)
    library.save_and_adopt([MarkChange(paper.id, paper.title, bookmark=True)])
"""
"""Bookmarks every paper behind the first so many, one save each."""


def run(folder: Path, marks: int) -> float:
    """Bookmark `marks` papers from each side; gives the seconds it took.

    Raises:
        AssertionError: one is missing in the notebook, or on the reader's screen.
    """
    page = folder / "page.jsonl"
    page.write_text(
        "".join(f'{{"title": "A study of two readers, {number:05}"}}\n' for number in range(2 * marks))
    )
    library = Library(folder / "library")
    library.imports.import_paths([str(page)])
    library.state.set("greeted", True)  # what greets a new reader stands where the marks are counted
    reader = [sys.executable, "-m", "paperreader", "--library", str(library.folder)]
    began = time.monotonic()
    with Terminal(reader, rows=24, columns=100) as terminal:
        terminal.wait_for("A study of two readers")
        with subprocess.Popen([sys.executable, "-c", OTHER, str(library.folder), str(marks)]) as other:
            for number in range(1, marks + 1):
                terminal.send("bj")
                if number % 10 == 0:  # no faster than somebody could see it
                    terminal.wait_for(f" {number + 1:,}/{2 * marks:,}")
        assert other.returncode == 0
        terminal.wait_for(f"★{2 * marks:,}")
        terminal.send("q")
        assert terminal.wait_for_exit() == 0
    took = time.monotonic() - began
    stored = json.loads((library.folder / "notebook.json").read_bytes())["papers"]
    assert sum(mark["bookmark"][0] for mark in stored.values()) == len(stored) == 2 * marks
    return took


def main() -> None:
    """Run from the command line and print what was kept."""
    asked = by_hand.arguments(__doc__, marks=500)
    with by_hand.private_home() as folder:
        took = run(folder, asked.marks)
    print(json.dumps({"marks": 2 * asked.marks, "kept and shown": 2 * asked.marks, "seconds": round(took)}))


if __name__ == "__main__":
    main()
