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
from importing import Place, adding, write
from queries import Words
from reader import READER, bare_start, start_of
from timing import percentiles, times
from watching import Watched

from paperreader.catalog import Catalog, Table
from paperreader.text.clean import printable
from paperreader.text.tex_display import readable

SIZES = (1_000, 10_000, 100_000, 1_000_000)
STARTS = 5
TYPED = 20
"""Queries typed in the engine, and as many in the reader before its memory is looked at."""


def papers(file: Path | None, count: int, folder: Path) -> tuple[Path, int]:
    """A file of so many papers, and the bytes of their titles and abstracts."""
    page = folder / "arxiv-metadata.jsonl"
    real = list(islice(corpus.entries(file, count), count)) if file else []
    text = write(page, real)
    if len(real) < count:
        more = folder / "arxiv-metadata-more.jsonl"
        text += write(more, islice(corpus.entries(None, count), len(real), None), first=len(real) + 1)
        with page.open("ab") as whole, more.open("rb") as rest:
            while piece := rest.read(1 << 20):
                whole.write(piece)
        more.unlink()
    return page, text


def table_of(place: Place) -> tuple[Table, Path]:
    """The table of a library, and the folder of what is derived from it."""
    cache = place.folder / "cache" / "paperreader"
    catalog = Catalog(place.folder / "library", cache_root=lambda uuid: cache / uuid)
    table = catalog.open()
    return table, cache / catalog.uuid


def measure(place: Place, file: Path | None, count: int) -> dict[str, float]:
    """Every figure at that size."""
    page, text = papers(file, count, place.folder)
    usage = place.run("import", page)
    page.unlink()
    size = place.size()
    table, cache = table_of(place)
    first = printable(readable(table.paper(table.newest[0]).title))[:24].rstrip()
    bare = statistics.median(bare_start(place.env) for _ in range(STARTS))
    start = statistics.median(start_of(READER, place.env, first) for _ in range(STARTS))
    chosen = random.Random(corpus.SEED).sample(list(table.newest), min(len(table), 2000))
    words = Words([table.paper(row) for row in chosen])
    return {
        "papers": len(table),
        "import seconds": usage.seconds,
        "import computed": usage.computed,
        "import peak MB": usage.peak,
        "start ms": start,
        "start times bare": start / bare,
        "search p50 ms": (found := searching(table, cache, words))[0],
        "search p95 ms": found[1],
        "memory MB": remembering(place, first, words),
        "50 more seconds": adding(place, file),
        "disk MB": size,
        "disk times text": size / (text / 1e6),
    }


def searching(table: Table, cache: Path, words: Words) -> tuple[float, float]:
    """Milliseconds of queries typed a letter at a time, in the engine."""
    from paperreader.search import SearchIndex

    index = SearchIndex(cache / "index")
    queries = list(chain.from_iterable(words.typed() for _ in range(TYPED)))
    index.search("network", table, {})
    return percentiles(times(lambda query: index.search(query, table, {}), queries))


def remembering(place: Place, first: str, words: Words) -> float:
    """Anonymous megabytes of the reader after queries typed into it."""
    with Watched(READER, place.env) as reader:
        reader.wait_for(first)
        reader.send("/")
        for _ in range(TYPED):
            reader.send("\x15")  # ctrl+u
            for query in words.typed():
                reader.send(query[-1])
                reader.screens(quiet=0.03)
        return reader.anonymous()


def places(keep: Path | None, sizes: list[int]) -> Iterator[tuple[int, Place]]:
    """A library for each size, gone when the next is asked for unless it is to be kept."""
    for size in sizes:
        if keep:
            folder = keep / str(size)
            folder.mkdir(parents=True)
            yield size, Place(folder)
        else:
            with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
                yield size, Place(Path(name))


def table(found: list[dict[str, float]]) -> str:
    """The figures as a Markdown table, a column for each size."""
    rows = [["", *(f"{size['papers']:,}" for size in found)], ["---", *("---:" for _ in found)]]
    rows += [[name, *(_told(size[name]) for size in found)] for name in found[0] if name != "papers"]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _told(value: float) -> str:
    return f"{value:,.{2 if value < 3 else 1 if value < 100 else 0}f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_argument(parser)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of papers")
    parser.add_argument("--keep", type=Path, help="leave the libraries in this folder")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    given = parser.parse_args()
    found = []
    for size, place in places(given.keep, [int(size) for size in given.sizes.split(",")]):
        found.append(measure(place, given.corpus, size))
        print(json.dumps(found[-1]), flush=True)
        if given.json:
            given.json.write_text(json.dumps(found, indent=1))
    print(table(found))


if __name__ == "__main__":
    main()
