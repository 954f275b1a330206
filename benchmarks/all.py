"""Every benchmark, one after the other: their tables, one JSON file with all figures, and a picture of how they grow.

    python benchmarks/all.py [--corpus FILE] [--results FOLDER] [--million] [--only NAME]

Takes about twenty minutes, with `--million` an hour and 5 GB of disk more. The machine should have nothing else to do:
how busy it was before and after each is written down with the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

import corpus
import plot

HERE = Path(__file__).parent
SIZES, MILLION = "1000,10000,100000", "1000,10000,100000,1000000"
PROGRAMS = ("newsboat", "fzf")
MODULES = ("textual", "Whoosh", "numpy", "tantivy")


def describe_machine() -> dict[str, object]:
    """What the figures were taken on, and beside which versions of others."""
    found: dict[str, object] = {
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
    }
    for name in MODULES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = None
    for name in PROGRAMS:
        try:
            told = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout
            found[name] = told.partition("\n")[0]
        except OSError:
            found[name] = None
    return found


def benchmark_commands(given: argparse.Namespace, work: Path, results: Path) -> dict[str, list[str]]:
    """The arguments of each benchmark. Those that need a large library share one."""
    source = ["--corpus", str(given.corpus)] if given.corpus else []
    keep = ["--keep", str(work / "library")]
    return {
        "importing": ["importing.py", *source, "--json", str(results / "importing.json")],
        "search": ["search.py", *source, *keep, "--json", str(results / "search.json")],
        "relevance": ["relevance.py"],
        "hostile": ["hostile.py", str(work / "library")],
        "notebook": ["notebook.py"],
        "reader": ["reader.py", *source, *keep, "--json", str(results / "reader.json")],
        "growth": [
            "growth.py",
            *source,
            *("--sizes", MILLION if given.million else SIZES),
            *("--json", str(results / "growth.json")),
        ],
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--results", type=Path, default=Path("benchmark-results"), help="where to write")
    parser.add_argument("--million", action="store_true", help="let the library grow to a million papers")
    parser.add_argument("--only", action="append", help="run only that; may be given several times")
    given = parser.parse_args()
    results = given.results.absolute()
    results.mkdir(parents=True, exist_ok=True)
    report: dict[str, object] = {"machine": describe_machine()}
    failed = 0
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
        for what, (script, *arguments) in benchmark_commands(given, Path(name), results).items():
            if given.only and what not in given.only:
                continue
            print(f"\n== {what}", flush=True)
            before, began = os.getloadavg()[0], time.monotonic()
            done = subprocess.run(
                [sys.executable, str(HERE / script), *arguments],
                stdout=subprocess.PIPE,
                text=True,
                check=False,
            )
            print(done.stdout, end="", flush=True)
            failed |= done.returncode
            own = results / f"{what}.json"
            report[what] = {
                "seconds": round(time.monotonic() - began, 1),
                "load": [round(before, 2), round(os.getloadavg()[0], 2)],
                "figures": json.loads(own.read_text()) if own.exists() else None,
                "table": done.stdout,
            }
            (results / "all.json").write_text(json.dumps(report, indent=1))
    if (grown := results / "growth.json").exists():
        (results / "growth.svg").write_text(plot.render_svg(json.loads(grown.read_text())))
    print(f"\nThe figures are in {results / 'all.json'}, the picture in {results / 'growth.svg'}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
