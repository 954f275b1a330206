"""Measure the main metrics at a thousand, ten thousand, a hundred thousand and a million papers.

    python benchmarks/growth.py [--corpus FILE] [--sizes 1000,10000] [--imported FOLDER --usage FILE] [--json FILE]
        [--plot FILE] [--keep FOLDER]

If the corpus is too small, synthetic papers are added. A million papers take about ten minutes and 5 GB of disk. The
corpus as a whole is not imported again if `importing.py` has kept it in FOLDER and written its figures to FILE.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import corpus
import plot
from importing import Sandbox, time_additions, write_papers
from processes import Usage
from queries import QueryGenerator
from reader import READER, time_minimal_app, time_start, type_without_emulation
from recorded_terminal import RecordedTerminal
from report import Report, read_figures
from timing import percentiles, time_each

from paperreader.catalog import Catalog, CatalogTable
from paperreader.system.memory import keep_freed_memory
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode

SIZES = (1_000, 10_000, 100_000, 1_000_000)
STARTS = 5
TYPED_QUERIES, MEMORY_QUERIES = 20, 6
"""Queries typed in the engine, and in the reader before its memory is measured."""


def write_corpus(file: Path | None, count: int, folder: Path) -> tuple[Path, int]:
    """Write a file of `count` papers; also return the bytes of their titles and abstracts."""
    papers_file = folder / "arxiv-metadata.jsonl"
    real = list(islice(corpus.load_entries(file, count), count)) if file else []
    text_bytes = write_papers(papers_file, real)
    if len(real) < count:
        extra = folder / "arxiv-metadata-more.jsonl"
        text_bytes += write_papers(
            extra, islice(corpus.load_entries(None, count), len(real), None), first=len(real) + 1
        )
        with papers_file.open("ab") as whole, extra.open("rb") as rest:
            while piece := rest.read(1 << 20):
                whole.write(piece)
        extra.unlink()
    return papers_file, text_bytes


def open_table(sandbox: Sandbox) -> tuple[CatalogTable, Path]:
    """Return the table of a library, and the folder of its derived files."""
    cache = sandbox.folder / "cache" / "paperreader"
    catalog = Catalog(sandbox.folder / "library", cache_root=lambda uuid: cache / uuid)
    table = catalog.open()
    return table, cache / catalog.uuid


def import_corpus(sandbox: Sandbox, file: Path | None, count: int) -> tuple[Usage, int]:
    """Import `count` papers; also return the bytes of their titles and abstracts."""
    papers_file, text_bytes = write_corpus(file, count, sandbox.folder)
    usage = sandbox.run("import", papers_file)
    papers_file.unlink()
    return usage, text_bytes


def known_import(sandbox: Sandbox, figures_file: Path) -> tuple[Usage, int]:
    """Return what `import_corpus` would for a library that `importing.py` made, from its figures."""
    figures = {figure.name: figure.p50 for figure in read_figures(figures_file)}
    usage = Usage(
        figures["import, time"],
        {0: figures["import, processor time of all processes"]},
        figures["import, maximum memory"],
    )
    table, _ = open_table(sandbox)
    papers = map(table.paper, table.newest)
    return usage, sum(len(f"{paper.title}{paper.abstract}".encode()) for paper in papers)


def measure(sandbox: Sandbox, file: Path | None, usage: Usage, text_bytes: int) -> dict[str, float]:
    """Measure all metrics of a library, which an import with that usage has made."""
    size = sandbox.megabytes()
    table, cache = open_table(sandbox)
    first_title = single_line(tex_to_unicode(table.paper(table.newest[0]).title))[:24].rstrip()
    minimal_app_ms = statistics.median(time_minimal_app(sandbox.env) for _ in range(STARTS))
    start = statistics.median(time_start(READER, sandbox.env, first_title) for _ in range(STARTS))
    rows = random.Random(corpus.SEED).sample(list(table.newest), min(len(table), 2000))
    generator = QueryGenerator([table.paper(row) for row in rows])
    return {
        "papers": len(table),
        "import seconds": usage.seconds,
        "import CPU seconds": usage.total_cpu_seconds,
        "import peak MB": usage.peak_megabytes,
        "start ms": start,
        "start, times minimal app": start / minimal_app_ms,
        "search p50 ms": (results := time_typed_queries(table, cache, generator))[0],
        "search p95 ms": results[1],
        "memory MB": measure_reader_memory(sandbox, first_title, generator),
        "50 more seconds": time_additions(sandbox, file),
        "disk MB": size,
        "disk times text": size / (text_bytes / 1e6),
    }


def time_typed_queries(table: CatalogTable, cache: Path, generator: QueryGenerator) -> tuple[float, float]:
    """Return the percentiles in milliseconds of queries typed letter by letter, in the engine."""
    from paperreader.search import IndexStore, SearchEngine

    keep_freed_memory(len(table))  # as the reader does
    index = SearchEngine(IndexStore(cache / "index"))
    queries = list(chain.from_iterable(generator.typed_letters() for _ in range(TYPED_QUERIES)))
    index.search("network", table, {})
    return percentiles(time_each(lambda query: index.search(query, table, {}), queries))


def measure_reader_memory(sandbox: Sandbox, first_title: str, generator: QueryGenerator) -> float:
    """Return the anonymous memory of the reader in megabytes after typed queries."""
    with RecordedTerminal(READER, sandbox.env) as reader:
        reader.wait_for(first_title)
        reader.send("/")
        type_without_emulation(reader, generator, MEMORY_QUERIES)
        return reader.anonymous_megabytes()


def sandboxes(keep: Path | None, sizes: list[int]) -> Iterator[tuple[int, Sandbox]]:
    """Yield an empty library for each size, removed when the next one is requested unless `keep` is given."""
    for size in sizes:
        if keep:
            folder = keep / str(size)
            folder.mkdir(parents=True)
            yield size, Sandbox(folder)
        else:
            with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
                yield size, Sandbox(Path(name))


def markdown_table(results: list[dict[str, float]]) -> str:
    """Return the results as a Markdown table with one column per size."""
    rows = [["", *(f"{size['papers']:,}" for size in results)], ["---", *("---:" for _ in results)]]
    rows += [
        [name, *(_format_figure(size[name]) for size in results)] for name in results[0] if name != "papers"
    ]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _format_figure(value: float) -> str:
    return f"{value:,.{2 if value < 3 else 1 if value < 100 else 0}f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--imported", type=Path, help="folder that `importing.py --keep` has filled")
    parser.add_argument("--usage", type=Path, help="the figures of that import")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of papers")
    parser.add_argument("--keep", type=Path, help="build the libraries in this folder and do not remove them")
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    parser.add_argument("--plot", type=Path, help="also plot the results as SVG into this file")
    options = parser.parse_args()
    results, report = [], Report("growth")
    imported = Sandbox(options.imported) if options.imported else None
    imported_papers = len(open_table(imported)[0]) if imported else 0
    for size, sandbox in sandboxes(options.keep, [int(size) for size in options.sizes.split(",")]):
        if imported and size == imported_papers:
            sandbox, known = imported, known_import(imported, options.usage)
        else:
            known = import_corpus(sandbox, options.corpus, size)
        results.append(measure(sandbox, options.corpus, *known))
        for name, value in results[-1].items():
            report.add(f"{size:,} papers, {name}", [value], unit=name.split()[-1])
        report.write(options.json)
    print(markdown_table(results))
    if options.plot:
        options.plot.write_text(plot.render_svg(results))


if __name__ == "__main__":
    main()
