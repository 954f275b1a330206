"""Twice the text takes about twice the work, whatever the text: no pattern may be made to search for ever."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from statistics import median

import pytest

from paperreader import importers
from paperreader.importers.daily_papers import boilerplate
from paperreader.importers.daily_papers.paragraph_labels import label
from paperreader.importers.daily_papers.paragraphs import pages
from paperreader.importers.formats import detect
from paperreader.importers.input.files import Input
from paperreader.notebook import format as notebook_format
from paperreader.search.query import plan
from paperreader.text import ids
from paperreader.text.cell_width import cells, cut, wrap
from paperreader.text.clean import clean, fold, printable, title_key
from paperreader.text.csv_cells import guarded, unguarded
from paperreader.text.markdown import escaped, without_tags
from paperreader.text.tex.escape import literal, plain
from paperreader.text.tex.latex_source import tex_source
from paperreader.text.tex_display import readable
from paperreader.text.url_finder import find_links
from paperreader.text.urls import classify
from paperreader.tui.terminal.glyphs import UNICODE
from paperreader.tui.widgets.detail.note_markdown import blocks

SMALL, LARGE = 1_500, 6_000
"""Four times the text: linear work is four times as much, quadratic work 16 times."""
MOST = 10.0
"""How many times the time it may take. Small enough for n², large enough for a machine with other things to do."""
UNMEASURABLE = 0.015
"""Seconds of processor time below which a ratio means nothing; n² that fast would not be felt at these lengths."""

BANNER = "get trending papers in your email inbox once a day!"
ATOMS = (
    *(
        "a",
        "A",
        " ",
        "\n",
        "\t",
        "{",
        "}",
        "$",
        "\\",
        '\\"',
        "\\text{",
        "\\frac{",
        "^{",
        "_{",
        "`",
        "'",
        "''",
        "--",
    ),
    *(
        "-\n",
        "http://",
        "https:",
        "ttp",
        "www.",
        "www.a",
        "github.com/",
        "github. com/",
        "github.com/a-",
        "a.github.io ",
    ),
    *(
        "(",
        "a(",
        ")",
        "[",
        "](",
        '"',
        '"a',
        "#",
        "%",
        "%\n",
        "@a",
        "=http",
        ".",
        "a.",
        ".\n",
        "&",
        "~",
        "\\~{}",
        "$.$",
    ),
    *(
        "1",
        "10.1/",
        "2403.01234v",
        "\u0301",
        "\u11a8",
        "\u093e",
        "字\u200d",
        "ﬁ",
        "Ã",
        "â‚¬",
        "\x85",
        "\x1b[",
        "new",
    ),
    *(
        "subscribe",
        BANNER,
        f"new{BANNER}",
        "Mar 1\n\n",
        "Mar ",
        "Mon ",
        "\r",
        "\ud800",
        "字",
        "math",
        "mathbb{",
        "{bf ",
    ),
    *(
        "rightarrow",
        "\\begin{equation}",
        "\\left(",
        "\\sqrt[",
        "\\cite[",
        "$$",
        "\\(",
        "\\[",
        "{}",
        "{{}",
        '\\"{',
        "\\v ",
    ),
    *(
        "code:",
        ". A",
        "-word ",
        "*",
        "|",
        "$1",
        "$x$1",
        "^",
        "\\hat{",
        "\\textcolor{a}{",
        "[[",
        "https://a.b/(",
        "<!--",
    ),
    *('{"a":', '"\\\\', '"a":{', "x\n\n", "\u200b\n", " \n"),
)
DEEP = {'{"a":', '"a":{'}
"""Nested objects: what looks into each of them goes as deep as the JSON reader does, which is 1,000 levels and then
no more. Below that depth it looks quadratic."""
HEADS = ("", "https://a.b/", "$")


def as_a_file(text: str) -> object:
    item = Input("x", text.encode("utf-8", "surrogatepass"))
    return list(importers.read(item, date=None, today=datetime.date(2025, 1, 1)))


WORK: dict[str, Callable[[str], object]] = {
    "clean": clean,
    "printable": printable,
    "fold": fold,
    "readable": readable,
    "title key": title_key,
    "links": find_links,
    "classify": classify,
    "slug": ids.slug_id,
    "cells": cells,
    "cut": lambda text: cut(text, 40),
    "wrap": lambda text: wrap(text, 40),
    "format": lambda text: detect(text.encode("utf-8", "surrogatepass")),
    "furniture": lambda text: (
        boilerplate.parted(text),
        boilerplate.without_button(text),
        boilerplate.bare(text),
    ),
    "labels": lambda text: [label(page.paragraphs) for page in pages(text)],
    "file": as_a_file,
    "query": plan.plan,
    "salvage": lambda text: notebook_format.salvage(text.encode("utf-8", "surrogatepass")),
    "tex source": lambda text: tex_source(text, ascii_only=True),
    "tex letters": lambda text: plain(literal(text, ascii_only=True)),
    "markdown": lambda text: (escaped(text), without_tags(text)),
    "note": lambda text: blocks(text, UNICODE),
    "cells of a table": lambda text: unguarded(guarded(text)),
}


def seconds(work: Callable[[str], object], text: str, times: int) -> float:
    taken = []
    for _ in range(times):
        start = time.process_time()
        work(text)
        taken.append(time.process_time() - start)
    return median(taken) if times > 1 else taken[0]


def text_of(head: str, atom: str, length: int) -> str:
    return head + atom * (length // len(atom))


@pytest.mark.parametrize("name", WORK)
def test_no_text_takes_more_than_its_share(name):
    work, heads = WORK[name], HEADS if name in {"readable", "links"} else ("",)
    slow = []
    for head in heads:
        for atom in ATOMS:
            large = text_of(head, atom, LARGE)
            if (name == "salvage" and atom in DEEP) or (took := seconds(work, large, 1)) < UNMEASURABLE:
                continue
            least = MOST * seconds(work, text_of(head, atom, SMALL), 3)
            if took > least and seconds(work, large, 3) > least:
                slow.append((head, atom))
    assert slow == []


def test_quadratic_work_would_be_noticed():
    def work(text: str) -> int:
        return sum(1 for _ in text[::8] for _ in text)

    assert seconds(work, "a" * LARGE, 3) > MOST * seconds(work, "a" * SMALL, 3)
