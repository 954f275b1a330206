"""The papers that benchmarks run on: a file of arXiv metadata, or a synthetic corpus where there is none.

The file holds one JSON object a line in the schema of the arXiv dataset on Kaggle (`id`, `title`, `abstract`,
`authors`, `update_date`), `.xz` or plain. Without `--corpus` it is looked for below `PAPERREADER_TEST_DATA`.
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
    """`--corpus FILE`: the file of papers (`Path`), without it the one below `PAPERREADER_TEST_DATA`, else None."""
    parser.add_argument(
        "--corpus",
        type=_existing_file,
        default=_default_corpus(),
        help="JSON Lines file of arXiv metadata, .xz or plain",
    )


def load_entries(path: Path | None, limit: int | None = None) -> Iterator[ImportedEntry]:
    """The papers of that file, or synthetic ones; at most `limit`."""
    found = _read_records(path) if path else _synthetic_records(limit or SYNTHETIC_PAPERS)
    return (ImportedEntry((record,)) for record in islice(found, limit))


def create_catalog(folder: Path, found: Iterable[ImportedEntry], cache: Path) -> Catalog:
    """A catalog of those papers in `folder`, its derived files below `cache`."""
    catalog = Catalog(folder, cache_root=lambda uuid: cache / uuid)
    catalog.add(found)
    return catalog


def _existing_file(given: str) -> Path:
    if not (path := Path(given)).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {given}; leave the option out to do without one")
    return path


def _default_corpus() -> Path | None:
    folder = os.environ.get("PAPERREADER_TEST_DATA")
    path = Path(folder) / _FILE if folder else None
    return path if path and path.exists() else None


def _read_records(path: Path) -> Iterator[SourceRecord]:
    with lzma.open(path) if path.suffix == ".xz" else path.open("rb") as file:
        for place, line in enumerate(file):
            data = json.loads(line)
            yield SourceRecord(
                title=data["title"] or "",
                source=_source(path.name, place),
                abstract=data["abstract"] or "",
                arxiv=data["id"],
                authors=tuple(name for name in (data["authors"] or "").split(", ") if name),
                published=data["update_date"],
            )


def _source(name: str, place: int) -> Source:
    return Source("kaggle", name, None, f"{_KEY}:{place}")


def _synthetic_records(count: int) -> Iterator[SourceRecord]:
    """Papers of invented words, as often as Zipf's law says: the n-th word 1/n times as often as the first."""
    chooser = random.Random(SEED)
    syllables = [first + second for first in "bcdfghklmnprstvz" for second in "aeiou"]
    words = ["".join(chooser.choices(syllables, k=chooser.randint(1, 5))) for _ in range(_VOCABULARY)]
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(_VOCABULARY)))

    def text(length: int) -> str:
        return " ".join(chooser.choices(words, cum_weights=weights, k=length)).capitalize()

    for place in range(count):
        day = f"{2015 + place * 10 // count}-{place % 12 + 1:02d}-{place % 28 + 1:02d}"
        yield SourceRecord(
            title=text(chooser.randint(4, 14)),
            source=_source("synthetic", place),
            abstract=text(chooser.randint(60, 240)) + ".",
            arxiv=f"{day[2:4]}{day[5:7]}.{place % 100_000:05d}",
            published=day,
        )
