"""Search through the library: marks, which the index does not contain."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from paperreader import search
from paperreader.library import Library
from paperreader.library.views import count_live
from paperreader.models import MarkChange
from tests.pages import THREE_PAPERS


@pytest.fixture
def library(tmp_path):
    page = tmp_path / "daily-2025-03-14.txt"
    page.write_text(THREE_PAPERS, encoding="utf-8")
    library = Library(tmp_path / "library")
    library.imports.import_paths([str(page)])
    return library


def test_marks_can_be_searched_immediately(library):
    row = library.table.newest[1]
    paper = library.paper(row)
    library.save_and_apply([MarkChange(paper.id, read=True, tags={"to read": True}, note="a quick thought")])
    for query in ("is:read ", 'tag:"to read" ', "has:note ", "note:thoughts ", f"id:{paper.id} "):
        assert list(library.search(query)) == [row], query
    assert [each.text for each in library.complete("tag:", 4)] == ['"to read"']


def test_threads_that_search_first_at_the_same_time_open_one_index(library, monkeypatch):
    library = Library(library.folder)
    opened = []
    others = threading.Barrier(2)

    class SlowStore(search.IndexStore):
        def __init__(self, folder):
            opened.append(folder)
            with contextlib.suppress(threading.BrokenBarrierError):
                others.wait(0.1)  # for another thread that opens the index meanwhile
            super().__init__(folder)

    monkeypatch.setattr(search, "IndexStore", SlowStore)
    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(library.search, ["is:unread "] * 2))
    assert [len(list(found)) for found in results] == [3, 3]
    assert len(opened) == 1


def test_related_papers_exclude_the_paper_itself(library):
    row = library.table.newest[0]
    hits = library.related(row, limit=1)
    assert row not in hits.rows
    assert len(hits.rows) <= 1
    assert hits.query == library.paper(row).title


def test_empty_library_has_no_completions_and_no_results(tmp_path):
    empty = Library(tmp_path / "empty")
    assert empty.complete("is:", 3) == []
    assert list(empty.search("is:unread ")) == []
    assert empty.search("").sorted_by == "date"


def test_rows_that_hold_a_paper_are_counted_however_many_are_given(library):
    id = library.paper(0).id
    library.removals.remove([id])
    rows = {0, 1, 2, 3}
    assert count_live(rows, library.table) == 2
    assert count_live(rows | set(range(10, 1000)), library.table) == 2
