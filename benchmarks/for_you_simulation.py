"""Measure the personal order on simulated readers of Daily Papers, whose interests are keywords.

    python benchmarks/for_you_simulation.py [ARCHIVE] [--corpus FILE] [--readers N]

A reader is interested in one to three topics and has bookmarked 10, 30 or 100 papers, nine tenths of them on these
topics, the others at random. In each of the next eight weeks, the papers on these topics should come first: AUC,
nDCG@10 and P@10 of a week, compared with the order by votes and by date. With dislikes, the reader also said "less of
this" about three papers on one other topic; "disliked" is the share of such papers among the first ten, before and
after. Topics are the most frequent of the keywords that Hugging Face generates, without those that many papers have. A
paper is on a topic if its text contains the keyword, which flatters words. The seed is fixed. With a corpus, the
library holds these papers as well.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import corpus
import daily_papers
import numpy as np
from msgspec import Struct

SEED = 17
TOPICS, MAX_TOPICS = 30, 3
MIN_SHARE, MAX_SHARE = 0.01, 0.06
"""The share of the papers that a topic may have."""
BOOKMARKS = (10, 30, 100)
DISLIKES = 3
WEEKS = 8
TOP = 10


class Reader(Struct):
    """A simulated reader at one time."""

    bookmarks: list[int]
    wanted: set[int]
    weeks: list[list[int]]
    disliked: list[int]
    unwanted: set[int]


def topics(archive: daily_papers.Archive) -> list[set[int]]:
    """Return the rows of the papers on each topic."""
    texts, counts = {}, Counter()
    for row in archive.rows:
        paper = archive.table.paper(row)
        texts[row] = " ".join(f"{paper.title} {paper.abstract}".casefold().split())
        counts.update({keyword.casefold() for keyword in paper.keywords})
    found: dict[str, set[int]] = {}
    for keyword, _ in counts.most_common():
        holds = re.compile(rf"\b{re.escape(keyword)}\b").search
        rows = {row for row, text in texts.items() if holds(text)}
        if MIN_SHARE * len(texts) <= len(rows) <= MAX_SHARE * len(texts):
            found[keyword] = rows
        if len(found) == TOPICS:
            break
    print("; ".join(f"{keyword} {len(rows)}" for keyword, rows in found.items()))
    return list(found.values())


def make_reader(
    archive: daily_papers.Archive, found: Sequence[set[int]], count: int, rng: random.Random
) -> Reader:
    """Return a reader with `count` bookmarks."""
    weeks = sorted(archive.weeks)
    now = rng.choice(weeks[len(weeks) // 2 : -WEEKS])
    past = {row for week in weeks if week < now for row in archive.weeks[week]}
    while True:
        chosen = rng.sample(range(len(found)), rng.randint(1, MAX_TOPICS) + 1)
        wanted = set().union(*(found[number] for number in chosen[1:]))
        unwanted = found[chosen[0]] - wanted
        if len(wanted & past) >= count * 9 // 10 and len(unwanted & past) >= DISLIKES:
            break
    bookmarks = rng.sample(sorted(wanted & past), count * 9 // 10)
    bookmarks += rng.sample(sorted(past - wanted), count - len(bookmarks))
    following = [archive.weeks[week] for week in weeks if week >= now][:WEEKS]
    disliked = rng.sample(sorted((unwanted & past) - set(bookmarks)), DISLIKES)
    return Reader(bookmarks, wanted, following, disliked, unwanted)


def metrics(order: Sequence[int], wanted: set[int]) -> tuple[float, float, float]:
    """Return AUC, nDCG@10 and P@10 of an order."""
    hits = np.array([row in wanted for row in order])
    positive, negative = int(hits.sum()), int((~hits).sum())
    misses_before = np.cumsum(~hits)[hits].sum()
    gains = 1 / np.log2(np.arange(2, len(order) + 2))
    ideal = gains[: min(TOP, positive)].sum()
    return (
        1 - misses_before / (positive * negative),
        float((gains[:TOP] * hits[:TOP]).sum() / ideal),
        float(hits[:TOP].mean()),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    daily_papers.add_archive_argument(parser)
    parser.add_argument("--corpus", type=Path, help="JSON Lines file of arXiv metadata that is added")
    parser.add_argument("--readers", type=int, default=30, help="readers for each number of bookmarks")
    options = parser.parse_args()
    more = list(corpus.load_entries(options.corpus)) if options.corpus else ()
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as folder:
        archive = daily_papers.Archive(options.archive, Path(folder), more)
        table, found = archive.table, topics(archive)
        size = max(archive.rows) + 1
        date = np.zeros(size)
        date[archive.rows] = -np.arange(len(archive.rows))
        votes = np.array([table.votes(row) or 0 for row in range(size)])
        for count in BOOKMARKS:
            rng = random.Random(SEED)
            results: defaultdict[str, list[tuple[float, float, float]]] = defaultdict(list)
            disliked: defaultdict[str, list[float]] = defaultdict(list)
            for _ in range(options.readers):
                reader = make_reader(archive, found, count, rng)
                orders = {
                    "date": date,
                    "votes": votes,
                    "for you": archive.scores(reader.bookmarks),
                    "for you, less of this": archive.scores(reader.bookmarks, reader.disliked),
                }
                for name, scores in orders.items():
                    for week in reader.weeks:
                        order = sorted(week, key=lambda row: -scores[row])
                        disliked[name].append(np.mean([row in reader.unwanted for row in order[:TOP]]))
                        if 0 < len(reader.wanted.intersection(week)) < len(week):
                            results[name].append(metrics(order, reader.wanted))
            for name, values in results.items():
                auc, ndcg, precision = np.mean(values, axis=0)
                print(
                    f"{count:>3} bookmarks, {name:<22} AUC {auc:.3f}  nDCG@10 {ndcg:.3f}  P@10 {precision:.3f}"
                    f"  disliked {np.mean(disliked[name]):.3f}"
                )


if __name__ == "__main__":
    main()
