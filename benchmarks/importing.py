"""What bringing papers in costs: the whole command, parsed, matched, catalogued and indexed.

    python benchmarks/importing.py [--corpus FILE] [--papers N] [--json FILE]

Prints seconds, seconds computed by each process, and the most memory that all of them had together, beside
newsboat taking the same papers as an RSS feed, where it is installed; then what fifty new papers cost.
"""

from __future__ import annotations

import argparse
import compileall
import json
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import corpus
import peers
from msgspec.structs import replace
from processes import Usage, run_measured

import paperreader
from paperreader.models import ImportedEntry

PAPERS_ADDED = 50
ROUNDS = 7

PROGRAM = [sys.executable, "-m", "paperreader"]


class Sandbox:
    """An empty library and the program's other folders, in a place of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        places = {"XDG_CACHE_HOME": "cache", "XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "config"}
        self.env = {
            **{name: str(folder / place) for name, place in places.items()},
            "PAPERREADER_LIBRARY": str(folder / "library"),
            "PYTHONPATH": str(Path(paperreader.__file__).parents[1]),
            "PYTHONDONTWRITEBYTECODE": "",
        }

    def run(self, *arguments: object) -> Usage:
        """One command of the program."""
        return run_measured([*PROGRAM, *map(str, arguments)], self.env)

    def megabytes(self) -> float:
        """Megabytes of library and cache together."""
        parts = [path for name in ("library", "cache") for path in (self.folder / name).rglob("*")]
        return sum(path.stat().st_size for path in parts if path.is_file()) / 1e6


def write_papers(path: Path, entries: Iterable[ImportedEntry], first: int = 0) -> int:
    """Papers in the schema of the arXiv dataset on Kaggle; gives the bytes of title and abstract.

    Args:
        path: the file to write.
        entries: the papers.
        first: counted from here, each gets an id that no other paper has; 0 leaves the ids as they are.
    """
    text = 0
    with path.open("w", encoding="utf-8") as file:
        for place, entry in enumerate(entries, first):
            record = entry.records[0]
            text += len(f"{record.title}{record.abstract}".encode())
            line = {
                "id": record.arxiv
                if not first
                else f"99{place // 90000 % 12 + 1:02d}.{place % 90000 + 10000}",
                "title": record.title,
                "abstract": record.abstract,
                "authors": ", ".join(record.authors) or "A. Nobody",
                "update_date": record.published,
                "categories": "cs.LG",
            }
            print(json.dumps(line), file=file)
    return text


def new_paper_files(count: int, rounds: int, folder: Path, file: Path | None) -> Iterator[Path]:
    """Files of so many papers each that no library has: known ones with their words in another order."""
    papers = [_reworded(entry) for entry in corpus.load_entries(file, count * rounds)]
    for number in range(rounds):
        page = folder / f"arxiv-metadata-added-{number}.jsonl"
        write_papers(page, papers[number * count : (number + 1) * count], first=1 + number * count)
        yield page


def _reworded(entry: ImportedEntry) -> ImportedEntry:
    record = entry.records[0]
    title, abstract = (" ".join(text.split()[::-1]) for text in (record.title, record.abstract))
    return ImportedEntry((replace(record, title=title, abstract=abstract),))


def print_usage(name: str, usage: Usage, reference: Usage | None = None) -> dict[str, object]:
    """Print what a command took."""
    computed = " + ".join(f"{seconds:.1f}" for seconds in usage.cpu_seconds.values() if seconds >= 0.05)
    times = f"  {usage.seconds / reference.seconds:5.2f} times" if reference else ""
    print(
        f"{name:32}{usage.seconds:8.1f} s{usage.peak_megabytes:8.0f} MB{times}   computed {computed}",
        flush=True,
    )
    return {
        "name": name,
        "seconds": usage.seconds,
        "cpu": list(usage.cpu_seconds.values()),
        "peak": usage.peak_megabytes,
    }


def time_additions(place: Sandbox, file: Path | None) -> float:
    """Seconds that fifty new papers take beyond the start of the program: the median of several."""
    starts, took = [], []
    for page in new_paper_files(PAPERS_ADDED, ROUNDS, place.folder, file):
        starts.append(place.run("--version").seconds)
        took.append(place.run("import", page).seconds)
    return statistics.median(took) - statistics.median(starts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--papers", type=int, help="at most so many papers")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    given = parser.parse_args()
    compileall.compile_dir(Path(paperreader.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
        place = Sandbox(Path(name))
        if given.corpus is None or given.papers:
            page = place.folder / "arxiv-metadata.jsonl"
            write_papers(page, corpus.load_entries(given.corpus, given.papers))
        else:
            page = given.corpus
        other = peers.run_newsboat(place.folder / "newsboat", corpus.load_entries(given.corpus, given.papers))
        figures = [print_usage("newsboat", other)] if other else []
        figures.append(print_usage("paperreader import", place.run("import", page), other))
        seconds = time_additions(place, given.corpus)
        print(f"{f'{PAPERS_ADDED} papers more, after start':32}{seconds:8.2f} s")
        figures.append({"name": f"{PAPERS_ADDED} papers more", "seconds": seconds})
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
