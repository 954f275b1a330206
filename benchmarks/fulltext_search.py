"""Measure the search in full texts: index and update them in a child process, query them, and their size on disk.

    python benchmarks/fulltext_search.py FOLDER [--texts 1000] [--json FILE]

FOLDER contains pages (`*.html`) that LaTeXML made. The texts consist of their blocks in random order, about 10,000
words each, with some invented words, so that the vocabulary grows as that of different papers does.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import pairwise
from pathlib import Path

from msgspec.structs import replace
from recorded_terminal import RecordedTerminal, first_time
from report import Report
from timing import time_once

from paperreader import paths
from paperreader.fulltext import Document, NotAFullText, Paragraph, Reference, StoredText, block_text
from paperreader.fulltext.html import convert_page
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack, pack_document
from paperreader.jobs.client import Job
from paperreader.library import Library, matching_sentence

WORDS = 10_000
"""Of a text."""

INVENTED_SHARE = 0.01
"""Of the words of paragraphs."""

PART = 250
"""Texts that one process generates at a time."""

PAIRS = 40
KEY_SECONDS = 0.25
"""Between two letters: the sentences of a screen are being found meanwhile."""

TYPED = ("attention", "model", "training", "language", "number", "results", "paper")
VISIBLE_ROWS = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    arguments = parser.parse_args()
    # A reader that is ended leaves a job that still writes.
    with tempfile.TemporaryDirectory(prefix="paperreader-benchmark-", ignore_cleanup_errors=True) as home:
        for variable in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"):
            os.environ[variable] = str(Path(home) / variable)
        library = make_library(Path(home), arguments.texts)
        store_texts(library, arguments.folder, arguments.texts)
        report = Report("fulltext_search")
        measure(report, library)
        report.write(arguments.json)


def make_library(folder: Path, count: int) -> Library:
    """Import that many papers."""
    file = folder / "papers.jsonl"
    papers = (
        {
            "arxiv_id": f"2401.{number:05}",
            "title": f"Paper number {number} about a topic",
            "abstract": "Short.",
        }
        for number in range(count)
    )
    file.write_text("\n".join(map(json.dumps, papers)), encoding="utf-8")
    Library.open().imports.import_paths([str(file)])
    return Library.open()


def store_texts(library: Library, folder: Path, count: int) -> None:
    """Store a generated text for each paper, with one of the pages, in two processes."""
    root = paths.full_text_folder(library.uuid)
    parts = [range(start, min(start + PART, count)) for start in range(0, count, PART)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        list(pool.map(partial(store_part, root, folder), parts))


def store_part(root: Path, folder: Path, numbers: range) -> None:
    """Store the texts of papers with these numbers."""
    pages, documents = [], []
    for path in sorted(folder.glob("*.html")):
        try:
            documents.append(convert_page(path.read_bytes()))
        except NotAFullText:
            continue
        pages.append(pack(path.read_bytes()))
    store, rng = FullTextStore(root), random.Random(1 + numbers.start)
    for number, document in zip(numbers, generated(documents, rng, len(numbers)), strict=True):
        text = StoredText(paper=f"2401.{number:05}", version=1, source="arxiv-html", kind="html")
        store.write(text, pack_document(document), rng.choice(pages))


def generated(documents: Sequence[Document], rng: random.Random, count: int) -> Iterator[Document]:
    """Yield documents of blocks in random order."""
    blocks = [
        (block, len(block_text(block).split()))
        for document in documents
        for block in document.blocks
        if not isinstance(block, Reference)
    ]
    for _ in range(count):
        words, chosen = 0, []
        while words < WORDS:
            block, size = rng.choice(blocks)
            if isinstance(block, Paragraph):
                block = replace(
                    block, content=tuple(replace(each, text=invent(each.text, rng)) for each in block.content)
                )
            chosen.append(block)
            words += size
        yield replace(documents[0], blocks=tuple(chosen))


def invent(text: str, rng: random.Random) -> str:
    """Replace some words by others, most of them rare."""
    return " ".join(
        f"term{int(rng.paretovariate(0.5)) % 1_000_000}" if rng.random() < INVENTED_SHARE else word
        for word in text.split(" ")
    )


def measure(report: Report, library: Library) -> None:
    """Measure indexing, searching and typing."""
    texts = list(library.full_texts.all_texts())
    memory = measure_job(report, library, f"index {len(texts):,} texts in a child")
    report.add("memory of this child", [memory], "MB")
    measure_job(report, library, "update without changes")
    FullTextStore(paths.full_text_folder(library.uuid)).remove(texts[0].paper)
    measure_job(report, library, "update after one text was removed")
    size = folder_megabytes(library.full_texts.folder)
    cache = paths.cache_folder(library.uuid) / "text-index"
    report.add("disk: texts with their pages", [size], "MB")
    report.add("disk: texts and index", [size + folder_megabytes(cache)], "MB")
    report.add("first query, which opens the index", [time_once(lambda: library.search("text:attention"))])
    measure_queries(report, library)
    measure_typing(report)


def measure_job(report: Report, library: Library, name: str) -> float:
    """Update the index in a child process; return the memory of the largest one so far, in MB."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    Job(library.folder, "index-texts").run(lambda progress: None)
    after, seconds = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - started
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    report.add(name, [seconds], "s")
    report.add(f"{name}, processor time", [busy], "s")
    return after.ru_maxrss / 1024


def measure_queries(report: Report, library: Library) -> None:
    """Measure queries, each of which is new, and finding the sentences of one screen."""
    times: dict[str, list[float]] = {}
    sentences: list[float] = []
    for words in word_pairs(library):
        for kind, (query, is_typing) in queries(*words).items():
            started = time.perf_counter()
            hits = library.search(query, is_typing=is_typing)
            times.setdefault(kind, []).append((time.perf_counter() - started) * 1000)
        assert hits.texts is not None
        for row in hits.rows[:VISIBLE_ROWS]:
            sentences.append(time_once(partial(matching_sentence, hits.texts, row)))
    for kind, each in times.items():
        report.add(f"query: {kind}", each)
    report.add("query of any kind", [one for each in times.values() for one in each])
    report.add("sentence of a paper", sentences)


def queries(first: str, second: str) -> dict[str, tuple[str, bool]]:
    """Return queries with two adjacent words, and whether they are still being typed."""
    return {
        "phrase": (f'text:"{first} {second}"', False),
        "word": (f"text:{first}", False),
        "two words": (f"scope:text {first} {second}", False),
        "typing": (f"scope:text {first} {second[:-1]}", True),
        "one letter": (f"text:{first} text:{second[0]}", True),
        "prefix": (f"text:{first[:3]}*", False),
        "fuzzy": (f"text:{first}~", False),
        "combined": (f"text:{first} -text:{second} date:2020.. paper", False),
    }


def word_pairs(library: Library) -> list[tuple[str, str]]:
    """Return random pairs of adjacent words of the texts."""
    rng = random.Random(2)
    texts = list(library.full_texts.all_texts())
    found: list[tuple[str, str]] = []
    while len(found) < PAIRS:
        document = library.full_texts.document(rng.choice(texts))
        assert document is not None
        words = block_text(rng.choice(document.blocks)).split()
        pairs = [pair for pair in pairwise(words) if all(each.isalpha() and each.isascii() for each in pair)]
        found += rng.sample(pairs, min(1, len(pairs)))
    return found


def measure_typing(report: Report) -> None:
    """Measure how long a letter takes to its echo in the search bar, while sentences are found for the one before."""
    with RecordedTerminal([sys.executable, "-m", "paperreader"], os.environ) as reader:
        reader.record(idle_seconds=2.0, min_bytes=4000)
        reader.send("/")
        reader.record()
        for name, prefix in (("titles", ""), ("full texts", "scope:text ")):
            times = []
            for words in TYPED:
                reader.send("\x15" + prefix)
                reader.record(idle_seconds=0.5)
                for end in range(1, len(words) + 1):
                    times.append(echo_time(reader, words[end - 1], prefix + words[:end]))
            report.add(f"letter to its echo, {name}", times)


def echo_time(reader: RecordedTerminal, letter: str, query: str) -> float:
    """Type a letter, and return after how many milliseconds the query is shown."""
    started = time.perf_counter()
    reader.send(letter)
    heard = []
    while (left := started + KEY_SECONDS - time.perf_counter()) > 0:
        if data := reader.read_output(left):
            heard.append((time.perf_counter(), data))
    screens = reader.emulate(heard)
    while (
        echo := first_time(screens, lambda lines: lines[0].strip().startswith(f"/ {query}".rstrip()))
    ) is None:
        screens = reader.record(min_bytes=1)
    return (echo - started) * 1000


def folder_megabytes(folder: Path | None) -> float:
    assert folder is not None
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    main()
