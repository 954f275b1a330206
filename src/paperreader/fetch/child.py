"""The reader's fetch, in a process of its own: `python -m paperreader.fetch.child FOLDER fetch`, or `add NAME…`.

It prints what `paperreader.library.child` says. The result is `{read, new, merged, unchanged, problems, notices, left}`
with sentences as problems. The search index is left to the reader, which sees by itself that papers have come.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from paperreader.errors import UsageError
from paperreader.fetch import session
from paperreader.fetch.paper_refs import parse_ref
from paperreader.library import Library, Progress
from paperreader.library.child import serve
from paperreader.system.priority import lower_priority


def main(arguments: Sequence[str]) -> int:
    """Folder, task, names. Gives the exit code."""
    folder, task, *names = arguments

    def work(tell: Callable[[Progress], None]) -> dict[str, Any]:
        lower_priority()
        library = Library(Path(folder))
        if task == "fetch":
            report = session.fetch_latest(library, tell, update_index=False)
        else:
            things = [what for what in map(parse_ref, names) if what is not None]
            if len(things) < len(names):
                raise UsageError("Something among it is no paper and no page of Daily Papers.")
            report = session.add_refs(library, things, tell, update_index=False)
        return {
            **{
                name: getattr(report, name)
                for name in ("read", "new", "merged", "unchanged", "left", "notices")
            },
            "problems": [str(problem) for problem in report.problems],
        }

    return serve(work)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
