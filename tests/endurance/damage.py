"""Everything derived, damaged at random: the row table, the index, the tables of names.

    python -m tests.endurance.damage --trials 2000

Files are cut, written over, zeroed, removed, or changed for the same file of another state or another library, before
the library is opened or while it is open. Whatever is asked afterwards has the answer it had before, at once or after
the rebuild that the message asks for: never a wrong one, never a missing paper.
"""

from __future__ import annotations

import json
import random
import shutil
import time
from collections import Counter
from pathlib import Path

from paperreader import paths
from paperreader.errors import StorageError
from paperreader.library import Library
from tests.endurance import by_hand
from tests.endurance.level import WORDS, write_page

DAMAGES = (
    "cut",
    "written over",
    "zeroed",
    "bit",
    "removed",
    "longer",
    "of another state",
    "of another library",
)


def queries(chance: random.Random) -> list[str]:
    """One of each kind, so that every file is needed for one of them."""
    a, b = chance.sample(WORDS, 2)
    return [
        a,
        f"{a} {b}",
        f'"{a} {b}"',
        f"{a[:4]}*",
        f"{a}~",
        f"author:{a}",
        "id:on-",
        "source:page-1.jsonl",
        f"{b} sort:title",
        "votes:>30 sort:votes",
        f"title:{a} -{b}",
        f"zz{a}",
        "",
    ]


Results = list[tuple[tuple[str, ...], int, str]]


def results_of(library: Library, asked: list[str]) -> Results:
    """What the library answers: titles in their order, how many are full matches, and what it suggests."""
    found = []
    for query in asked:
        hits = library.search(query)
        found.append(
            (tuple(library.paper(row).title for row in hits.rows), hits.full_matches, hits.suggestion)
        )
    return found


def first_difference(was: object, now: object) -> str:
    """The first place at which two answers differ."""
    return next((f"{one!r} and {other!r}" for one, other in zip(was, now, strict=True) if one != other), "")


class DamageBench:
    """A library with a spare state and a spare library to take other files from."""

    def __init__(self, folder: Path, papers: int) -> None:
        chance = random.Random(7)
        self.folder = folder / "library"
        library = Library(self.folder)
        for number in range(3):
            library.imports.import_paths([write_page(folder, number, papers, chance)])
            if number == 1:
                self.earlier = shutil.copytree(paths.cache_folder(library.uuid), folder / "earlier")
        self.cache = paths.cache_folder(library.uuid)
        self.good = shutil.copytree(self.cache, folder / "good")
        other = Library(folder / "other")
        other.imports.import_paths([write_page(folder, 4, papers, chance)])
        self.other = paths.cache_folder(other.uuid)

    def restore(self) -> None:
        """Put the derived files back as they were."""
        shutil.rmtree(self.cache)
        shutil.copytree(self.good, self.cache)

    def damage(self, chance: random.Random) -> str:
        """Do something to one of the derived files; gives what."""
        files = sorted(path for path in self.cache.rglob("*") if path.is_file() and path.suffix != ".lock")
        file, way = chance.choice(files), chance.choice(DAMAGES)
        content = file.read_bytes()
        place = chance.randrange(len(content) + 1)
        spares = {"of another state": self.earlier, "of another library": self.other}
        if way == "removed":
            file.unlink()
        elif way in spares:
            like = [one for one in spares[way].rglob(f"*{file.suffix}") if one.suffix == file.suffix]
            same = [one for one in like if one.name.rpartition(".")[0][-8:] == file.stem[-8:]] or like
            if not same:
                return self.damage(chance)
            content = chance.choice(sorted(same)).read_bytes()
            file.write_bytes(content)
        else:
            few = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 64)))
            bit = bytes([content[place - 1] ^ 1 << chance.randrange(8)]) if place else b"\1"
            file.write_bytes(
                {
                    "cut": content[:place],
                    "written over": content[:place] + few + content[place + len(few) :],
                    "zeroed": content[:place] + bytes(len(content) - place),
                    "bit": content[: max(place - 1, 0)] + bit + content[max(place, 1) :],
                    "longer": content + few,
                }[way]
            )
        return f"{file.name.rpartition('.')[2] if file.parent.name == 'index' else file.name} {way}"


def run_trial(bench: DamageBench, asked: list[str], truth: Results, chance: random.Random) -> str:
    """Damage a file, ask everything, and hold the answers against the truth; gives how it went.

    Raises:
        AssertionError: an answer was wrong.
    """
    bench.restore()
    open_before = chance.random() < 0.5
    library = Library(bench.folder)
    if open_before:
        results_of(library, chance.sample(asked, 3))
    what = bench.damage(chance)
    if not open_before:
        library = Library(bench.folder)
    how = "at once"
    if not library.maintenance.index_is_current():
        library.maintenance.reindex()
        how = "built anew before"
    try:
        found = results_of(library, asked)
    except StorageError as error:
        assert "reindex" in str(error), (what, error)
        library.maintenance.reindex()
        how = "told, and built anew"
        found = results_of(library, asked)
    for query, was, now in zip(asked, truth, found, strict=True):
        assert now == was, (what, how, open_before, query, first_difference(was, now))
    fresh = Library(bench.folder)
    if not fresh.maintenance.index_is_current():
        fresh.maintenance.reindex()
    fresh.maintenance.maintain()
    assert results_of(fresh, asked) == truth, (what, how, "at the next start")
    assert fresh.maintenance.check() == [], what
    return how


def run(folder: Path, trials: int, *, seed: int = 0, papers: int = 60) -> Counter[str]:
    """Damage derived files that often; gives how the trials went.

    Raises:
        AssertionError: an answer was wrong.
    """
    chance = random.Random(seed)
    bench = DamageBench(folder, papers)
    ended: Counter[str] = Counter()
    for _ in range(trials):
        asked = queries(chance)
        bench.restore()
        truth = results_of(Library(bench.folder), asked)
        ended[run_trial(bench, asked, truth, chance)] += 1
    return ended


def main() -> None:
    """Run from the command line and print how the trials went."""
    asked = by_hand.arguments(__doc__, seeded=True, trials=2000)
    with by_hand.private_home() as folder:
        began = time.monotonic()
        ended = run(folder, asked.trials, seed=asked.seed)
    print(json.dumps({"trials": ended.total(), **ended, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()
