"""The personal order: what is learned from marks, what it puts first, and why."""

from __future__ import annotations

import json
import shutil
import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.errors import StorageError
from paperreader.library import FOR_YOU, NO_BOOKMARKS, Library, for_you_of_tag
from paperreader.models import EMPTY_MARK, MarkChange
from paperreader.notebook import apply_change
from paperreader.search.for_you import stem_store
from paperreader.search.for_you.scoring import standardize_known
from paperreader.search.index.vector_file import VECTORS_EXT
from tests.examples import examples
from tests.for_you import TOPICS, import_records, mark, records, rows_of


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    """A home folder with a library of four topics."""
    home = tmp_path_factory.mktemp("prepared")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CACHE", "STATE", "CONFIG"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        import_records(home, records())
    return home


@pytest.fixture
def library(home, prepared):
    shutil.copytree(prepared, home, dirs_exist_ok=True)
    return Library.open()


def scores(library):
    found = library.for_you.scores(library.table, library.marks)
    return None if found is None else found.values.copy()


def order(library, view=FOR_YOU, tag=""):
    return library.for_you.sorted(library.view(view), library.table, library.marks, tag)


def topic_of(library, row):
    return library.paper(row).keywords[0]


def mean_place(library, topic):
    """The mean place of the papers of a topic among all papers, also hidden ones."""
    found = library.for_you.sorted(library.table.newest, library.table, library.marks)
    return np.mean([found.index(row) for row in rows_of(library, topic)])


@pytest.mark.parametrize("count", [1, 2, 5])
def test_papers_like_the_bookmarks_come_first(library, count):
    mark(library, rows_of(library, "river")[:count], bookmark=True)
    first = order(library)[: 12 - count]
    assert {topic_of(library, row) for row in first} == {"river"}
    assert not set(first) & set(library.view("bookmarks")), "the view has what is unread and not bookmarked"
    hits = library.search("sort:foryou is:unread -is:bookmarked ")
    assert (list(hits.rows), hits.sorted_by, hits.hint) == (order(library), "foryou", "")
    backwards = library.search("sort:-foryou is:unread -is:bookmarked ")
    assert topic_of(library, backwards.rows[0]) != "river"


def test_without_bookmarks_the_order_is_by_votes_and_says_so(library):
    mark(library, rows_of(library, "river"), read=True)
    mark(library, rows_of(library, "lamp")[:2], hidden=True)
    assert order(library) is None
    hits = library.search("sort:foryou ")
    assert (hits.sorted_by, hits.hint) == ("votes", NO_BOOKMARKS)
    assert list(hits.rows) == list(library.search("sort:votes ").rows)
    table, marks = library.table, library.marks
    assert library.for_you.levels(table, marks) == b""
    assert library.for_you.explain(table.newest[0], table, marks) is None
    assert library.for_you.learned(table, marks).words == ()


def test_profile_changes_with_a_bookmark_and_back_with_an_undo(library):
    mark(library, rows_of(library, "river")[:3], bookmark=True)
    before = scores(library)
    extra = rows_of(library, "bread")[:1]
    mark(library, extra, bookmark=True)
    assert not np.array_equal(scores(library), before)
    mark(library, extra, bookmark=False)
    assert np.array_equal(scores(library), before)


def test_preview_of_a_mark_counts_at_once(library):
    mark(library, rows_of(library, "river")[:2], bookmark=True)
    before = scores(library)
    paper = library.paper(rows_of(library, "kite")[0])
    inverse = library.preview([MarkChange(paper.id, paper.title, bookmark=True)])
    assert not np.array_equal(scores(library), before)
    library.preview(inverse)
    assert np.array_equal(scores(library), before)


@examples(15)
@given(
    changes=st.lists(
        st.tuples(st.integers(0, 47), st.sampled_from(("bookmark", "hidden", "disliked"))), max_size=8
    )
)
def test_learning_step_by_step_equals_learning_all_at_once(library, changes):
    mark(library, library.table.newest, bookmark=False, hidden=False, disliked=False)
    for number, name in changes:
        row = library.table.newest[number]
        mark(library, [row], **{name: not getattr(library.mark(row), name)[0]})
        scores(library)
    stepwise = scores(library)
    library.for_you.path.unlink(missing_ok=True)
    rebuilt = scores(Library.open(library.folder))
    assert (stepwise is None) == (rebuilt is None)
    assert stepwise is None or np.array_equal(stepwise, rebuilt)


def test_papers_that_arrive_count_without_rebuilding_what_is_known(library, tmp_path):
    mark(library, rows_of(library, "river")[:3], bookmark=True)
    scores(library)
    new = {
        "title": "Sediment of a Slow Delta",
        "abstract": "A flood moves silt upstream.",
        "id": "2504.00001",
    }
    library.imports.import_paths([str(write_lines(tmp_path / "new.jsonl", new))])
    library.refresh()
    library.maintenance.reindex()
    row = library.table.row_of("2504.00001")
    assert order(library).index(row) < 11
    assert np.array_equal(scores(library), scores(Library.open()))


def write_lines(path, *found):
    path.write_text("\n".join(map(json.dumps, found)), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["hidden", "disliked"])
def test_hidden_papers_and_less_of_this_lower_papers_like_them(library, name):
    mark(library, [*rows_of(library, "river")[:3], *rows_of(library, "bread")[:3]], bookmark=True)
    before = {topic: mean_place(library, topic) for topic in TOPICS}
    disliked = rows_of(library, "bread")[6:9]
    mark(library, disliked, **{name: True})
    after = {topic: mean_place(library, topic) for topic in TOPICS}
    assert after["bread"] > before["bread"]
    assert after["river"] <= before["river"]
    assert (set(disliked) <= set(library.view(FOR_YOU))) == (name == "disliked"), "nothing else hides a paper"
    learned = library.for_you.learned(library.table, library.marks)
    assert len(learned.disliked) == 3
    mark(library, disliked, **{name: False})
    assert {topic: mean_place(library, topic) for topic in TOPICS} == before


def test_papers_that_were_read_are_no_dislikes(library):
    mark(library, rows_of(library, "river")[:3], bookmark=True)
    before = scores(library)
    mark(library, rows_of(library, "river")[3:8] + rows_of(library, "kite"), read=True, dismissed=True)
    assert np.array_equal(scores(library), before)
    assert not set(order(library)) & set(rows_of(library, "kite"))


def test_deleted_removed_and_merged_papers_never_appear(library, tmp_path):
    mark(library, rows_of(library, "river")[:3], bookmark=True)
    deleted, removed, merged = rows_of(library, "river")[3:6]
    removed_id, merged_paper = library.paper(removed).id, library.paper(merged)
    scores(library)
    mark(library, [deleted], deleted=True)
    library.removals.remove([removed_id])
    library.refresh()
    # The second record joins the first one and the paper.
    other = {"title": "Merged Sediment", "abstract": merged_paper.abstract, "doi": "10.1234/same"}
    both = {**other, "id": merged_paper.id, "title": merged_paper.title}
    for number, each in enumerate((other, both)):
        library.imports.import_paths([str(write_lines(tmp_path / f"same{number}.jsonl", each))])
    library.refresh()
    library.maintenance.reindex()
    found = order(library)
    assert library.table.size > len(library.table) + 1, "a removed row, and a merged one"
    assert len(found) == len(set(found)) == len(library.table) - 3 - 1
    assert all(library.table.is_live(row) and row != deleted for row in found)
    live = np.zeros(len(scores(library)), bool)
    live[list(library.table.newest)] = True
    assert np.isneginf(scores(library)[~live]).all()
    levels = library.for_you.levels(library.table, library.marks)
    assert all(levels[row] == 0 for row in (deleted, removed, *library.view("bookmarks")))


def test_bookmark_on_a_paper_that_is_deleted_is_forgotten(library):
    rows = rows_of(library, "river")[:2]
    mark(library, rows, bookmark=True)
    before = scores(library)
    extra = rows_of(library, "bread")[0]
    mark(library, [extra], bookmark=True)
    mark(library, [extra], deleted=True)
    assert np.array_equal(scores(library), before)


def test_levels_rise_with_the_score_and_the_best_have_the_highest(library):
    mark(library, rows_of(library, "river")[:3], bookmark=True)
    levels, found = library.for_you.levels(library.table, library.marks), order(library)
    shown = [levels[row] for row in found]
    assert shown == sorted(shown, reverse=True)
    assert shown[0] == 3
    assert {1, 2, 3} <= set(shown)
    assert shown[-1] == 0


def test_reasons_are_words_of_several_bookmarks_and_the_nearest_one(library):
    bookmarked = rows_of(library, "river")[:4]
    mark(library, bookmarked, bookmark=True)
    row = order(library)[0]
    explanation = library.for_you.explain(row, library.table, library.marks)
    text = f"{library.paper(row).title} {library.paper(row).abstract}"
    assert explanation.words
    papers = [str(library.paper(each)).lower() for each in library.table.newest]
    for word in explanation.words:
        assert word in text
        assert sum(word.lower() in paper for paper in papers) < len(papers) / 3, "no word of most papers"
        holders = [each for each in bookmarked if word.lower() in str(library.paper(each)).lower()]
        assert len(holders) >= 2, word
    assert explanation.nearest in [library.paper(each) for each in bookmarked]


def test_one_bookmark_gives_a_nearest_paper_and_no_words(library):
    (bookmarked,) = rows_of(library, "river")[:1]
    mark(library, [bookmarked], bookmark=True)
    explanation = library.for_you.explain(order(library)[0], library.table, library.marks)
    assert (explanation.words, explanation.nearest) == ((), library.paper(bookmarked))


def test_papers_with_a_tag_have_an_order_of_their_own(library):
    mark(library, rows_of(library, "river")[:3], bookmark=True)
    mark(library, rows_of(library, "kite")[:3], tags={"wind": True})
    assert topic_of(library, order(library)[0]) == "river"
    first = order(library, for_you_of_tag("wind"), "wind")[:5]
    assert {topic_of(library, row) for row in first} == {"kite"}
    assert order(library, tag="unused") is None


def test_reset_forgets_and_later_marks_count(library):
    mark(library, rows_of(library, "river")[:3], bookmark=True)
    mark(library, rows_of(library, "lamp")[:1], disliked=True)
    before = scores(library)
    path = library.for_you.path
    assert path.exists()
    library.for_you.reset()
    assert not path.exists()
    assert scores(library) is None
    assert len(library.view("bookmarks")) == 3, "the marks stay"
    reopened = Library.open()
    assert scores(reopened) is None
    paper = reopened.paper(rows_of(reopened, "bread")[0])
    from paperreader.models import MarkChange

    later = apply_change(EMPTY_MARK, MarkChange(paper.id, bookmark=True), reopened.for_you.since + 5)
    marks = {**reopened.marks, reopened.table.row_of(paper.id): later}
    found = reopened.for_you.sorted(reopened.view(FOR_YOU), reopened.table, marks)
    assert topic_of(reopened, found[1]) == "bread"
    reopened.for_you.learn_from_all()
    assert np.array_equal(scores(reopened), before)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(path.read_bytes()[:-7]),
        lambda path: path.write_bytes(b"00000000\n" + path.read_bytes()[9:]),
        lambda path: path.write_bytes(path.read_bytes()[:40] + bytes(30) + path.read_bytes()[70:]),
        lambda path: path.write_bytes(b"\x80\x01\x02not ours"),
        lambda path: (path.unlink(), path.mkdir()),
        lambda path: path.unlink(),
    ],
    ids=["empty", "truncated", "checksum", "zeros", "foreign", "folder", "missing"],
)
def test_damaged_derived_file_changes_nothing(library, damage):
    mark(library, rows_of(library, "river")[:3], bookmark=True)
    before = scores(library)
    damage(library.for_you.path)
    assert np.array_equal(scores(Library.open()), before)


def test_derived_file_of_another_version_is_not_used(library, monkeypatch):
    mark(library, rows_of(library, "river")[:3], bookmark=True)
    with monkeypatch.context() as patch:
        patch.setattr(stem_store, "VERSION", "another")
        patch.setattr(stem_store, "count_stems", lambda paper: {"nonsense": 1})
        scores(Library.open())
    assert topic_of(library, order(Library.open())[0]) == "river"


def test_several_instances_compute_at_once(library):
    mark(library, rows_of(library, "river")[:5], bookmark=True)
    expected = scores(library)
    library.for_you.path.unlink()
    found, start = [], threading.Barrier(3)

    def compute():
        own = Library.open()
        start.wait()
        found.append(scores(own))

    threads = [threading.Thread(target=compute) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert all(np.array_equal(each, expected) for each in found)
    assert np.array_equal(scores(Library.open()), expected)


def test_nothing_is_in_exports_or_the_notebook(library):
    mark(library, rows_of(library, "river")[:3], bookmark=True)
    notebook = (library.folder / "notebook.json").read_bytes()
    files = {path.name for path in library.folder.iterdir()}
    scores(library)
    library.for_you.explain(order(library)[0], library.table, library.marks)
    assert (library.folder / "notebook.json").read_bytes() == notebook
    assert {path.name for path in library.folder.iterdir()} == files
    assert library.for_you.path.parent != library.folder
    assert library.for_you.path.stat().st_mode & 0o077 == 0


ODD = (
    {"title": "Rivers", "id": "2505.00001"},
    {"title": "川の堆積物について", "abstract": "川の堆積物と三角州の関係を調べる。", "id": "2505.00002"},
    {"title": "12 34 56", "abstract": "1 2 3", "id": "2505.00003"},
    {"title": "Delta " * 900, "abstract": "silt delta " * 20_000, "id": "2505.00004"},
)


def test_odd_papers_are_no_problem_as_bookmarks_or_otherwise(library, tmp_path):
    library.imports.import_paths([str(write_lines(tmp_path / "odd.jsonl", *ODD))])
    library.refresh()
    library.maintenance.reindex()
    rows = [library.table.row_of(str(each["id"])) for each in ODD]
    for row in rows:
        mark(library, rows, bookmark=False)
        mark(library, [row], bookmark=True)
        assert sorted(order(library)) == sorted(library.view(FOR_YOU))
        assert np.isfinite(scores(library)[list(library.table.newest)]).all()
        library.for_you.explain(library.table.newest[0], library.table, library.marks)
    mark(library, [*rows, *rows_of(library, "river")[:2]], bookmark=True)
    assert topic_of(library, order(library)[0]) == "river"


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_bytes(b"nothing")])
def test_without_vectors_the_order_is_by_words_alone(library, damage):
    mark(library, rows_of(library, "river")[:3], bookmark=True)
    with_meaning = scores(library)
    files = list((library.for_you.path.parent / "index").glob(f"*{VECTORS_EXT}"))
    assert files
    for file in files:
        damage(file)
    reopened = Library.open()
    assert not np.array_equal(scores(reopened), with_meaning)
    first = order(reopened)
    assert {topic_of(reopened, row) for row in first[:9]} == {"river"}
    explanation = reopened.for_you.explain(first[0], reopened.table, reopened.marks)
    assert explanation.words
    assert topic_of(reopened, reopened.table.row_of(explanation.nearest.id)) == "river"
    reopened.maintenance.update_vectors(verify=True)
    assert np.array_equal(scores(Library.open()), with_meaning)


def test_papers_without_a_vector_count_as_average():
    cosines = np.array([0.5, 0.1, 0.0, -0.3, 0.0, 9.0], np.float32)
    live = np.array([True, True, True, True, True, False])
    found = standardize_known(cosines, live)
    assert found[2] == found[4] == found[5] == 0
    assert found[0] > 0 > found[3]
    assert abs(float(found[[0, 1, 3]].mean())) < 1e-6
    assert not standardize_known(np.zeros(6, np.float32), live).any()


def test_missing_index_is_an_error_and_an_empty_library_none(library, home):
    mark(library, rows_of(library, "river")[:1], bookmark=True)
    shutil.rmtree(library.for_you.path.parent)
    with pytest.raises(StorageError, match="no search index"):
        scores(Library.open())
    empty = Library(home / "empty")
    assert empty.for_you.levels(empty.table, empty.marks) == b""
    assert list(empty.search("sort:foryou ").rows) == []
