"""Check that a change of the search engine changes no result: the same papers, totals and scores as another version.

    python benchmarks/same_results.py FOLDER --write FILE      with the version to compare with
    python benchmarks/same_results.py FOLDER --compare FILE    with the changed one

FOLDER is a library that `search.py --keep` made, FILE gets the results. To run another version, set PYTHONPATH to the
`src` folder of its checkout. Scores may differ by `MAX_DIFFERENCE`, because they are added in another order; papers
whose scores differ by less than that may be in any order.
"""

from __future__ import annotations

import argparse
import pickle
import random
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import corpus
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray
from queries import QueryGenerator
from search import open_library

from paperreader.models import Mark, PaperTable, SearchHits
from paperreader.search import IndexStore, SearchEngine

MAX_DIFFERENCE = 1e-4
QUERIES_PER_KIND = 100
HEAD = 1_000
"""Results of each query that are compared, from the front; of every tenth query all are."""

_FORMS = (
    *(
        "{0} ",
        "{0} {1} ",
        "{0} {1}",
        "{0} {1} {2} ",
        "{0} {1} {2} {3} {4} {5} {6} {7} ",
        "{0}{1} ",
        "{0}-{1} ",
    ),
    *(
        '"{0} {1}"',
        'title:"{0} {1}" ',
        "title:{0} ",
        "abstract:{0} {1} ",
        "author:{0} ",
        "note:{0} ",
        "={0} ",
    ),
    *("{0} -{1} ", "-{0} ", "{0} OR {1} ", "({0} OR {1}) {2} ", "+{0} {1} {2} ", "{0}~ "),
    *("{0} sort:date", "{0} date:>=2018 ", "{0} is:bookmarked "),
)


class Found(Struct):
    """The results of one query."""

    query: str
    total: int
    count: int
    hint: str
    suggestion: str
    rows: NDArray[np.int32]
    scores: NDArray[np.float32]


def generate_queries(generator: QueryGenerator) -> Iterator[str]:
    """Yield queries of all kinds, typed letter by letter and complete."""
    for _ in range(QUERIES_PER_KIND):
        yield from (generator.rare_word(), generator.common_word(), f'"{generator.phrase()}"')
        yield from (generator.prefix(length) for length in range(1, 7))
    for _ in range(QUERIES_PER_KIND // 2):
        yield from generator.typed_letters()
    for form in _FORMS:
        for _ in range(QUERIES_PER_KIND // 4):
            words = [generator.common_word().strip(), *generator.several_words(7).split()]
            random.Random(words[0] + form).shuffle(words)
            yield form.format(*words, *words)


def some_marks(table: PaperTable, generator: QueryGenerator) -> Mapping[int, Mark]:
    """Return notes, tags and bookmarks of some papers."""
    chosen = random.Random(corpus.SEED).sample(range(len(table)), min(200, len(table)))
    return {
        row: Mark(
            bookmark=(bool(row % 2), 1),
            note=(generator.several_words(5), 1),
            tags={generator.prefix(5): (True, 1)},
        )
        for row in chosen
    }


def search_all(folder: Path) -> Iterator[Found]:
    """Yield the results of all queries: without marks, then some of them with marks."""
    _, table, _ = open_library(folder, None, None)
    newest = list(table.newest)
    sample = random.Random(corpus.SEED).sample(newest, min(len(newest), 2000))
    generator = QueryGenerator([table.paper(row) for row in sample])
    marks = some_marks(table, generator)
    queries = list(generate_queries(generator))
    engine = SearchEngine(IndexStore(folder / "index"))
    for number, query in enumerate(queries):
        yield _found(query, engine.search(query, table, {}), None if number % 10 == 0 else HEAD)
    for query in queries[::7]:
        yield _found(query, engine.search(query, table, marks, corrects=True), HEAD)


def _found(query: str, hits: SearchHits, head: int | None) -> Found:
    rows, scores = (np.array(part[:head]) for part in (hits.rows, hits.scores))
    return Found(
        query,
        hits.full_matches,
        len(hits.rows),
        hits.hint,
        hits.suggestion,
        rows.astype(np.int32),
        scores.astype(np.float32),
    )


def difference(first: Found, second: Found) -> str:
    """Return how two results differ; empty if they are the same."""
    for name in ("query", "total", "count", "hint", "suggestion"):
        if getattr(first, name) != getattr(second, name):
            return f"{name}: {getattr(first, name)!r}, {getattr(second, name)!r}"
    if len(first.rows) != len(second.rows):
        return f"rows: {len(first.rows)}, {len(second.rows)}"
    if not np.allclose(first.scores, second.scores, rtol=0, atol=MAX_DIFFERENCE):
        return f"scores differ by {np.abs(first.scores - second.scores).max():.2g}"
    # At the end of the compared rows, any of those with the last score may be included.
    is_cut = len(first.rows) < first.count
    limit = first.scores[-1] + 2 * MAX_DIFFERENCE if is_cut and len(first.scores) else -np.inf
    if set(first.rows[first.scores > limit].tolist()) - set(second.rows.tolist()):
        return "papers are missing"
    if set(second.rows[second.scores > limit].tolist()) - set(first.rows.tolist()):
        return "other papers were found"
    score_of = dict(zip(second.rows.tolist(), second.scores.tolist(), strict=True))
    for row, score in zip(first.rows.tolist(), first.scores.tolist(), strict=True):
        if abs(score_of.get(row, score) - score) > MAX_DIFFERENCE:
            return f"score of row {row}: {score}, {score_of[row]}"
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="library made by search.py --keep")
    parser.add_argument("--write", type=Path, help="write the results to this file")
    parser.add_argument("--compare", type=Path, help="compare with the results in this file")
    options = parser.parse_args()
    if options.write:
        with options.write.open("wb") as file:
            for found in search_all(options.folder):
                pickle.dump([getattr(found, name) for name in Found.__struct_fields__], file)
    if not options.compare:
        return 0
    compared = differences = moved = 0
    with options.compare.open("rb") as file:
        for found in search_all(options.folder):
            expected = Found(*pickle.load(file))
            compared += 1
            moved += not np.array_equal(expected.rows, found.rows)
            if problem := difference(expected, found):
                differences += 1
                print(f"{found.query!r}: {problem}")
    print(f"{compared} queries compared, {differences} differ, {moved} with equal scores in another order")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
