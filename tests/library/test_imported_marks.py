"""Marks in imported files only add, and undoing the import takes them back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.library import Library
from paperreader.models import EMPTY_MARK, MARK_FLAGS, Highlight, Mark, MarkChange, Summary
from paperreader.notebook import AddedMarks, merge_marks
from paperreader.notebook.imported_marks import add_imported, take_back
from paperreader.notebook.note_merge import Note, sections_of
from tests.examples import every_second, examples

TITLE = "Ladders for Short Astronomers"
ID = "2501.00007"
NOW = 1_700_000_000_000
FUTURE, FORGED = 32_503_680_000_000, 2**60
TIMES = (0, 1, NOW - 5, NOW, FUTURE, FORGED, -7, 1e400)


def write(folder: Path, name: str, mark: Any, title: str = TITLE, arxiv: str = ID) -> str:
    """Write a file with one paper and a mark, as another library would export it."""
    file = folder / name
    source = {"kind": "jsonl", "name": name, "key": f"{name}:0"}
    record = {"title": title, "arxiv": arxiv, "source": source}
    line = {"paperreader": 1, "title": title, "records": [record], "mark": {"title": title, **mark}}
    file.write_text(json.dumps(line) + "\n", encoding="utf-8")
    return str(file)


def mark(library: Library, id: str = ID) -> Mark:
    row = library.table.row_of(id)
    return EMPTY_MARK if row is None else library.mark(row)


def shown(library: Library) -> tuple[bool, bool, tuple[str, ...], str]:
    found = mark(library)
    return found.bookmarked, found.is_read, found.tag_names, found.note_text


@pytest.fixture
def library(tmp_path):
    """A library with one paper, which has no marks."""
    library = Library.open()
    library.imports.import_paths([write(tmp_path, "first.jsonl", {})])
    return library


def user(library: Library, **changes: Any) -> None:
    library.save_and_apply([MarkChange(ID, title=TITLE, **changes)])


@pytest.mark.parametrize("when", TIMES)
def test_import_removes_and_replaces_nothing(library, tmp_path, when):
    user(library, bookmark=True, read=True, note="My own words.", tags={"mine": True, "gone": True})
    user(library, tags={"gone": False})
    before = mark(library)
    foreign = {
        "bookmark": [False, when],
        "read": [False, when],
        "note": ["", when],
        "note_was": dict.fromkeys(("0" * 12, *map(_fingerprint, ("My own words.",))), when),
        "tags": {"mine": [False, when], "gone": [True, when], "new": [True, when]},
    }
    library.imports.import_paths([write(tmp_path, "foreign.jsonl", foreign)])
    after = mark(library)
    assert shown(library) == (True, True, ("mine", "new"), "My own words.")
    assert (after.bookmark, after.read, after.note) == (before.bookmark, before.read, before.note)
    # Nor does it later, when another copy of the notebook is merged.
    assert merge_marks(after, before).note_text == "My own words."
    assert Library.open().mark(0) == after


def _fingerprint(text: str) -> str:
    from paperreader.notebook.note_merge import fingerprint

    return fingerprint(text)


@pytest.mark.parametrize("when", TIMES)
def test_differing_note_is_added_below(library, tmp_path, when):
    user(library, note="My own words.")
    file = write(tmp_path, "foreign.jsonl", {"note": ["Their words.", when]})
    library.imports.import_paths([file])
    text = mark(library).note_text
    assert text.startswith("My own words.\n\n--- ")
    assert text.endswith(" UTC ---\nTheirs words.".replace("Theirs", "Their"))
    library.imports.import_paths([file])
    assert mark(library).note_text == text, "a repeated import adds nothing"
    merged = merge_marks(mark(library), Mark(note=("My own words.", mark(library).note[1])))
    assert merged.note_text == text, "merging keeps the order"
    library.imports.undo_import()
    assert mark(library).note_text == "My own words."


@pytest.mark.parametrize("when", every_second(TIMES))
def test_marks_are_added_where_there_are_none(library, tmp_path, when):
    foreign = {
        "bookmark": [True, when],
        "read": [True, when],
        "note": ["  Their\n\nwords.\n", when],
        "tags": {"a": [True, when], "b": [False, when]},
    }
    file = write(tmp_path, "foreign.jsonl", foreign)
    for _ in range(3):
        library.imports.import_paths([file])
        assert shown(library) == (True, True, ("a",), "  Their\n\nwords.\n")
        assert 0 < mark(library).last_changed < NOW * 2
        library.imports.undo_import()
        assert shown(library) == (False, False, (), "")
        assert mark(Library.open()) == mark(library)


def test_undo_leaves_what_the_user_changed(library, tmp_path):
    user(library, tags={"mine": True})
    foreign = {"bookmark": [True, 5], "note": ["Theirs.", 5], "tags": {"a": [True, 5], "b": [True, 5]}}
    library.imports.import_paths([write(tmp_path, "foreign.jsonl", foreign)])
    user(library, note="Theirs, corrected.", note_base="Theirs.", tags={"a": False})
    user(library, tags={"a": True})
    library.imports.undo_import()
    assert shown(library) == (False, False, ("a", "mine"), "Theirs, corrected.")


def test_undo_removes_only_the_added_text_of_a_note_that_was_changed(library, tmp_path):
    user(library, note="Mine.")
    library.imports.import_paths([write(tmp_path, "foreign.jsonl", {"note": ["Theirs.", 5]})])
    text = mark(library).note_text
    user(library, note=text.replace("Mine.", "Mine, longer."), note_base=text)
    library.imports.undo_import()
    assert mark(library).note_text == "Mine, longer."


def test_undo_is_that_of_the_import_which_added_only_marks(library, tmp_path):
    file = write(tmp_path, "again.jsonl", {"bookmark": [True, 5]})
    Path(file).write_text(Path(file).read_text().replace("again.jsonl:0", "first.jsonl:0"))
    report = library.imports.import_paths([file])
    assert (report.new, report.merged, report.unchanged) == (0, 0, 1)
    assert mark(library).bookmarked
    undone = library.imports.undo_import()
    assert (undone.removed, undone.restored) == (0, 0)
    assert not mark(library).bookmarked
    assert len(library.table) == 1


def test_removal_under_a_former_id_counts(library, tmp_path):
    library.imports.import_paths([write(tmp_path, "x.jsonl", {}, title="Umbrellas Borrowed Twice", arxiv="")])
    slug = next(id for id in map(library.table.id_of, library.table.newest) if id != ID)
    library.save_and_apply([MarkChange(slug, bookmark=True, note="Mine.")])
    library.save_and_apply([MarkChange(slug, bookmark=False)])
    foreign = {"bookmark": [True, FUTURE], "note": ["Theirs.", FUTURE]}
    library.imports.import_paths(
        [write(tmp_path, "y.jsonl", foreign, title="Umbrellas Borrowed Twice", arxiv="2501.00008")]
    )
    found = mark(library, "2501.00008")
    assert not found.bookmarked
    assert found.note_text.startswith("Mine.\n\n--- ")
    library.imports.undo_import()
    assert mark(library, slug).note_text == "Mine."


def test_running_reader_keeps_what_was_taken_back(library, tmp_path):
    reader = Library.open()
    user(library, note="Mine.")
    library.imports.import_paths(
        [write(tmp_path, "foreign.jsonl", {"bookmark": [True, 5], "note": ["Theirs.", 5]})]
    )
    reader.refresh()
    assert mark(reader).bookmarked
    library.imports.undo_import()
    reader.refresh()
    assert (mark(reader).bookmarked, mark(reader).note_text) == (False, "Mine.")
    reader.save_and_apply([MarkChange(ID, read=True)])
    library.refresh()
    assert shown(library) == (False, True, (), "Mine.")


@pytest.mark.parametrize(
    "line",
    [
        {"x": 5},
        {ID: []},
        {ID: {"flags": 5, "tags": [], "notes": None}},
        {ID: {"flags": {"bookmark": "5", "title": 5}, "tags": {"a": 1e400}, "notes": {"x": True}}},
    ],
)
def test_damaged_record_of_marks_is_ignored(library, tmp_path, line):
    library.imports.import_paths([write(tmp_path, "foreign.jsonl", {"bookmark": [True, 5]})])
    stores = library.imports._stores
    stores.catalog.import_marks.record(stores.catalog._file.new_operation_id(), line)
    library.imports.undo_import()
    assert mark(library).bookmarked, "it belongs to the import before"
    library.imports.undo_import()
    assert not mark(library).bookmarked


@pytest.mark.parametrize(
    "own", [{}, {"read": True}, {"bookmark": True}, {"note": "Mine."}, {"tags": {"a": True}}]
)
def test_import_hides_no_paper_that_the_user_keeps_and_deletes_none(library, tmp_path, own):
    user(library, **own)
    foreign = {"dismissed": [True, 5], "hidden": [True, 5], "deleted": [True, 5]}
    library.imports.import_paths([write(tmp_path, "foreign.jsonl", foreign)])
    found = mark(library)
    assert (found.is_dismissed, found.is_hidden, found.is_deleted) == (
        True,
        own in ({}, {"read": True}),
        False,
    )
    library.imports.undo_import()
    assert not (mark(library).is_dismissed or mark(library).is_hidden)


WORDS = st.sampled_from(
    ["Mine.", "Theirs.", "Mine.\n\nMore.", "", " \n", "--- 2024-01-01 00:00:00.000 UTC ---\nOld."]
)
FLAGS = st.tuples(st.booleans(), st.sampled_from([0, 1, NOW - 9, NOW, FUTURE]))
MARKS = st.builds(
    Mark,
    bookmark=FLAGS,
    read=FLAGS,
    dismissed=FLAGS,
    hidden=FLAGS,
    disliked=FLAGS,
    deleted=FLAGS,
    note=st.tuples(st.lists(WORDS, max_size=3).map("\n".join), st.sampled_from([0, 1, NOW - 9, FUTURE])),
    tags=st.dictionaries(st.sampled_from("abc"), FLAGS, max_size=3),
)


@examples(40)
@given(MARKS, MARKS)
def test_any_mark_only_adds_and_is_taken_back(own, imported):
    new, added = add_imported(own, own, imported, NOW)
    assert new.bookmarked >= own.bookmarked
    assert new.is_read >= own.is_read
    assert {*own.tag_names} <= {*new.tag_names}
    assert sections_of(Note(*own.note)).keys() <= sections_of(Note(*new.note)).keys()
    for name, flag in own.tags.items():
        assert flag == new.tags[name] or not flag[1], "what the user set or removed stays as it is"
    again, nothing = add_imported(new, new, imported, NOW + 5)
    assert (again, nothing) == (new, AddedMarks())
    undone = take_back(new, AddedMarks.from_json(json.loads(json.dumps(added.to_json()))))
    assert new.deleted == own.deleted
    for name in MARK_FLAGS:
        assert getattr(undone, name)[0] == getattr(own, name)[0]
    assert undone.tag_names == own.tag_names
    assert sections_of(Note(*undone.note)).keys() == sections_of(Note(*own.note)).keys()
    repeated, _ = add_imported(undone, undone, imported, NOW + 9)
    assert (repeated.bookmarked, repeated.tag_names) == (new.bookmarked, new.tag_names)
    assert sections_of(Note(*repeated.note)).keys() == sections_of(Note(*new.note)).keys()


def test_tag_that_shows_nothing_is_not_added():
    tags = dict.fromkeys(("", " ", "\n", "\u200b\u202e", "\x1b", "\u3164", "a"), (True, 5))
    new, added = add_imported(Mark(), Mark(), Mark(tags=tags), NOW)
    assert new.tag_names == ("a",)
    assert [*added.tags] == ["a"]


@pytest.mark.parametrize("when", TIMES)
def test_highlights_are_added_and_taken_back(library, tmp_path, when):
    mine = Highlight("My passage.", block=1, comment="mine")
    user(library, highlights={mine.id: mine, "gone": Highlight("Removed passage.")})
    user(library, highlights={"gone": None})
    before = mark(library)
    foreign = {
        mine.id: [{"quote": "My passage.", "comment": "theirs"}, when],
        "gone": [{"quote": "Removed passage."}, when],
        "new": [{"quote": "Their passage.", "block": 2}, when],
        "none": [None, when],
    }
    library.imports.import_paths([write(tmp_path, "foreign.jsonl", {"highlights": foreign})])
    assert mark(library).passages == (mine, Highlight("Their passage.", block=2))
    library.imports.undo_import()
    assert mark(library).passages == before.passages == (mine,)


def test_summaries_are_added_and_taken_back(library, tmp_path):
    user(library, summaries={"tldr": Summary("Mine."), "gone": Summary("Removed.")})
    user(library, summaries={"gone": None})
    foreign = {name: [{"text": "Theirs."}, NOW] for name in ("tldr", "gone", "new")}
    library.imports.import_paths([write(tmp_path, "foreign.jsonl", {"summaries": foreign})])
    assert {name: each.text for name, each in mark(library).generated.items()} == {
        "tldr": "Mine.",
        "new": "Theirs.",
    }
    library.imports.undo_import()
    assert {name: each.text for name, each in mark(library).generated.items()} == {"tldr": "Mine."}


def test_highlight_that_was_changed_since_the_import_stays(library, tmp_path):
    highlights = {"new": [{"quote": "Their passage."}, NOW]}
    library.imports.import_paths([write(tmp_path, "foreign.jsonl", {"highlights": highlights})])
    commented = Highlight("Their passage.", comment="now mine")
    user(library, highlights={"new": commented})
    library.imports.undo_import()
    assert mark(library).passages == (commented,)
