"""Which papers are new, and which stay read when they come again from another source or into a rebuilt catalog."""

from __future__ import annotations

import json

import pytest

from paperreader.library import Library
from paperreader.models import MarkChange

RIVERS = "Slow Rivers Remember: A Study of Sediment Clocks"
LAMPS = "Sparse Lanterns: Lighting Long Corridors with Few Lamps"
ABSTRACT = "Rivers lay down one layer a year, and most models forget all but the last of them."


@pytest.fixture
def import_records(tmp_path):
    """Return a function that imports records from a file, and returns the library as after a new start."""

    def import_records(name, *records):
        file = tmp_path / name
        file.write_text(
            "\n".join(json.dumps({"keywords": ["rivers"], **record}) for record in records), encoding="utf-8"
        )
        Library.open().imports.import_paths([str(file)])
        return Library.open()

    return import_records


def titles_in_view(library, view):
    return [library.paper(row).title for row in library.view(view)]


def mark_read(library, title):
    row = next(row for row in library.table.newest if library.paper(row).title == title)
    paper = library.paper(row)
    library.save_and_apply([MarkChange(paper.id, paper.title, read=True)])


@pytest.fixture
def visited(home, import_records):
    """A library with one paper without arXiv id, marked as read, and a visit that has ended."""
    library = import_records("page.jsonl", {"id": "slow-rivers", "title": RIVERS, "abstract": ABSTRACT})
    mark_read(library, RIVERS)
    library.visits.end()
    return library


def test_everything_is_new_until_the_first_visit_ends(home, import_records):
    library = import_records("page.jsonl", {"id": "slow-rivers", "title": RIVERS})
    assert titles_in_view(library, "new") == titles_in_view(library, "unread") == [RIVERS]
    library.visits.end()
    assert titles_in_view(Library.open(), "new") == []
    assert titles_in_view(Library.open(), "unread") == [RIVERS]


def test_reimported_paper_stays_read_and_is_not_new(visited, import_records):
    library = import_records(
        "tomorrow.jsonl", {"id": "slow-rivers", "title": RIVERS, "votes": 12}, {"id": "l", "title": LAMPS}
    )
    assert titles_in_view(library, "new") == titles_in_view(library, "unread") == [LAMPS]
    assert library.view_counts().new == 1
    assert [library.paper(row).title for row in library.search("is:new ")] == [LAMPS]


def test_paper_with_a_changed_id_stays_read_and_is_not_new(visited, import_records):
    library = import_records(
        "arxiv.jsonl",
        {"id": "2510.00001", "arxiv": "2510.00001", "title": RIVERS},
        {"id": "l", "title": LAMPS},
    )
    assert len(library.table) == 2
    assert library.paper(library.resolve("2510.00001")).aliases
    assert titles_in_view(library, "unread") == [LAMPS]
    assert titles_in_view(library, "new") == [LAMPS]
    assert library.view_counts().new == 1
    assert [library.paper(row).title for row in library.search("is:new ")] == [LAMPS]


def test_record_that_merges_two_papers_preserves_their_marks(visited, import_records):
    other = import_records(
        "other.jsonl", {"id": "sediment", "doi": "10.1000/sediment", "title": "Sediment clocks, an essay"}
    )
    paper = other.paper(other.resolve("sediment-clocks"))
    other.save_and_apply([MarkChange(paper.id, paper.title, bookmark=True)])
    other.visits.end()
    library = import_records(
        "bridge.jsonl", {"id": "b", "doi": "10.1000/sediment", "title": RIVERS, "arxiv": "2510.00002"}
    )
    assert len(library.table) == 1
    assert titles_in_view(library, "unread") == titles_in_view(library, "new") == []
    assert len(library.view("bookmarks")) == 1


def test_new_papers_stay_new_after_compaction(visited, import_records):
    library = import_records("tomorrow.jsonl", {"id": "l", "title": LAMPS})
    library.maintenance.compact()
    library.maintenance.reindex()
    assert titles_in_view(Library.open(), "new") == [LAMPS]
    assert [library.paper(row).title for row in library.search("is:new ")] == [LAMPS]


def test_papers_added_after_the_visit_record_are_new(home, import_records):
    library = Library.open()
    before = library.visits.current()
    library = import_records("page.jsonl", {"id": "slow-rivers", "title": RIVERS})
    library.visits.end(before)
    assert titles_in_view(Library.open(), "new") == [RIVERS]
