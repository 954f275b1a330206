"""Measure what search by meaning adds to the time of a query, and to the memory.

    python benchmarks/near.py [--imported FOLDER] [--corpus FILE] [--queries N] [--million] [--json FILE]

The queries are sentences of abstracts of the library, without half of their words: few papers contain all others. Each
is searched by words, completed by papers that are near in meaning, and ranked by meaning (`~`); related papers are
compared with those by words. Times are milliseconds of processor time, the best of several rounds, because other
programs disturb the rest. The library is the one that `importing.py --keep` made, else one of the corpus; a second one
has the first 8,000 papers of the corpus. Files of random vectors show the part of a query that grows with the library;
`--million` also ranks a million.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import corpus
import numpy as np
from growth import write_corpus
from numpy.typing import NDArray
from report import Report

from paperreader.library import Library
from paperreader.search.index import vector_file
from paperreader.search.index.snapshot import IndexSnapshot, SnapshotSegment
from paperreader.search.meaning.model import load_model
from paperreader.search.meaning.vectors import cosines, pack
from paperreader.search.query.near import MAX_NEAR, NearRanking
from paperreader.search.query.paper_vectors import PaperVectors
from paperreader.text.tex_display import tex_to_unicode

ROUNDS = 5
SIZES, MILLION = (8_000, 100_000), 1_000_000
READ = 2_000
"""Vectors that are read after the signs of all."""
_PART = 50_000


def sentences(library: Library, count: int) -> list[str]:
    """Return parts of sentences of random papers."""
    chooser = random.Random(corpus.SEED)
    rows = list(library.table.newest)
    found: list[str] = []
    while len(found) < count:
        abstract = tex_to_unicode(library.paper(chooser.choice(rows)).abstract)
        words = re.findall(r"\w{3,}", chooser.choice(re.split(r"(?<=[.!?])\s+", abstract)))
        if len(words) >= 8:
            found.append(" ".join(chooser.sample(words, len(words) // 2)))
    return found


def best(work: Callable[[], object]) -> float:
    """Return the milliseconds of processor time of the fastest round."""
    durations = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        durations.append(1000 * (time.process_time() - started))
    return min(durations)


def measure_queries(library: Library, queries: Sequence[str]) -> dict[str, list[float]]:
    """Return the times of each kind of search."""
    found: dict[str, list[float]] = {
        "words": [],
        "completed": [],
        "added": [],
        "by meaning": [],
        "related": [],
    }
    rows = random.Random(corpus.SEED).sample(list(library.table.newest), len(queries))
    for query, row in zip(queries, rows, strict=True):
        words = best(lambda text=query: library.search(text))
        completed = best(lambda text=query: library.search(text, meaning=True))
        found["words"].append(words)
        found["completed"].append(completed)
        found["added"].append(completed - words)
        found["by meaning"].append(best(lambda text=query: library.search(f"~ {text}")))
        found["related"].append(best(lambda each=row: library.related(each)))
    return found


def anonymous_megabytes() -> float:
    """Return the anonymous memory of this process."""
    status = Path("/proc/self/status")
    size = re.search(r"RssAnon:\s+(\d+)", status.read_text()) if status.exists() else None
    return int(size[1]) / 1000 if size else float("nan")


class _Rows:
    """A segment of which only the rows are needed."""

    def __init__(self, count: int) -> None:
        self.rows = np.arange(count, dtype=np.int32)
        self.document_count = count


class _Snapshot:
    def __init__(self, segment: SnapshotSegment) -> None:
        self.segments = [segment]


def measure_vectors(folder: Path, count: int) -> dict[str, list[float]]:
    """Return the times of ranking papers by words that a tenth of them has, and by random vectors."""
    model, generator = load_model(), np.random.default_rng(corpus.SEED)
    header = vector_file.VectorHeader(model.identity, count, model.dimensions)

    def random_vectors(number: int) -> NDArray[np.float32]:
        return generator.standard_normal((number, model.dimensions), np.float32)

    path = folder / f"{count}.vec"
    parts = [pack(random_vectors(min(_PART, count - start))) for start in range(0, count, _PART)]
    vector_file.write_vectors(path, header, iter(parts))
    segment = SnapshotSegment(_Rows(count), None, vector_file.VectorFile(path, count))  # type: ignore[arg-type]
    snapshot: IndexSnapshot = _Snapshot(segment)  # type: ignore[assignment]
    vectors = PaperVectors(snapshot, count)
    started = time.process_time()
    vectors.estimated_cosines(random_vectors(1)[0])
    first = 1000 * (time.process_time() - started)
    lexical = np.where(generator.random(count) < 0.1, generator.random(count), 0).astype(np.float32)
    allowed, positions = np.ones(count, np.bool_), np.arange(count, dtype=np.int32)
    some_rows = np.arange(0, count, -(-count // READ))
    rankings, complete, selected = [], [], []
    for vector in random_vectors(20):
        near = NearRanking(vectors, vector, positions)
        rankings.append(best(lambda each=near: each.rank(lexical, allowed, MAX_NEAR)))
        complete.append(best(lambda each=vector: [cosines(part, each) for part in parts]))
        selected.append(
            best(lambda each=vector: (vectors.estimated_cosines(each), vectors.cosines_of(each, some_rows)))
        )
    return {
        f"first use, {count:,} random vectors": [first],
        f"ranking, {count:,} random vectors": rankings,
        f"cosines of {count:,} random vectors": complete,
        f"signs of {count:,} random vectors, then cosines of {READ:,}": selected,
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--imported", type=Path, help="folder that `importing.py --keep` has filled")
    parser.add_argument("--queries", type=int, default=50)
    parser.add_argument("--million", action="store_true", help="also rank a million vectors")
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.imported is None and arguments.corpus is None:
            parser.error("an imported library or a corpus is needed")
        library = open_library(arguments.imported or folder)
        if arguments.imported is None:
            library.imports.import_paths([str(arguments.corpus)])
        results = measure(library, arguments.queries)
        if arguments.corpus is not None:
            first, _ = write_corpus(arguments.corpus, SIZES[0], folder)
            library = open_library(folder / "first")
            library.imports.import_paths([str(first)])
            times = measure_queries(library, sentences(library, arguments.queries))
            results |= {f"{name}, {SIZES[0]:,} papers": values for name, values in times.items()}
        for count in (*SIZES, *([MILLION] if arguments.million else [])):
            results |= measure_vectors(folder, count)
    report = Report("near")
    for name, values in results.items():
        report.add(name, values, "MB" if "memory" in name else "ms")
    report.write(arguments.json)


def open_library(folder: Path) -> Library:
    """Open the library in `folder`, with its cache next to it."""
    for name in ("CACHE", "STATE", "CONFIG", "DATA"):
        os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())
    return Library.open(folder / "library")


def measure(library: Library, count: int) -> dict[str, list[float]]:
    """Return the times of queries, and what search by meaning adds to the memory."""
    queries = sentences(library, count)
    for query in queries:
        library.search(query)
    before, started = anonymous_megabytes(), time.process_time()
    library.search(f"~ {queries[0]}")
    first = 1000 * (time.process_time() - started)
    print(f"{len(library.table):,} papers; milliseconds of processor time")
    memory = {"first use": [first], "anonymous memory, more": [anonymous_megabytes() - before]}
    return memory | measure_queries(library, queries)


if __name__ == "__main__":
    main()
