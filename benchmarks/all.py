"""Run all benchmarks; print their tables and the missed targets, and write all results and a plot of the growth.

    python benchmarks/all.py [--corpus FILE] [--pages FOLDER] [--results FOLDER] [--million] [--only NAME]

Takes fifteen minutes at most; with `--million` twenty-two and 5 GB of disk. The machine should be idle: the load before
and after each benchmark is stored with the results.
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
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import metadata
from pathlib import Path

import corpus
import msgspec
from report import read_figures
from targets import TARGETS, Figure, is_measured, missed_target

HERE = Path(__file__).parent
SIZES, MILLION = "1000,10000,100000", "1000,10000,100000,1000000"
UNTIMED = (
    "meaning",
    "relevance",
    "for_you_timing_large",
    "for_you_simulation",
    "for_you_submitters",
    "for_you_without_vectors",
)
"""Benchmarks of quality or of processor time, of which two run at the same time at the end."""

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
    library, imported, pages = work / "library", work / "imported", options.pages
    sizes = ["--sizes", MILLION if options.million else SIZES]
    commands: dict[str, list[object]] = {
        "importing": ["importing.py", *source, "--keep", imported],
        "search": ["search.py", *source, "--keep", library],
        "worst_case": ["worst_case.py", library],
        "notebook": ["notebook.py"],
        "reader": ["reader.py", *source, "--keep", library],
        "large_inputs": ["large_inputs.py"],
    }
    is_kept = not options.only or "importing" in options.only
    kept = ["--imported", imported] if is_kept else []
    if options.corpus:
        commands["near"] = ["near.py", *(kept or source), *(["--million"] if options.million else [])]
    growth = [*sizes, *kept, "--usage", results / "importing.json", "--plot", results / "growth.svg"]
    commands["growth"] = ["growth.py", *source, *growth]
    if pages:
        longest = max(pages.glob("*.html"), key=lambda path: path.read_bytes().count(b'class="ltx_p"'))
        commands["fulltext"] = ["fulltext.py", pages]
        commands["reading"] = ["reading.py", longest, "--rounds", 2]
        commands["fulltext_search"] = ["fulltext_search.py", pages]
    for benchmark, command in commands.items():
        command += ["--json", results / f"{benchmark}.json"]
    if os.environ.get("PAPERREADER_TEST_DATA"):
        commands["for_you_timing"] = ["for_you_timing.py"]
        commands["meaning"] = ["meaning.py", *source]
        commands["for_you_simulation"] = ["for_you_simulation.py"]
        commands["for_you_submitters"] = ["for_you_submitters.py"]
        commands["for_you_without_vectors"] = ["for_you_submitters.py", "--without-vectors"]
        if options.corpus:
            commands["for_you_timing_large"] = ["for_you_timing.py", *source]
    if options.corpus or os.environ.get("PAPERREADER_TEST_DATA"):
        commands["relevance"] = ["relevance.py", *source]
    return {benchmark: list(map(str, command)) for benchmark, command in commands.items()}


def default_pages() -> Path | None:
    """Return the folder of pages in the test data, if it is there."""
    folder = os.environ.get("PAPERREADER_TEST_DATA")
    path = Path(folder) / "fulltext" if folder else None
    return path if path and path.is_dir() else None


def run_benchmark(command: Sequence[str], *, is_alone: bool) -> dict[str, object]:
    """Run a benchmark; return its table, which is printed at once if it is alone, how long it took and the load."""
    load_before, started = os.getloadavg()[0], time.monotonic()
    script, *arguments = command
    process = subprocess.Popen(
        [sys.executable, str(HERE / script), *arguments], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        if is_alone:
            print(line, end="", flush=True)
        lines.append(line)
    return {
        "exit code": process.wait(),
        "seconds": round(time.monotonic() - started, 1),
        "load": [round(load_before, 2), round(os.getloadavg()[0], 2)],
        "table": "".join(lines),
    }


def print_missed(figures: Mapping[str, Sequence[Figure]]) -> None:
    """Print which of the targets of these benchmarks were missed, and which cannot be compared."""
    targets = [target for target in TARGETS if target.benchmark in figures]
    missed = [(each, value) for each in targets if (value := missed_target(each, figures[each.benchmark]))]
    unknown = [each for each in targets if not is_measured(each, figures[each.benchmark])]
    print(f"\n== {len(targets) - len(missed) - len(unknown)} of {len(targets)} targets met")
    for target, value in missed:
        print(f"missed: {target.benchmark}, {target.figure}: {value}, {target.describe()}")
    for target in unknown:
        print(f"not measured: {target.benchmark}, {target.figure}, {target.describe()}")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--pages", type=Path, default=default_pages(), help="folder of full texts as HTML")
    parser.add_argument("--results", type=Path, default=Path("benchmark-results"), help="output folder")
    parser.add_argument("--million", action="store_true", help="also measure with a million papers")
    parser.add_argument("--only", action="append", help="run only this benchmark; may be repeated")
    options = parser.parse_args()
    results = options.results.absolute()
    results.mkdir(parents=True, exist_ok=True)
    if not options.pages:
        print("Full texts are not measured: there are no pages (--pages).")
    report: dict[str, object] = {"machine": describe_machine()}
    figures: dict[str, Sequence[Figure]] = {}
    failed = []
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
        commands = benchmark_commands(options, Path(name), results)
        chosen = [benchmark for benchmark in commands if not options.only or benchmark in options.only]
        untimed = [benchmark for benchmark in UNTIMED if benchmark in chosen]
        groups = [[benchmark] for benchmark in chosen if benchmark not in UNTIMED]
        for group in [*groups, untimed] if untimed else groups:
            for benchmark in group:
                (results / f"{benchmark}.json").unlink(missing_ok=True)
            print(f"\n== {', '.join(group)}", flush=True)
            with ThreadPoolExecutor(max_workers=2) as pool:
                run = partial(run_benchmark, is_alone=len(group) == 1)
                outcomes = pool.map(run, [commands[benchmark] for benchmark in group])
            for benchmark, outcome in zip(group, outcomes, strict=True):
                figures[benchmark] = read_figures(results / f"{benchmark}.json")
                report[benchmark] = {**outcome, "figures": msgspec.to_builtins(figures[benchmark])}
                failed += [benchmark] if outcome["exit code"] else []
                if len(group) > 1:
                    print(outcome["table"], end="")
                print(f"{benchmark}: {outcome['seconds']} s, load {outcome['load']}", flush=True)
            (results / "all.json").write_text(json.dumps(report, indent=1))
    print_missed(figures)
    for benchmark in failed:
        print(f"failed: {benchmark}")
    print(f"Results: {results / 'all.json'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
