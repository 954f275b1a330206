"""Memory and open files over thousands of searches and hundreds of imports, which must not grow.

python -m tests.endurance.resource_usage --searches 10000 --imports 200
"""

from __future__ import annotations

import gc
import json
import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from paperreader.library import Library
from paperreader.models import MarkChange
from tests.endurance import script

WORDS = [
    f"{head}{tail}"
    for head in ("lan", "ri", "cor", "sedi", "quan", "um", "mo", "ver", "al", "ob")
    for tail in ("tern", "ver", "ridor", "ment", "tum", "brella", "del", "tex", "gorithm", "scura")
]
QUERY_FORMS = (
    "{a}",
    "{a} {b}",
    "{a} {b} {c}",
    '"{a} {b}"',
    "{a} -{b}",
    "title:{a}",
    "author:{b}",
    "{a}*",
    "{a}~",
    "{a} OR {b}",
    "{a} sort:votes",
    "is:unread {a}",
    "note:{a}",
    "votes:>5 {b}",
    "{x}",
)
"""Kinds of queries; `{x}` is a word that does not occur, so that similar spellings are searched."""


@dataclass(frozen=True)
class ResourceUsage:
    """Resources of this process."""

    anonymous: int
    """Memory that is not backed by a file, in kB."""
    open_files: int

    @classmethod
    def now(cls) -> ResourceUsage:
        """Measure, after a garbage collection."""
        gc.collect()
        status = Path("/proc/self/status").read_text()
        anonymous = next(line.split()[1] for line in status.splitlines() if line.startswith("RssAnon"))
        return cls(int(anonymous), len(os.listdir("/proc/self/fd")))  # noqa: PTH208 - one call, no objects


def write_page(folder: Path, number: int, papers: int, rng: random.Random) -> str:
    """Write a file with `papers` new papers, and return its path."""
    file = folder / f"page-{number}.jsonl"
    lines = []
    for part in range(papers):
        text = " ".join(rng.choices(WORDS, k=60))
        title = f"On {' '.join(rng.choices(WORDS, k=6))} {number} {part}"
        paper = {"title": title, "abstract": text, "authors": rng.choices(WORDS, k=3), "votes": part}
        lines.append(json.dumps(paper) + "\n")
    file.write_text("".join(lines))
    return str(file)


def search(library: Library, rng: random.Random) -> None:
    """Run a random query and use its results as the reader does."""
    a, b, c = rng.choices(WORDS, k=3)
    query = rng.choice(QUERY_FORMS).format(a=a, b=b, c=c, x=f"{a}x{rng.randrange(10**6)}")
    hits = library.search(query)
    for row in hits.rows[:20]:
        paper = library.paper(row)
        hits.find_matches(paper.title)
    library.complete(query, len(query))


def import_page(library: Library, folder: Path, number: int, papers: int, rng: random.Random) -> None:
    """Import a page, update the index, and mark a paper."""
    assert library.imports.import_paths([write_page(folder, number, papers, rng)]).new == papers
    paper = library.paper(library.table.newest[0])
    library.save_and_apply([MarkChange(paper.id, paper.title, note=f"note {number}")])
    assert library.pop_warnings() == ()


def usage_over_time(times: int, steps: int, act: Callable[[int], None]) -> Iterator[ResourceUsage]:
    """Call `act` `times` times, and measure after each of `steps` equal parts."""
    for number in range(times):
        act(number)
        if (number + 1) % max(times // steps, 1) == 0:
            yield ResourceUsage.now()


def run(
    folder: Path, searches: int, imports: int, *, papers: int, steps: int
) -> dict[str, list[ResourceUsage]]:
    """Search and import, and return the measurements of both."""
    rng = random.Random(1)
    library = Library(folder / "library")
    import_page(library, folder, -1, papers, rng)
    return {
        "searches": list(usage_over_time(searches, steps, lambda _: search(library, rng))),
        "imports": list(
            usage_over_time(imports, steps, lambda number: import_page(library, folder, number, 20, rng))
        ),
    }


def main() -> None:
    """Print the measurements."""
    arguments = script.parse_arguments(__doc__, searches=10_000, imports=200, papers=5_000)
    with script.temporary_home() as folder:
        measured = run(folder, arguments.searches, arguments.imports, papers=arguments.papers, steps=10)
    for action, usages in measured.items():
        print(action, "RssAnon MB", *(f"{usage.anonymous / 1024:.1f}" for usage in usages))
        print(action, "open files", *(usage.open_files for usage in usages))


if __name__ == "__main__":
    main()
