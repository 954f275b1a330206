"""How well the search finds: known papers by what one remembers of them, and related papers.

    python benchmarks/relevance.py [--captures FOLDER] [--corpus FILE] [--papers N]

Known items are asked for by three random words of the abstract, and by their title with two neighbouring letters
exchanged; what counts is the share found among the first ten. Related papers are measured on pages saved as text, each
of which holds the answers to one unknown query: the share of the first ten that stand on the same page, over all papers
(micro) and as a mean over pages (macro), counting only papers that stand on one page. All of it once among the papers
of the pages alone and, where there is a corpus file, once more with those papers mixed in. The seed is fixed. Captures
are looked for below `PAPERREADER_TEST_DATA`.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import random
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

import corpus

from paperreader import importers
from paperreader.models import ImportedEntry, PaperTable
from paperreader.search import IndexStore, SearchEngine
from paperreader.text.tex_display import tex_to_unicode

TOP_RESULTS = 10
MAX_ITEMS = 1000
"""Known items asked for, at most."""


def mean(flags: Sequence[float]) -> float:
    return sum(flags) / max(len(flags), 1)


def three_words(table: PaperTable, rows: Sequence[int], chooser: random.Random) -> list[str]:
    """Three words of each abstract; as many as there are where it is shorter."""
    found = []
    for row in rows:
        words = sorted(set(re.findall(r"\w{4,}", tex_to_unicode(table.paper(row).abstract))))
        found.append(" ".join(chooser.sample(words, min(3, len(words)))))
    return found


def mistyped_titles(table: PaperTable, rows: Sequence[int], chooser: random.Random) -> list[str]:
    """Each title with two neighbouring letters exchanged."""
    found = []
    for row in rows:
        title = tex_to_unicode(table.paper(row).title)
        words = list(re.finditer(r"[^\W\d_]{4,}", title)) or list(re.finditer(r"\w\w+", title))
        if words:
            word = chooser.choice(words)
            place = chooser.randrange(word.start(), word.end() - 1)
            title = title[:place] + title[place + 1] + title[place] + title[place + 2 :]
        found.append(title)
    return found


def print_known_items(index: SearchEngine, table: PaperTable) -> None:
    """Print how many papers are found again."""
    chooser = random.Random(corpus.SEED)
    rows = sorted(table.newest)
    rows = rows if len(rows) <= MAX_ITEMS else sorted(chooser.sample(rows, MAX_ITEMS))
    for name, queries in (
        ("three words of the abstract", three_words(table, rows, chooser)),
        ("title with a typo", mistyped_titles(table, rows, chooser)),
    ):
        asked = [(row, query) for row, query in zip(rows, queries, strict=True) if query]
        found = [row in index.search(query, table, {}).rows[:TOP_RESULTS] for row, query in asked]
        print(f"  {name:32}{mean(found):.3f} of {len(found)}")


def print_related(index: SearchEngine, table: PaperTable, pages: Mapping[int, str]) -> None:
    """Print the precision of related papers; `pages` names the page of each paper that stands on one only."""
    same: defaultdict[str, list[float]] = defaultdict(list)
    for row, page in pages.items():
        near = [other for other in index.related(row, table, limit=len(table)).rows if other in pages][
            :TOP_RESULTS
        ]
        same[page].append(mean([pages[other] == page for other in near]))
    sizes = Counter(pages.values())
    chance = {page: (size - 1) / (len(pages) - 1) for page, size in sizes.items()}
    micro = mean([each for page in same.values() for each in page])
    macro = mean([mean(page) for page in same.values()])
    by_chance = (mean([chance[page] for page in pages.values()]), mean(list(chance.values())))
    print(f"  {'related, same page, micro':32}{micro:.3f} (chance {by_chance[0]:.2f}) of {len(pages)}")
    print(f"  {'related, same page, macro':32}{macro:.3f} (chance {by_chance[1]:.2f}) of {len(same)} pages")


def load_saved_pages(captures: Path | None) -> list[ImportedEntry]:
    """The papers of saved pages."""
    return [
        entry
        for item in (importers.expand_paths([str(captures)]) if captures else ())
        for entry in importers.read_entries(item, date=None, today=dt.date(2025, 9, 1))
        if isinstance(entry, ImportedEntry)
    ]


def measure(folder: Path, entries: Iterable[ImportedEntry], pages: Collection[str]) -> None:
    """Build a library of those papers and print how well they are found; `pages` names the saved pages."""
    table = corpus.create_catalog(folder / "library", entries, folder / "cache").open()
    index = SearchEngine(IndexStore(folder / "index"))
    index.store.update(table)
    print(f"{len(table)} papers")
    print_known_items(index, table)
    names = {row: {source.name for source in table.paper(row).sources} & set(pages) for row in table.newest}
    if alone := {row: min(own) for row, own in sorted(names.items()) if len(own) == 1}:
        print_related(index, table, alone)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--captures", type=Path, help="folder of pages saved as text")
    corpus.add_corpus_argument(parser)
    parser.add_argument("--papers", type=int, help="at most so many papers of it")
    given = parser.parse_args()
    data = os.environ.get("PAPERREADER_TEST_DATA")
    captures = given.captures or (Path(data) / "captures" if data else None)
    if not captures and not given.corpus:
        parser.error("neither captures nor a corpus file")
    papers = load_saved_pages(captures)
    pages = {entry.records[0].source.name for entry in papers}
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as folder:
        if papers:
            measure(Path(folder) / "captures", papers, pages)
        if given.corpus:
            measure(
                Path(folder) / "corpus", chain(papers, corpus.load_entries(given.corpus, given.papers)), pages
            )


if __name__ == "__main__":
    main()
