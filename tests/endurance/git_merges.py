"""Change a library on two machines at random, and merge it through a real git repository after each round.

Both machines add, remove and undo, and rewrite the file; one of them may have CRLF line ends. After each merge both
have every paper that was added on either side and removed on none.

    python -m tests.endurance.git_merges --libraries 60 --seed 7
"""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

from paperreader.catalog.journal import format as journal_format
from tests.catalog.git_machine import Machine, titles
from tests.catalog.records import numbered_entries
from tests.endurance import script

ROUNDS = 5
"""Merges of each library."""


def main() -> None:
    """Merge that many libraries, and print what was done."""
    arguments = script.parse_arguments(__doc__, seeded=True, libraries=60)
    chance = random.Random(arguments.seed)
    counts = {"added": 0, "removed": 0, "rewritten": 0, "merges": 0}
    with script.temporary_home() as home:
        for number in range(arguments.libraries):
            journal_format.PAPERS_PER_CHUNK = chance.choice((3, 7, 1000))
            merge_library(home / str(number), chance, counts)
    print(", ".join(f"{count:,} {name}" for name, count in counts.items()))


def merge_library(folder: Path, chance: random.Random, counts: dict[str, int]) -> None:
    """Change one library on two machines.

    Raises:
        AssertionError: a paper is missing, or came back.
    """
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", folder / "origin"], check=True)
    settings = (("core.autocrlf=false",), (chance.choice(("core.autocrlf=true", "core.autocrlf=false")),))
    machines = [Machine(folder / str(index), folder / "origin", *each) for index, each in enumerate(settings)]
    machines[0].catalog.add(numbered_entries(12))
    machines[0].push()
    machines[1].git("pull", "-q", "origin", "main")
    expected = titles("many", *range(12))
    for number in range(ROUNDS):
        for index, machine in enumerate(machines):
            expected = change(machine, f"{index} {number}", expected, chance, counts)
        first, second = chance.sample(machines, 2)
        for source, target in ((first, second), (second, first)):
            source.push()
            target.pull()
            counts["merges"] += 1
            assert target.titles == expected, (folder, number, target.titles ^ expected)
        assert first.titles == expected, (folder, number, first.titles ^ expected)


def change(
    machine: Machine, tag: str, expected: set[str], chance: random.Random, counts: dict[str, int]
) -> set[str]:
    """Change a library at random, and return which papers should be there then."""
    added = chance.randrange(5)
    machine.catalog.add(numbered_entries(added, tag))
    if added and chance.random() < 0.2:
        machine.catalog.undo_import()
        added = 0
    own = sorted(machine.titles & expected)
    gone = set(chance.sample(own, min(len(own), chance.randrange(3))))
    machine.remove(*gone)
    if chance.random() < 0.5:
        machine.catalog.compact()
        counts["rewritten"] += 1
    counts["added"] += added
    counts["removed"] += len(gone)
    return (expected | titles(tag, *range(added))) - gone


if __name__ == "__main__":
    main()
