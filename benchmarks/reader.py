"""How long the reader lets one wait: start, typing, moving about, and its memory, in a real pseudo-terminal.

    python benchmarks/reader.py [--corpus FILE] [--papers N] [--keep FOLDER] [--json FILE] [--only WORD]

Prints milliseconds at the 50th and 95th percentile beside what is aimed at. A start is told as a multiple of the start
of a bare Textual app, a command as what it takes longer than `python -c pass`, both measured in turns in this run.
`--keep` names the same folder as for `search.py`; its library is copied before it is opened.
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
from timing import percentiles
from watching import IDLE_SECONDS, RecordedTerminal, ScreenLines, first_time, last_change_time

import paperreader
from paperreader.catalog import Catalog
from paperreader.text.sanitize import single_line
from paperreader.text.tex_display import tex_to_unicode

STARTS = 11
QUERIES = 10
MEMORY_QUERIES = 100
"""Searches after which the memory is looked at."""

KEY_PRESSES = 40
HELD_KEY_REPEATS = 90
KEY_REPEAT_SECONDS = 1 / 30
"""Seconds between two keys of a key held down."""

RAPID_KEY_SECONDS = 1 / 100
"""Seconds between two keys where only the memory matters."""
SCROLL_PARTS = 4
"""Parts of the way after each of which the memory is looked at."""
SCROLL_KEY_PRESSES = 2000
"""How often `j` is pressed on it."""
MIN_PAGE_ROWS = 30
"""Papers of a page, at least."""

KEY_TIMEOUT_SECONDS = 5.0
"""Seconds after which a key that changed nothing is a failure."""

BACKGROUND_PAPERS = 20_000
"""Papers imported while keys are measured: enough that the import outlasts them."""

PYTHON = sys.executable
READER = [PYTHON, "-m", "paperreader"]
HERE = Path(__file__).parent


class ReaderSandbox:
    """A library and the reader's other folders, in a place of their own."""

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
        places = {"XDG_CACHE_HOME": "cache", "XDG_STATE_HOME": "state", "XDG_DATA_HOME": "data"}
        self.env = {
            **{name: str(folder / place) for name, place in places.items()},
            "PAPERREADER_LIBRARY": str(self.library),
            "PYTHONPATH": str(Path(paperreader.__file__).parents[1]),
            "PYTHONDONTWRITEBYTECODE": "",
        }
        self.first_title = self.title_start(0)

    def title_start(self, place: int) -> str:
        """How the title at that place of the list begins."""
        return single_line(tex_to_unicode(self.table.paper(self.table.newest[place]).title))[:24].rstrip()

    def reset_state(self) -> None:
        """Let the next start be the first: a reader that is ended comes back to where it was."""
        shutil.rmtree(self.env["XDG_STATE_HOME"], ignore_errors=True)

    def open(self) -> RecordedTerminal:
        """The reader, its list painted and all that follows done."""
        self.reset_state()
        reader = RecordedTerminal(READER, self.env)
        reader.record(idle_seconds=1.5, min_bytes=4000)
        return reader


class Report:
    """Prints a table row by row and keeps it."""

    def __init__(self) -> None:
        self.rows: list[dict[str, object]] = []
        print(f"{'':44}{'p50':>9}{'p95':>9}   {'aimed at':18}", flush=True)

    def add_row(self, name: str, found: Sequence[float], unit: str = "ms", **aims: float) -> None:
        """A figure; `aims` are the greatest `p50` and `p95` wanted."""
        p50, p95 = percentiles(found)
        wanted = ", ".join(f"{name} {value:g}" for name, value in aims.items())
        missed = any({"p50": p50, "p95": p95}[name] > value for name, value in aims.items())
        told = f"{wanted} {unit}{'  MISSED' if missed else ''}" if aims else unit
        print(f"{name:44}{p50:9.1f}{p95:9.1f}   {told}", flush=True)
        self.rows.append(
            {
                "name": name,
                "unit": unit,
                "p50": round(p50, 2),
                "p95": round(p95, 2),
                "n": len(found),
                **{f"aim_{name}": value for name, value in aims.items()},
                "missed": missed,
            }
        )


# What is measured


def measure_start(report: Report, home: ReaderSandbox) -> None:
    """Start to painted list, the two in turns."""
    ours, bare = [], []
    for _ in range(STARTS):
        bare.append(time_minimal_app(home.env))
        ours.append(time_start(READER, home.env, home.first_title))
    report.add_row("bare Textual app, start to painted list", bare[1:])
    report.add_row("reader, start to painted list", ours[1:])
    ratio = statistics.median(ours[1:]) / statistics.median(bare[1:])
    report.add_row("ratio of the medians", [ratio], "times", p50=1.5)


def time_minimal_app(env: Mapping[str, str]) -> float:
    """Milliseconds until a bare Textual app has painted its list."""
    return time_start([PYTHON, str(HERE / "bare.py")], env, "item 0")


def time_start(argv: Sequence[str], env: Mapping[str, str], shown: str) -> float:
    """Milliseconds until a program shows that."""
    with RecordedTerminal(argv, env) as program:
        painted = first_time(
            program.record(quiet=0.4, least=4000), lambda lines: any(shown in line for line in lines)
        )
        if painted is None:
            raise RuntimeError(f"{argv} never painted {shown!r}:\n{program.text}")
        return 1000 * (painted - program.started_at)


def measure_commands(report: Report, home: ReaderSandbox) -> None:
    """What a command that does next to nothing takes longer than Python alone."""
    argvs = {name: [*READER, name] for name in ("--version", "--help")}
    argvs["pass"] = [PYTHON, "-c", "pass"]
    took: dict[str, list[float]] = {name: [] for name in argvs}
    for _ in range(2 * STARTS):
        for name, argv in argvs.items():
            began = time.perf_counter()
            subprocess.run(argv, env={**os.environ, **home.env}, stdout=subprocess.DEVNULL, check=True)
            took[name].append(1000 * (time.perf_counter() - began))
    bare = statistics.median(took.pop("pass"))
    for name, found in took.items():
        report.add_row(f"paperreader {name} over python -c pass", [statistics.median(found) - bare], p50=60)


def measure_first_letter(report: Report, home: ReaderSandbox) -> None:
    """A search begun in the moment the list is there."""
    echoes, results = [], []
    for _ in range(STARTS):
        home.reset_state()
        with RecordedTerminal(READER, home.env) as reader:
            reader.wait_for(home.first_title)
            reader.send("/")
            reader.record(quiet=0.03)
            echo, result = _type_letter(reader, "d", "d", quiet=0.5)
            echoes.append(echo)
            results.append(result or echo)
    report.add_row("first letter after the start, echo", echoes, p95=33)
    report.add_row("first letter after the start, results", results)


def measure_typing(report: Report, home: ReaderSandbox, words: QueryGenerator) -> None:
    """Queries of several words a letter at a time, then many more for the memory."""
    with home.open() as reader:
        fresh = reader.anonymous()
        reader.send("/")
        reader.record()
        echoes, results = [], []
        for _ in range(QUERIES):
            _clear_query(reader)
            for query in words.typed_letters():
                echo, result = _type_letter(reader, query[-1], query)
                echoes.append(echo)
                if result is not None:
                    results.append(result)
        report.add_row("a letter's echo in the bar", echoes, p95=33)
        report.add_row("letter to painted results", results, p50=25, p95=50)
        for _ in range(MEMORY_QUERIES - QUERIES):
            _clear_query(reader)
            for query in words.typed_letters():
                reader.send(query[-1])
                reader.record(quiet=0.02)
        report.add_row("anonymous memory at the start", [fresh], "MB")
        report.add_row(
            f"anonymous memory after {MEMORY_QUERIES} searches", [reader.anonymous()], "MB", p50=150
        )


def _type_letter(
    reader: RecordedTerminal, letter: str, query: str, quiet: float = IDLE_SECONDS
) -> tuple[float, float | None]:
    """Milliseconds until a letter stands in the bar, and until the results have changed for the last time."""
    before = reader.lines
    began = time.perf_counter()
    reader.send(letter)
    screens = reader.record(idle_seconds=quiet, min_bytes=1)
    echo = first_time(screens, lambda lines: lines[0].strip().startswith(f"/ {query}"[:60].rstrip()))
    if echo is None:
        raise RuntimeError(f"{query!r} never stood in the bar:\n{reader.text}")
    if query.endswith(" "):  # a blank cannot be seen: it moves the cursor
        echo = screens[0][0]
    result = last_change_time(before, screens, _result_area)
    return 1000 * (echo - began), None if result is None else 1000 * (result - began)


def _result_area(lines: ScreenLines) -> object:
    """List, detail and tally: not the completion in the bar, nor the footer's word on it, which wait for a pause."""
    return lines[0][80:], lines[1:-1]


def _clear_query(reader: RecordedTerminal) -> None:
    reader.send("\x15")  # ctrl+u
    reader.record()


def measure_navigation(report: Report, home: ReaderSandbox) -> None:
    """Keys that move about the list."""
    with home.open() as reader:
        before = reader.anonymous()
        report.add_row("j held down", _time_held_key(reader, "j", HELD_KEY_REPEATS), p95=33)
        for name, key in (("PageDown", "\x1b[6~"), ("G", "G"), ("g", "g")):
            found = []
            for _ in range(KEY_PRESSES):
                if name in "Gg":
                    reader.send("g" if name == "G" else "G")
                    reader.record(quiet=0.1)
                found.append(_time_key(reader, key))
            report.add_row(name, found, p95=33)
        report.add_row("memory these keys took", [reader.anonymous() - before], "MB")


def measure_scrolling(report: Report, home: ReaderSandbox) -> None:
    """Memory while the whole list passes by, and while a key is held down: level after the first part of the way."""
    pages = len(home.table) // MIN_PAGE_ROWS
    for name, key, times in (
        ("PageDown to the end", "\x1b[6~", pages),
        (f"{SCROLL_KEY_PRESSES:,} times j", "j", SCROLL_KEY_PRESSES),
    ):
        with home.open() as reader:
            found = []
            for _ in range(SCROLL_PARTS):
                for _ in range(times // SCROLL_PARTS):
                    reader.send(key)
                    reader.read_output(RAPID_KEY_SECONDS)  # not emulated: nobody looks at these screens
                while reader.read_output(IDLE_SECONDS):
                    pass
                found.append(reader.anonymous())
            report.add_row(f"memory after a quarter of {name}", found[:1], "MB")
            report.add_row("what the other three quarters took", [found[-1] - found[0]], "MB", p50=5)


def _time_key(reader: RecordedTerminal, key: str) -> float:
    before = reader.lines
    began = time.perf_counter()
    reader.send(key)
    painted = None
    while painted is None and time.perf_counter() < began + KEY_TIMEOUT_SECONDS:
        painted = last_change_time(before, reader.record(idle_seconds=0.1), lambda lines: lines)
    if painted is None:
        raise RuntimeError(f"{key!r} changed nothing:\n{reader.text}")
    return 1000 * (painted - began)


def _time_held_key(reader: RecordedTerminal, key: str, times: int) -> list[float]:
    """Milliseconds from each of many keys to the status line that tells its position."""
    start = _list_position(reader.lines)
    sent: list[float] = []
    heard: list[tuple[float, bytes]] = []
    began = time.perf_counter()
    while len(sent) < times or time.perf_counter() < sent[-1] + IDLE_SECONDS:
        due = began + len(sent) * KEY_REPEAT_SECONDS
        if len(sent) < times and time.perf_counter() >= due:
            sent.append(time.perf_counter())
            reader.send(key)
            continue
        patience = due - time.perf_counter() if len(sent) < times else IDLE_SECONDS
        if data := reader.read_output(patience):
            heard.append((time.perf_counter(), data))
    screens = reader.emulate(heard)
    return [
        1000
        * (
            (first_time(screens, lambda lines, n=n: _list_position(lines) > start + n) or float("nan"))
            - moment
        )
        for n, moment in enumerate(sent)
    ]


def _list_position(lines: ScreenLines) -> int:
    found = re.search(r"([\d,]+)/[\d,]+ *$", next(line for line in lines if " LIST " in line))
    return int(found[1].replace(",", "")) if found else 0


def measure_during_import(report: Report, home: ReaderSandbox, words: QueryGenerator, folder: Path) -> None:
    """Echoes while another process imports and indexes."""
    page = folder / "arxiv-metadata-behind.jsonl"
    page.write_text("".join(_synthetic_papers()))
    with home.open() as reader:
        importing = subprocess.Popen(
            [*READER, "import", str(page)],
            env={**os.environ, **home.env},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # as in another terminal
        )
        held = _time_held_key(reader, "j", HELD_KEY_REPEATS)
        reader.send("/")
        reader.record()
        echoes = []
        while importing.poll() is None and len(echoes) < 150:
            _clear_query(reader)
            for query in words.typed_letters():
                if importing.poll() is None:
                    echoes.append(_type_letter(reader, query[-1], query, quiet=0.1)[0])
        importing.terminate()
        importing.wait()
    report.add_row("j held down while an import runs behind", held, p95=33)
    if echoes:
        report.add_row("a letter's echo while an import runs behind", echoes, p95=33)


def _synthetic_papers() -> Iterator[str]:
    """Invented papers in the schema of the arXiv dataset on Kaggle, under ids that no paper has."""
    for place, entry in enumerate(corpus.load_entries(None, BACKGROUND_PAPERS)):
        record = entry.records[0]
        yield (
            json.dumps(
                {
                    "id": f"99{place // 9000 + 1:02d}.{place % 9000:05d}",
                    "title": record.title,
                    "abstract": record.abstract,
                    "authors": "A. Nobody",
                    "update_date": record.published,
                    "categories": "cs.LG",
                }
            )
            + "\n"
        )


MEASUREMENTS: dict[str, Callable[[Report, ReaderSandbox, QueryGenerator, Path], None]] = {
    "start": lambda report, home, words, folder: measure_start(report, home),
    "commands": lambda report, home, words, folder: measure_commands(report, home),
    "first": lambda report, home, words, folder: measure_first_letter(report, home),
    "typing": lambda report, home, words, folder: measure_typing(report, home, words),
    "moving": lambda report, home, words, folder: measure_navigation(report, home),
    "scrolling": lambda report, home, words, folder: measure_scrolling(report, home),
    "import": measure_during_import,
}


def build_library(folder: Path, found: Path | None, papers: int | None) -> None:
    """The library and its index in `folder`, unless they are there."""
    from paperreader.search import IndexStore, SearchEngine

    cache = folder / "library-cache"
    catalog = Catalog(folder / "library", cache_root=lambda uuid: cache / uuid)
    table = catalog.open()
    if not len(table):
        table = corpus.create_catalog(folder / "library", corpus.load_entries(found, papers), cache).open()
    index = SearchEngine(IndexStore(folder / "index"))
    if not index.store.is_current(table.version):
        index.store.update(table)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    corpus.add_corpus_argument(parser)
    parser.add_argument("--papers", type=int, help="at most so many papers")
    parser.add_argument("--keep", type=Path, help="build the library here, and use it again the next time")
    parser.add_argument("--json", type=Path, help="write the figures there as well")
    parser.add_argument("--only", action="append", choices=list(MEASUREMENTS), help="measure only that")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
        folder = Path(name)
        source = given.keep or folder / "source"
        source.mkdir(parents=True, exist_ok=True)
        build_library(source, given.corpus, given.papers)
        home = ReaderSandbox(folder, source)
        compileall.compile_dir(Path(paperreader.__file__).parent, quiet=1)
        chosen = random.Random(corpus.SEED).sample(list(home.table.newest), min(len(home.table), 2000))
        words = QueryGenerator([home.table.paper(row) for row in chosen])
        print(f"{len(home.table):,} papers, a terminal of 120 by 40, milliseconds")
        report = Report()
        for what in given.only or MEASUREMENTS:
            MEASUREMENTS[what](report, home, words, folder)
    if given.json:
        given.json.write_text(json.dumps({"papers": len(home.table), "figures": report.rows}, indent=1))


if __name__ == "__main__":
    main()
