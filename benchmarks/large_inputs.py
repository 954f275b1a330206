"""Measure keys with unusually large inputs: many marks at once, an abstract of 5 MB, thousands of subscriptions.

    python benchmarks/large_inputs.py [--papers N] [--only NAME] [--json FILE]

The papers are generated. Each key is timed until the screen shows what it does.
"""

from __future__ import annotations

import argparse
import compileall
import json
import random
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import corpus
from importing import Sandbox, write_papers
from reader import HELD_KEY_REPEATS, KEY_TIMEOUT_SECONDS, READER, time_held_key, type_letter
from recorded_terminal import RecordedTerminal, first_time
from report import Report

import paperreader
from paperreader.catalog import Catalog
from paperreader.models import MarkChange
from paperreader.notebook import Notebook

PAPERS = 12_000
ABSTRACT_BYTES, NOTEBOOK_BYTES = 5_000_000, 25_000_000
SUBSCRIPTIONS = 10_000
ROUNDS = 5
DOWN, UP, ESCAPE = "j", "k", "\x1b[27u"
ABSTRACT_WORDS = ("an", "enormous", "abstract", "that", "describes", "all", "its", "results", "in", "words")
AT_THE_TOP = re.compile(r" LIST .* 1/[\d,]+ *$", re.MULTILINE)
NOTE_WORDS = ("method", "results", "follow", "paper", "question", "idea", "compare", "later")
NEWEST = "2099-01-01"
"""Day of the paper with the long abstract, which is the first in the list."""


def open_reader(sandbox: Sandbox) -> RecordedTerminal:
    """Start the reader, without its last position, and wait until it is idle."""
    shutil.rmtree(sandbox.env["XDG_STATE_HOME"], ignore_errors=True)
    reader = RecordedTerminal(READER, sandbox.env)
    reader.record(idle_seconds=1.5, min_bytes=4000)
    return reader


def time_keys(reader: RecordedTerminal, keys: Sequence[str]) -> list[float]:
    """Press keys one by one; return the milliseconds until each has changed the screen."""
    durations = []
    for key in keys:
        before, started, changed = reader.lines, time.perf_counter(), None
        reader.send(key)
        while changed is None and time.perf_counter() < started + KEY_TIMEOUT_SECONDS:
            changed = first_time(reader.record(), lambda lines, shown=before: lines != shown)
        if changed is None:
            raise RuntimeError(f"{key!r} changed nothing:\n{reader.text}")
        durations.append(1000 * (changed - started))
    return durations


def measure_search(report: Report, reader: RecordedTerminal, name: str, word: str) -> None:
    """Type a word; add the times until its letters were echoed, and until results were painted.

    A letter that completion has offered changes no character of the screen.
    """
    typed = [type_letter(reader, letter, word[:end]) for end, letter in enumerate(word, 1)]
    report.add(name, [echo for echo, _ in typed])
    report.add(f"{name}, results", [result for _, result in typed if result is not None])


def measure_marks(report: Report, sandbox: Sandbox) -> None:
    """Bookmark all papers at once, and hold `j` meanwhile; then undo it."""
    with open_reader(sandbox) as reader:
        report.add("j held", time_held_key(reader, DOWN, HELD_KEY_REPEATS))
        for name, keys in (("all papers are bookmarked", ["g", "v", "G", "b"]), ("that is undone", ["u"])):
            for key in keys[:-1]:
                reader.send(key)
                reader.record()
            reader.send(f"{keys[-1]}{ESCAPE}g")
            reader.wait_for(lambda text: bool(AT_THE_TOP.search(text)))
            reader.record(idle_seconds=0.01)
            report.add(f"j held while {name}", time_held_key(reader, DOWN, HELD_KEY_REPEATS))
            reader.record(idle_seconds=1)


def measure_abstract(report: Report, sandbox: Sandbox) -> None:
    """Move to the paper with a long abstract and back, scroll it, and search for a word of it."""
    with open_reader(sandbox) as reader:
        report.add("to and from an abstract of 5 MB", time_keys(reader, [DOWN, UP] * ROUNDS))
        reader.send("/")
        reader.record()
        measure_search(report, reader, "search that finds an abstract of 5 MB", "enormous")


def measure_subscriptions(report: Report, sandbox: Sandbox) -> None:
    """Move in the list, and switch to a subscription and back."""
    folder = sandbox.folder / "config" / "paperreader"
    folder.mkdir(parents=True, exist_ok=True)
    words = [entry.records[0].title.split()[0] for entry in corpus.load_entries(None, SUBSCRIPTIONS)]
    blocks = (
        f'[[subscription]]\nname = "Topic {n}"\nquery = "{word} date:>=2020"\n'
        for n, word in enumerate(words)
    )
    (folder / "subscriptions.toml").write_text("\n".join(blocks))
    with open_reader(sandbox) as reader:
        report.add("j held with 10,000 subscriptions", time_held_key(reader, DOWN, HELD_KEY_REPEATS))
        report.add("to a subscription of 10,000 and back", time_keys(reader, ["6", "1"] * ROUNDS))
        report.add("bookmark with 10,000 subscriptions", time_keys(reader, "b" * ROUNDS))
    (folder / "subscriptions.toml").unlink()


def measure_notebook(report: Report, sandbox: Sandbox) -> None:
    """Move, bookmark and search with a notebook of 25 MB."""
    table = Catalog(
        Path(sandbox.env["PAPERREADER_LIBRARY"]),
        cache_root=lambda uuid: sandbox.folder / "cache" / "paperreader" / uuid,
    ).open()
    chooser, length = random.Random(corpus.SEED), NOTEBOOK_BYTES // len(table) // 7
    Notebook(Path(sandbox.env["PAPERREADER_LIBRARY"])).save(
        [
            MarkChange(
                table.id_of(row),
                "A title",
                row % 2 == 0,
                True,
                " ".join(chooser.choices(NOTE_WORDS, k=length)),
            )
            for row in table.newest
        ]
    )
    with open_reader(sandbox) as reader:
        report.add("j held with a notebook of 25 MB", time_held_key(reader, DOWN, HELD_KEY_REPEATS))
        report.add("bookmark in a notebook of 25 MB", time_keys(reader, "b" * ROUNDS))
        report.add("bookmarks and back with a notebook of 25 MB", time_keys(reader, ["3", "1"] * ROUNDS))
        reader.send("/")
        reader.record()
        measure_search(report, reader, "search in a notebook of 25 MB", "question")


MEASUREMENTS: dict[str, Callable[[Report, Sandbox], None]] = {
    "marks": measure_marks,
    "abstract": measure_abstract,
    "subscriptions": measure_subscriptions,
    "notebook": measure_notebook,
}


def import_papers(sandbox: Sandbox, count: int) -> None:
    """Import generated papers, of which the newest has an abstract of 5 MB."""
    file = sandbox.folder / "arxiv-metadata.jsonl"
    write_papers(file, corpus.load_entries(None, count - 1))
    abstract = " ".join(random.Random(corpus.SEED).choices(ABSTRACT_WORDS, k=ABSTRACT_BYTES // 5))
    line = {"id": "9912.00001", "title": "Long", "abstract": abstract, "authors": "A", "update_date": NEWEST}
    with file.open("a") as papers:
        print(json.dumps(line), file=papers)
    sandbox.run("import", file)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--papers", type=int, default=PAPERS)
    parser.add_argument(
        "--only", action="append", choices=list(MEASUREMENTS), help="run only this measurement"
    )
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    options = parser.parse_args()
    compileall.compile_dir(Path(paperreader.__file__).parent, quiet=1)
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
        sandbox = Sandbox(Path(name))
        import_papers(sandbox, options.papers)
        report = Report("large_inputs")
        for measurement in options.only or MEASUREMENTS:
            MEASUREMENTS[measurement](report, sandbox)
    report.write(options.json)


if __name__ == "__main__":
    main()
