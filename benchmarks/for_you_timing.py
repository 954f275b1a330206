"""Measure how long the personal order takes.

    python benchmarks/for_you_timing.py [ARCHIVE] [--corpus FILE] [--bookmarks N] [--repeat N]

Prints the least of several processor times, which hardly depend on the load: the profile of N bookmarks of which
nothing is known yet, the profile with one more bookmark, the scores of all papers, the reasons for one paper, and the
levels of all rows. With a corpus, the library holds these papers as well.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import corpus
import daily_papers

from paperreader.search.analysis.stemming import stem
from paperreader.search.for_you.profile import build_profile
from paperreader.search.for_you.recommender import Recommender, Taste
from paperreader.search.for_you.scoring import levels_among
from paperreader.search.for_you.stem_store import StemStore
from paperreader.search.for_you.term_vectors import TermVector, TermWeights

SEED = 3


def least_milliseconds(repeat: int, action: Callable[[], object]) -> float:
    """Return the least processor time of an action in this thread, in milliseconds."""
    times = []
    for _ in range(repeat):
        start = time.thread_time()
        action()
        times.append(time.thread_time() - start)
    return 1000 * min(times)


class Timing:
    """Times on one library.

    Args:
        archive: the papers.
        folder: for the derived file.
        bookmarks: how many bookmarks there are.
        repeat: how often each time is measured.
    """

    def __init__(self, archive: daily_papers.Archive, folder: Path, bookmarks: int, repeat: int) -> None:
        self._archive, self._repeat = archive, repeat
        self._stems = StemStore(folder / "timing.bin")
        chosen = random.Random(SEED).sample(archive.rows, bookmarks + 1)
        self._rows, self._extra = sorted(chosen[1:]), chosen[0]

    def print_profile(self) -> None:
        """Print the time of a profile, cold and with one more bookmark."""

        def cold() -> tuple[TermWeights, list[TermVector]]:
            self._stems.forget()
            stem.cache_clear()
            return self._profile(TermWeights(self._documents), [], self._rows)

        print(
            f"profile of {len(self._rows)} bookmarks, cold: {least_milliseconds(self._repeat, cold):.1f} ms"
        )
        times = []
        for _ in range(self._repeat):
            weights, vectors = cold()
            times.append(
                least_milliseconds(1, lambda w=weights, v=vectors: self._profile(w, v, [self._extra]))
            )
        print(f"one more bookmark: {min(times):.1f} ms")

    def print_scores(self) -> None:
        """Print the times of scores, reasons and levels."""
        archive = self._archive
        recommender = Recommender(archive.engine.open_index, self._stems)
        table, number = archive.table, 0

        def score():
            nonlocal number
            number += 1  # other scores than those that are kept
            kept = [row for row in self._rows if row != self._rows[number % len(self._rows)]]
            return recommender.score(Taste(tuple(kept)), table)

        scores = score()
        print(f"{len(table)} papers scored, with profile: {least_milliseconds(self._repeat, score):.1f} ms")
        row = archive.rows[100]
        explain = least_milliseconds(self._repeat, lambda: recommender.explain(scores, row, table))
        print(f"reasons for a paper: {explain:.1f} ms")
        levels = least_milliseconds(self._repeat, lambda: levels_among(scores.values, without=self._rows))
        print(f"levels of all rows: {levels:.1f} ms")

    @property
    def _documents(self) -> int:
        with self._archive.engine.open_index(self._archive.table) as index:
            return index.postings.document_count

    def _profile(
        self, weights: TermWeights, vectors: list[TermVector], rows: list[int]
    ) -> tuple[TermWeights, list[TermVector]]:
        papers = [self._archive.table.paper(row) for row in rows]
        with self._archive.engine.open_index(self._archive.table) as index:
            vectors = vectors + [
                weights.vector(self._stems.counts(paper), index.postings) for paper in papers
            ]
            build_profile(vectors, weights)
        return weights, vectors


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    daily_papers.add_archive_argument(parser)
    parser.add_argument("--corpus", type=Path, help="JSON Lines file of arXiv metadata that is added")
    parser.add_argument("--bookmarks", type=int, default=30)
    parser.add_argument("--repeat", type=int, default=7)
    options = parser.parse_args()
    more = list(corpus.load_entries(options.corpus)) if options.corpus else ()
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as folder:
        archive = daily_papers.Archive(options.archive, Path(folder), more)
        timing = Timing(archive, Path(folder), options.bookmarks, options.repeat)
        timing.print_profile()
        timing.print_scores()


if __name__ == "__main__":
    main()
