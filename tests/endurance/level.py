"""Memory and file handles over thousands of searches and hundreds of imports: do they stay level?

python -m tests.endurance.level --searches 10000 --imports 200
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
from tests.endurance import by_hand

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
"""Kinds of queries; `{x}` is a word that nobody wrote, so that spellings are looked for."""


@dataclass(frozen=True)
class ResourceUsage:
    """What a process holds at one moment."""

    anonymous: int
    """kB of memory that no file backs."""
    open_files: int

    @classmethod
    def now(cls) -> ResourceUsage:
        """Once everything that can be given back was given back."""
        gc.collect()
        status = Path("/proc/self/status").read_text()
        anonymous = next(line.split()[1] for line in status.splitlines() if line.startswith("RssAnon"))
        return cls(int(anonymous), len(os.listdir("/proc/self/fd")))  # noqa: PTH208 - one call, no objects


def write_page(folder: Path, number: int, papers: int, chance: random.Random) -> str:
    """A file of that many new papers."""
    file = folder / f"page-{number}.jsonl"
    lines = []
    for part in range(papers):
        text = " ".join(chance.choices(WORDS, k=60))
        title = f"On {' '.join(chance.choices(WORDS, k=6))} {number} {part}"
        paper = {"title": title, "abstract": text, "authors": chance.choices(WORDS, k=3), "votes": part}
        lines.append(json.dumps(paper) + "\n")
    file.write_text("".join(lines))
    return str(file)


def search(library: Library, chance: random.Random) -> None:
    """Ask one query and look at what a reader would show of the answer."""
    a, b, c = chance.choices(WORDS, k=3)
    query = chance.choice(QUERY_FORMS).format(a=a, b=b, c=c, x=f"{a}x{chance.randrange(10**6)}")
    hits = library.search(query)
    for row in hits.rows[:20]:
        paper = library.paper(row)
        hits.highlighter(paper.title)
    library.complete(query, len(query))


def import_page(library: Library, folder: Path, number: int, papers: int, chance: random.Random) -> None:
    """Import a page, mark a paper of it, follow the index."""
    assert library.imports.import_paths([write_page(folder, number, papers, chance)]).new == papers
    paper = library.paper(library.table.newest[0])
    library.save_and_adopt([MarkChange(paper.id, paper.title, note=f"note {number}")])
    assert library.pop_warnings() == ()


def usage_over_time(times: int, steps: int, act: Callable[[int], None]) -> Iterator[ResourceUsage]:
    """What is held after each of `steps` equal parts of doing something that many times."""
    for number in range(times):
        act(number)
        if (number + 1) % max(times // steps, 1) == 0:
            yield ResourceUsage.now()


def run(
    folder: Path, searches: int, imports: int, *, papers: int, steps: int
) -> dict[str, list[ResourceUsage]]:
    """Search and import that often in this process; gives what it held at equal distances."""
    chance = random.Random(1)
    library = Library(folder / "library")
    import_page(library, folder, -1, papers, chance)
    return {
        "searches": list(usage_over_time(searches, steps, lambda _: search(library, chance))),
        "imports": list(
            usage_over_time(imports, steps, lambda number: import_page(library, folder, number, 20, chance))
        ),
    }


def main() -> None:
    """Run from the command line and print the levels."""
    asked = by_hand.arguments(__doc__, searches=10_000, imports=200, papers=5_000)
    with by_hand.private_home() as folder:
        found = run(folder, asked.searches, asked.imports, papers=asked.papers, steps=10)
    for what, held in found.items():
        print(what, "RssAnon MB", *(f"{level.anonymous / 1024:.1f}" for level in held))
        print(what, "file handles", *(level.open_files for level in held))


if __name__ == "__main__":
    main()
