"""Papers for the benchmarks: a file of arXiv metadata, or a synthetic corpus if there is none.

The file has one JSON object per line in the schema of the arXiv dataset on Kaggle (`id`, `title`, `abstract`,
`authors`, `update_date`), plain or `.xz`. The default is `arxiv/arxiv_100k.jsonl.xz` in `PAPERREADER_TEST_DATA`.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import random
from collections.abc import Iterable, Iterator
from itertools import accumulate, islice
from pathlib import Path

from paperreader.catalog import Catalog
from paperreader.models import ImportedEntry, Source, SourceRecord

SEED = 20250314
SYNTHETIC_PAPERS = 100_000
"""Papers of the synthetic corpus."""

_FILE = Path("arxiv") / "arxiv_100k.jsonl.xz"
_VOCABULARY = 60_000
_KEY = "arxiv-metadata00"


def add_corpus_argument(parser: argparse.ArgumentParser) -> None:
    """Add `--corpus FILE` (`Path`), by default the file in `PAPERREADER_TEST_DATA`, or None."""
    parser.add_argument(
        "--corpus",
        type=_existing_file,
        default=_default_corpus(),
        help="JSON Lines file of arXiv metadata, .xz or plain",
    )


def load_entries(path: Path | None, limit: int | None = None) -> Iterator[ImportedEntry]:
    """Yield the papers of that file, or synthetic ones; at most `limit`."""
    records = _read_records(path) if path else _synthetic_records(limit or SYNTHETIC_PAPERS)
    return (ImportedEntry((record,)) for record in islice(records, limit))


def create_catalog(folder: Path, records: Iterable[ImportedEntry], cache: Path) -> Catalog:
    """Create a catalog of those papers in `folder`, with its derived files in `cache`."""
    catalog = Catalog(folder, cache_root=lambda uuid: cache / uuid)
    catalog.add(records)
    return catalog


def _existing_file(value: str) -> Path:
    if not (path := Path(value)).is_file():
        raise argparse.ArgumentTypeError(f"file not found: {value}; omit the option to use synthetic papers")
    return path


def _default_corpus() -> Path | None:
    folder = os.environ.get("PAPERREADER_TEST_DATA")
    path = Path(folder) / _FILE if folder else None
    return path if path and path.exists() else None


def _read_records(path: Path) -> Iterator[SourceRecord]:
    with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as file:
        for number, line in enumerate(file):
            data = json.loads(line)
            yield SourceRecord(
                title=data["title"] or "",
                source=_source(path.name, number),
                abstract=data["abstract"] or "",
                arxiv=data["id"],
                authors=tuple(name for name in (data["authors"] or "").split(", ") if name),
                published=data["update_date"],
            )


def _source(name: str, number: int) -> Source:
    return Source("kaggle", name, None, f"{_KEY}:{number}")


def _synthetic_records(count: int) -> Iterator[SourceRecord]:
    """Yield papers of invented words. Frequencies follow Zipf's law: the n-th word is 1/n as frequent as the first."""
    rng = random.Random(SEED)
    syllables = [first + second for first in "bcdfghklmnprstvz" for second in "aeiou"]
    words = ["".join(rng.choices(syllables, k=rng.randint(1, 5))) for _ in range(_VOCABULARY)]
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(_VOCABULARY)))

    def text(length: int) -> str:
        return " ".join(rng.choices(words, cum_weights=weights, k=length)).capitalize()

    for number in range(count):
        day = f"{2015 + number * 10 // count}-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
        yield SourceRecord(
            title=text(rng.randint(4, 14)),
            source=_source("synthetic", number),
            abstract=text(rng.randint(60, 240)) + ".",
            arxiv=f"{day[2:4]}{day[5:7]}.{number % 100_000:05d}",
            published=day,
        )
