"""Benchmark reading a full text in a pseudo-terminal: opening, keys, search inside, memory.

    python benchmarks/reading.py PAGE [--rounds N]

PAGE is a full text that LaTeXML made, such as a saved page of arxiv.org/html. Prints milliseconds at the 50th and 95th
percentile with the targets, and memory in megabytes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from recorded_terminal import RecordedTerminal, ScreenLines, first_time, last_change_time
from timing import percentiles

import paperreader
from paperreader.fulltext import Document, LayoutOptions, block_text, layout_document
from paperreader.library import Library

READER = [sys.executable, "-m", "paperreader"]
KEYS = {"j": "j", "page": " ", "next section": "J", "back to the beginning": "g"}
KEYS_EACH = 20
SEARCHED = "models"
"""Typed letter by letter into the search inside the text."""

SETTLE_SECONDS = 0.3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--rounds", type=int, default=8)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        env = _environment(Path(folder))
        os.environ.update(env)
        started = time.perf_counter()
        subprocess.run(
            [*READER, "import", str(arguments.page)], env=os.environ, check=True, stdout=subprocess.DEVNULL
        )
        print(f"import of the page, with its conversion: {1000 * (time.perf_counter() - started):.0f} ms")
        library = Library.open()
        id = library.table.id_of(library.table.newest[0])
        document = library.full_texts.load(id)
        if document is None:
            raise SystemExit(f"{arguments.page} is not a full text.")
        measure_layout(document)
        measure_screen(env, document, arguments.rounds)
        shutil.rmtree(library.full_texts.folder or "", ignore_errors=True)


def _environment(folder: Path) -> dict[str, str]:
    names = ("DATA", "CACHE", "STATE", "CONFIG")
    return {
        **{f"XDG_{name}_HOME": str(folder / name.lower()) for name in names},
        "PYTHONPATH": str(Path(paperreader.__file__).parents[1]),
        "PYTHONDONTWRITEBYTECODE": "",
    }


def measure_layout(document: Document) -> None:
    """Lay out the whole document, with cold and warm caches."""
    for name in ("first", "again"):
        started = time.perf_counter()
        layout = layout_document(document, LayoutOptions())
        print(
            f"layout of {len(layout.lines):,} lines, {name}: {1000 * (time.perf_counter() - started):.0f} ms"
        )


def measure_screen(env: Mapping[str, str], document: Document, rounds: int) -> None:
    """Open the text several times, press keys in it, and search inside."""
    heading = " ".join(block_text(document.blocks[0]).split())[:12]
    with RecordedTerminal(READER, env) as reader:
        reader.record(idle_seconds=1.5, min_bytes=2000)
        reader.send("\r")
        reader.record(idle_seconds=SETTLE_SECONDS)
        before = reader.anonymous_megabytes()
        opened = []
        for _ in range(rounds):
            opened.append(_time_key(reader, "\r", lambda lines: any(heading in line for line in lines)))
            reader.record(idle_seconds=1.0)
            reader.send("\x1b")
            reader.record(idle_seconds=SETTLE_SECONDS)
        report("first opening, with imports", opened[:1], 150)
        report("stored text, key to first painted line", opened[1:], 150)
        reader.send("\r")
        reader.record(idle_seconds=1.0)
        for name, key in KEYS.items():
            durations = [_time_change(reader, key) for _ in range(1 if key == "g" else KEYS_EACH)]
            report(f"key: {name}", durations, 16)
        reader.send("/")
        reader.record(idle_seconds=SETTLE_SECONDS)
        letters = []
        for _ in range(rounds):
            for letter in SEARCHED:
                letters.append(_time_change(reader, letter))
            reader.send("\x15")
            reader.record(idle_seconds=SETTLE_SECONDS)
        report("search inside, letter to highlighted matches", letters, 30)
        print(f"memory of the open text: {reader.anonymous_megabytes() - before:.0f} MB (target 25)")


def _time_key(reader: RecordedTerminal, key: str, is_shown: Callable[[ScreenLines], bool]) -> float:
    """Return the milliseconds until the screen shows something after a key."""
    started = time.perf_counter()
    reader.send(key)
    shown_at = first_time(reader.record(idle_seconds=1.0, min_bytes=1000), is_shown)
    return 1000 * ((shown_at or float("nan")) - started)


def _time_change(reader: RecordedTerminal, key: str) -> float:
    """Return the milliseconds until the last change of the text after a key; of the whole screen for one without."""
    before: ScreenLines = reader.lines
    started = time.perf_counter()
    reader.send(key)
    screens = reader.record()
    changed_at = last_change_time(before, screens, lambda lines: lines[1:-2]) or last_change_time(
        before, screens, lambda lines: lines
    )
    return 1000 * ((changed_at or started) - started)


def report(name: str, durations: list[float], target: float) -> None:
    """Print the 50th and 95th percentile."""
    p50, p95 = percentiles(durations)
    missed = "  MISSED" if p95 > target else ""
    print(f"{name:48}{p50:8.1f}{p95:8.1f} ms   target p95 {target:g}{missed}", flush=True)


if __name__ == "__main__":
    main()
