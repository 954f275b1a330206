"""Measure the personal order on real people: those who submitted papers to Daily Papers.

    python benchmarks/for_you_submitters.py [ARCHIVE] [--corpus FILE] [--without-vectors]

For each paper that a person submitted, its rank among the papers of that week by others, from what the person had
submitted in earlier weeks, as bookmarks. AUC: the share of the week's papers by others that rank below it. S@10: the
share of cases with the paper among the first ten. MRR: mean of 1 / rank. People with 6 to 45 papers: those with more
choose papers for everyone. Compared with the order by votes. With a corpus, the library holds these papers as well.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import corpus
import daily_papers
import numpy as np

MIN_PAPERS, MAX_PAPERS = 6, 45

KNOWN = ((1, 1), (2, 3), (4, 9), (10, 10**9))
"""Numbers of earlier papers whose cases are shown in one column."""


def cases(archive: daily_papers.Archive, names: dict[str, str]) -> list[tuple[list[int], int, list[int]]]:
    """Return the rows of the earlier papers of a person, of a later one, and of others of that week."""
    counts = Counter(names.values())
    papers: dict[str, list[int]] = defaultdict(list)
    for row in archive.rows:
        name = names.get(archive.table.paper(row).arxiv)
        if name is not None and MIN_PAPERS <= counts[name] <= MAX_PAPERS:
            papers[name].append(row)
    found = []
    for own in papers.values():
        for row in own:
            earlier = [each for each in own if archive.week(each) < archive.week(row)]
            if earlier:
                found.append(
                    (earlier, row, [each for each in archive.weeks[archive.week(row)] if each not in own])
                )
    print(f"{len(papers)} people, {len(found)} cases")
    return found


def rank(scores: Sequence[float] | np.ndarray, rows: Sequence[int], row: int) -> tuple[float, int]:
    """Return the rank of a row among others, ties in the middle, and how many there are."""
    own = scores[row]
    others = np.array([scores[each] for each in rows])
    return 1 + float((others > own).sum() + (others == own).sum() / 2), len(others) + 1


def report(label: str, ranks: Sequence[tuple[float, int, int]]) -> None:
    """Print the metrics of ranks: rank, how many, and number of earlier papers."""
    auc = np.mean([1 - (rank - 1) / (count - 1) for rank, count, _ in ranks])
    found = np.mean([rank <= 10 for rank, _, _ in ranks])
    reciprocal = np.mean([1 / rank for rank, _, _ in ranks])
    columns = [
        np.mean([rank <= 10 for rank, _, known in ranks if low <= known <= high]) for low, high in KNOWN
    ]
    by_known = "  ".join(f"{column:.2f}" for column in columns)
    print(
        f"{label:<12} AUC {auc:.3f}  S@10 {found:.3f}  MRR {reciprocal:.3f}   S@10 by papers known: {by_known}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    daily_papers.add_archive_argument(parser)
    parser.add_argument("--corpus", type=Path, help="JSON Lines file of arXiv metadata that is added")
    parser.add_argument("--without-vectors", action="store_true", help="use the words of papers only")
    options = parser.parse_args()
    more = list(corpus.load_entries(options.corpus)) if options.corpus else ()
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as folder:
        archive = daily_papers.Archive(options.archive, Path(folder), more)
        for file in (Path(folder) / "index").glob("*.vec") if options.without_vectors else ():
            file.unlink()
        print(f"{len(archive.table)} papers, {len(archive.rows)} of the archive, {len(archive.weeks)} weeks")
        votes = np.array([archive.table.votes(row) or 0 for row in range(max(archive.rows) + 1)])
        by_votes, by_profile = [], []
        for earlier, row, week in cases(archive, daily_papers.submitters(options.archive)):
            by_votes.append((*rank(votes, week, row), len(earlier)))
            by_profile.append((*rank(archive.scores(earlier), week, row), len(earlier)))
        report("votes", by_votes)
        report("for you", by_profile)


if __name__ == "__main__":
    main()
