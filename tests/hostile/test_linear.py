"""Processing time grows linearly with the length of any text: no regular expression backtracks without bound."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest

from paperreader import importers
from paperreader.fetch.pdf.names import safe_name
from paperreader.importers.daily_papers import boilerplate
from paperreader.importers.daily_papers.paragraph_labels import label_paragraphs
from paperreader.importers.daily_papers.paragraphs import split_pages
from paperreader.importers.dispatch import detect
from paperreader.importers.html.page import HtmlPage
from paperreader.importers.input.files import Input
from paperreader.importers.input.other_files import describe_markup, describe_page, describe_text
from paperreader.notebook.recovery import recover_marks
from paperreader.search.query import plan
from paperreader.system.user_programs import plain_text
from paperreader.text import ids
from paperreader.text.cell_width import cell_width, truncate_cells, wrap_cells
from paperreader.text.csv_cells import escape_formula, unescape_formula
from paperreader.text.ids import title_key
from paperreader.text.markdown import escape_html_tags, escape_markdown
from paperreader.text.sanitize import fold_for_search, sanitize, single_line
from paperreader.text.tex.escape import escape_tex, unescape_tex
from paperreader.text.tex.latex_source import to_latex_source
from paperreader.text.tex_display import tex_to_unicode
from paperreader.text.url_finder import find_links
from paperreader.text.urls import parse_link
from paperreader.tui.terminal.glyphs import UNICODE
from paperreader.tui.widgets.detail.note_markdown import parse_blocks
from tests.catalog.records import catalog_in, entry, temporary_folder
from tests.examples import every_second

SMALL, LARGE = 500, 2_000
"""Lengths of text. Four times the length takes four times as long in linear time, 16 times in quadratic time."""
MAX_RATIO = 10.0
"""The largest ratio allowed: below that of n², and with a margin for a busy machine."""
MIN_SECONDS = 0.008
"""Seconds of processor time below which a ratio is not reliable, and quadratic time would not be noticed."""

BANNER = "get trending papers in your email inbox once a day!"
FRAGMENTS = (
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
NESTED_FRAGMENTS = {'{"a":', '"a":{'}
"""Nested objects: the JSON parser stops at 1,000 levels, and below that depth the time looks quadratic."""
PAGE_FRAGMENTS = (
    *("<a ", "<a b='", '<a b="', "<!-", "<a>", "</a>", "<div>", "<div class=a>", "<script>", "<title>a"),
    *("&amp;", "\\\\\n", "arXiv:2607.11111\n", "[a](/papers/2607.11111) ", "[a][1]", "[1] https://a.b\n"),
    *(
        "References\n",
        "### a\n",
        "| a ",
        "|-|-|\n",
        "- a\n",
        "> ",
        "Submitted by\n",
        "·\n",
        "7\n",
        "**a",
        "~~a",
    ),
    *(
        "From: a\n",
        "From a Mon\n",
        "```\n",
        "a_b ",
        "**** a\n",
        "a",
        " ",
        "\n",
        "[",
        "](",
        "![",
        "1",
        "* ",
        "#",
    ),
    *("_", "http://", "\n\n", "Mar 1\n"),
    *("\x1b[", "\x1b[0 ", "\x1b]", "\r"),
)
"""What saved pages, mails and Markdown contain."""

HEADS = ("", "https://a.b/", "$")


def as_a_file(text: str) -> object:
    item = Input("x", text.encode("utf-8", "surrogatepass"))
    return list(importers.read_entries(item, date=None, today=datetime.date(2025, 1, 1)))


def read_html(text: str) -> object:
    page = HtmlPage(text)
    for element in (*page.find_all("div", "p", "span", "a"), *page.find_all(class_name="a")):
        page.text(element, without=("ltx_note",))
    return page.metadata, list(page.addresses), as_a_file(text)


WORK: dict[str, Callable[[str], object]] = {
    "clean": sanitize,
    "printable": single_line,
    "fold": fold_for_search,
    "readable": tex_to_unicode,
    "title key": title_key,
    "links": find_links,
    "classify": parse_link,
    "slug": ids.slug_id,
    "cells": cell_width,
    "cut": lambda text: truncate_cells(text, 40),
    "wrap": lambda text: wrap_cells(text, 40),
    "format": lambda text: detect(text.encode("utf-8", "surrogatepass")),
    "boilerplate": lambda text: (
        boilerplate.split_glued_banner(text),
        boilerplate.strip_button(text),
        boilerplate.strip_decoration(text),
    ),
    "labels": lambda text: [label_paragraphs(page.paragraphs) for page in split_pages(text)],
    "file": as_a_file,
    "web page": lambda text: read_html(f"<html>{text}"),
    "full text": lambda text: read_html(f'<html><h1 class="ltx_title_document">a</h1>{text}'),
    "listing of arXiv": lambda text: read_html(f'<html><dl><p class="list-title">{text}'),
    "announcement mail": lambda text: as_a_file(
        f"From: a@arxiv.org\nTo: b\n\n\\\\\narXiv:2607.11111\n{text}"
    ),
    "page of another program": lambda text: as_a_file(
        f"{BANNER}\nby AK and the research community\nLog In\n{text}"
    ),
    "page of one paper": lambda text: as_a_file(
        f"arxiv:2607.11111\nA Title\nAuthors:\n{text}\nAbstract\n{text}"
    ),
    "header of a note": lambda text: as_a_file(f"---\ndoi: 10.1234/a\n{text}\n---\n{text}"),
    "list in Markdown": lambda text: as_a_file(
        f"- [A Title of It](https://arxiv.org/abs/2607.11111)\n{text}"
    ),
    "other file": lambda text: (describe_text(text), describe_page(text), describe_markup(text)),
    "query": plan.build_plan,
    "recover marks": lambda text: recover_marks(text.encode("utf-8", "surrogatepass")),
    "tex source": lambda text: to_latex_source(text, ascii_only=True),
    "tex letters": lambda text: unescape_tex(escape_tex(text, ascii_only=True)),
    "markdown": lambda text: (escape_markdown(text), escape_html_tags(text)),
    "note": lambda text: parse_blocks(text, UNICODE),
    "file name": safe_name,
    "output of a command": lambda text: plain_text(text.encode("utf-8", "surrogatepass")),
    "cells of a table": lambda text: unescape_formula(escape_formula(text)),
}


def seconds(work: Callable[[str], object], text: str, times: int) -> float:
    durations = []
    for _ in range(times):
        start = time.process_time()
        work(text)
        durations.append(time.process_time() - start)
    return median(durations) if times > 1 else durations[0]


def repeat_fragment(head: str, fragment: str, length: int) -> str:
    return head + fragment * (length // len(fragment))


PAGE_WORK = frozenset(
    (
        *("web page", "full text", "listing of arXiv", "announcement mail", "page of another program"),
        *("page of one paper", "header of a note", "list in Markdown", "other file"),
    )
)


@pytest.mark.parametrize("name", every_second(WORK))
def test_processing_time_is_linear_for_any_text(name):
    work, heads = WORK[name], HEADS if name in {"readable", "links"} else ("",)
    slow = []
    for head in heads:
        for fragment in PAGE_FRAGMENTS if name in PAGE_WORK else FRAGMENTS:
            large = repeat_fragment(head, fragment, LARGE)
            if name == "recover marks" and fragment in NESTED_FRAGMENTS:
                continue
            if (elapsed := seconds(work, large, 1)) < MIN_SECONDS:
                continue
            limit = MAX_RATIO * seconds(work, repeat_fragment(head, fragment, SMALL), 3)
            if elapsed > limit and seconds(work, large, 3) > limit:
                slow.append((head, fragment))
    assert slow == []


def test_quadratic_time_is_detected():
    def work(text: str) -> int:
        return sum(1 for _ in text[::16] for _ in text)

    # Three times the size of other tests, so that noise cannot hide the difference: the ratio is 144, not 16.
    assert seconds(work, "a" * (3 * LARGE), 3) > MAX_RATIO * seconds(work, "a" * SMALL, 3)


WORKS: dict[str, Callable[[int], dict[str, Any]]] = {
    "different authors": lambda number: {"authors": (f"A. Author{number}", f"B. Writer{number}")},
    "different DOIs": lambda number: {"doi": f"10.1000/{number}"},
    "one author": lambda number: {"doi": f"10.1000/{number}", "authors": ("A. Author",)},
    "different arXiv ids": lambda number: {"arxiv": f"2403.{number:05}" if number % 2 else ""},
    "one DOI": lambda number: {
        **{"title": f"Introduction to part {number}", "doi": "10.1000/book"},
        **{"entry_type": "incollection", "authors": (f"A. Author{number}",)},
    },
}


@pytest.mark.parametrize("kind", every_second(WORKS))
def test_changes_of_works_with_one_title_or_doi_take_linear_time(kind: str) -> None:
    """Hundreds of chapters are called "Introduction"."""

    def change(count: str) -> None:
        entries = [
            entry(**{"title": "Introduction", "key": f"a:{number}", **WORKS[kind](number)})
            for number in range(int(count))
        ]
        with temporary_folder() as folder:
            catalog = catalog_in(folder)
            catalog.add(entries[: len(entries) // 2])
            catalog.add(entries[len(entries) // 2 :])
            catalog.remove_source("page.txt")
            catalog.undo_removal()
            catalog.undo_import()

    few, many = "40", "160"
    limit = MAX_RATIO * seconds(change, few, 3)
    assert seconds(change, many, 1) <= limit or seconds(change, many, 3) <= limit
