"""Benchmark the search engine: build, open, update, and all kinds of queries, compared with other engines.

    python benchmarks/search.py [--corpus FILE] [--papers N] [--keep FOLDER] [--worst-case]

Prints milliseconds at the 50th and 95th percentile. All engines run the same queries one after the other in the same
process; our times include ranking every match.
"""

from __future__ import annotations

import argparse
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
import external_programs
import worst_case
from engines import Engine, available_engines
from msgspec.structs import replace
from queries import QueryGenerator
from report import Report
from timing import percentiles, time_each, time_once

from paperreader.catalog import Catalog
from paperreader.models import ImportedEntry, PaperTable
from paperreader.system.memory import keep_freed_memory
from paperreader.text.tex_display import tex_to_unicode

QUERIES_PER_KIND = 100
"""Queries of each kind, and papers for related papers and highlights."""

MAX_SECONDS = 4.0
"""For the queries of a kind in another engine; the rest of its queries are left out."""

TYPED_QUERIES = 20
PAGE_ROWS = 50
"""Number of papers whose highlights are computed at once."""

PAPERS_PER_UPDATE = 50


def run_benchmark(folder: Path, corpus_file: Path | None, papers: int | None, report_engines: bool) -> Report:
    """Build everything in `folder` and measure."""
    catalog, table, seconds = open_library(folder, corpus_file, papers)
    keep_freed_memory(len(table))
    print(
        f"{len(table)} papers, {corpus_file.name if corpus_file else 'synthetic'}; ready after {seconds:.1f} s"
    )
    sample = [
        table.paper(row)
        for row in random.Random(corpus.SEED).sample(list(table.newest), min(len(table), 5000))
    ]
    engines = available_engines(folder) if report_engines else []
    report = Report("search", [engine.name for engine in engines])
    started = time.perf_counter()
    from paperreader.search import IndexStore, SearchEngine

    imports = 1000 * (time.perf_counter() - started)
    index_folder = folder / "index"
    engine = SearchEngine(IndexStore(index_folder))
    build = time_once(lambda: engine.store.update(table, from_scratch=True))
    builds = {engine.name: [time_once(lambda e=engine: _build_engine(e, table))] for engine in engines}
    report.add("build", [build], others=builds)
    engine = SearchEngine(IndexStore(index_folder))
    report.add("import modules", [imports])
    report.add(
        "open", [time_once(lambda: IndexStore(index_folder).is_current(table.version)) for _ in range(10)]
    )
    _measure_queries(report, engine, table, QueryGenerator(sample), engines)
    if report_engines:
        _compare_with_fzf(folder, engine, table, QueryGenerator(sample))
    _measure_pages(report, engine, table)
    _measure_updates(report, catalog, engine)
    size = sum(path.stat().st_size for path in index_folder.iterdir())
    text_bytes = (
        sum(len(f"{paper.title}{paper.abstract}".encode()) for paper in sample) / len(sample) * len(table)
    )
    library = sum(path.stat().st_size for path in folder.glob("l*/**/*") if path.is_file())
    print(
        f"index {size / 1e6:.0f} MB, library and cache {(size + library) / 1e6:.0f} MB, text {text_bytes / 1e6:.0f} MB"
    )
    output = subprocess.run(
        [sys.executable, __file__, "--memory", folder], capture_output=True, check=True, text=True
    )
    print(output.stdout, end="")
    return report


def open_library(
    folder: Path, corpus_file: Path | None, papers: int | None
) -> tuple[Catalog, PaperTable, float]:
    """Open the library in `folder`, filling it if it is empty; also return the seconds that took."""
    started = time.perf_counter()
    catalog = Catalog(folder / "library", cache_root=lambda uuid: folder / "library-cache" / uuid)
    if not len(catalog.open()):
        catalog = corpus.create_catalog(
            folder / "library", corpus.load_entries(corpus_file, papers), folder / "library-cache"
        )
    return catalog, catalog.open(), time.perf_counter() - started


def _build_engine(engine: Engine, table: PaperTable) -> None:
    engine.build(table.paper(row) for row in table.newest)


def _measure_queries(
    report: Report, engine, table: PaperTable, generator: QueryGenerator, engines: Sequence[Engine]
) -> None:
    def ours(query: str) -> object:
        return engine.search(query, table, {})

    query_kinds: list[tuple[str, list[str]]] = [
        ("rare word", [generator.rare_word() for _ in range(QUERIES_PER_KIND)]),
        ("common word", [generator.common_word() for _ in range(QUERIES_PER_KIND)]),
        ("two words", [generator.several_words(2) + " " for _ in range(QUERIES_PER_KIND)]),
        *(
            (f"prefix of {length}", [generator.prefix(length) for _ in range(QUERIES_PER_KIND)])
            for length in range(1, 7)
        ),
        ("typing, a letter each", [part for _ in range(TYPED_QUERIES) for part in generator.typed_letters()]),
    ]
    for name, queries in query_kinds:
        others = {engine.name: time_each(engine.search, queries, MAX_SECONDS) for engine in engines}
        report.add(name, time_each(ours, queries), others=others)
    phrases = [generator.phrase() for _ in range(QUERIES_PER_KIND)]
    others = {engine.name: time_each(engine.phrase, phrases, MAX_SECONDS) for engine in engines}
    report.add("phrase", time_each(lambda query: ours(f'"{query}"'), phrases), others=others)
    typed = [
        f"date:>=2018 votes:>=0 {part}" for _ in range(TYPED_QUERIES) for part in generator.typed_letters()
    ]
    report.add("typing with filters", time_each(ours, typed))
    report.add(
        "sort by date",
        time_each(ours, [generator.common_word() + "sort:date" for _ in range(QUERIES_PER_KIND)]),
    )


def _compare_with_fzf(folder: Path, engine, table: PaperTable, generator: QueryGenerator) -> None:
    """Compare with fzf, which has no index and reads all text for every query."""
    queries = [query for query in generator.typed_letters() + generator.typed_letters() if query.strip()]
    found = external_programs.time_fzf(
        folder / "lines.txt", (table.paper(row) for row in table.newest), queries
    )
    if found:
        ours = percentiles(time_each(lambda query: engine.search(query, table, {}), queries))
        others = percentiles(found)
        print(
            f"fzf --filter, including start and reading: {others[0]:.0f} / {others[1]:.0f} ms; "
            f"ours {ours[0]:.1f} / {ours[1]:.1f} ms"
        )


def _measure_pages(report: Report, engine, table: PaperTable) -> None:
    rows = random.Random(corpus.SEED).sample(list(table.newest), QUERIES_PER_KIND)
    report.add("related papers", [time_once(lambda row=row: engine.related(row, table)) for row in rows])
    pages = []
    for row in rows:
        title = tex_to_unicode(table.paper(row).title)
        hits = engine.search(" ".join(title.split()[:3]), table, {})
        papers = [table.paper(found) for found in islice(hits, PAGE_ROWS)]
        texts = [tex_to_unicode(text) for paper in papers for text in (paper.title, paper.abstract)]
        pages.append(sum(time_each(hits.find_matches, texts)))
    report.add(f"highlights of {PAGE_ROWS} papers", pages)


def _measure_updates(report: Report, catalog: Catalog, engine) -> None:
    """Add papers in small updates, then remove them, so that a library reused by the next run is unchanged."""
    name = "added by the benchmark"
    found = iter(corpus.load_entries(None, 1000))
    durations, first_search = [], []
    for _ in range(1000 // PAPERS_PER_UPDATE):
        records = [entry.records[0] for entry in islice(found, PAPERS_PER_UPDATE)]
        catalog.add(
            ImportedEntry((replace(record, arxiv="", source=replace(record.source, name=name)),))
            for record in records
        )
        table = catalog.open()
        durations.append(time_once(lambda table=table: engine.store.update(table)))
        first_search.append(time_once(lambda table=table: engine.search("network", table, {})))
    report.add(f"add {PAPERS_PER_UPDATE} papers", durations)
    report.add("first search after an update", first_search)
    report.add("optimize", [time_once(engine.store.optimize)])
    catalog.remove_source(name)
    engine.store.update(catalog.open())


def _print_memory(folder: Path) -> None:
    """Print the memory of this process after a hundred searches typed letter by letter."""
    from paperreader.search import IndexStore, SearchEngine

    _, table, _ = open_library(folder, None, None)
    generator = QueryGenerator(
        [table.paper(row) for row in random.Random(corpus.SEED).sample(list(table.newest), 200)]
    )
    engine = SearchEngine(IndexStore(folder / "index"))
    for query in [part for _ in range(100) for part in generator.typed_letters()]:
        engine.search(query, table, {})
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
    parser.add_argument("--papers", type=int, help="maximum number of papers")
    parser.add_argument("--keep", type=Path, help="build the library in this folder, or reuse the one there")
    parser.add_argument("--alone", action="store_true", help="do not measure other engines")
    parser.add_argument("--worst-case", action="store_true", help="also run the queries of worst_case.py")
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    parser.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.memory:
        _print_memory(options.memory)
        return
    folder = options.keep or Path(tempfile.mkdtemp(prefix="paperreader-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        report = run_benchmark(folder, options.corpus, options.papers, not options.alone)
        report.write(options.json)
        if options.worst_case:
            worst_case.measure(folder)
    finally:
        if not options.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
