"""Benchmark reading a full text in a pseudo-terminal: opening, keys, search inside, pictures, memory.

    python benchmarks/reading.py PAGE [--rounds N] [--json FILE]

PAGE is a full text that LaTeXML made, such as a saved page of arxiv.org/html. A key is timed until the text has changed
for the last time. Pictures are made up and are found in the cache, so that nothing is requested.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

from recorded_terminal import RecordedTerminal, ScreenLines, first_time, last_change_time
from report import Report
from timing import time_once

import paperreader
from paperreader import paths
from paperreader.fetch.http.cache import CachedResponse, ResponseCache
from paperreader.fulltext import Document, Figure, LayoutOptions, block_text, layout_document
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack
from paperreader.library import Library

READER = [sys.executable, "-m", "paperreader"]
KEYS_EACH, JUMPS = 20, 20
SEARCHED = "models"
"""Typed letter by letter into the search inside the text."""

LONG_PAGE_BYTES = 1_500_000
SETTLE_SECONDS = 0.3
KEY_SECONDS = 0.05
"""Between two keys while a page is converted."""

SECTION = re.compile(r'(?=<section[^>]* class="ltx_(?:section|appendix)")')
OVERVIEW = re.compile(r"(cited|referred to) in ")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("page", type=Path)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    options = parser.parse_args()
    report = Report("reading")
    with sandbox() as folder:
        library, id, document = import_page(options.page)
        measure_layout(report, document)
        write_settings('[reading]\nfigures = "none"\n')
        measure_screen(report, document, options.rounds)
        write_settings("")
        cache_pictures(document)
        measure_pictures(report)
        long_page = folder / "long.html"
        long_page.write_text(lengthened(options.page.read_text(encoding="utf-8")), encoding="utf-8")
        store_unconverted(library, id, long_page.read_bytes())
        measure_conversion(report, library, id, long_page, options.rounds)
    report.write(options.json)


@contextmanager
def sandbox():
    """Use empty folders for everything that is stored."""
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-") as name:
        for kind in ("DATA", "CACHE", "STATE", "CONFIG"):
            os.environ[f"XDG_{kind}_HOME"] = str(Path(name) / kind.lower())
        os.environ["PYTHONPATH"] = str(Path(paperreader.__file__).parents[1])
        os.environ["PYTHONDONTWRITEBYTECODE"] = ""
        os.environ["BROWSER"] = "true"  # for links to pages, whose failure would be reported on the screen
        yield Path(name)


def import_page(page: Path) -> tuple[Library, str, Document]:
    """Import a page into an empty library; return the id of its paper and its full text."""
    subprocess.run([*READER, "import", str(page)], check=True, stdout=subprocess.DEVNULL)
    library = Library.open()
    id = library.table.id_of(library.table.newest[0])
    document = library.full_texts.load(id)
    if document is None:
        raise SystemExit(f"{page} is not a full text.")
    return library, id, document


def write_settings(text: str) -> None:
    file = paths.config_folder() / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@contextmanager
def open_reader():
    """Start the reader with the focus in the detail."""
    with RecordedTerminal(READER, os.environ) as reader:
        reader.record(idle_seconds=1.5, min_bytes=2000)
        reader.send("\r")
        reader.record(idle_seconds=SETTLE_SECONDS)
        yield reader


def measure_layout(report: Report, document: Document) -> None:
    """Lay out the whole document, with cold and warm caches."""
    for name in ("first", "again"):
        report.add(
            f"layout of the whole text, {name}",
            [time_once(lambda: layout_document(document, LayoutOptions()))],
        )


def measure_screen(report: Report, document: Document, rounds: int) -> None:
    """Open the text, press keys in it, search inside, and open it several times more."""
    heading = " ".join(block_text(document.blocks[0]).split())[:12]

    def open_text() -> float:
        return time_key(reader, "\r", lambda lines: any(heading in line for line in lines))

    with open_reader() as reader:
        before = reader.anonymous_megabytes()
        report.add("first opening, with imports", [open_text()])
        reader.record(idle_seconds=1.0)
        for name, key in (("j", "j"), ("page", " "), ("next section", "J")):
            report.add(name, [time_change(reader, key) for _ in range(KEYS_EACH)])
        report.add("back to the beginning", [time_change(reader, "g")])
        report.add("jump to a reference", time_jumps(reader))
        reader.send("/")
        reader.record(idle_seconds=SETTLE_SECONDS)
        letters = []
        for _ in range(rounds):
            letters += [time_change(reader, letter) for letter in SEARCHED]
            reader.send("\x15")
            reader.record(idle_seconds=SETTLE_SECONDS)
        report.add("search inside, letter to highlighted matches", letters)
        report.add("memory of the open text", [reader.anonymous_megabytes() - before], "MB")
        reader.send("\x1b")
        reader.record(idle_seconds=SETTLE_SECONDS)
        reader.send("g")
        reader.record(idle_seconds=1.5)  # the place is stored
        opened = []
        for _ in range(rounds):
            reader.send("\x1b")
            reader.record(idle_seconds=1.0)
            opened.append(open_text())
        report.add("stored text, key to first painted line", opened)


def time_jumps(reader: RecordedTerminal) -> list[float]:
    """Follow the first link of each page that has one in its text; return how long the jumps take."""
    found: list[float] = []
    for _ in range(5 * JUMPS):
        reader.send("f")
        reader.record()
        reader.send("a")
        reader.record()
        if any(map(OVERVIEW.search, reader.lines)):
            found.append(time_change(reader, "f"))  # return would add a paper that is not in the library
            reader.send("\x7f")
            reader.record()
        reader.send("\x1b[6~")
        reader.record()
        if len(found) == JUMPS:
            return found
    raise SystemExit("The page has too few links to its own parts.")


def measure_pictures(report: Report) -> None:
    """Press the key of the next page while pictures are read and painted."""
    with open_reader() as reader:
        reader.send("\r")
        reader.record(idle_seconds=1.0)
        durations = []
        for _ in range(2 * KEYS_EACH):
            before, started = reader.lines, time.perf_counter()
            reader.send(" ")
            screens = reader.record(idle_seconds=SETTLE_SECONDS)
            painted = first_time(screens, lambda lines, before=before: lines[1:-2] != before[1:-2])
            if painted is not None:  # the end of the text is not reached
                durations.append(1000 * (painted - started))
        report.add("page, while figures are fetched", durations)


def cache_pictures(document: Document) -> None:
    """Put a picture of noise into the cache for each figure."""
    from PIL import Image

    file = io.BytesIO()
    Image.effect_noise((1200, 800), 80).save(file, "PNG")
    cache = ResponseCache(paths.response_cache_folder())
    for block in document.blocks:
        for image in block.images if isinstance(block, Figure) else ():
            cache.store(CachedResponse(image.address, "2026-01-01T00:00:00", file.getvalue()))


def lengthened(page: str) -> str:
    """Return a page with its sections repeated, under other ids, until it is long."""
    start, end = page.index("<section"), page.rindex("</section>") + len("</section>")
    sections = SECTION.split(page[start:end])[1:]
    parts, size, number = [page[:end]], len(page.encode()), 0
    while size < LONG_PAGE_BYTES:
        part = re.sub(r'(id="|href="#)', rf"\g<1>again{number}.", sections[number % len(sections)])
        parts.append(part)
        size, number = size + len(part.encode()), number + 1
    return "".join(parts) + page[end:]


def store_unconverted(library: Library, id: str, page: bytes) -> None:
    """Store a page whose document is damaged, so that it is converted when it is opened."""
    (text,) = library.full_texts.stored(id)
    FullTextStore(paths.full_text_folder(library.uuid)).write(text, b"damaged", pack(page))


def measure_conversion(report: Report, library: Library, id: str, page: Path, rounds: int) -> None:
    """Open a text that has to be converted first, and switch between the panes meanwhile."""
    durations, echoes = [], []
    with open_reader() as reader:
        for number in range(2 * rounds):
            store_unconverted(library, id, page.read_bytes())
            if " LIST " in reader.lines[-2]:
                reader.send("\t")
                reader.record(idle_seconds=SETTLE_SECONDS)
            started = time.perf_counter()
            reader.send("\r")
            if number % 2:
                echoes += time_echoes(reader)
            else:
                shown = first_time(reader.record(idle_seconds=1.2), lambda lines: " TEXT " in lines[-2])
                durations.append(1000 * ((shown or float("nan")) - started))
            reader.record(idle_seconds=1.0)
            while (
                reader.lines[-2].strip().startswith(("TEXT", "CONTENTS"))
            ):  # which the last tab may have opened
                reader.send("\x1b")
                reader.record(idle_seconds=1.0)
    report.add("page of 1.5 MB on disk to painted text", durations)
    report.add("key to its echo meanwhile", echoes)


def time_echoes(reader: RecordedTerminal) -> list[float]:
    """Press tab until the full text is shown; return how long it takes to the changed status bar."""
    found: list[float] = []
    while True:
        before, started = reader.lines[-2], time.perf_counter()
        reader.send("\t")
        heard = []
        while (left := started + KEY_SECONDS - time.perf_counter()) > 0:
            if data := reader.read_output(left):
                heard.append((time.perf_counter(), data))
        screens = reader.emulate(heard)
        while all(lines[-2] == before for _, lines in screens):
            screens = reader.record(min_bytes=1)
        echo = first_time(screens, lambda lines, before=before: lines[-2] != before)
        if any(" TEXT " in lines[-2] for _, lines in screens):
            return found
        if len(found) > 100:
            raise SystemExit("The converted page was never shown.")
        found.append(1000 * ((echo or started) - started))


def time_key(reader: RecordedTerminal, key: str, is_shown: Callable[[ScreenLines], bool]) -> float:
    """Return the milliseconds until the screen shows something after a key."""
    started = time.perf_counter()
    reader.send(key)
    shown_at = first_time(reader.record(idle_seconds=1.0, min_bytes=1000), is_shown)
    return 1000 * ((shown_at or float("nan")) - started)


def time_change(reader: RecordedTerminal, key: str) -> float:
    """Return the milliseconds until the last change of the text after a key; of the whole screen for one without."""
    before: ScreenLines = reader.lines
    started = time.perf_counter()
    reader.send(key)
    screens = reader.record()
    changed_at = last_change_time(before, screens, lambda lines: lines[1:-2]) or last_change_time(
        before, screens, lambda lines: lines
    )
    return 1000 * ((changed_at or started) - started)


if __name__ == "__main__":
    main()
