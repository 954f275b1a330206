"""Queries that nobody means well, each as the first one after opening and once more: no answer may take long.

    python benchmarks/hostile.py FOLDER

FOLDER is a library that `benchmarks/search.py --keep FOLDER` has built.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from string import ascii_lowercase

import corpus

from paperreader.catalog import Catalog
from paperreader.models import PaperTable
from paperreader.text.tex_display import tex_to_unicode

MAX_MILLISECONDS = 100.0
"""Milliseconds that no query may take."""

ROUNDS = 3
"""Of which the slowest is shown."""


def worst_case_queries(table: PaperTable) -> Iterator[tuple[str, str]]:
    """Each with a name."""
    chooser = random.Random(corpus.SEED)
    papers = [table.paper(row) for row in chooser.sample(list(table.newest), min(len(table), 500))]
    counts: dict[str, int] = {}
    for paper in papers:
        for word in set(tex_to_unicode(paper.abstract).lower().split()):
            if word.isalpha():
                counts[word] = counts.get(word, 0) + 1
    common = sorted(counts, key=lambda word: -counts[word])
    pairs = [f'"{first} {second}"' for first, second in pairwise(common)]
    letters = ["".join(each) for each in product("abcdst", "aeiou", "nrtsl")]
    yield "every two letters and a star", " ".join(f"{a}{b}*" for a, b in product("aeiost", ascii_lowercase))
    yield "six stars of the commonest", " ".join(f"{each}*" for each in ("re", "co", "in", "pr", "de", "tr"))
    yield "three letters, 150 times", " ".join(letters)
    yield "three letters, wildly cut off", " ".join(f"{each}*" for each in letters)
    yield "the 300 commonest words", " ".join(common[:300])
    yield "the 12 commonest words", " ".join(common[:12]) + " "
    yield "the same, joined by OR", " OR ".join(common[:300])
    yield "without each of them", " ".join(f"-{word}" for word in common[:300])
    yield "each approximately", " ".join(f"{word}~" for word in common[:300])
    yield "6 common phrases", " ".join(pairs[:6]) + " "
    yield "300 common phrases", " ".join(pairs[:300])
    yield "a phrase of 12 common words", '"' + " ".join(common[:12]) + '" '
    yield "a phrase of 1,000 words", '"' + " ".join(common[:1000]) + '"'
    yield "common words joined by dashes", " ".join("-".join(pair) for pair in pairwise(common[:300]))
    yield "authors of the commonest words", f"author:({' '.join(common[:100])})"
    yield "authors by a letter", " ".join(f"author:{letter}" for letter in ascii_lowercase)
    yield "authors by a letter and a star", " ".join(f"author:{letter}*" for letter in ascii_lowercase)
    yield "an author approximately", "author:hintn~ "
    yield "ids by a digit", " ".join(f"id:{digit}" for digit in range(10))
    yield "sources by a letter", " ".join(f"source:{letter}" for letter in ascii_lowercase)
    yield "a misspelt word", "tranformr"
    yield "a dozen misspelt words", " ".join(f"{word}x{word[::-1]}" for word in common[20:32]) + " "
    yield "everything by title", "sort:title"
    yield "the commonest word by title", f"{common[0]} sort:title"
    yield "a pasted abstract", max((tex_to_unicode(paper.abstract) for paper in papers), key=len)
    yield "10,000 letters", "a" * 10_000
    yield "10,000 words", "ab " * 10_000
    yield "10,000 quotes", '"' * 10_000
    yield "10,000 parentheses", "(" * 5_000 + ")" * 5_000
    yield "5,000 words in parentheses", "(" * 5_000 + "network" + ")" * 5_000
    yield "10,000 stars", "*" * 10_000
    yield "fields without end", "title:" * 2_000
    yield "control characters", "".join(map(chr, range(32))) * 300
    yield "any Unicode", "".join(chr(chooser.randrange(0x110000)) for _ in range(10_000))
    yield "ideographs", "学习机器" * 2_500


def measure(folder: Path) -> None:
    """Print what each query takes over the library in that folder."""
    from paperreader.search import IndexStore  # late: how long that takes is measured elsewhere

    catalog = Catalog(folder / "library", cache_root=lambda uuid: folder / "library-cache" / uuid)
    table = catalog.open()
    IndexStore(folder / "index").update(table)
    print(f"{len(table)} papers\n{'slowest, ms':32}{'first':>8}{'again':>8}")
    worst = 0.0
    for name, query in worst_case_queries(table):
        took = [_time_twice(folder, table, query) for _ in range(ROUNDS)]
        first, again = (max(each) for each in zip(*took, strict=True))
        worst = max(worst, first, again)
        late = " !" if max(first, again) > MAX_MILLISECONDS else ""
        print(f"{name:32}{first:8.1f}{again:8.1f}{late}", flush=True)
    print(f"{'worst':32}{worst:8.1f}")


def _time_twice(folder: Path, table: PaperTable, query: str) -> list[float]:
    """Milliseconds of a query as the first that needs its words, and right after it."""
    from paperreader.search import IndexStore, SearchEngine

    index = SearchEngine(IndexStore(folder / "index"))
    index.search("network ", table, {})  # opens it
    found = []
    for _ in range(2):
        began = time.perf_counter()
        index.search(query, table, {})
        found.append(1000 * (time.perf_counter() - began))
    return found


if __name__ == "__main__":
    measure(Path(sys.argv[1]))
