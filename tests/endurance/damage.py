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


def results_of(library: Library, query_list: list[str]) -> Results:
    """Return the results of queries: titles in order, number of full matches, and suggestion."""
    found = []
    for query in query_list:
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
        file, damage_kind = rng.choice(files), rng.choice(DAMAGES)
        content = file.read_bytes()
        place = rng.randrange(len(content) + 1)
        spares = {"of another state": self.earlier, "of another library": self.other}
        if damage_kind == "removed":
            file.unlink()
        elif damage_kind in spares:
            spare_files = (one for one in spares[damage_kind].rglob("*") if one.is_file())
            like = [one for one in spare_files if one.suffix == file.suffix]
            same = [one for one in like if one.name.rpartition(".")[0][-8:] == file.stem[-8:]] or like
            if not same:
                return self.damage(rng)
            content = rng.choice(sorted(same)).read_bytes()
            file.write_bytes(content)
        else:
            noise = bytes(rng.randrange(256) for _ in range(rng.randrange(1, 64)))
            bit = bytes([content[place - 1] ^ 1 << rng.randrange(8)]) if place else b"\1"
            file.write_bytes(
                {
                    "truncated": content[:place],
                    "overwritten": content[:place] + noise + content[place + len(noise) :],
                    "zeroed": content[:place] + bytes(len(content) - place),
                    "bit flipped": content[: max(place - 1, 0)] + bit + content[max(place, 1) :],
                    "extended": content + noise,
                }[damage_kind]
            )
        return f"{file.name.rpartition('.')[2] if file.parent.name == 'index' else file.name} {damage_kind}"


def run_trial(bench: DamageBench, query_list: list[str], expected: Results, rng: random.Random) -> str:
    """Damage a file, run all queries, and compare the results; return how the library recovered.

    Raises:
        AssertionError: a result was wrong.
    """
    bench.restore()
    open_before = rng.random() < 0.5
    library = Library(bench.folder)
    if open_before:
        results_of(library, rng.sample(query_list, 3))
    damage = bench.damage(rng)
    if not open_before:
        library = Library(bench.folder)
    recovery = "unaffected"
    if not library.maintenance.index_is_current():
        library.maintenance.reindex()
        recovery = "rebuilt before the query"
    try:
        found = results_of(library, query_list)
    except StorageError as error:
        assert "reindex" in str(error), (damage, error)
        library.maintenance.reindex()
        recovery = "rebuilt after an error"
        found = results_of(library, query_list)
    for query, before, after in zip(query_list, expected, found, strict=True):
        assert after == before, (damage, recovery, open_before, query, first_difference(before, after))
    fresh = Library(bench.folder)
    if not fresh.maintenance.index_is_current():
        fresh.maintenance.reindex()
    fresh.maintenance.maintain()
    assert results_of(fresh, query_list) == expected, (damage, recovery, "at the next start")
    assert fresh.maintenance.check() == [], damage
    return recovery


def run(folder: Path, trials: int, *, seed: int = 0, papers: int = 60) -> Counter[str]:
    """Run trials, and count how the library recovered.

    Raises:
        AssertionError: a result was wrong.
    """
    rng = random.Random(seed)
    bench = DamageBench(folder, papers)
    counts: Counter[str] = Counter()
    for _ in range(trials):
        query_list = queries(rng)
        bench.restore()
        expected = results_of(Library(bench.folder), query_list)
        counts[run_trial(bench, query_list, expected, rng)] += 1
    return counts


def main() -> None:
    """Print the counts."""
    arguments = script.parse_arguments(__doc__, seeded=True, trials=2000)
    with script.temporary_home() as folder:
        began = time.monotonic()
        counts = run(folder, arguments.trials, seed=arguments.seed)
    print(json.dumps({"trials": counts.total(), **counts, "seconds": round(time.monotonic() - began)}))


if __name__ == "__main__":
    main()
