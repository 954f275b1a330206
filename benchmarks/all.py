"""Run all benchmarks; print their tables, and write one JSON file with all results and a plot of the growth.

    python benchmarks/all.py [--corpus FILE] [--results FOLDER] [--million] [--only NAME]

Takes about twenty minutes; with `--million` an hour and 5 GB of disk. The machine should be idle: the load before and
after each benchmark is stored with the results.
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
    """Describe the machine, and the versions of libraries and of programs for comparison."""
    info: dict[str, object] = {
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
    }
    for name in MODULES:
        try:
            info[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            info[name] = None
    for name in PROGRAMS:
        try:
            output = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout
            info[name] = output.partition("\n")[0]
        except OSError:
            info[name] = None
    return info


def benchmark_commands(options: argparse.Namespace, work: Path, results: Path) -> dict[str, list[str]]:
    """Return the command line of each benchmark. Those that need a large library share one."""
    source = ["--corpus", str(options.corpus)] if options.corpus else []
    keep = ["--keep", str(work / "library")]
    return {
        "importing": ["importing.py", *source, "--json", str(results / "importing.json")],
        "search": ["search.py", *source, *keep, "--json", str(results / "search.json")],
        "relevance": ["relevance.py"],
        "meaning": ["meaning.py", *source],
        "worst_case": ["worst_case.py", str(work / "library")],
        "notebook": ["notebook.py"],
        "reader": ["reader.py", *source, *keep, "--json", str(results / "reader.json")],
        "growth": [
            "growth.py",
            *source,
            *("--sizes", MILLION if options.million else SIZES),
            *("--json", str(results / "growth.json")),
        ],
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--results", type=Path, default=Path("benchmark-results"), help="output folder")
    parser.add_argument("--million", action="store_true", help="also measure with a million papers")
    parser.add_argument("--only", action="append", help="run only this benchmark; may be repeated")
    options = parser.parse_args()
    results = options.results.absolute()
    results.mkdir(parents=True, exist_ok=True)
    report: dict[str, object] = {"machine": describe_machine()}
    failed = 0
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
        for benchmark, (script, *arguments) in benchmark_commands(options, Path(name), results).items():
            if options.only and benchmark not in options.only:
                continue
            print(f"\n== {benchmark}", flush=True)
            load_before, started = os.getloadavg()[0], time.monotonic()
            process = subprocess.run(
                [sys.executable, str(HERE / script), *arguments],
                stdout=subprocess.PIPE,
                text=True,
                check=False,
            )
            print(process.stdout, end="", flush=True)
            failed |= process.returncode
            results_file = results / f"{benchmark}.json"
            report[benchmark] = {
                "seconds": round(time.monotonic() - started, 1),
                "load": [round(load_before, 2), round(os.getloadavg()[0], 2)],
                "figures": json.loads(results_file.read_text()) if results_file.exists() else None,
                "table": process.stdout,
            }
            (results / "all.json").write_text(json.dumps(report, indent=1))
    if (grown := results / "growth.json").exists():
        (results / "growth.svg").write_text(plot.render_svg(json.loads(grown.read_text())))
    print(f"\nResults: {results / 'all.json'}. Plot: {results / 'growth.svg'}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
