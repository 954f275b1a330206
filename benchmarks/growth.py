"""The same figures at a thousand, ten thousand, a hundred thousand and a million papers.

    python benchmarks/growth.py [--corpus FILE] [--sizes 1000,10000] [--json FILE] [--keep FOLDER]

Where the corpus ends, invented papers go on. A million takes some ten minutes and 5 GB of disk.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import corpus
from importing import Sandbox, time_additions, write_papers
from queries import QueryGenerator
from reader import READER, time_minimal_app, time_start
from timing import percentiles, time_each
from watching import RecordedTerminal

from paperreader.catalog import Catalog, CatalogTable
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode

SIZES = (1_000, 10_000, 100_000, 1_000_000)
STARTS = 5
TYPED_QUERIES = 20
"""Queries typed in the engine, and as many in the reader before its memory is looked at."""


def write_corpus(file: Path | None, count: int, folder: Path) -> tuple[Path, int]:
    """A file of so many papers, and the bytes of their titles and abstracts."""
    page = folder / "arxiv-metadata.jsonl"
    real = list(islice(corpus.load_entries(file, count), count)) if file else []
    text = write_papers(page, real)
    if len(real) < count:
        more = folder / "arxiv-metadata-more.jsonl"
        text += write_papers(
            more, islice(corpus.load_entries(None, count), len(real), None), first=len(real) + 1
        )
        with page.open("ab") as whole, more.open("rb") as rest:
            while piece := rest.read(1 << 20):
                whole.write(piece)
        more.unlink()
    return page, text


def open_table(place: Sandbox) -> tuple[CatalogTable, Path]:
    """The table of a library, and the folder of what is derived from it."""
    cache = place.folder / "cache" / "paperreader"
    catalog = Catalog(place.folder / "library", cache_root=lambda uuid: cache / uuid)
    table = catalog.open()
    return table, cache / catalog.uuid


def measure(place: Sandbox, file: Path | None, count: int) -> dict[str, float]:
    """Every figure at that size."""
    page, text = write_corpus(file, count, place.folder)
    usage = place.run("import", page)
    page.unlink()
    size = place.megabytes()
    table, cache = open_table(place)
    first = single_line(tex_to_unicode(table.paper(table.newest[0]).title))[:24].rstrip()
    bare = statistics.median(time_minimal_app(place.env) for _ in range(STARTS))
    start = statistics.median(time_start(READER, place.env, first) for _ in range(STARTS))
    chosen = random.Random(corpus.SEED).sample(list(table.newest), min(len(table), 2000))
    words = QueryGenerator([table.paper(row) for row in chosen])
    return {
        "papers": len(table),
        "import seconds": usage.seconds,
        "import computed": usage.total_cpu_seconds,
        "import peak MB": usage.peak_megabytes,
        "start ms": start,
        "start times bare": start / bare,
        "search p50 ms": (found := time_typed_queries(table, cache, words))[0],
        "search p95 ms": found[1],
        "memory MB": measure_reader_memory(place, first, words),
        "50 more seconds": time_additions(place, file),
        "disk MB": size,
        "disk times text": size / (text / 1e6),
    }


def time_typed_queries(table: CatalogTable, cache: Path, words: QueryGenerator) -> tuple[float, float]:
    """Milliseconds of queries typed a letter at a time, in the engine."""
    from paperreader.search import IndexStore, SearchEngine

    index = SearchEngine(IndexStore(cache / "index"))
    queries = list(chain.from_iterable(words.typed_letters() for _ in range(TYPED_QUERIES)))
    index.search("network", table, {})
    return percentiles(time_each(lambda query: index.search(query, table, {}), queries))


def measure_reader_memory(place: Sandbox, first: str, words: QueryGenerator) -> float:
    """Anonymous megabytes of the reader after queries typed into it."""
    with RecordedTerminal(READER, place.env) as reader:
        reader.wait_for(first)
        reader.send("/")
        for _ in range(TYPED_QUERIES):
            reader.send("\x15")  # ctrl+u
            for query in words.typed_letters():
                reader.send(query[-1])
                reader.record(quiet=0.03)
        return reader.anonymous()


def sandboxes(keep: Path | None, sizes: list[int]) -> Iterator[tuple[int, Sandbox]]:
    """A library for each size, gone when the next is asked for unless it is to be kept."""
    for size in sizes:
        if keep:
            folder = keep / str(size)
            folder.mkdir(parents=True)
            yield size, Sandbox(folder)
        else:
            with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
                yield size, Sandbox(Path(name))


def markdown_table(found: list[dict[str, float]]) -> str:
    """The figures as a Markdown table, a column for each size."""
    rows = [["", *(f"{size['papers']:,}" for size in found)], ["---", *("---:" for _ in found)]]
    rows += [[name, *(_format_figure(size[name]) for size in found)] for name in found[0] if name != "papers"]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _format_figure(value: float) -> str:
    return f"{value:,.{2 if value < 3 else 1 if value < 100 else 0}f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of papers")
    parser.add_argument("--keep", type=Path, help="leave the libraries in this folder")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    given = parser.parse_args()
    found = []
    for size, place in sandboxes(given.keep, [int(size) for size in given.sizes.split(",")]):
        found.append(measure(place, given.corpus, size))
        print(json.dumps(found[-1]), flush=True)
        if given.json:
            given.json.write_text(json.dumps(found, indent=1))
    print(markdown_table(found))


if __name__ == "__main__":
    main()
