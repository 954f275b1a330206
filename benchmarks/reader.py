"""Benchmark the reader in a pseudo-terminal: startup, typing, navigation and memory.

    python benchmarks/reader.py [--corpus FILE] [--papers N] [--keep FOLDER] [--json FILE] [--only WORD]

Startup is a multiple of the startup of a minimal Textual app, a command is measured relative to `python -c pass`, both
alternating in the same run. `--keep` is the same folder as for `search.py`; its library is copied first.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import corpus
from queries import QueryGenerator
from recorded_terminal import IDLE_SECONDS, RecordedTerminal, ScreenLines, first_time, last_change_time
from report import Report

import paperreader
from paperreader.catalog import Catalog
from paperreader.models import MarkChange
from paperreader.notebook import Notebook
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode

STARTS = 9
QUERIES = 7
MEMORY_QUERIES = 100
"""Searches before memory is measured."""

KEY_PRESSES = 40
HELD_KEY_REPEATS = 90
KEY_REPEAT_SECONDS = 1 / 30
"""Repeat interval of a held key."""

RAPID_KEY_SECONDS = 1 / 100
"""Interval between keys when only memory is measured."""

SCROLL_PARTS = 4
"""Memory is measured after each of this many parts of the list."""

SCROLL_KEY_PRESSES = 2000
"""Presses of `j` over all parts."""

MIN_PAGE_ROWS = 30
"""Papers per page, at least."""

KEY_TIMEOUT_SECONDS = 5.0
"""A key that changes nothing within this time is a failure."""

BACKGROUND_PAPERS = 60_000
"""Papers imported while keys are measured: enough for the import to take longer."""

MARKED_PAPERS = 8_000
NOTE = "Compare with the results of the second table. " * 8
"""The note on every eighth of them."""

WATCH_LIST = '[watch]\nwords = ["diffusion"]\nauthors = ["Yann LeCun"]\n'
"""Some thousand papers."""

PYTHON = sys.executable
READER = [PYTHON, "-m", "paperreader"]
HERE = Path(__file__).parent


class ReaderSandbox:
    """A copy of a library with its own cache, state and data folders."""

    def __init__(self, folder: Path, source: Path) -> None:
        self.library = folder / "library"
        shutil.copytree(source / "library", self.library)
        catalog = Catalog(self.library, cache_root=lambda uuid: source / "library-cache" / uuid)
        self.table = catalog.open()
        cache = folder / "cache" / "paperreader" / catalog.uuid
        shutil.copytree(source / "library-cache" / catalog.uuid, cache)
        shutil.copytree(source / "index", cache / "index")
        for names in source.glob("names.*"):
            shutil.copy(names, cache)
        folders = {f"XDG_{name}_HOME": name.lower() for name in ("CACHE", "STATE", "DATA", "CONFIG")}
        self.env = {
            **{name: str(folder / subfolder) for name, subfolder in folders.items()},
            "PAPERREADER_LIBRARY": str(self.library),
            "PYTHONPATH": str(Path(paperreader.__file__).parents[1]),
            "PYTHONDONTWRITEBYTECODE": "",
        }
        self.first_title = self.title_start(0)

    def title_start(self, index: int) -> str:
        """Return the start of the title at that position of the list."""
        return single_line(tex_to_unicode(self.table.paper(self.table.newest[index]).title))[:24].rstrip()

    def reset_state(self) -> None:
        """Remove the saved session, so that the next start is like the first."""
        shutil.rmtree(self.env["XDG_STATE_HOME"], ignore_errors=True)

    def open(self, **size: int) -> RecordedTerminal:
        """Start the reader and wait until it is idle."""
        self.reset_state()
        reader = RecordedTerminal(READER, self.env, **size)
        reader.record(idle_seconds=1.5, min_bytes=4000)
        return reader


# Measurements


def measure_start(report: Report, home: ReaderSandbox) -> None:
    """Time from start to painted list, alternating with a minimal app; then with many marks."""

    def start() -> float:
        return time_start(READER, home.env, home.first_title)

    _add_starts(report, home, "start", start)
    changes = [
        MarkChange(home.table.id_of(row), read=True, note=NOTE if number % 8 == 0 else None)
        for number, row in enumerate(home.table.newest[-MARKED_PAPERS:])
    ]
    notebook = Notebook(home.library)
    notebook.save(changes)
    _add_starts(report, home, f"start with {MARKED_PAPERS:,} marked papers", start)
    notebook.path.unlink()


def _add_starts(report: Report, home: ReaderSandbox, name: str, start: Callable[[], float]) -> None:
    ours, baseline = [], []
    for _ in range(STARTS):
        baseline.append(time_minimal_app(home.env))
        ours.append(start())
    report.add(f"minimal Textual app, {name} to painted list", baseline[1:])
    report.add(f"reader, {name} to painted list", ours[1:])
    ratio = statistics.median(ours[1:]) / statistics.median(baseline[1:])
    report.add(f"{name}, relative to a minimal app", [ratio], "times")


def measure_start_with_frame(report: Report, home: ReaderSandbox) -> None:
    """Time from start to painted list after the reader was quit, alternating with a minimal app."""
    home.reset_state()
    visit(home)
    _add_starts(report, home, "start with a saved frame", lambda: visit(home))


def visit(home: ReaderSandbox) -> float:
    """Open the reader and quit; return the milliseconds until its list is painted."""
    with RecordedTerminal(READER, home.env) as reader:
        reader.wait_for(home.first_title)
        painted_at = time.perf_counter()
        reader.record(idle_seconds=0.4)
        reader.send("q")
        reader.wait_for_exit()
        return 1000 * (painted_at - reader.started_at)


def time_minimal_app(env: Mapping[str, str]) -> float:
    """Return the milliseconds until a minimal Textual app has painted its list."""
    return time_start([PYTHON, str(HERE / "minimal_app.py")], env, "item 0")


def time_start(argv: Sequence[str], env: Mapping[str, str], text: str) -> float:
    """Return the milliseconds until a program shows a text."""
    with RecordedTerminal(argv, env) as program:
        painted_at = first_time(
            program.record(idle_seconds=0.25, min_bytes=4000),
            lambda lines: any(text in line for line in lines),
        )
        if painted_at is None:
            raise RuntimeError(f"{argv} never painted {text!r}:\n{program.text}")
        return 1000 * (painted_at - program.started_at)


def measure_commands(report: Report, home: ReaderSandbox) -> None:
    """Time of trivial commands, minus the start of Python."""
    argvs = {name: [*READER, name] for name in ("--version", "--help")}
    argvs["pass"] = [PYTHON, "-c", "pass"]
    durations_of: dict[str, list[float]] = {name: [] for name in argvs}
    for _ in range(2 * STARTS):
        for name, argv in argvs.items():
            started = time.perf_counter()
            subprocess.run(argv, env={**os.environ, **home.env}, stdout=subprocess.DEVNULL, check=True)
            durations_of[name].append(1000 * (time.perf_counter() - started))
    baseline = statistics.median(durations_of.pop("pass"))
    for name, durations in durations_of.items():
        report.add(f"{name}, over python -c pass", [statistics.median(durations) - baseline])


def measure_first_letter(report: Report, home: ReaderSandbox) -> None:
    """Type a search as soon as the list is painted, also while the papers of a watch list are looked for."""
    echoes, results = _time_first_letter(home)
    report.add("first letter after the start, echo", echoes)
    report.add("first letter after the start, results", results)
    settings = Path(home.env["XDG_CONFIG_HOME"]) / "paperreader" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text(WATCH_LIST, encoding="utf-8")
    _, results = _time_first_letter(home)
    shutil.rmtree(settings.parent)
    report.add("first letter after the start, results, with a watch list", results)


def _time_first_letter(home: ReaderSandbox) -> tuple[list[float], list[float]]:
    """Return the milliseconds until echoes, and until results were painted."""
    echoes, results = [], []
    for _ in range(STARTS):
        home.reset_state()
        with RecordedTerminal(READER, home.env) as reader:
            reader.wait_for(home.first_title)
            reader.send("/")
            reader.record(idle_seconds=0.03)
            echo, result = type_letter(reader, "d", "d", idle_seconds=0.5)
            echoes.append(echo)
            results.append(result or echo)
    return echoes, results


def measure_typing(report: Report, home: ReaderSandbox, generator: QueryGenerator) -> None:
    """Type queries of several words letter by letter, then many more to measure memory."""
    with home.open() as reader:
        memory_at_start = reader.anonymous_megabytes()
        reader.send("/")
        reader.record()
        echoes, results = _type_queries(reader, generator)
        report.add("letter to echo in the search bar", echoes)
        report.add("letter to painted results", results)
        type_without_emulation(reader, generator, MEMORY_QUERIES - QUERIES)
        report.add("anonymous memory at the start", [memory_at_start], "MB")
        report.add(f"anonymous memory after {MEMORY_QUERIES} searches", [reader.anonymous_megabytes()], "MB")


def measure_typing_in_large_terminal(report: Report, home: ReaderSandbox, generator: QueryGenerator) -> None:
    """Type queries where each row has a line of its abstract, with the matches."""
    with home.open(rows=60, columns=200) as reader:
        reader.send("/")
        reader.record()
        echoes, results = _type_queries(reader, generator)
        report.add("letter to echo, 200 by 60", echoes)
        report.add("letter to painted results, 200 by 60", results)


def _type_queries(reader: RecordedTerminal, generator: QueryGenerator) -> tuple[list[float], list[float]]:
    """Type queries letter by letter; return the milliseconds until echoes, and until results were painted."""
    echoes, results = [], []
    for _ in range(QUERIES):
        _clear_query(reader)
        for query in generator.typed_letters():
            echo, result = type_letter(reader, query[-1], query)
            echoes.append(echo)
            if result is not None:
                results.append(result)
    return echoes, results


def type_without_emulation(reader: RecordedTerminal, generator: QueryGenerator, count: int) -> None:
    """Type that many queries, of which nothing but memory is measured."""
    for _ in range(count):
        reader.send("\x15")  # ctrl+u
        reader.discard(idle_seconds=0.1)
        for query in generator.typed_letters():
            reader.send(query[-1])
            reader.discard(idle_seconds=0.02)


def type_letter(
    reader: RecordedTerminal, letter: str, query: str, idle_seconds: float = IDLE_SECONDS
) -> tuple[float, float | None]:
    """Return the milliseconds until a letter is shown, and until the results changed last (None: unchanged)."""
    before = reader.lines
    started = time.perf_counter()
    reader.send(letter)
    screens = reader.record(idle_seconds=idle_seconds, min_bytes=1)
    echo = first_time(screens, lambda lines: lines[0].strip().startswith(f"/ {query}"[:60].rstrip()))
    if echo is None:
        raise RuntimeError(f"{query!r} was never shown in the search bar:\n{reader.text}")
    if query.endswith(" "):  # a space is invisible: it moves the cursor
        echo = screens[0][0]
    result = last_change_time(before, screens, _result_area)
    return 1000 * (echo - started), None if result is None else 1000 * (result - started)


def _result_area(lines: ScreenLines) -> object:
    """Return list, detail and result count, without completion and footer, which wait for a pause in typing."""
    return lines[0][-40:], lines[1:-1]


def _clear_query(reader: RecordedTerminal) -> None:
    reader.send("\x15")  # ctrl+u
    reader.record()


def measure_navigation(report: Report, home: ReaderSandbox) -> None:
    """Time keys that navigate in the list."""
    with home.open() as reader:
        before = reader.anonymous_megabytes()
        report.add("j held", time_held_key(reader, "j", HELD_KEY_REPEATS))
        for name, key in (("PageDown", "\x1b[6~"), ("G", "G"), ("g", "g")):
            durations = []
            for _ in range(KEY_PRESSES):
                if name in "Gg":
                    reader.send("g" if name == "G" else "G")
                    reader.record(idle_seconds=0.1)
                durations.append(_time_key(reader, key))
            report.add(name, durations)
        report.add("memory growth by these keys", [reader.anonymous_megabytes() - before], "MB")


def measure_scrolling(report: Report, home: ReaderSandbox) -> None:
    """Measure memory while scrolling through the list: it must be constant after the first part."""
    pages = len(home.table) // MIN_PAGE_ROWS
    for name, key, times in (
        ("PageDown to the end", "\x1b[6~", pages),
        (f"{SCROLL_KEY_PRESSES:,} times j", "j", SCROLL_KEY_PRESSES),
    ):
        with home.open() as reader:
            memory = []
            for _ in range(SCROLL_PARTS):
                for _ in range(times // SCROLL_PARTS):
                    reader.send(key)
                    reader.read_output(RAPID_KEY_SECONDS)  # not emulated: these screens are not needed
                reader.discard(idle_seconds=IDLE_SECONDS)
                memory.append(reader.anonymous_megabytes())
            report.add(f"{name}, memory after a quarter", memory[:1], "MB")
            report.add(f"{name}, memory growth", [memory[-1] - memory[0]], "MB")


def _time_key(reader: RecordedTerminal, key: str) -> float:
    before = reader.lines
    started = time.perf_counter()
    reader.send(key)
    painted_at = None
    while painted_at is None and time.perf_counter() < started + KEY_TIMEOUT_SECONDS:
        painted_at = last_change_time(before, reader.record(idle_seconds=0.1), lambda lines: lines)
    if painted_at is None:
        raise RuntimeError(f"{key!r} changed nothing:\n{reader.text}")
    return 1000 * (painted_at - started)


def time_held_key(reader: RecordedTerminal, key: str, times: int) -> list[float]:
    """Return for each repeat of a held key the milliseconds until the status bar shows its position."""
    start = list_position(reader.lines)
    sent: list[float] = []
    output: list[tuple[float, bytes]] = []
    started = time.perf_counter()
    while len(sent) < times or time.perf_counter() < sent[-1] + IDLE_SECONDS:
        due = started + len(sent) * KEY_REPEAT_SECONDS
        if len(sent) < times and time.perf_counter() >= due:
            sent.append(time.perf_counter())
            reader.send(key)
            continue
        timeout = due - time.perf_counter() if len(sent) < times else IDLE_SECONDS
        if data := reader.read_output(timeout):
            output.append((time.perf_counter(), data))
    screens = reader.emulate(output)
    return [
        1000
        * (
            (first_time(screens, lambda lines, n=n: list_position(lines) > start + n) or float("nan"))
            - moment
        )
        for n, moment in enumerate(sent)
    ]


def list_position(lines: ScreenLines) -> int:
    match = re.search(r"([\d,]+)/[\d,]+ *$", next(line for line in lines if " LIST " in line))
    return int(match[1].replace(",", "")) if match else 0


def measure_during_import(
    report: Report, home: ReaderSandbox, generator: QueryGenerator, folder: Path
) -> None:
    """Time keys and typing while another process imports and indexes."""
    papers_file = folder / "arxiv-metadata-background.jsonl"
    papers_file.write_text("".join(_synthetic_papers()))
    with home.open() as reader:
        importing = subprocess.Popen(
            [*READER, "import", str(papers_file)],
            env={**os.environ, **home.env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # as in another terminal
        )
        held_key = time_held_key(reader, "j", HELD_KEY_REPEATS)
        reader.send("/")
        reader.record()
        echoes = []
        while importing.poll() is None and len(echoes) < 150:
            _clear_query(reader)
            for query in generator.typed_letters():
                if importing.poll() is None:
                    echoes.append(type_letter(reader, query[-1], query, idle_seconds=0.1)[0])
        importing.terminate()
        importing.wait()
    report.add("j held during an import", held_key)
    if echoes:
        report.add("letter to echo during an import", echoes)


def _synthetic_papers() -> Iterator[str]:
    """Yield synthetic papers with unique ids, in the schema of the arXiv dataset on Kaggle."""
    for index, entry in enumerate(corpus.load_entries(None, BACKGROUND_PAPERS)):
        record = entry.records[0]
        yield (
            json.dumps(
                {
                    "id": f"99{index // 9000 + 1:02d}.{index % 9000:05d}",
                    "title": record.title,
                    "abstract": record.abstract,
                    "authors": "A. Author",
                    "update_date": record.published,
                    "categories": "cs.LG",
                }
            )
            + "\n"
        )


MEASUREMENTS: dict[str, Callable[[Report, ReaderSandbox, QueryGenerator, Path], None]] = {
    "start": lambda report, home, generator, folder: measure_start(report, home),
    "frame": lambda report, home, generator, folder: measure_start_with_frame(report, home),
    "commands": lambda report, home, generator, folder: measure_commands(report, home),
    "first": lambda report, home, generator, folder: measure_first_letter(report, home),
    "typing": lambda report, home, generator, folder: measure_typing(report, home, generator),
    "large": lambda report, home, generator, folder: measure_typing_in_large_terminal(
        report, home, generator
    ),
    "moving": lambda report, home, generator, folder: measure_navigation(report, home),
    "scrolling": lambda report, home, generator, folder: measure_scrolling(report, home),
    "import": measure_during_import,
}


def build_library(folder: Path, corpus_file: Path | None, papers: int | None) -> None:
    """Build the library and its index in `folder`, unless they exist."""
    from paperreader.search import IndexStore

    cache = folder / "library-cache"
    catalog = Catalog(folder / "library", cache_root=lambda uuid: cache / uuid)
    table = catalog.open()
    if not len(table):
        table = corpus.create_catalog(
            folder / "library", corpus.load_entries(corpus_file, papers), cache
        ).open()
    store = IndexStore(folder / "index")
    if not store.is_current(table.version):
        store.update(table)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--papers", type=int, help="maximum number of papers")
    parser.add_argument("--keep", type=Path, help="build the library in this folder, or reuse the one there")
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    parser.add_argument(
        "--only", action="append", choices=list(MEASUREMENTS), help="run only this measurement"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
        folder = Path(name)
        source = options.keep or folder / "source"
        source.mkdir(parents=True, exist_ok=True)
        build_library(source, options.corpus, options.papers)
        home = ReaderSandbox(folder, source)
        compileall.compile_dir(Path(paperreader.__file__).parent, quiet=1)
        rows = random.Random(corpus.SEED).sample(list(home.table.newest), min(len(home.table), 2000))
        generator = QueryGenerator([home.table.paper(row) for row in rows])
        print(f"{len(home.table):,} papers, a terminal of 120 by 40, milliseconds")
        report = Report("reader")
        for measurement in options.only or MEASUREMENTS:
            MEASUREMENTS[measurement](report, home, generator, folder)
    report.write(options.json)


if __name__ == "__main__":
    main()
