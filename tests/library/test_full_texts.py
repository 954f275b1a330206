"""Full texts of a library: found under former ids, gone with their papers, damage repaired, absence remembered."""

from __future__ import annotations

import json
import time

import pytest

from paperreader import paths
from paperreader.fulltext import StoredText, block_text
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack, pack_document
from paperreader.library import Library
from tests.fulltext.pages import article_page, paragraph
from tests.fulltext.test_document import DOCUMENT

TITLE = "A Small Model of Rivers and Their Sediment Clocks"


@pytest.fixture
def add_paper(tmp_path):
    """Return a function that imports a paper into the library."""

    def add_paper(**fields):
        file = tmp_path / f"{len(list(tmp_path.iterdir()))}.json"
        file.write_text(
            json.dumps({"title": TITLE, "abstract": "Rivers remember.", **fields}), encoding="utf-8"
        )
        Library.open().imports.import_paths([str(file)])
        library = Library.open()
        return library, library.table.id_of(library.table.newest[0])

    return add_paper


def store_text(library, id, version=1, operation=0):
    text = StoredText(paper=id, version=version, source="arxiv-html", kind="html", operation=operation)
    store = FullTextStore(paths.full_text_folder(library.uuid))
    return store.path(store.write(text, pack_document(DOCUMENT), pack(b"page")))


def test_an_empty_library_has_none_and_makes_no_folder(home):
    library = Library.open()
    texts = library.full_texts
    assert (texts.folder, texts.stored("2403.01234"), texts.load("2403.01234")) == (None, (), None)
    assert list(texts.all_texts()) == [] and texts.verify() == [] and texts.remove(["2403.01234"]) == 0
    assert not list(home.rglob("full-texts"))


def test_the_newest_version_is_loaded_unless_another_is_asked_for(add_paper):
    library, id = add_paper(arxiv_id="2403.01234")
    store_text(library, id, 1)
    store_text(library, id, 3)
    texts = library.full_texts
    assert [text.version for text in texts.stored(id)] == [3, 1]
    assert texts.load(id) == texts.load(id, 1) == DOCUMENT
    assert texts.load(id, 2) is None


def test_a_text_follows_its_paper_to_a_new_id(add_paper):
    library, slug = add_paper()
    store_text(library, slug)
    library, id = add_paper(arxiv_id="2403.01234")
    assert id != slug
    assert library.full_texts.load(id) == library.full_texts.load(slug) == DOCUMENT
    assert library.full_texts.remove([id]) == 1
    assert library.full_texts.stored(id) == ()


def test_a_damaged_text_is_a_warning_and_older_versions_are_loaded(add_paper):
    library, id = add_paper(arxiv_id="2403.01234")
    store_text(library, id, 1)
    path = store_text(library, id, 2)
    path.write_bytes(path.read_bytes()[:-10])
    assert library.full_texts.load(id) == DOCUMENT
    path.write_bytes(b"")
    assert library.full_texts.load(id) == DOCUMENT
    (warning,) = library.pop_warnings()
    assert warning == (
        "The full text 2403.01234/v2.text is no full text. It is converted or fetched again when it is opened."
    )


def test_a_damaged_text_is_converted_again_from_its_page_when_it_is_opened(add_paper):
    library, id = add_paper(arxiv_id="2403.01234")
    page = article_page(paragraph("Rivers remember their beds."))
    store = FullTextStore(paths.full_text_folder(library.uuid))
    text = StoredText(paper=id, version=1, source="arxiv-html", kind="html")
    store.write(text, b"damaged", pack(page))
    assert library.full_texts.load(id) is None
    document = library.full_texts.load_from_page(id)
    assert [block_text(block) for block in document.blocks] == ["Rivers remember their beds."]
    assert library.full_texts.load(id) == document


@pytest.mark.parametrize("page", [b"", pack(b"<p>no full text</p>"), b"damaged as well"])
def test_a_damaged_text_without_a_page_that_can_be_converted_is_not_there(add_paper, page):
    library, id = add_paper(arxiv_id="2403.01234")
    text = StoredText(paper=id, version=1, source="arxiv-html", kind="html")
    FullTextStore(paths.full_text_folder(library.uuid)).write(text, b"damaged", page)
    assert library.full_texts.load_from_page(id) is None


def test_check_lists_damaged_texts_and_repair_removes_them(add_paper):
    library, id = add_paper(arxiv_id="2403.01234")
    path = store_text(library, id)
    path.write_bytes(path.read_bytes()[:-1])
    (problem,) = library.maintenance.check()
    assert str(problem) == "full text 2403.01234/v1.text: is incomplete"
    assert library.maintenance.repair() == ["Damaged full texts removed; they can be fetched again: 1."]
    assert library.maintenance.check() == []


def test_texts_go_with_their_papers_at_compaction_but_not_while_the_removal_can_be_undone(add_paper):
    library, id = add_paper(arxiv_id="2403.01234")
    path = store_text(library, id)
    add_paper(title="Another Title That Is Long Enough", arxiv_id="2403.05678")
    library = Library.open()
    library.removals.remove([id])
    library.maintenance.compact()
    assert path.exists()
    library.removals.undo()
    assert library.full_texts.load(id) == DOCUMENT
    library.removals.remove([id])
    library.removals.remove(["2403.05678"])
    library.maintenance.compact()
    assert not path.parent.exists()


def test_idle_maintenance_removes_texts_of_papers_that_are_gone(add_paper):
    library, id = add_paper(arxiv_id="2403.01234")
    kept, gone = store_text(library, id), store_text(library, "2403.05678")
    library.maintenance.maintain()
    assert kept.exists() and not gone.exists()


def test_undoing_an_import_removes_what_it_stored(add_paper):
    library, id = add_paper(arxiv_id="2403.01234")
    operation = library.imports.new_operation_id()
    kept, gone = store_text(library, id, 1), store_text(library, id, 2, operation)
    assert library.full_texts.remove_import(operation) == 1
    assert kept.exists() and not gone.exists()


def test_a_paper_without_a_text_is_remembered_for_a_day_and_until_another_source_can_be_asked(
    add_paper, monkeypatch
):
    library, id = add_paper(arxiv_id="2403.01234")
    reason = "arXiv has no HTML for this paper."
    library.full_texts.unavailable.add(id, ["arxiv-html", "huggingface", "pdf"], reason)
    library.full_texts.unavailable.add("2403.05678", ["huggingface"], reason)
    unavailable = Library.open().full_texts.unavailable
    assert unavailable.reason(id) == reason
    assert unavailable.reason("2403.05678") == "", "arXiv was not asked"
    now = time.time()
    for other in (now + 25 * 3600, now - 3600):
        monkeypatch.setattr(time, "time", lambda other=other: other)
        assert unavailable.reason(id) == ""
    monkeypatch.undo()
    unavailable.discard(id)
    assert Library.open().full_texts.unavailable.reason(id) == ""


@pytest.mark.parametrize(
    "value",
    [[], "x", {"2403.01234": None}, {"2403.01234": ["x", [], 1]}, {"2403.01234": [1e999, ["pdf"], "x"]}],
)
def test_a_damaged_memory_counts_as_empty(add_paper, value):
    library, id = add_paper(arxiv_id="2403.01234")
    library.state.set("full_texts_missing", value)
    assert library.full_texts.unavailable.reason(id) == ""
    library.full_texts.unavailable.add(id, ["arxiv-html", "huggingface", "pdf"], "None.")
    assert library.full_texts.unavailable.reason(id) == "None."


def test_no_output_replaces_a_full_text(add_paper):
    library, id = add_paper(arxiv_id="2403.01234")
    path = store_text(library, id)
    from paperreader.errors import UsageError

    for target in (path, path.parent / "new.md"):
        with pytest.raises(UsageError, match="a file of paperreader itself"):
            library.exports.check_destination(target)
