"""What is new, what stays read: papers that come again, from another source, or into a catalog written anew."""

from __future__ import annotations

import json

import pytest

from paperreader.library import Library
from paperreader.models import Change

RIVERS = "Slow Rivers Remember: A Study of Sediment Clocks"
LAMPS = "Sparse Lanterns: Lighting Long Corridors with Few Lamps"
ABSTRACT = "Rivers lay down one layer a year, and most models forget all but the last of them."


@pytest.fixture
def come(tmp_path):
    """Brings records in, as from a file of that name, and gives the library as a new start sees it."""

    def come(name, *records):
        file = tmp_path / name
        file.write_text("\n".join(json.dumps(record) for record in records), encoding="utf-8")
        Library.open().import_paths([str(file)])
        return Library.open()

    return come


def titled(library, view):
    return [library.paper(row).title for row in library.view(view)]


def mark_read(library, title):
    row = next(row for row in library.table.newest if library.paper(row).title == title)
    paper = library.paper(row)
    library.change([Change(paper.id, paper.title, read=True)])


@pytest.fixture
def visited(home, come):
    """A library with one paper by title alone, read, and a visit that is over."""
    library = come("page.jsonl", {"id": "slow-rivers", "title": RIVERS, "abstract": ABSTRACT})
    mark_read(library, RIVERS)
    library.note_visit()
    return library


def test_everything_is_new_until_the_first_visit_ends(home, come):
    library = come("page.jsonl", {"id": "slow-rivers", "title": RIVERS})
    assert titled(library, "new") == titled(library, "unread") == [RIVERS]
    library.note_visit()
    assert titled(Library.open(), "new") == []
    assert titled(Library.open(), "unread") == [RIVERS]


def test_a_paper_that_comes_again_stays_read_and_is_not_new(visited, come):
    library = come(
        "tomorrow.jsonl", {"id": "slow-rivers", "title": RIVERS, "votes": 12}, {"id": "l", "title": LAMPS}
    )
    assert titled(library, "new") == titled(library, "unread") == [LAMPS]
    assert library.counts().new == 1
    assert [library.paper(row).title for row in library.search("is:new ")] == [LAMPS]


def test_a_paper_from_another_source_stays_read_though_its_id_becomes_another(visited, come):
    library = come(
        "arxiv.jsonl",
        {"id": "2510.00001", "arxiv": "2510.00001", "title": RIVERS},
        {"id": "l", "title": LAMPS},
    )
    assert len(library.table) == 2
    assert library.paper(library.resolve("2510.00001")).aliases
    assert titled(library, "unread") == [LAMPS]
    assert titled(library, "new") == [LAMPS]
    assert library.counts().new == 1
    assert [library.paper(row).title for row in library.search("is:new ")] == [LAMPS]


def test_a_record_that_bridges_two_papers_leaves_their_marks(visited, come):
    other = come(
        "other.jsonl", {"id": "sediment", "doi": "10.1000/sediment", "title": "Sediment clocks, an essay"}
    )
    paper = other.paper(other.resolve("sediment-clocks"))
    other.change([Change(paper.id, paper.title, bookmark=True)])
    other.note_visit()
    library = come(
        "bridge.jsonl", {"id": "b", "doi": "10.1000/sediment", "title": RIVERS, "arxiv": "2510.00002"}
    )
    assert len(library.table) == 1
    assert titled(library, "unread") == titled(library, "new") == []
    assert len(library.view("bookmarks")) == 1


def test_what_is_new_stays_so_when_the_catalog_is_written_anew(visited, come):
    library = come("tomorrow.jsonl", {"id": "l", "title": LAMPS})
    library.compact()
    library.reindex()
    assert titled(Library.open(), "new") == [LAMPS]
    assert [library.paper(row).title for row in library.search("is:new ")] == [LAMPS]


def test_what_came_after_the_visit_was_taken_is_new_though_noted_later(home, come):
    library = Library.open()
    before = library.visit()
    library = come("page.jsonl", {"id": "slow-rivers", "title": RIVERS})
    library.note_visit(before)
    assert titled(Library.open(), "new") == [RIVERS]
