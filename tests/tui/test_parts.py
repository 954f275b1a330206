"""Unit tests of parts of the reader that need no screen."""

from __future__ import annotations

import asyncio
import threading
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperreader.library import cite_bibtex, cite_markdown
from paperreader.models import Link, Paper, SearchHits, Source
from paperreader.text import paper_urls
from paperreader.text.cell_width import cell_width
from paperreader.tui.model import list_query
from paperreader.tui.model.list_query import ListQuery
from paperreader.tui.runtime.tasks import LatestOnly, run_in_thread
from paperreader.tui.widgets.status_bar import StatusBar, StatusInfo, sanitize_part
from paperreader.tui.widgets.text_line import (
    TextSpan,
    align_both_ends,
    span_width,
    truncate,
    truncate_longest,
)
from tests.tui.fakes import FakeTable, code_link, make_paper, read_mark

# Text lines

pieces = st.lists(st.builds(TextSpan, st.text("ab 視界é", max_size=12)), max_size=6)


@given(pieces, pieces, st.integers(0, 40))
@example([], [TextSpan("aa"), TextSpan("界界")], 7)
def test_align_both_ends_fills_the_width(left, right, width):
    line = align_both_ends(left, right, width)
    assert span_width(line) <= width
    if span_width(left) + span_width(right) + 1 <= width:
        assert span_width(line) == width
        assert "".join(piece.text for piece in line).startswith("".join(piece.text for piece in left))


@given(pieces, st.integers(0, 40))
def test_truncate_keeps_the_left_part(line, width):
    kept = "".join(piece.text for piece in truncate(line, width))
    assert cell_width(kept) <= width
    if span_width(line) <= width:
        assert kept == "".join(piece.text for piece in line)


def test_truncate_longest_keeps_following_spans():
    line = truncate_longest(
        [TextSpan("Bookmarked: "), TextSpan("A very long title indeed it is"), TextSpan("  u undoes")], 40
    )
    assert span_width(line) <= 40
    assert line[-1].text == "  u undoes"
    assert line[0].text == "Bookmarked: "


@given(st.text())
def test_status_message_has_no_line_breaks(text):
    said = sanitize_part(text)
    assert not [char for char in said if unicodedata.category(char) in ("Cc", "Zl", "Zp")]


def test_narrow_status_bar_prefers_activity_to_sort():
    line = StatusBar()
    line.info = StatusInfo("All papers", "newest first", 8181, 123, 1234, 8181, "fetching 42%")
    told = "".join(piece.text for piece in line.spans(80))
    assert cell_width(told) <= 80
    assert "All papers  ·  fetching 42%" in told
    assert "newest first" in "".join(piece.text for piece in line.spans(120))
    line.hint = (TextSpan("New here?"),)
    assert "fetching 42%" in "".join(piece.text for piece in line.spans(80))
    line.info = line.info._replace(activity="")
    assert "New here?" in "".join(piece.text for piece in line.spans(80))


# Background tasks


async def test_run_in_thread_returns_result_or_raises():
    assert await run_in_thread(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        await run_in_thread(lambda: 1 // 0)


async def test_only_latest_waiting_request_is_processed():
    going, begun = threading.Event(), threading.Event()
    tasks, told, seen = [], [], []

    def work(asked, cancelled):
        seen.append(asked)
        begun.set()
        if asked == "a":
            going.wait(10)
            return cancelled()
        return asked

    newest = LatestOnly(
        work,
        done=lambda asked, result: told.append((asked, result)),
        failed=lambda asked, error: told.append((asked, error)),
        start=lambda coroutine: tasks.append(asyncio.ensure_future(coroutine)),
    )
    newest.submit("a")
    await run_in_thread(lambda: begun.wait(10))
    newest.submit("b")
    newest.submit("c")
    assert newest.is_busy
    going.set()
    await asyncio.gather(*tasks)
    assert seen == ["a", "c"]
    assert told == [("c", "c")]
    assert not newest.is_busy


async def test_discarded_request_is_not_reported():
    tasks, told = [], []
    newest = LatestOnly(
        lambda asked, cancelled: asked,
        done=lambda asked, result: told.append(asked),
        failed=lambda asked, error: told.append(error),
        start=lambda coroutine: tasks.append(asyncio.ensure_future(coroutine)),
    )
    newest.submit("a")
    newest.discard()
    await asyncio.gather(*tasks)
    assert told == []


# List queries


class Shelf:
    """A library of papers in memory, with fixed search results."""

    def __init__(self, papers, hits=()):
        self.table, self._hits = FakeTable(papers), hits
        self.marks = {1: read_mark(bookmark=(True, 7)), 2: read_mark(tags={"rl": (True, 5)})}

    def view(self, view):
        return [row for row in self.table.newest if view == "all" or self.table.flags(row)]

    def search(self, query, *, cancelled):
        rows, full = self._hits
        return SearchHits(query, 1, rows, full, [0.0] * len(rows), 0.001, lambda text: [])


SHELF = [
    make_paper(0, title="Zebra crossings", votes=3, listed="2025-10-03"),
    make_paper(
        1,
        title="Émile, revisited",
        votes=None,
        listed="2025-10-02",
        links=(code_link("https://github.com/a/b"),),
    ),
    make_paper(2, title="apples", votes=9, listed="2025-10-01"),
]


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        (ListQuery(), [0, 1, 2]),
        (ListQuery(sort="votes"), [2, 0, 1]),
        (ListQuery(sort="title"), [2, 1, 0]),
        (ListQuery(sort="marked"), [1, 2, 0]),
        (ListQuery(code_only=True), [1]),
        (ListQuery(view="code", sort="votes"), [1]),
    ],
)
def test_views_are_sorted_and_filtered(question, rows):
    answer = list_query.run_query(Shelf(SHELF), question)
    assert list(answer.rows) == rows
    assert answer.full_matches == len(rows)


def test_sorted_search_keeps_full_matches_first():
    shelf = Shelf(SHELF, ([2, 1, 0], 2))
    answer = list_query.run_query(shelf, ListQuery(text="x", sort="date"))
    assert list(answer.rows) == [1, 2, 0]
    assert answer.full_matches == 2
    answer = list_query.run_query(shelf, ListQuery(text="x", sort="relevance", view="code"))
    assert list(answer.rows) == [1]
    assert (answer.full_matches, answer.matches_outside_view) == (1, 1)


def test_cancelled_sort_stops():
    answer = list_query.run_query(Shelf(SHELF), ListQuery(sort="title"), lambda: True)
    assert len(answer.rows) == 3


# URLs of a paper

CODE, OTHER = "https://github.com/lab/tool", "https://github.com/lab/other"


def test_landing_pages():
    captured = (Source("capture", "a.txt", None, "k:0"),)
    assert paper_urls.landing_page(make_paper(1)) == "https://arxiv.org/abs/2510.00001"
    assert paper_urls.landing_page(Paper("x", "X", doi="10.1/x")) == "https://doi.org/10.1/x"
    assert paper_urls.landing_page(Paper("x", "X")) == ""
    hostile = Paper("x", "X", links=(Link("javascript:alert(1)", "other", "x"),))
    assert paper_urls.landing_page(hostile) == ""
    assert paper_urls.openable_urls(hostile) == []
    shown = [
        address.display_text
        for address in paper_urls.openable_urls(Paper("1", "X", arxiv="2401.00001", sources=captured))
    ]
    assert shown == [
        "arxiv.org/abs/2401.00001",
        "arxiv.org/pdf/2401.00001",
        "huggingface.co/papers/2401.00001",
    ]


def test_paper_without_landing_page_opens_its_repository():
    links = (
        code_link(CODE),
        Link("https://lab.org/x", "other", "lab.org"),
        Link("https://j.org", "paper", "j.org"),
    )
    opened = [
        (address.label, address.display_text)
        for address in paper_urls.openable_urls(Paper("x", "X", links=links[:2]))
    ]
    assert opened == [("code", "github.com/lab/tool"), ("link", "lab.org/x")]
    copied = [address.label for address in paper_urls.copyable_urls(Paper("x", "X", links=links[:2]))]
    assert copied == ["code", "link"]
    assert [address.label for address in paper_urls.openable_urls(Paper("x", "X", links=links))] == [
        "paper",
        "code",
        "link",
    ]


def test_named_repository_is_first_and_urls_are_unique():
    links = (
        Link("https://x.org", "project", "x.org"),
        code_link(OTHER),
        code_link(CODE),
        code_link(CODE + "/tree/main"),
    )
    paper = Paper("x", "X", links=links, repo=CODE)
    assert [address.url for address in paper_urls.copyable_urls(paper)] == [CODE, OTHER, "https://x.org"]


# Citations


@given(st.text(), st.lists(st.text(min_size=1), max_size=3))
def test_bibtex_entry_has_balanced_braces(title, authors):
    entry = cite_bibtex(Paper("an-id", title, authors=tuple(authors), published="2025-01-01"))
    assert entry.count("{") == entry.count("}")
    assert entry.partition(",")[0].isascii()
    assert "\x1b" not in entry


def test_markdown_link_escapes_markup():
    assert cite_markdown(make_paper(1, title="[CLS] *and* more")) == (
        "[\\[CLS\\] \\*and\\* more](https://arxiv.org/abs/2510.00001)"
    )
