"""Benchmark imports: the whole command, including parsing, merging, storing and indexing.

    python benchmarks/importing.py [--corpus FILE] [--papers N] [--keep FOLDER] [--json FILE]

Prints seconds, processor time and maximum memory of all processes together, compared with newsboat
importing the same papers as an RSS feed, if it is installed; then the time to import fifty more papers. `--keep` keeps
the library before that, with its cache, for `near.py` and `growth.py`.
"""

from __future__ import annotations

import argparse
import compileall
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import corpus
import external_programs
from msgspec.structs import replace
from processes import Usage, run_measured
from report import Report

import paperreader
from paperreader.models import ImportedEntry

LIBRARY_FOLDERS = ("library", "cache")
PAPERS_ADDED = 50
ROUNDS = 7

PROGRAM = [sys.executable, "-m", "paperreader"]


class Sandbox:
    """An empty library with its own cache, state and configuration folders."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folders = {"XDG_CACHE_HOME": "cache", "XDG_STATE_HOME": "state", "XDG_CONFIG_HOME": "config"}
        self.env = {
            **{name: str(folder / subfolder) for name, subfolder in folders.items()},
            "PAPERREADER_LIBRARY": str(folder / "library"),
            "PYTHONPATH": str(Path(paperreader.__file__).parents[1]),
            "PYTHONDONTWRITEBYTECODE": "",
        }

    def run(self, *arguments: object) -> Usage:
        """Run one command of the program."""
        return run_measured([*PROGRAM, *map(str, arguments)], self.env)

    def copy_to(self, folder: Path) -> None:
        """Copy the library and its cache, for another sandbox in that folder."""
        for name in LIBRARY_FOLDERS:
            shutil.copytree(self.folder / name, folder / name)

    def megabytes(self) -> float:
        """Return the size of library and cache together."""
        parts = [path for name in LIBRARY_FOLDERS for path in (self.folder / name).rglob("*")]
        return sum(path.stat().st_size for path in parts if path.is_file()) / 1e6


def write_papers(path: Path, entries: Iterable[ImportedEntry], first: int = 0) -> int:
    """Write papers in the schema of the arXiv dataset on Kaggle; return the bytes of titles and abstracts.

    Args:
        path: the file to write.
        entries: the papers.
        first: number of the first paper, from which unique ids are made; 0 leaves the ids unchanged.
    """
    text_bytes = 0
    with path.open("w", encoding="utf-8") as file:
        for number, entry in enumerate(entries, first):
            record = entry.records[0]
            text_bytes += len(f"{record.title}{record.abstract}".encode())
            line = {
                "id": record.arxiv
                if not first
                else f"99{number // 90000 % 12 + 1:02d}.{number % 90000 + 10000}",
                "title": record.title,
                "abstract": record.abstract,
                "authors": ", ".join(record.authors) or "A. Author",
                "update_date": record.published,
                "categories": "cs.LG",
            }
            print(json.dumps(line), file=file)
    return text_bytes


def new_paper_files(count: int, rounds: int, folder: Path, file: Path | None) -> Iterator[Path]:
    """Yield files of `count` new papers each: known ones with their words in reverse order and new ids."""
    papers = [_reworded(entry) for entry in corpus.load_entries(file, count * rounds)]
    for number in range(rounds):
        papers_file = folder / f"arxiv-metadata-added-{number}.jsonl"
        write_papers(papers_file, papers[number * count : (number + 1) * count], first=1 + number * count)
        yield papers_file


def _reworded(entry: ImportedEntry) -> ImportedEntry:
    record = entry.records[0]
    title, abstract = (" ".join(text_bytes.split()[::-1]) for text_bytes in (record.title, record.abstract))
    return ImportedEntry((replace(record, title=title, abstract=abstract),))


def add_usage(report: Report, name: str, usage: Usage) -> None:
    """Add the usage of a command to the figures."""
    report.add(f"{name}, time", [usage.seconds], "s")
    report.add(f"{name}, processor time of all processes", [usage.total_cpu_seconds], "s")
    report.add(f"{name}, maximum memory", [usage.peak_megabytes], "MB")


def time_additions(sandbox: Sandbox, file: Path | None) -> float:
    """Return the median seconds to import fifty new papers, minus the start of the program."""
    starts, durations = [], []
    for papers_file in new_paper_files(PAPERS_ADDED, ROUNDS, sandbox.folder, file):
        starts.append(sandbox.run("--version").seconds)
        durations.append(sandbox.run("import", papers_file).seconds)
    return statistics.median(durations) - statistics.median(starts)


def time_command(sandbox: Sandbox, *arguments: object) -> float:
    """Return the median seconds of a command, minus the start of the program."""
    starts, durations = [], []
    for _ in range(ROUNDS):
        starts.append(sandbox.run("--version").seconds)
        durations.append(sandbox.run(*arguments).seconds)
    return statistics.median(durations) - statistics.median(starts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--papers", type=int, help="maximum number of papers")
    parser.add_argument("--keep", type=Path, help="copy the library and its cache into this folder")
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    options = parser.parse_args()
    compileall.compile_dir(Path(paperreader.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
        sandbox = Sandbox(Path(name))
        if options.corpus is None or options.papers:
            papers_file = sandbox.folder / "arxiv-metadata.jsonl"
            write_papers(papers_file, corpus.load_entries(options.corpus, options.papers))
        else:
            papers_file = options.corpus
        newsboat_usage = external_programs.run_newsboat(
            sandbox.folder / "newsboat", corpus.load_entries(options.corpus, options.papers)
        )
        report = Report("importing")
        usage = sandbox.run("import", papers_file)
        add_usage(report, "import", usage)
        if options.keep:
            sandbox.copy_to(options.keep)
        if newsboat_usage:
            add_usage(report, "newsboat", newsboat_usage)
            report.add("import, relative to newsboat", [usage.seconds / newsboat_usage.seconds], "times")
        trends = time_command(sandbox, "trends", "--weeks", 52)
        report.add("trends of 52 weeks, after the start", [trends], "s")
        seconds = time_additions(sandbox, options.corpus)
        report.add(f"{PAPERS_ADDED} more papers, after the start", [seconds], "s")
    report.write(options.json)


if __name__ == "__main__":
    main()
