"""Measure the quality of search results: known-item search and related papers.

    python benchmarks/relevance.py [--captures FOLDER] [--corpus FILE] [--papers N] [--archive PATH] [--details]

Known items are searched by three random words of the abstract, and by their title with two adjacent letters transposed;
the metric is the share found among the first ten. By id, as URL, and in a sentence, it is the share found first.
Authors are searched by name in several spellings; the metric is the share of the first results that are theirs, of as
many as they have, at most ten. Of surnames that are words, it is the share of results with the word in their text, of
as many as there are, at most ten. Related papers are measured on result pages saved as text, each for one unknown
query: the share of the first ten that are on the same page, over all papers (micro) and averaged over pages (macro),
counting only papers on exactly one page. Both run on the papers of the pages and, with a corpus file, on those mixed
with the corpus. The seed is fixed. The default for pages is `captures` in `PAPERREADER_TEST_DATA`.
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
import spellings

from paperreader import importers
from paperreader.models import ImportedEntry, PaperTable, Problem
from paperreader.search import IndexStore, SearchEngine
from paperreader.text.sanitize import fold_for_search
from paperreader.text.tex_display import tex_to_unicode

TOP_RESULTS = 10
MAX_ITEMS = 1000
"""Maximum number of known items."""
MAX_NAMES = 300
"""Maximum number of ids, and of names."""
COMMON_SURNAMES = (
    "long",
    "young",
    "low",
    "rich",
    "fine",
    "deep",
    "king",
    "small",
    "short",
    "power",
    "field",
    "bird",
)
"""Surnames that are words of papers as well."""


def mean(flags: Sequence[float]) -> float:
    return sum(flags) / max(len(flags), 1)


def three_words(table: PaperTable, rows: Sequence[int], rng: random.Random) -> list[str]:
    """Return three random words of each abstract, fewer for shorter ones."""
    found = []
    for row in rows:
        words = sorted(set(re.findall(r"\w{4,}", tex_to_unicode(table.paper(row).abstract))))
        found.append(" ".join(rng.sample(words, min(3, len(words)))))
    return found


def mistyped_titles(table: PaperTable, rows: Sequence[int], rng: random.Random) -> list[str]:
    """Return each title with two adjacent letters transposed."""
    found = []
    for row in rows:
        title = tex_to_unicode(table.paper(row).title)
        words = list(re.finditer(r"[^\W\d_]{4,}", title)) or list(re.finditer(r"\w\w+", title))
        if words:
            word = rng.choice(words)
            position = rng.randrange(word.start(), word.end() - 1)
            title = title[:position] + title[position + 1] + title[position] + title[position + 2 :]
        found.append(title)
    return found


def print_known_items(index: SearchEngine, table: PaperTable) -> None:
    """Print the success rate of known-item search."""
    rng = random.Random(corpus.SEED)
    rows = sorted(table.newest)
    rows = rows if len(rows) <= MAX_ITEMS else sorted(rng.sample(rows, MAX_ITEMS))
    for name, queries in (
        ("three words of the abstract", three_words(table, rows, rng)),
        ("title with a typo", mistyped_titles(table, rows, rng)),
    ):
        items = [(row, query) for row, query in zip(rows, queries, strict=True) if query]
        found = [row in index.search(query, table, {}).rows[:TOP_RESULTS] for row, query in items]
        print(f"  {name:32}{mean(found):.3f} of {len(found)}")


def print_ids(index: SearchEngine, table: PaperTable) -> None:
    """Print how often a paper is found first by its id."""
    rng = random.Random(corpus.SEED)
    rows = [row for row in sorted(table.newest) if table.paper(row).arxiv]
    items = [(row, table.paper(row).arxiv) for row in rng.sample(rows, min(len(rows), MAX_NAMES))]
    forms = ("{}", "{}v2", "https://arxiv.org/pdf/{}", "see arXiv:{} for the proof")
    for form in forms if items else ():
        found = [[*index.search(form.format(id), table, {}).rows[:1]] == [row] for row, id in items]
        print(f"  {form.format('ID'):32}{mean(found):.3f} of {len(found)}")


def print_authors(index: SearchEngine, table: PaperTable) -> None:
    """Print the precision of searches for authors, and of words that are also surnames."""
    rng = random.Random(corpus.SEED)
    rows_of: defaultdict[str, set[int]] = defaultdict(set)
    for row in table.newest:
        for name in table.paper(row).authors:
            rows_of[fold_for_search(tex_to_unicode(name))].add(row)
    names = sorted(name for name in rows_of if re.fullmatch(r"[a-z]{2,} (?:[a-z]\.? )?[a-z]{2,}", name))
    for label, query in (
        ("author, whole name", "{first} {last}"),
        ("author, surname and initial", "{last} {first[0]}"),
        ("author, Last, First", '"{last}, {first}"'),
    ):
        precision = []
        for name in rng.sample(names, min(len(names), MAX_NAMES)):
            first, *_, last = name.split()
            wanted = len(rows_of[name])
            hits = index.search(query.format(first=first, last=last) + " ", table, {})
            found = hits.rows[: min(wanted, TOP_RESULTS)]
            precision.append(mean([_is_by(table, row, first, last) for row in found]) if len(found) else 0.0)
        if precision:
            print(f"  {label:32}{mean(precision):.3f} of {len(precision)}")
    surnames = {name.split()[-1] for name in names}
    shares = []
    for word in COMMON_SURNAMES:
        if word in surnames:
            texts = index.search(f"title:{word} OR abstract:{word} ", table, {}).full_matches
            top = index.search(f"{word} ", table, {}).rows[: min(texts, TOP_RESULTS)]
            shares.append(mean([word in _text(table, row) for row in top]))
    if shares:
        print(f"  {'word that is a surname':32}{mean(shares):.3f} of {len(shares)}")


def _is_by(table: PaperTable, row: int, first: str, last: str) -> bool:
    """Return whether a paper has an author with that family name, whose given name begins with the same letter."""
    names = (fold_for_search(tex_to_unicode(name)).split() for name in table.paper(row).authors)
    return any(words[-1:] == [last] and words[0][0] == first[0] for words in names)


def _text(table: PaperTable, row: int) -> str:
    paper = table.paper(row)
    return re.sub(r"\W", " ", tex_to_unicode(f"{paper.title} {paper.abstract}").lower())


def print_related(index: SearchEngine, table: PaperTable, pages: Mapping[int, str]) -> None:
    """Print the precision of related papers. `pages` maps each paper that is on a single page to it."""
    precision_by_page: defaultdict[str, list[float]] = defaultdict(list)
    for row, page in pages.items():
        similar = [other for other in index.related(row, table, limit=len(table)).rows if other in pages][
            :TOP_RESULTS
        ]
        precision_by_page[page].append(mean([pages[other] == page for other in similar]))
    sizes = Counter(pages.values())
    chance = {page: (size - 1) / (len(pages) - 1) for page, size in sizes.items()}
    micro = mean([each for page in precision_by_page.values() for each in page])
    macro = mean([mean(page) for page in precision_by_page.values()])
    by_chance = (mean([chance[page] for page in pages.values()]), mean(list(chance.values())))
    print(f"  {'related, same page, micro':32}{micro:.3f} (chance {by_chance[0]:.2f}) of {len(pages)}")
    print(
        f"  {'related, same page, macro':32}{macro:.3f} (chance {by_chance[1]:.2f}) of {len(precision_by_page)} pages"
    )


def print_spellings(folder: Path, archive: Path, details: bool) -> None:
    """Build a library of an archive of Daily Papers, and print how well the spellings of terms meet."""
    table = corpus.create_catalog(folder / "library", load_papers(archive), folder / "cache").open()
    index = SearchEngine(IndexStore(folder / "index"))
    index.store.update(table)
    print(f"{len(table)} papers of the archive")
    found = list(spellings.measure_spellings(index, table))
    for query, recall, precision, papers in found if details else ():
        print(f"  {query:32}{recall:.3f} {precision:.2f} of {papers}")
    for label, values in (
        ("spellings, recall", [recall for _, recall, _, _ in found]),
        ("spellings, precision at 10", [precision for _, _, precision, _ in found]),
    ):
        print(f"  {label:32}{mean(values):.3f} (lowest {min(values):.2f}) of {len(values)}")
    exact = list(spellings.measure_exact_words(index, table))
    for word, precision, papers in exact if details else ():
        print(f"  {word:32}{precision:.2f} of {papers}")
    values = [precision for _, precision, _ in exact]
    print(
        f"  {'words as typed, precision at 10':32}{mean(values):.3f} (lowest {min(values):.2f}) of {len(values)}"
    )


def load_papers(path: Path | None) -> list[ImportedEntry]:
    """Load the papers of saved pages or of an archive."""
    items = importers.expand_paths([str(path)]) if path else ()
    return [
        entry
        for item in items
        if not isinstance(item, Problem)
        for entry in importers.read_entries(item, date=None, today=dt.date(2025, 9, 1))
        if isinstance(entry, ImportedEntry)
    ]


def measure(folder: Path, entries: Iterable[ImportedEntry], pages: Collection[str]) -> None:
    """Build a library of those papers and print all metrics. `pages` are the names of the saved pages."""
    table = corpus.create_catalog(folder / "library", entries, folder / "cache").open()
    index = SearchEngine(IndexStore(folder / "index"))
    index.store.update(table)
    print(f"{len(table)} papers")
    print_known_items(index, table)
    print_ids(index, table)
    print_authors(index, table)
    names = {row: {source.name for source in table.paper(row).sources} & set(pages) for row in table.newest}
    if single_page_papers := {row: min(own) for row, own in sorted(names.items()) if len(own) == 1}:
        print_related(index, table, single_page_papers)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--captures", type=Path, help="folder of result pages saved as text")
    corpus.add_corpus_argument(parser)
    parser.add_argument("--papers", type=int, help="maximum number of papers from the corpus")
    parser.add_argument("--archive", type=Path, help="archive or folder of Daily Papers")
    parser.add_argument("--details", action="store_true", help="print the figures of each spelling")
    options = parser.parse_args()
    data = os.environ.get("PAPERREADER_TEST_DATA")
    captures = options.captures or (Path(data) / "captures" if data else None)
    if not captures and not options.corpus:
        parser.error("no captures and no corpus file; use --captures or --corpus")
    archive = options.archive or (Path(data) / "hf_daily" if data else None)
    papers = load_papers(captures)
    pages = {entry.records[0].source.name for entry in papers}
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as folder:
        if papers:
            measure(Path(folder) / "captures", papers, pages)
        if options.corpus:
            measure(
                Path(folder) / "corpus",
                chain(papers, corpus.load_entries(options.corpus, options.papers)),
                pages,
            )
        if archive:
            print_spellings(Path(folder) / "archive", archive, options.details)


if __name__ == "__main__":
    main()
