"""Random damage to derived files: row table, search index, metadata tables.

    python -m tests.endurance.damage --trials 2000

Files are truncated, overwritten, zeroed, removed, or replaced by the same file of another state or another library,
before the library is opened or while it is open. Afterwards all queries must have the same results as before, either
immediately or after the rebuild that the error message asks for.
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
from tests.endurance import script
from tests.endurance.resource_usage import WORDS, write_page

DAMAGES = (
    "truncated",
    "overwritten",
    "zeroed",
    "bit flipped",
    "removed",
    "extended",
    "of another state",
    "of another library",
)


def queries(rng: random.Random) -> list[str]:
    """Return one query of each kind, so that every file is used."""
    a, b = rng.sample(WORDS, 2)
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
    """Return the results of queries: titles in order, number of full matches, and suggestion."""
    found = []
    for query in asked:
        hits = library.search(query)
        found.append(
            (tuple(library.paper(row).title for row in hits.rows), hits.full_matches, hits.suggestion)
        )
    return found


def first_difference(was: object, now: object) -> str:
    """Return the first difference of two results."""
    return next((f"{one!r} and {other!r}" for one, other in zip(was, now, strict=True) if one != other), "")


class DamageBench:
    """A library, with an earlier state and another library as sources of replacement files."""

    def __init__(self, folder: Path, papers: int) -> None:
        rng = random.Random(7)
        self.folder = folder / "library"
        library = Library(self.folder)
        for number in range(3):
            library.imports.import_paths([write_page(folder, number, papers, rng)])
            if number == 1:
                self.earlier = shutil.copytree(paths.cache_folder(library.uuid), folder / "earlier")
        self.cache = paths.cache_folder(library.uuid)
        self.good = shutil.copytree(self.cache, folder / "good")
        other = Library(folder / "other")
        other.imports.import_paths([write_page(folder, 4, papers, rng)])
        self.other = paths.cache_folder(other.uuid)

    def restore(self) -> None:
        """Restore the derived files."""
        shutil.rmtree(self.cache)
        shutil.copytree(self.good, self.cache)

    def damage(self, rng: random.Random) -> str:
        """Damage one of the derived files, and return a description."""
        files = sorted(path for path in self.cache.rglob("*") if path.is_file() and path.suffix != ".lock")
        file, way = rng.choice(files), rng.choice(DAMAGES)
        content = file.read_bytes()
        place = rng.randrange(len(content) + 1)
        spares = {"of another state": self.earlier, "of another library": self.other}
        if way == "removed":
            file.unlink()
        elif way in spares:
            like = [one for one in spares[way].rglob(f"*{file.suffix}") if one.suffix == file.suffix]
            same = [one for one in like if one.name.rpartition(".")[0][-8:] == file.stem[-8:]] or like
            if not same:
                return self.damage(rng)
            content = rng.choice(sorted(same)).read_bytes()
            file.write_bytes(content)
        else:
            few = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 64)))
            bit = bytes([content[place - 1] ^ 1 << rng.randrange(8)]) if place else b"\1"
            file.write_bytes(
                {
                    "truncated": content[:place],
                    "overwritten": content[:place] + few + content[place + len(few) :],
                    "zeroed": content[:place] + bytes(len(content) - place),
                    "bit flipped": content[: max(place - 1, 0)] + bit + content[max(place, 1) :],
                    "extended": content + few,
                }[way]
            )
        return f"{file.name.rpartition('.')[2] if file.parent.name == 'index' else file.name} {way}"


def run_trial(bench: DamageBench, asked: list[str], truth: Results, rng: random.Random) -> str:
    """Damage a file, run all queries, and compare the results; return how the library recovered.

    Raises:
        AssertionError: a result was wrong.
    """
    bench.restore()
    open_before = rng.random() < 0.5
    library = Library(bench.folder)
    if open_before:
        results_of(library, rng.sample(asked, 3))
    what = bench.damage(rng)
    if not open_before:
        library = Library(bench.folder)
    how = "unaffected"
    if not library.maintenance.index_is_current():
        library.maintenance.reindex()
        how = "rebuilt before the query"
    try:
        found = results_of(library, asked)
    except StorageError as error:
        assert "reindex" in str(error), (what, error)
        library.maintenance.reindex()
        how = "rebuilt after an error"
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
    """Run trials, and count how the library recovered.

    Raises:
        AssertionError: a result was wrong.
    """
    rng = random.Random(seed)
    bench = DamageBench(folder, papers)
    ended: Counter[str] = Counter()
    for _ in range(trials):
        asked = queries(rng)
        bench.restore()
        truth = results_of(Library(bench.folder), asked)
        ended[run_trial(bench, asked, truth, rng)] += 1
    return ended


def main() -> None:
    """Print the counts."""
    arguments = script.parse_arguments(__doc__, seeded=True, trials=2000)
    with script.temporary_home() as folder:
        began = time.monotonic()
        ended = run(folder, arguments.trials, seed=arguments.seed)
    print(json.dumps({"trials": ended.total(), **ended, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()
