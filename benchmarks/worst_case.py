"""Time pathological queries, each right after opening the index and once more: every one must be fast.

    python benchmarks/worst_case.py FOLDER [--json FILE]

FOLDER is a library built by `benchmarks/search.py --keep FOLDER`.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from string import ascii_lowercase

import corpus
from report import Report

from paperreader.catalog import Catalog
from paperreader.models import PaperTable
from paperreader.text.tex_display import tex_to_unicode

ROUNDS = 3


def worst_case_queries(table: PaperTable) -> Iterator[tuple[str, str]]:
    """Yield (name, query) pairs."""
    rng = random.Random(corpus.SEED)
    papers = [table.paper(row) for row in rng.sample(list(table.newest), min(len(table), 500))]
    counts: dict[str, int] = {}
    for paper in papers:
        for word in set(tex_to_unicode(paper.abstract).lower().split()):
            if word.isalpha():
                counts[word] = counts.get(word, 0) + 1
    common = sorted(counts, key=lambda word: -counts[word])
    pairs = [f'"{first} {second}"' for first, second in pairwise(common)]
    letters = ["".join(each) for each in product("abcdst", "aeiou", "nrtsl")]
    yield "156 prefixes of two letters", " ".join(f"{a}{b}*" for a, b in product("aeiost", ascii_lowercase))
    yield "six most common prefixes", " ".join(f"{each}*" for each in ("re", "co", "in", "pr", "de", "tr"))
    yield "150 words of three letters", " ".join(letters)
    yield "150 prefixes of three letters", " ".join(f"{each}*" for each in letters)
    yield "300 most common words", " ".join(common[:300])
    yield "12 most common words", " ".join(common[:12]) + " "
    yield "300 common words with OR", " OR ".join(common[:300])
    yield "300 common words negated", " ".join(f"-{word}" for word in common[:300])
    yield "300 common words, fuzzy", " ".join(f"{word}~" for word in common[:300])
    yield "6 common phrases", " ".join(pairs[:6]) + " "
    yield "300 common phrases", " ".join(pairs[:300])
    yield "a phrase of 12 common words", '"' + " ".join(common[:12]) + '" '
    yield "a phrase of 1,000 words", '"' + " ".join(common[:1000]) + '"'
    yield "hyphenated common words", " ".join("-".join(pair) for pair in pairwise(common[:300]))
    yield "100 common words as authors", f"author:({' '.join(common[:100])})"
    yield "authors by letter", " ".join(f"author:{letter}" for letter in ascii_lowercase)
    yield "authors by letter, wildcard", " ".join(f"author:{letter}*" for letter in ascii_lowercase)
    yield "fuzzy author", "author:hintn~ "
    yield "ids by digit", " ".join(f"id:{digit}" for digit in range(10))
    yield "sources by letter", " ".join(f"source:{letter}" for letter in ascii_lowercase)
    yield "misspelt word", "tranformr"
    yield "12 misspelt words", " ".join(f"{word}x{word[::-1]}" for word in common[20:32]) + " "
    yield "all papers by title", "sort:title"
    yield "most common word by title", f"{common[0]} sort:title"
    yield "pasted abstract", max((tex_to_unicode(paper.abstract) for paper in papers), key=len)
    yield "10,000 letters", "a" * 10_000
    yield "10,000 words", "ab " * 10_000
    yield "10,000 quotes", '"' * 10_000
    yield "10,000 parentheses", "(" * 5_000 + ")" * 5_000
    yield "5,000 words in parentheses", "(" * 5_000 + "network" + ")" * 5_000
    yield "10,000 stars", "*" * 10_000
    yield "2,000 nested fields", "title:" * 2_000
    yield "control characters", "".join(map(chr, range(32))) * 300
    yield "random Unicode", "".join(chr(rng.randrange(0x110000)) for _ in range(10_000))
    yield "ideographs", "学习机器" * 2_500


def measure(folder: Path) -> Report:
    """Measure each query over the library in that folder."""
    from paperreader.search import IndexStore  # late: `search.py` measures this import

    catalog = Catalog(folder / "library", cache_root=lambda uuid: folder / "library-cache" / uuid)
    table = catalog.open()
    IndexStore(folder / "index").update(table)
    report, slowest = Report("worst_case"), 0.0
    for name, query in worst_case_queries(table):
        durations = [each for _ in range(ROUNDS) for each in _time_twice(folder, table, query)]
        slowest = max(slowest, *durations)
        report.add(name, durations)
    report.add("slowest query", [slowest])
    return report


def _time_twice(folder: Path, table: PaperTable, query: str) -> list[float]:
    """Return the milliseconds of a query when it runs first, and when it is repeated."""
    from paperreader.search import IndexStore, SearchEngine

    index = SearchEngine(IndexStore(folder / "index"))
    index.search("network ", table, {})  # opens it
    durations_of_query = []
    for _ in range(2):
        started = time.perf_counter()
        index.search(query, table, {})
        durations_of_query.append(1000 * (time.perf_counter() - started))
    return durations_of_query


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    options = parser.parse_args()
    measure(options.folder).write(options.json)
