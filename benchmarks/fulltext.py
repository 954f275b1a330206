"""Measure the conversion of real pages of papers: time, words kept and invented, formulas, references with ids, blocks.

    python benchmarks/fulltext.py FOLDER

FOLDER contains pages (`*.html`) that LaTeXML made. Words are counted as in `tests/fulltext/page_words.py`, without
those of formulas.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from pathlib import Path

from paperreader.fulltext import Document, Equation, NotAFullText, Reference
from paperreader.fulltext.html import convert_page
from paperreader.fulltext.lines import block_lines

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.fulltext.page_words import invented_words, lost_words, page_words

ROUNDS = 5
NAMED_ID = re.compile(r"arxiv[:.]\s?[0-9]{4}\.[0-9]{4}|\babs/[0-9]{4}\.|\b10\.[0-9]{4,9}/\S", re.IGNORECASE)
"""What a reference with an id contains."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    print(
        f"{'page':40}{'kB':>6}{'ms':>6}{'words':>7}{'kept':>9}{'invented':>9}{'formulas':>9}{'references':>17}{'blocks':>7}"
    )
    for path in sorted(folder.glob("*.html")):
        page = path.read_bytes()
        try:
            milliseconds, document = convert(page)
        except NotAFullText as error:
            print(f"{path.name[:39]:40}{len(page) / 1000:6.0f}  {error}")
            continue
        words = page_words(page.decode("utf-8", "replace"))
        kept = 1 - lost_words(words, document).total() / words.total()
        print(
            f"{path.name[:39]:40}{len(page) / 1000:6.0f}{milliseconds:6.0f}{words.total():7}{kept:9.2%}"
            f"{invented_words(words, document).total():9}{formulas(document):9}{references(document):>17}"
            f"{len(document.blocks):7}"
        )


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


def references(document: Document) -> str:
    """Return how many references there are, and of how many that name an id it was found."""
    found = [block for block in document.blocks if isinstance(block, Reference)]
    named = [
        block for block in found if NAMED_ID.search("".join(f"{p.text} {p.target}" for p in block.content))
    ]
    return f"{len(found)}, ids {sum(bool(block.ids) for block in named)}/{len(named)}"


if __name__ == "__main__":
    main()
