"""Measure what search by meaning adds to the time of a query, and to the memory.

    python benchmarks/near.py [--library FOLDER] [--corpus FILE] [--queries N] [--million] [--json FILE]

The queries are sentences of abstracts of the library, without half of their words: few papers contain all others. Each
is searched by words, completed by papers that are near in meaning, and ranked by meaning (`~`); related papers are
compared with those by words. Times are milliseconds of processor time, the best of several rounds, because other
programs disturb the rest. `--million` also ranks a million vectors of a file that is made for it: the part of a query
that grows with the library. Without a library, one is made of the corpus, whose processor time is printed.
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
from numpy.typing import NDArray
from report import Report

from paperreader.library import Library
from paperreader.search.index import vector_file
from paperreader.search.index.snapshot import IndexSnapshot, SnapshotSegment
from paperreader.search.meaning.model import load_model
from paperreader.search.meaning.vectors import pack
from paperreader.search.query.near import MAX_NEAR, NearRanking
from paperreader.search.query.paper_vectors import PaperVectors
from paperreader.text.tex_display import tex_to_unicode

ROUNDS = 5
MILLION = 1_000_000
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


def measure_million(folder: Path) -> dict[str, list[float]]:
    """Return the times of ranking a million papers by words that a tenth of them has, and by meaning."""
    model, generator = load_model(), np.random.default_rng(corpus.SEED)
    header = vector_file.VectorHeader(model.identity, MILLION, model.dimensions)

    def random_vectors(count: int) -> NDArray[np.float32]:
        return generator.standard_normal((count, model.dimensions), np.float32)

    path = folder / "million.vec"
    vector_file.write_vectors(path, header, (pack(random_vectors(_PART)) for _ in range(MILLION // _PART)))
    segment = SnapshotSegment(_Rows(MILLION), None, vector_file.VectorFile(path, MILLION))  # type: ignore[arg-type]
    snapshot: IndexSnapshot = _Snapshot(segment)  # type: ignore[assignment]
    vectors = PaperVectors(snapshot, MILLION)
    started = time.process_time()
    vectors.estimated_cosines(random_vectors(1)[0])
    first = 1000 * (time.process_time() - started)
    lexical = np.where(generator.random(MILLION) < 0.1, generator.random(MILLION), 0).astype(np.float32)
    allowed, positions = np.ones(MILLION, np.bool_), np.arange(MILLION, dtype=np.int32)
    times = []
    for vector in random_vectors(20):
        near = NearRanking(vectors, vector, positions)
        times.append(best(lambda each=near: each.rank(lexical, allowed, MAX_NEAR)))
    return {"first use, a million": [first], "ranking, a million": times}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--library", type=Path, help="folder of an indexed library")
    parser.add_argument("--queries", type=int, default=50)
    parser.add_argument("--million", action="store_true", help="also rank a million vectors")
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if arguments.library is None:
            if arguments.corpus is None:
                parser.error("a library or a corpus is needed")
            arguments.library = import_corpus(arguments.corpus, Path(folder))
        results = measure(Library.open(arguments.library), arguments.queries)
        if arguments.million:
            results |= measure_million(Path(folder))
    report = Report("near")
    for name, values in results.items():
        report.add(name, values, "MB" if "memory" in name else "ms")
    report.write(arguments.json)


def import_corpus(file: Path, folder: Path) -> Path:
    """Import the corpus into a library in `folder`, print the processor time, and return the library."""
    for name in ("CACHE", "STATE", "CONFIG", "DATA"):
        os.environ[f"XDG_{name}_HOME"] = str(folder / name.lower())
    before = os.times()
    Library.open(folder / "library").imports.import_paths([str(file)])
    spent = [after - first for after, first in zip(os.times()[:4], before[:4], strict=True)]
    print(f"import: {sum(spent):.1f} s of processor time")
    return folder / "library"


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
