"""The watch list of the settings: which papers it finds, and when it is evaluated again."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from paperreader import paths
from paperreader.library import WATCHED, Library
from paperreader.library.watch.watch_list import NOTHING_WATCHED
from paperreader.models import MarkChange

PAPERS = (
    {
        "id": "2503.00001",
        "title": "Lamps that learn",
        "authors": ["Ann B. Jay", "Bo Kay"],
        "abstract": "Graph neural networks for lamps.",
        "categories": ["cs.CL"],
    },
    {
        "id": "2503.00002",
        "title": "Neural graphs of chess",
        "authors": ["A. Jay"],
        "abstract": "A study of distilled openings. https://github.com/chesslab/openings",
        "links": ["https://github.com/ChessLab/Openings"],
        "categories": ["stat.ML"],
    },
    {
        "id": "2503.00003",
        "title": "Distillation of rivers",
        "authors": ["Annette Jayden"],
        "abstract": "Networks of rivers.",
        "links": ["https://github.com/chesslab/openings-two"],
        "categories": ["cs.LG"],
    },
)


@pytest.fixture
def watched(home, tmp_path):
    """A function that sets the watch list and returns the library."""
    file = tmp_path / "papers.jsonl"
    file.write_text("".join(f"{json.dumps(paper)}\n" for paper in PAPERS), encoding="utf-8")
    Library.open().imports.import_paths([str(file)])

    def set_watch_list(**lists):
        write_settings("\n".join(f"{name} = {json.dumps(entries)}" for name, entries in lists.items()))
        return Library.open()

    return set_watch_list


def write_settings(lists):
    file = paths.config_folder() / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"[watch]\n{lists}\n", encoding="utf-8")


def found(library, query="is:watched"):
    hits = library.search(query)
    return {int(library.table.id_of(row)[-1]) for row in hits.rows[: hits.full_matches]}


@pytest.mark.parametrize(
    ("lists", "numbers"),
    [
        ({}, set()),
        ({"authors": ["Ann Jay"]}, {1, 2}),
        ({"authors": ["Jay, Ann"]}, {1, 2}),
        ({"authors": ["Jay, A."]}, {1, 2}),
        ({"authors": ["Bo Kay"]}, {1}),
        ({"authors": ["Bob Kay", "Nobody"]}, set()),
        ({"words": ["graph neural network"]}, {1}),
        ({"words": ["neural graph"]}, {2}),
        ({"words": ["distillation"]}, {2, 3}),
        ({"words": ["chess OR lamps"]}, set()),
        ({"words": ["-chess"]}, {2}),
        ({"words": ["author:jay"]}, set()),
        ({"words": ["Bo Kay"]}, set()),
        ({"categories": ["cs.CL"]}, {1}),
        ({"categories": ["CS"]}, {1, 3}),
        ({"categories": ["ML"]}, {2}),
        ({"repositories": ["chesslab"]}, {2, 3}),
        ({"repositories": ["ChessLab/openings"]}, {2}),
        ({"repositories": ["https://github.com/chesslab/openings/"]}, {2}),
        ({"repositories": ["https://github.com/chesslab/openings/tree/main"]}, {2}),
        ({"repositories": ["github.com/chesslab"]}, {2, 3}),
        ({"repositories": ["gitlab.com/chesslab", "chess"]}, set()),
        ({"authors": ["Bo Kay"], "categories": ["stat.ML"]}, {1, 2}),
    ],
    ids=str,
)
def test_entries_find_papers(watched, lists, numbers):
    library = watched(**lists)
    assert found(library) == numbers
    assert found(library, "-is:watched") == {1, 2, 3} - numbers
    assert {int(library.table.id_of(row)[-1]) for row in library.view(WATCHED)} == numbers
    assert library.view_counts([WATCHED]).size_of(WATCHED) == len(numbers)


@pytest.mark.parametrize(
    ("lists", "query", "is_explained"),
    [
        ({}, "is:watched", True),
        ({}, "IS:watched chess", True),
        ({}, "-is:watched", False),
        ({}, "is:bookmarked", False),
        ({"authors": ["Nobody"]}, "is:watched", False),
        ({"authors": ["Ann Jay"]}, "is:watched", False),
    ],
)
def test_an_empty_watch_list_is_explained(watched, lists, query, is_explained):
    assert (watched(**lists).search(query).hint == NOTHING_WATCHED) == is_explained


def test_reasons_are_in_the_order_of_the_settings(watched):
    library = watched(authors=["Bo Kay", "jay, ann"], words=["lamp"], categories=["cs.LG"])
    papers = library.watch_list.papers(library.table)
    first, second, third = (library.resolve(f"2503.0000{number}") for number in (1, 2, 3))
    assert papers.reasons(first) == ("Bo Kay", "jay, ann", "lamp")
    assert papers.reasons(second) == ("jay, ann",)
    assert papers.reasons(third) == ("cs.LG",)
    assert papers.reasons(1000) == ()


def test_hidden_and_deleted_papers_are_not_found(watched):
    library = watched(words=["lamps", "chess"])
    library.save_and_apply([MarkChange("2503.00001", hidden=True), MarkChange("2503.00002", deleted=True)])
    assert found(library) == set()
    assert list(library.view(WATCHED)) == []
    assert found(library, "is:watched is:hidden") == {1}


def test_notes_count_for_searches_but_not_for_rules_that_are_evaluated_in_between(watched):
    watched(words=["rivers"])
    library = Library.open(hide_rules=lambda: ("lamps",))
    library.save_and_apply([MarkChange("2503.00002", note="Compare it with the lamps.")])
    assert found(library, "lamps ") == {1, 2}
    assert found(library, "is:new ") == {2, 3}
    assert found(library, "lamps is:new ") == {2}
    library.save_and_apply([MarkChange("2503.00002", note="")])
    assert found(library, "lamps ") == {1}
    assert found(library) == {3}


def test_watch_list_and_papers_may_change(watched, tmp_path):
    library = watched(words=["umbrellas"])
    assert found(library) == set()
    file = tmp_path / "more.jsonl"
    file.write_text(json.dumps({"id": "2503.00004", "title": "Umbrellas"}), encoding="utf-8")
    library.imports.import_paths([str(file)])
    library.refresh()
    assert found(library) == {4}
    write_settings('categories = ["stat"]')
    from paperreader import config

    assert library.watch_list.use(config.read_settings().settings.watch)
    assert not library.watch_list.use(config.read_settings().settings.watch)
    assert found(library) == {2}


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ('authors = "Bo Kay"\nwords = ["chess"]', {2}),
        ('authors = [1, "", "Bo Kay", "?"]', {1}),
        ('categories = ["cs CL", "cs.CL"]', {1}),
        ("authors = [", set()),
        ('editors = ["Bo Kay"]', set()),
    ],
)
def test_damaged_watch_list_leaves_out_what_is_invalid(watched, text, numbers):
    watched()
    write_settings(text)
    assert found(Library.open()) == numbers


def test_watch_list_waits_for_the_index(watched):
    library = watched(words=["chess"])
    shutil.rmtree(Path(library._stores.cache_folder) / "index")
    library = Library.open()
    assert not library.watch_list.rows(library.table)
    library.maintenance.reindex()
    assert found(library) == {2}
