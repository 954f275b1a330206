"""Measure search by meaning: papers described in other words, by keywords, by summaries and titles; related papers.

    python benchmarks/meaning.py [--archive PATH] [--corpus FILE] [--queries FILE ...] [--model FILE]

The papers are those of an archive of Daily Papers, and these among a corpus of arXiv metadata, of which a thousand have
no title. Three ways are compared: by words alone, by nearness of vectors alone, and as the program searches.

- Descriptions in other words: tab-separated files with a header, of the expected id, `hf` (in the archive) or `arxiv`
  (in the corpus only), and the query; by default `descriptions.tsv`, which avoids the words of titles and abstracts
  wherever there are others, and `semantic/*queries.tsv` in `PAPERREADER_TEST_DATA`.
- Three keywords, and the summary of one line, of papers of the archive.
- Titles of papers that have none.
- Related papers share keywords, of which each counts by its rarity (nDCG at 10).

S@n is the share of queries whose paper is among the first n results; MRR the mean of 1 / rank, where ranks beyond ten
count as 0. A model that was trained without the targets gives the unbiased figures: `--model`.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import corpus
import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from relevance import load_papers

from paperreader.models import ImportedEntry, PaperTable
from paperreader.search import IndexStore, SearchEngine
from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import split_words
from paperreader.search.meaning import model
from paperreader.text.tex_display import tex_to_unicode

MAX_ITEMS = 1000
UNTITLED = "Untitled"
SHOWN, FIRST = 50, 10
NOT_FOUND = 10**9


class Item(Struct, frozen=True):
    """A query, and the id of the paper that it should find."""

    id: str
    query: str


class Vectors:
    """The vectors of a library, as its index contains them."""

    def __init__(self, index: SearchEngine, table: PaperTable) -> None:
        self._index, self._table = index, table
        self._rows = np.array(sorted(table.newest))

    def nearest(self, query: str) -> list[int]:
        """Return the rows of the nearest papers."""
        with self._index.open_index(self._table) as index:
            assert index.vectors.model is not None
            vector = index.vectors.model.vector(map(stem, split_words(query)))
            cosines = index.vectors.cosines(vector)[self._rows]
        return self._rows[np.argsort(-cosines)[:SHOWN]].tolist()


def read_items(files: Iterable[Path], collections: Sequence[str]) -> list[Item]:
    """Return the descriptions of papers in those collections."""
    lines = chain.from_iterable(file.read_text(encoding="utf-8").splitlines()[1:] for file in files)
    fields = [line.split("\t") for line in lines]
    return [Item(id, query) for id, collection, query in fields if collection in collections]


def print_found(
    label: str, items: Sequence[Item], table: PaperTable, ways: dict[str, Callable[[str], Sequence[int]]]
) -> None:
    """Print how well each way finds the papers."""
    present = [(row, item.query) for item in items if (row := table.row_of(item.id)) is not None]
    if missing := len(items) - len(present):
        print(f"  {label}: {missing} papers are not in this library")
    for way, search in ways.items() if present else ():
        started = time.perf_counter()
        ranks = np.array([_rank(search(query), row) for row, query in present])
        milliseconds = 1000 * (time.perf_counter() - started) / len(present)
        shares = "  ".join(f"S@{n} {np.mean(ranks <= n):.3f}" for n in (1, FIRST, SHOWN))
        mrr = np.mean(np.where(ranks <= FIRST, 1 / ranks, 0))
        print(f"  {label:28}{way:10}{shares}  MRR {mrr:.3f}  {milliseconds:6.1f} ms  of {len(present)}")


def _rank(rows: Sequence[int], row: int) -> int:
    found = [*map(int, rows)]
    return found.index(row) + 1 if row in found else NOT_FOUND


def print_related(index: SearchEngine, table: PaperTable, rng: random.Random) -> None:
    """Print how much related papers share their keywords."""
    keywords = {
        row: {word.lower() for word in table.paper(row).keywords}
        for row in table.newest
        if table.paper(row).keywords
    }
    frequency = Counter(word for words in keywords.values() for word in words)
    rarity = {word: np.log(len(keywords) / count) for word, count in frequency.items()}
    rows_with = defaultdict(set)
    for row, words in keywords.items():
        for word in words:
            rows_with[word].add(row)
    discounts = 1 / np.log2(np.arange(FIRST) + 2)
    found = []
    for row in rng.sample(sorted(keywords), min(MAX_ITEMS, len(keywords))):
        gains: Counter[int] = Counter()
        for word in keywords[row]:
            for other in rows_with[word] - {row}:
                gains[other] += rarity[word]
        if not gains:
            continue
        best = [gain for _, gain in gains.most_common(FIRST)]
        related = [other for other in index.related(row, table, limit=len(table)).rows if other in keywords]
        own = [gains[other] for other in related[:FIRST]]
        found.append(np.dot(own, discounts[: len(own)]) / np.dot(best, discounts[: len(best)]))
    print(f"  {'related, shared keywords':28}{'':10}nDCG@10 {np.mean(found):.3f} of {len(found)}")


def measure_archive(index: SearchEngine, table: PaperTable, vectors: Vectors, files: Sequence[Path]) -> None:
    """Print all figures of a library of Daily Papers."""
    rng = random.Random(corpus.SEED)
    ways = search_ways(index, table, vectors)
    for file in files:
        print_found(f"other words, {file.stem}", read_items([file], ["hf"]), table, ways)
    papers = [table.paper(row) for row in sorted(table.newest)]
    papers = [paper for paper in papers if paper.summary and len(paper.keywords) >= 3]
    papers = rng.sample(papers, min(MAX_ITEMS, len(papers)))
    keywords = [Item(paper.id, " ".join(paper.keywords[:3])) for paper in papers]
    print_found("three keywords", keywords, table, ways)
    print_found("summary", [Item(paper.id, paper.summary) for paper in papers], table, ways)
    print_related(index, table, rng)


def search_ways(
    index: SearchEngine, table: PaperTable, vectors: Vectors
) -> dict[str, Callable[[str], Sequence[int]]]:
    """Return the ways to search, each a function from a query to rows."""
    return {
        "words": lambda query: index.search(query, table, {}, is_typing=False).rows[:SHOWN],
        "meaning": vectors.nearest,
        "both": lambda query: index.search(query, table, {}, is_typing=False, meaning=True).rows[:SHOWN],
    }


def without_titles(entries: Iterable[ImportedEntry], ids: set[str]) -> Iterator[ImportedEntry]:
    """Yield papers; those with these ids lose their title."""
    for entry in entries:
        is_chosen = entry.records[0].arxiv in ids
        yield ImportedEntry((replace(entry.records[0], title=UNTITLED),)) if is_chosen else entry


def measure_corpus(options: argparse.Namespace, entries: Sequence[ImportedEntry], folder: Path) -> None:
    """Print the figures of the archive among the corpus."""
    items = read_items(options.queries, ["hf", "arxiv"])
    papers = list(corpus.load_entries(options.corpus, options.papers))
    known = {item.id for item in items} | {entry.records[0].arxiv for entry in entries}
    titles = {entry.records[0].arxiv: entry.records[0].title for entry in papers}
    rng = random.Random(corpus.SEED)
    chosen = rng.sample(sorted(titles.keys() - known), min(MAX_ITEMS, len(titles) // 2))
    all_entries = chain(entries, without_titles(papers, set(chosen)))
    index, table = build_library(folder, all_entries)
    ways = search_ways(index, table, Vectors(index, table))
    for file in options.queries:
        print_found(f"other words, {file.stem}", read_items([file], ["hf", "arxiv"]), table, ways)
    print_found("title", [Item(id, tex_to_unicode(titles[id])) for id in chosen], table, ways)


def build_library(folder: Path, entries: Iterable[ImportedEntry]) -> tuple[SearchEngine, PaperTable]:
    """Build a library and its index, and print its size."""
    table = corpus.create_catalog(folder / "library", entries, folder / "cache").open()
    index = SearchEngine(IndexStore(folder / "index"))
    index.store.update(table)
    print(f"{len(table)} papers", flush=True)
    return index, table


def main() -> None:
    data = os.environ.get("PAPERREADER_TEST_DATA")
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--archive", type=Path, default=Path(data) / "hf_daily" if data else None)
    corpus.add_corpus_argument(parser)
    parser.add_argument("--papers", type=int, help="maximum number of papers from the corpus; 0 for none")
    found = [Path(__file__).with_name("descriptions.tsv")]
    found += sorted((Path(data) / "semantic").glob("*queries.tsv")) if data else []
    parser.add_argument("--queries", type=Path, nargs="+", default=found, help="descriptions of papers")
    parser.add_argument("--model", type=Path, help="another model than that of the program")
    options = parser.parse_args()
    if not options.archive:
        parser.error("no archive of Daily Papers; use --archive")
    if options.model:
        model.MODEL_FILE = options.model
    entries = load_papers(options.archive)
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as folder:
        index, table = build_library(Path(folder) / "archive", entries)
        vectors = Vectors(index, table)
        measure_archive(index, table, vectors, options.queries)
        if options.corpus and options.papers != 0:
            measure_corpus(options, entries, Path(folder) / "corpus")


if __name__ == "__main__":
    main()
