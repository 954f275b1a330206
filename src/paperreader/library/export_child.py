"""Writing an export in a process of its own, so that keys echo at once however many papers it has.

Run as a program: folder, task, format, file, the generation of the table, and a file with its rows, one a line.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from paperreader.errors import PaperreaderError
from paperreader.library.child import Job, serve
from paperreader.library.library import Library
from paperreader.library.types import Progress
from paperreader.library.writing import write_lines
from paperreader.system.priority import BACKGROUND, lower_priority


def export_in_job(folder: Path, format_name: str, file: Path, generation: int, rows: Sequence[int]) -> None:
    """Write the papers at rows of the table of that generation; waits for it: for a worker.

    Raises:
        PaperreaderError: rows mean other papers by now, the file cannot be written, or the work was stopped.
    """
    with tempfile.NamedTemporaryFile("w", encoding="ascii", prefix="paperreader-") as given:
        given.write("\n".join(map(str, rows)))
        given.flush()
        names = (format_name, str(file), str(generation), given.name)
        Job(folder, "export", names, program=__name__).run(lambda progress: None)


def main(arguments: Sequence[str]) -> int:
    """The child's side. Gives the exit code."""
    folder, _task, form, file, generation, given = arguments

    def work(tell: Callable[[Progress], None]) -> dict[str, Any]:
        lower_priority(BACKGROUND)
        library = Library(Path(folder))
        if library.table.generation != int(generation):
            raise PaperreaderError("The library was written anew meanwhile; export once more.")
        rows = [int(line) for line in Path(given).read_text(encoding="ascii").split()]
        write_lines(Path(file), library.export(rows, form))
        return {"written": len(rows)}

    return serve(work)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
