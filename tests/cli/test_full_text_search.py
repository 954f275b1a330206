"""`search` in full texts, and the commands that know their index."""

from __future__ import annotations

import pytest

from paperreader import paths
from paperreader.fulltext import Heading, Paragraph, StoredText
from paperreader.fulltext.store import FullTextStore
from paperreader.fulltext.text_file import pack, pack_document
from paperreader.library import Library
from paperreader.search.texts import lookup
from tests.fulltext.documents import document, text

SENTENCE = "Energy-based models of lamps assign an energy to each door."


@pytest.fixture
def store(filled):
    """A function that stores a full text with these paragraphs."""

    def store(id, *paragraphs, version=1):
        blocks = [Paragraph(content=text(each)) for each in paragraphs]
        description = StoredText(paper=id, version=version, source="arxiv-html", kind="html")
        packed = pack_document(document(Heading(content=text("Method"), level=1), *blocks))
        folder = paths.full_text_folder(Library.open().uuid)
        return FullTextStore(folder).write(description, packed, pack(b"page"))

    return store


def test_a_result_shows_the_sentence_and_new_texts_are_found(filled, ids, store):
    id = ids["Sparse"]
    store(id, "Doors are old. Nothing else.", f"A first one. {SENTENCE} And another energy.")
    result = filled("search", 'text:"energy based" text:door')
    assert (result.code, result.err) == (0, "")
    first, second = result.out.splitlines()
    assert "Sparse Lanterns" in first and second == f"    {SENTENCE}"
    (found,) = filled("search", "--json", "scope:text energy door").objects
    assert (found["id"], found["sentence"]) == (id, SENTENCE)
    assert [each["sentence"] for each in filled("search", "--json", "lanterns").objects] == [None]
    store(id, "Only rivers.", version=2)
    assert "No papers match" in filled("search", "text:energy").err
    assert "    Only rivers." in filled("search", "text:river").out


def test_a_sentence_comes_before_a_heading_and_exports_search_as_well(filled, ids, store):
    store(ids["Sparse"], "2 Amber lamps", "Lamps of amber glow. Stones do not.")
    assert filled("export", "--format", "bibtex", "text:amber").out.count("@") == 1
    assert "    Lamps of amber glow." in filled("search", "text:(amber lamps)").out


def test_a_long_sentence_is_cut_around_the_match(filled, ids, store):
    store(ids["Sparse"], f"{'many words ' * 80}amber {'and more ' * 80}end.")
    line = filled("search", "text:amber").out.splitlines()[1]
    assert line.startswith("    …") and "amber" in line and len(line) < 410


def test_hostile_texts_reach_no_terminal(filled, ids, store):
    store(ids["Sparse"], "amber \x1b]0;x\x07\x9b31m \u202e amber.")
    out = filled("search", "text:amber").out
    assert "amber" in out and not any(char in out for char in "\x1b\x07\x9b\u202e")


def test_without_full_texts_a_hint_says_what_to_do(filled):
    result = filled("search", "text:energy")
    assert (result.code, result.out) == (0, "")
    assert lookup.NO_TEXTS_HINT in result.err


def test_check_and_reindex_know_the_index(filled, ids, store):
    store(ids["Sparse"], SENTENCE)
    assert filled("check").code == 0
    assert filled("reindex").out == "Indexed 3 papers and 1 full text.\n"
    assert filled("check").code == 0
    store(ids["Sparse"], "Other.", version=2)
    (segment,) = paths.cache_folder(Library.open().uuid).glob("text-index/*.pst")
    segment.write_bytes(b"damaged")
    assert "is damaged" in filled("check").out
    repaired = filled("check", "--repair")
    assert "The index of the full texts was damaged and has been rebuilt." in repaired.out
    assert (repaired.code, filled("search", "text:other").out.count("\n")) == (0, 2)
