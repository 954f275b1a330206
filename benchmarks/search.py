"""How long the search takes: building, opening, adding, and every kind of query, side by side with other engines.

    python benchmarks/search.py [--corpus FILE] [--papers N] [--keep FOLDER] [--hostile]

Prints milliseconds at the 50th and 95th percentile, and how many times faster than SQLite FTS5 the search is at each.
All engines answer the same queries in the same process, one after the other; those of ours include ranking every match.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

import corpus
import hostile
import peers
from engines import Engine, available_engines
from msgspec.structs import replace
from queries import QueryGenerator
from timing import percentiles, time_each, time_once

from paperreader.catalog import Catalog
from paperreader.models import ImportedEntry, PaperTable
from paperreader.text.tex_display import tex_to_unicode

QUERIES_PER_KIND = 100
"""Of each kind, and as many papers for related ones and highlights."""

TYPED_QUERIES = 20
PAGE_ROWS = 50
"""Rows whose highlights are found at once."""

PAPERS_PER_UPDATE = 50


class Report:
    """Prints a table row by row and keeps it."""

    def __init__(self, engines: Sequence[str]) -> None:
        self._engines = engines
        self.rows: list[dict[str, object]] = []
        heads = "".join(f"{name:>17}" for name in ("paperreader", *engines))
        print(f"{'p50 / p95, ms':24}{heads}{'FTS5 : ours':>17}", flush=True)

    def add_row(self, name: str, ours: Sequence[float], theirs: Sequence[Sequence[float]] = ()) -> None:
        own = percentiles(ours)
        names = ("paperreader", *self._engines)
        self.rows.append({"name": name} | dict(zip(names, map(percentiles, (ours, *theirs)), strict=False)))
        cells = [own, *map(percentiles, theirs)]
        line = "".join(f"{_format_percentiles(*each):>17}" for each in cells)
        if theirs:
            line += " " * 17 * (len(self._engines) - len(theirs))
            line += f"{_format_percentiles(cells[1][0] / own[0], cells[1][1] / own[1]):>17}"
        print(f"{name:24}{line}", flush=True)


def _format_percentiles(p50: float, p95: float) -> str:
    """Both percentiles; one figure where something was measured once."""
    median, most = (f"{value:.1f}" if value < 1000 else f"{value:,.0f}" for value in (p50, p95))
    return median if p50 == p95 else f"{median} / {most}"


def run_benchmark(
    folder: Path, corpus_file: Path | None, papers: int | None, report_engines: bool
) -> list[dict[str, object]]:
    """Build everything in `folder` and measure; gives the rows of the table."""
    catalog, table, took = _open_library(folder, corpus_file, papers)
    print(
        f"{len(table)} papers, {corpus_file.name if corpus_file else 'synthetic'}; ready after {took:.1f} s"
    )
    sample = [
        table.paper(row)
        for row in random.Random(corpus.SEED).sample(list(table.newest), min(len(table), 5000))
    ]
    engines = available_engines(folder) if report_engines else []
    report = Report([engine.name for engine in engines])
    began = time.perf_counter()
    from paperreader.search import IndexStore, SearchEngine

    imports = 1000 * (time.perf_counter() - began)
    place = folder / "index"
    index = SearchEngine(IndexStore(place))
    build = time_once(lambda: index.store.update(table, from_scratch=True))
    report.add_row(
        "build", [build], [[time_once(lambda e=engine: _build_engine(e, table))] for engine in engines]
    )
    index = SearchEngine(IndexStore(place))
    report.add_row("import modules", [imports])
    report.add_row(
        "open", [time_once(lambda: IndexStore(place).is_current(table.version)) for _ in range(10)]
    )
    _measure_queries(report, index, table, QueryGenerator(sample), engines)
    if report_engines:
        _compare_with_fzf(folder, index, table, QueryGenerator(sample))
    _measure_pages(report, index, table)
    _measure_updates(report, catalog, index)
    size = sum(path.stat().st_size for path in place.iterdir())
    text = sum(len(f"{paper.title}{paper.abstract}".encode()) for paper in sample) / len(sample) * len(table)
    library = sum(path.stat().st_size for path in folder.glob("l*/**/*") if path.is_file())
    print(
        f"index {size / 1e6:.0f} MB, library and cache {(size + library) / 1e6:.0f} MB, text {text / 1e6:.0f} MB"
    )
    told = subprocess.run(
        [sys.executable, __file__, "--memory", folder], capture_output=True, check=True, text=True
    )
    print(told.stdout, end="")
    return report.rows


def _open_library(
    folder: Path, corpus_file: Path | None, papers: int | None
) -> tuple[Catalog, PaperTable, float]:
    """The library in `folder`, filled if it is empty, and how many seconds that took."""
    began = time.perf_counter()
    catalog = Catalog(folder / "library", cache_root=lambda uuid: folder / "library-cache" / uuid)
    if not len(catalog.open()):
        catalog = corpus.create_catalog(
            folder / "library", corpus.load_entries(corpus_file, papers), folder / "library-cache"
        )
    return catalog, catalog.open(), time.perf_counter() - began


def _build_engine(engine: Engine, table: PaperTable) -> None:
    engine.build(table.paper(row) for row in table.newest)


def _measure_queries(
    report: Report, index, table: PaperTable, words: QueryGenerator, engines: Sequence[Engine]
) -> None:
    def ours(query: str) -> object:
        return index.search(query, table, {})

    kinds: list[tuple[str, list[str]]] = [
        ("rare word", [words.rare_word() for _ in range(QUERIES_PER_KIND)]),
        ("common word", [words.common_word() for _ in range(QUERIES_PER_KIND)]),
        ("two words", [words.several_words(2) + " " for _ in range(QUERIES_PER_KIND)]),
        *(
            (f"prefix of {length}", [words.prefix(length) for _ in range(QUERIES_PER_KIND)])
            for length in range(1, 7)
        ),
        ("typing, a letter each", [part for _ in range(TYPED_QUERIES) for part in words.typed_letters()]),
    ]
    for name, queries in kinds:
        theirs = [time_each(engine.search, queries) for engine in engines]
        report.add_row(name, time_each(ours, queries), theirs)
    phrases = [words.phrase() for _ in range(QUERIES_PER_KIND)]
    theirs = [time_each(engine.phrase, phrases) for engine in engines]
    report.add_row("phrase", time_each(lambda query: ours(f'"{query}"'), phrases), theirs)
    typed = [f"date:>=2018 votes:>=0 {part}" for _ in range(TYPED_QUERIES) for part in words.typed_letters()]
    report.add_row("typing with filters", time_each(ours, typed))
    report.add_row(
        "sort by date", time_each(ours, [words.common_word() + "sort:date" for _ in range(QUERIES_PER_KIND)])
    )


def _compare_with_fzf(folder: Path, index, table: PaperTable, words: QueryGenerator) -> None:
    """Beside fzf, which keeps no index: it reads all text for every query."""
    queries = [query for query in words.typed_letters() + words.typed_letters() if query.strip()]
    found = peers.time_fzf(folder / "lines.txt", (table.paper(row) for row in table.newest), queries)
    if found:
        ours = percentiles(time_each(lambda query: index.search(query, table, {}), queries))
        theirs = percentiles(found)
        print(
            f"fzf --filter, start and reading included: {theirs[0]:.0f} / {theirs[1]:.0f} ms; "
            f"ours {ours[0]:.1f} / {ours[1]:.1f} ms"
        )


def _measure_pages(report: Report, index, table: PaperTable) -> None:
    rows = random.Random(corpus.SEED).sample(list(table.newest), QUERIES_PER_KIND)
    report.add_row("related papers", [time_once(lambda row=row: index.related(row, table)) for row in rows])
    pages = []
    for row in rows:
        title = tex_to_unicode(table.paper(row).title)
        hits = index.search(" ".join(title.split()[:3]), table, {})
        papers = [table.paper(found) for found in islice(hits, PAGE_ROWS)]
        texts = [tex_to_unicode(text) for paper in papers for text in (paper.title, paper.abstract)]
        pages.append(sum(time_each(hits.find, texts)))
    report.add_row(f"highlights of {PAGE_ROWS} papers", pages)


def _measure_updates(report: Report, catalog: Catalog, index) -> None:
    """Adds papers by and by, and takes them away again: a library that is kept for the next run stays as it was."""
    name = "added by the benchmark"
    found = iter(corpus.load_entries(None, 1000))
    took, first_search = [], []
    for _ in range(1000 // PAPERS_PER_UPDATE):
        records = [entry.records[0] for entry in islice(found, PAPERS_PER_UPDATE)]
        catalog.add(
            ImportedEntry((replace(record, arxiv="", source=replace(record.source, name=name)),))
            for record in records
        )
        table = catalog.open()
        took.append(time_once(lambda table=table: index.store.update(table)))
        first_search.append(time_once(lambda table=table: index.search("network", table, {})))
    report.add_row(f"add {PAPERS_PER_UPDATE} papers", took)
    report.add_row("first search after it", first_search)
    report.add_row("optimise", [time_once(index.store.optimize)])
    catalog.remove_source(name)
    index.store.update(catalog.open())


def _print_memory(folder: Path) -> None:
    """In a process of its own: what a hundred searches, typed a letter at a time, leave behind."""
    from paperreader.search import IndexStore, SearchEngine

    _, table, _ = _open_library(folder, None, None)
    words = QueryGenerator(
        [table.paper(row) for row in random.Random(corpus.SEED).sample(list(table.newest), 200)]
    )
    index = SearchEngine(IndexStore(folder / "index"))
    for query in [part for _ in range(100) for part in words.typed_letters()]:
        index.search(query, table, {})
    print(f"anonymous memory after 100 typed searches {_anonymous_megabytes():.0f} MB")


def _anonymous_megabytes() -> float:
    status = Path("/proc/self/status")
    found = re.search(r"RssAnon:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(found[1]) / 1000 if found else float("nan")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--papers", type=int, help="at most so many papers")
    parser.add_argument("--keep", type=Path, help="build the library here, and use it again the next time")
    parser.add_argument("--alone", action="store_true", help="measure no other engine")
    parser.add_argument("--hostile", action="store_true", help="go on with queries that nobody means well")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    parser.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.memory:
        _print_memory(given.memory)
        return
    folder = given.keep or Path(tempfile.mkdtemp(prefix="paperreader-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        rows = run_benchmark(folder, given.corpus, given.papers, not given.is_first)
        if given.json:
            given.json.write_text(json.dumps(rows, indent=1))
        if given.hostile:
            hostile.measure(folder)
    finally:
        if not given.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
