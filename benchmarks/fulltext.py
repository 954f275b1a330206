"""Measure the conversion of real pages of papers: time, words kept and invented, formulas, ids, links.

    python benchmarks/fulltext.py FOLDER [--json FILE]

FOLDER contains pages (`*.html`) that LaTeXML made. Words are counted as in `tests/fulltext/page_words.py`, without
those of formulas.
"""

from __future__ import annotations

import argparse
import html
import re
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from report import Report

from paperreader.fulltext import Document, Equation, NotAFullText, Reference, find_anchor
from paperreader.fulltext.html import convert_page
from paperreader.fulltext.lines import block_lines

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.fulltext.page_words import invented_words, lost_words, page_words

ROUNDS = 5
NAMED_ID = re.compile(r"arxiv[:.]\s?[0-9]{4}\.[0-9]{4}|\babs/[0-9]{4}\.|\b10\.[0-9]{4,9}/\S", re.IGNORECASE)
"""What a reference with an id contains."""

TAG = re.compile("<[^<>]*>")
ELEMENT_ID = re.compile(r"""\bid=["']([^"']+)""")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    options = parser.parse_args()
    print(
        f"{'page':40}{'kB':>6}{'ms':>6}{'words':>7}{'kept':>9}{'invented':>9}{'formulas':>9}"
        f"{'ids':>9}{'links':>9}{'blocks':>7}"
    )
    pages = [measured for path in sorted(options.folder.glob("*.html")) if (measured := measure_page(path))]
    report = Report("fulltext")
    report.add("conversion of a page", [page.milliseconds for page in pages])
    report.add("words kept, worst page", [min(page.kept for page in pages)], "%")
    report.add("words invented, all pages", [sum(page.invented for page in pages)], "words")
    report.add("references that name an id, id found", [percent(page.ids for page in pages)], "%")
    report.add("internal links that reach a block", [percent(page.links for page in pages)], "%")
    report.write(options.json)


class MeasuredPage(NamedTuple):
    """What became of one page."""

    milliseconds: float
    kept: float
    """Percent of its words."""
    invented: int
    """Words that it does not contain."""
    ids: tuple[int, int]
    """References whose id was found, of those that name one."""
    links: tuple[int, int]
    """Internal links that reach a block, of those whose target is an element of the page."""


def measure_page(path: Path) -> MeasuredPage | None:
    """Convert a page and print its figures; None if it is not a full text."""
    page = path.read_bytes()
    name = f"{path.name[:39]:40}{len(page) / 1000:6.0f}"
    try:
        milliseconds, document = convert(page)
    except NotAFullText as error:
        print(f"{name}  {error}")
        return None
    text = page.decode("utf-8", "replace")
    words = page_words(text)
    kept = 100 - 100 * lost_words(words, document).total() / words.total()
    everything = html.unescape(
        TAG.sub("", text)
    )  # with what `page_words` leaves out, such as marks of footnotes
    invented = sum(count for word, count in invented_words(words, document).items() if word not in everything)
    ids, links = references(document), internal_links(document, text)
    print(
        f"{name}{milliseconds:6.0f}{words.total():7}{kept:8.2f}%{invented:9}{formulas(document):9}"
        f"{'{}/{}'.format(*ids):>9}{'{}/{}'.format(*links):>9}{len(document.blocks):7}"
    )
    return MeasuredPage(milliseconds, kept, invented, ids, links)


def percent(counts: Iterable[tuple[int, int]]) -> float:
    """Return the sum of the first numbers as percent of that of the second ones."""
    found, all = map(sum, zip(*counts, strict=True))
    return 100 * found / all if all else 100.0


def convert(page: bytes) -> tuple[float, Document]:
    """Return the time of parsing and converting a page (milliseconds, best of some rounds), and the document."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.perf_counter()
        document = convert_page(page)
        best = min(best, time.perf_counter() - started)
    return best * 1000, document


def formulas(document: Document) -> int:
    """Return how many formulas there are, in lines and displayed."""
    lines = [
        line for block in document.blocks if not isinstance(block, Equation) for line in block_lines(block)
    ]
    displayed = sum(len(block.rows) for block in document.blocks if isinstance(block, Equation))
    return displayed + sum(piece.kind == "math" for line in lines for piece in line)


def references(document: Document) -> tuple[int, int]:
    """Return of how many references the id was found, and how many name one."""
    named = [
        block
        for block in document.blocks
        if isinstance(block, Reference)
        and NAMED_ID.search("".join(f"{p.text} {p.target}" for p in block.content))
    ]
    return sum(bool(block.ids) for block in named), len(named)


def internal_links(document: Document, page: str) -> tuple[int, int]:
    """Return how many links reach a block, and how many lead to an element of the page."""
    ids = set(ELEMENT_ID.findall(page))
    targets = [
        piece.target[1:]
        for block in document.blocks
        for line in block_lines(block)
        for piece in line
        if piece.target.startswith("#") and piece.target[1:] in ids
    ]
    return sum(find_anchor(document, target) is not None for target in targets), len(targets)


if __name__ == "__main__":
    main()
