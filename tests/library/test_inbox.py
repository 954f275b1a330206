"""Which papers are new: what has arrived and was neither read nor dismissed, counted everywhere in the same way."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import time
from pathlib import Path

import pytest

from paperreader import subscriptions
from paperreader.digest.trends.report import compute_trends
from paperreader.library import Library, ServiceResponse, subscription_counts, view_for_query
from paperreader.library.inbox import arrivals
from paperreader.library.inbox.deleted_papers import DAYS_UNTIL_REMOVAL
from paperreader.models import MarkChange
from tests.inbox import dismiss_new
from tests.library.test_stored_libraries import copy_library

RIVERS = "Slow Rivers Remember: A Study of Sediment Clocks"
TODAY = dt.date(2025, 3, 4)
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


def dated(*days: str, prefix: str = "Paper") -> list[dict[str, str]]:
    """Records with one title for each ISO day."""
    return [
        {"title": f"{prefix} number {number} of a long list", "published": day, "id": f"{prefix}{number}"}
        for number, day in enumerate(days)
    ]


def titles_in_view(library, view):
    return [library.paper(row).title for row in library.view(view)]


def new_titles(library):
    """Return the titles of the new papers, after checking that everything that counts them agrees."""
    library.maintenance.reindex()
    rows = library.view("new")
    assert set(library.search("is:new ")) == set(rows)
    assert set(library.search("-is:new ")) == set(library.view("all")) - set(rows)
    counts = library.view_counts([view_for_query("is:new")])
    assert counts.new == counts.size_of(view_for_query("is:new")) == len(rows)
    everything = subscriptions.Subscription("All", "is:read OR is:unread")
    assert subscription_counts(library, [everything])["All"].new == len(rows)
    return [library.paper(row).title for row in rows]


@pytest.mark.parametrize(
    ("known_papers", "undated", "are_new"), [(0, 3, False), (1, 3, True), (1, 100, True), (1, 101, False)]
)
def test_many_papers_without_a_date_are_not_new(home, import_records, known_papers, undated, are_new):
    if known_papers:
        import_records("known.jsonl", *dated("2025-01-02", prefix="Known"))
    titles = [f"Paper {number} without a date at all" for number in range(undated)]
    today = dated(TODAY.isoformat(), prefix="Dated")
    library = import_records(
        "page.jsonl", *({"title": title, "abstract": ABSTRACT} for title in titles), *today
    )
    found = {library.paper(row).title for row in library.view("new")}
    expected = {*titles, today[0]["title"]} if are_new else {today[0]["title"]}
    assert found - {"Known number 0 of a long list"} == expected
    # They are the last ones in either order, and only `added:` finds them by a day.
    library.maintenance.reindex()
    everything = list(library.view("all"))
    for rows in (everything, list(library.search("sort:-date "))):
        assert {library.table.day(row) for row in rows[-undated:]} == {""}
    assert set(library.search("date:>=1900 ")) == set(everything[:-undated])
    assert set(library.search("added:today ")) == set(everything)


def change(library, title, **marks):
    row = next(row for row in library.table.newest if library.paper(row).title == title)
    paper = library.paper(row)
    library.save_and_apply([MarkChange(paper.id, paper.title, **marks)])


@pytest.fixture
def known(home, import_records):
    """A library with one paper without arXiv id, which was read."""
    library = import_records("page.jsonl", {"id": "slow-rivers", "title": RIVERS, "abstract": ABSTRACT})
    change(library, RIVERS, read=True)
    return library


# What arrives


def test_of_the_first_import_the_newest_day_is_new(home, import_records):
    library = import_records("archive.jsonl", *dated("2024-05-01", "2025-03-01", "2025-03-01", "2999-01-01"))
    assert [title[:14] for title in new_titles(library)] == ["Paper number 1", "Paper number 2"]
    assert len(titles_in_view(library, "unread")) == 4


def test_what_arrives_later_is_new_whatever_its_date(home, import_records):
    import_records("archive.jsonl", *dated("2024-05-01", "2025-03-01"))
    library = import_records("later.jsonl", *dated("1999-01-01", "2025-02-01", prefix="Later"))
    assert len(new_titles(library)) == 3


def test_new_papers_wait_however_often_the_library_is_opened_and_changed(home, import_records):
    import_records("first.jsonl", *dated("2025-03-01"))
    library = import_records("second.jsonl", *dated("2025-03-02", prefix="Second"))
    expected = new_titles(library)
    for number in range(3):
        import_records(f"more{number}.jsonl", *dated("2025-03-03", prefix=f"More {number}"))
        library = Library.open()
        library.inbox.arrivals.begin()  # as when the reader is quit
        assert new_titles(library)[-2:] == expected
    assert len(new_titles(library)) == 5


@pytest.mark.parametrize("mark", ["read", "dismissed", "hidden", "deleted"])
def test_marked_papers_are_not_new_and_undoing_makes_them_new_again(home, import_records, mark):
    library = import_records("page.jsonl", *dated("2025-03-01", "2025-03-01"))
    both = new_titles(library)
    change(library, both[0], **{mark: True})
    assert new_titles(library) == [both[1]]
    import_records("more.jsonl", *dated("2025-03-02", prefix="More"))
    opened = Library.open()
    change(opened, both[0], **{mark: False})
    assert new_titles(opened)[1:] == both


def test_no_read_paper_is_ever_new(known, import_records):
    library = import_records(
        "tomorrow.jsonl", {"id": "slow-rivers", "title": RIVERS, "votes": 12}, {"id": "l", "title": LAMPS}
    )
    assert new_titles(library) == titles_in_view(library, "unread") == [LAMPS]


def test_paper_with_a_changed_id_stays_read_and_is_not_new(known, import_records):
    library = import_records(
        "arxiv.jsonl",
        {"id": "2510.00001", "arxiv": "2510.00001", "title": RIVERS},
        {"id": "l", "title": LAMPS},
    )
    assert len(library.table) == 2
    assert library.paper(library.resolve("2510.00001")).aliases
    assert new_titles(library) == titles_in_view(library, "unread") == [LAMPS]


def test_record_that_merges_two_papers_preserves_their_marks(known, import_records):
    other = import_records(
        "other.jsonl", {"id": "sediment", "doi": "10.1000/sediment", "title": "Sediment clocks, an essay"}
    )
    change(other, "Sediment clocks, an essay", bookmark=True, dismissed=True)
    library = import_records(
        "bridge.jsonl", {"id": "b", "doi": "10.1000/sediment", "title": RIVERS, "arxiv": "2510.00002"}
    )
    assert len(library.table) == 1
    assert titles_in_view(library, "unread") == new_titles(library) == []
    assert len(library.view("bookmarks")) == 1


def test_new_papers_stay_new_after_compaction(known, import_records):
    library = import_records("tomorrow.jsonl", {"id": "l", "title": LAMPS})
    library.maintenance.compact()
    assert new_titles(Library.open()) == [LAMPS]


def test_of_an_archive_that_is_imported_later_the_newest_day_is_new(known, import_records, monkeypatch):
    monkeypatch.setattr(arrivals, "MIN_ARCHIVE_PAPERS", 3)
    import_records("waiting.jsonl", {"id": "l", "title": LAMPS})
    library = import_records("archive.jsonl", *dated("2024-05-01", "2025-03-01", "2024-05-02", "2024-05-03"))
    assert set(new_titles(library)) == {LAMPS, "Paper number 1 of a long list"}
    library = import_records("page.jsonl", *dated("2025-03-02", "2025-03-02", prefix="Page"))
    assert len(new_titles(library)) == 4


def test_record_stays_small_and_nothing_leaves_new(known, import_records, monkeypatch):
    monkeypatch.setattr(arrivals, "MAX_ARRIVED_ROWS", 5)
    monkeypatch.setattr(arrivals, "KEPT_ROWS", 2)
    for number in range(9):
        library = import_records(f"{number}.jsonl", *dated("2025-03-02", prefix=f"Page {number}"))
        if number % 3:
            change(library, f"Page {number} number 0 of a long list", dismissed=True)
    expected = {f"Page {number} number 0 of a long list" for number in (0, 3, 6)}
    assert set(new_titles(Library.open())) == expected
    record = Library.open().state.get("inbox")
    assert record["rows"] > 1
    assert len(record["earlier"]) < 4


@pytest.mark.parametrize(
    "record", [5, {}, {"rows": "x"}, {"generation": 1, "rows": 1, "earlier": [5, "gone"]}]
)
def test_damaged_record_costs_only_what_is_new(known, import_records, record):
    known.state.set("inbox", record)
    assert new_titles(Library.open()) == []
    assert new_titles(import_records("later.jsonl", {"id": "l", "title": LAMPS})) in ([], [LAMPS])


def test_record_of_the_last_visit_is_taken_over(home, tmp_path, import_records):
    """`visited/` was written when New contained what was added since the reader was quit."""
    folder = copy_library("visited", tmp_path)
    library = Library.open(folder)
    library.state.folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / "state.json", library.state.folder)
    before = {name: (folder / name).read_bytes() for name in ("papers.jsonl", "notebook.json")}
    library = Library.open(folder)
    assert new_titles(library) == ["A Bicycle Bell for Cats", "Umbrellas for Two and a Half"]
    assert {name: (folder / name).read_bytes() for name in before} == before
    library.inbox.arrivals.begin()
    change(library, "A Bicycle Bell for Cats", dismissed=True)
    opened = Library.open(folder)
    assert new_titles(opened) == ["Umbrellas for Two and a Half"]
    marks = {opened.paper(row).id: mark for row, mark in opened.marks.items()}
    assert marks["2503.00001"].tag_names == ("light",)
    assert marks["2503.00002"].note_text == "Weigh again."
    assert opened.state.get("visited")["rows"] == 3, "an earlier version still finds it"


# Hidden and deleted papers


def test_hidden_papers_are_in_no_view_search_export_or_trend(home, import_records):
    import_records("first.jsonl", *dated("2025-03-01"))
    library = import_records(
        "page.jsonl",
        {"id": "a", "title": RIVERS, "abstract": ABSTRACT, "votes": 9, "published": "2025-03-02"},
        {"id": "b", "title": LAMPS, "abstract": ABSTRACT, "votes": 5, "published": "2025-03-02"},
    )
    row = next(row for row in library.table.newest if library.paper(row).title == RIVERS)
    change(library, RIVERS, bookmark=True, note="layers", tags={"t": True})
    change(library, RIVERS, hidden=True)
    for view in ("all", "new", "unread", "bookmarks", "code", view_for_query("rivers")):
        assert RIVERS not in titles_in_view(library, view), view
    for query in (
        "",
        "rivers ",
        "sediment",
        "tag:t ",
        "note:layers ",
        "is:bookmarked ",
        "is:unread ",
        "-zebra ",
    ):
        assert row not in library.search(query).rows, query
    other = next(each for each in library.table.newest if each != row)
    assert row not in library.related(other).rows
    assert row not in library.exports.select_rows(bookmarked=True)
    counts = library.view_counts([view_for_query("rivers")])
    assert (counts.all, counts.unread, counts.bookmarks, counts.new) == (2, 2, 0, 2)
    assert counts.size_of(view_for_query("rivers")) == 1
    assert library.paper_count == 2
    assert [paper.title for paper in compute_trends(library, today=TODAY).week] == [LAMPS]
    for query in ("is:hidden ", "is:hidden rivers ", "tag:t is:hidden ", "is:hidden OR lanterns "):
        assert row in library.search(query).rows, query
    assert row in library.exports.select_rows(ids=[library.paper(row).id]), "it is named"
    change(library, RIVERS, deleted=True)
    assert row not in library.search("is:hidden ").rows
    assert list(library.search("is:deleted ").rows) == [row]


def test_mark_of_a_deleted_paper_hides_no_other_work_with_its_title(home, import_records):
    library = import_records("a.jsonl", {"id": "2510.00001", "arxiv": "2510.00001", "title": RIVERS})
    library.removals.remove(["2510.00001"])
    library = import_records("b.jsonl", {"id": "10.1/b", "doi": "10.1000/b", "title": RIVERS})
    assert titles_in_view(library, "all") == [RIVERS]


def response(*ids: str) -> ServiceResponse:
    items = [
        {"paper": {"id": id, "title": f"Paper {id} about rivers", "summary": ABSTRACT, "upvotes": 3}}
        for id in ids
    ]
    return ServiceResponse("huggingface.co/api/daily_papers?date=2025-03-04", json.dumps(items).encode(), "")


def delete_in_reader(library: Library, id: str) -> None:
    library.save_and_apply([MarkChange(id, library.paper(library.resolve(id)).title, deleted=True)])


def delete_by_command(library: Library, id: str) -> None:
    library.removals.remove([id])


@pytest.mark.parametrize("delete", [delete_in_reader, delete_by_command])
def test_deleted_paper_comes_back_when_it_is_asked_for_and_with_no_fetch(home, import_records, delete):
    library = Library.open()
    library.imports.add_responses([response("2503.00001", "2503.00002")])

    def listed() -> list[str]:
        return [paper.id for paper in map(Library.open().paper, Library.open().view("all"))]

    def fetch(*ids: str, restore: bool = False) -> tuple[int, int]:
        report = Library.open().imports.add_responses([response(*ids)], restore_deleted=restore)
        assert report.read == report.new + report.merged + report.unchanged == len(ids)
        return report.new, report.read

    delete(Library.open(), "2503.00002")
    assert fetch("2503.00001", "2503.00002", "2503.00003") == (1, 3)
    assert sorted(listed()) == ["2503.00001", "2503.00003"]
    assert Library.open().removals.undo() == ("2503.00002",)
    assert sorted(listed()) == ["2503.00001", "2503.00002", "2503.00003"]
    delete(Library.open(), "2503.00002")
    fetch("2503.00002", restore=True)
    assert "2503.00002" in listed(), "it was added by its id"
    delete(Library.open(), "2503.00002")
    import_records("again.jsonl", {"arxiv": "2503.00002", "title": "Paper 2503.00002 about rivers"})
    assert "2503.00002" in listed(), "a file with it was imported"


def test_removals_and_deletions_are_undone_in_reverse_order(home):
    library = Library.open()
    library.imports.add_responses([response("2503.00001", "2503.00002", "2503.00003")])
    delete_in_reader(Library.open(), "2503.00001")
    delete_by_command(Library.open(), "2503.00002")
    delete_in_reader(Library.open(), "2503.00003")
    assert Library.open().view("all") == []
    undone = [Library.open().removals.undo() for _ in range(4)]
    assert undone == [("2503.00003",), ("2503.00002",), ("2503.00001",), ()]


def test_deleted_papers_leave_the_catalog_after_some_days(home, monkeypatch):
    library = Library.open()
    library.imports.add_responses([response("2503.00001", "2503.00002")])
    library.maintenance.reindex()
    delete_in_reader(library, "2503.00001")
    library.maintenance.maintain()
    assert len(Library.open().table) == 2
    week = DAYS_UNTIL_REMOVAL * 24 * 60 * 60 * 10**9
    now = time.time_ns() + week
    monkeypatch.setattr("paperreader.library.inbox.deleted_papers.time.time_ns", lambda: now)
    library.maintenance.maintain()
    assert len(Library.open().table) == 1
    assert Library.open().removals.undo() == ("2503.00001",)
    assert len(Library.open().view("all")) == 2


# Rules


def open_with_rules(*queries: str) -> Library:
    return Library.open(hide_rules=lambda: queries)


def test_rules_hide_papers_from_new_only_and_are_counted(known, import_records):
    import_records(
        "page.jsonl",
        {"id": "a", "title": LAMPS, "authors": ["Ann Jay"]},
        {"id": "b", "title": "Medical imaging of slow lamps", "authors": ["Bo Kay"]},
        {"id": "c", "title": "Medical chess", "authors": ["Cy Elm"]},
    )
    library = open_with_rules("title:medical", "author:kay", "title:nothing", "title:medical")
    assert new_titles(library) == [LAMPS]
    assert library.inbox.count_hidden_by_rules() == {"title:medical": 2, "author:kay": 1, "title:nothing": 0}
    assert len(titles_in_view(library, "unread")) == len(titles_in_view(library, "all")) - 1 == 3
    assert len(library.inbox.withheld_rows()) == 2
    change(library, "Medical chess", read=True)
    assert library.inbox.count_hidden_by_rules()["title:medical"] == 1
    import_records("more.jsonl", {"id": "d", "title": "Medical umbrellas"}, {"id": "e", "title": "Umbrellas"})
    library.refresh()
    assert set(new_titles(library)) == {"Umbrellas", LAMPS}


def test_rules_wait_for_the_index(known, import_records):
    library = import_records("page.jsonl", {"id": "c", "title": "Medical chess"})
    shutil.rmtree(Path(library._stores.cache_folder) / "index")
    library = open_with_rules("title:medical")
    assert titles_in_view(library, "new") == ["Medical chess"]
    library.maintenance.reindex()
    assert new_titles(library) == []


def test_dismissed_papers_stay_unread(known, import_records):
    library = import_records("page.jsonl", {"id": "l", "title": LAMPS})
    dismiss_new(library)
    assert new_titles(Library.open()) == []
    assert titles_in_view(Library.open(), "unread") == [LAMPS]
    assert [library.paper(row).title for row in library.search("is:dismissed ").rows] == [LAMPS]
