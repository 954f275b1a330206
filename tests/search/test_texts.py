"""Full texts: `text:` and `scope:text`, an index of their own, and what happens without it."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paperreader.search import IndexStore, SearchEngine
from paperreader.search.texts import lookup
from paperreader.search.texts.documents import MAX_DOCUMENT_WORDS, TextKey
from paperreader.search.texts.store import FOLDER_NAME, TextIndexStore

FILLER = ["the river and the delta"] * 80
"""Blocks with a word that occurs more often than posting lists have positions for."""

TEXTS = {
    0: ["Introduction", "Energy-based models assign an energy to each state.", "We train networks."],
    1: ["The energy", "based on wind is cheap. ENERGY is conserved; so is VAR.", "Über Flußdeltas: 学习"],
    2: [*FILLER, "At last the lantern", *FILLER, "the copper lanterns shine"],
    3: ["A dataset of tables.", "Zero-shot transfer"],
    4: ["Energetic people"],
}
"""Blocks by row. The last row has no paper any more."""

TITLES = ("Copper lanterns", "Wind | Energy prices", "River deltas", "Tables", "Untold")


class Source:
    """Texts in memory that count how often each is read."""

    def __init__(self, texts):
        self.texts = {
            TextKey(f"paper-{row}", version, crc32("\n".join(blocks).encode())): blocks
            for row, (version, blocks) in texts.items()
        }
        self.read = []

    def keys(self):
        return self.texts

    def blocks(self, key):
        self.read.append(key.paper)
        return self.texts[key]


def versions(texts, version=1):
    return {row: (version, blocks) for row, blocks in texts.items()}


@pytest.fixture
def store(folder):
    return TextIndexStore(folder.with_name(FOLDER_NAME))


@pytest.fixture
def table(make_table, engine):
    table = make_table(*TITLES)
    table = table.with_changes({4: None})
    engine.store.update(table)
    return table


@pytest.fixture
def search(engine, table, store):
    store.update(Source(versions(TEXTS)))
    return lambda query, **options: engine.search(query, table, {}, **{"is_typing": False, **options})


def full_matches(hits):
    return set(hits.rows[: hits.full_matches])


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("text:energy", {0, 1}),
        ("text:model", {0}),  # another form
        ('text:"energy based"', {0}),  # no phrase across blocks
        ('text:"energy models"', set()),
        ("text:energy-based", {0}),
        ("text:zeroshot", {3}),  # another spelling
        ("text:ENERGY", {0, 1}),
        ("text:flussdelta", {1}),
        ("text:学", {1}),
        ("text:energ*", {0, 1}),
        ("text:enrgy~", {0, 1}),
        ("text:(energy wind)", {1}),
        ("text:(energy OR lantern)", {0, 1, 2}),
        ("-text:energy", {2, 3}),
        ("text:energy -text:wind", {0}),
        ("text:energy OR title:tables", {0, 1, 3}),
        ("copper text:energy", {0}),
        ("energy", {1}),  # titles and abstracts are the default
        ('text:"copper lanterns"', {2}),  # after more than 255 of `the`
        ('text:"the lantern"', {2}),
        ('text:"the copper lanterns"', {2}),
        ("text:untold", set()),
        ("text:energetic", set()),
        ("scope:text energy", {0, 1}),
        ("in:text energy -wind", {0}),
        ("energy title:wind scope:text", {1}),
        ("scope:text (energy OR lantern) copper", {2}),
        ("fulltext:tables body:dataset", {3}),
    ],
)
def test_words_are_searched_in_full_texts(search, query, rows):
    hits = search(query)
    assert (full_matches(hits), hits.hint) == (rows, "")
    assert len(hits.rows) == len(rows) or not query.startswith(("text:", "scope:"))


def test_unfinished_words_are_prefixes(search):
    assert full_matches(search("text:mod", is_typing=True)) == {0}
    assert full_matches(search("scope:text cond", is_typing=True)) == set()
    assert full_matches(search("scope:text conserv", is_typing=True)) == {1}
    assert search("text:mod").full_matches == 0


def test_words_are_completed_from_full_texts(engine, table, store):
    store.update(Source(versions(TEXTS)))
    completions = engine.complete("text:conser", len("text:conser"), table, {})
    assert [each.text for each in completions] == ["conserved"]


def test_misspelt_words_are_corrected_to_words_of_full_texts(search):
    assert search("text:conservd").suggestion == "text:conserved"
    assert search("scope:text wnd is:unread").suggestion == "scope:text wind is:unread"
    hits = search("scope:text conservd wind", corrects=True)
    assert (full_matches(hits), hits.corrected) == ({1}, "scope:text conserved wind")
    assert search("conservd").suggestion == ""


def test_papers_are_ranked_by_how_often_their_texts_contain_the_words(engine, table, store):
    pages = {
        0: ["amber"] + ["stone"] * 50,
        1: ["amber"] * 5 + ["stone"] * 46,
        2: ["amber"] + ["stone"] * 9000,
    }
    store.update(Source(versions(pages)))
    assert len(pages[2]) > MAX_DOCUMENT_WORDS
    hits = engine.search("text:amber", table, {}, is_typing=False)
    assert list(hits.rows) == [1, 0, 2]
    assert sorted(hits.scores, reverse=True) == list(hits.scores)


def test_results_say_where_words_are_in_the_texts(search):
    hits = search('copper text:"energy based"')
    assert hits.texts is not None
    assert hits.texts.blocks(0) == TEXTS[0]
    assert hits.texts.blocks(1) != TEXTS[0] and hits.texts.blocks(9) is None
    assert hits.texts.find_matches("Copper, Energy-based") == [(8, 20)]
    assert hits.find_matches("Copper, Energy-based") == [(0, 6), (8, 20)]
    assert search("energy").texts is None and search("-text:energy").texts is None


@settings(max_examples=12, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.integers(0, 3), st.sampled_from(["amber", "amber stone", "stone", ""]), max_size=4
        ),
        min_size=2,
        max_size=6,
    )
)
def test_updates_give_the_same_as_a_rebuilt_index(tmp_path_factory, states):
    from tests.search.conftest import table_of_texts

    folder = tmp_path_factory.mktemp("cache") / "index"
    engine, table = SearchEngine(IndexStore(folder)), table_of_texts(*TITLES)
    engine.store.update(table)
    store = TextIndexStore(folder.with_name(FOLDER_NAME))
    before = None
    for state in states:
        source = Source(versions({row: [text] for row, text in state.items()}))
        assert store.is_current(source) == (before == source.texts)
        store.update(source)
        assert set(source.read) <= {key.paper for key in source.texts.keys() - (before or {}).keys()}
        assert store.is_current(source) and not store.verify()
        for word in ("amber", "stone"):
            hits = engine.search(f"text:{word}", table, {}, is_typing=False)
            assert full_matches(hits) == {row for row, text in state.items() if word in text}
            assert all(hits.texts.blocks(row) == [state[row]] for row in hits.rows)
        before = source.texts


def test_without_texts_or_index_a_hint_says_so_and_other_words_are_found(engine, table, store):
    hits = engine.search("wind OR text:energy", table, {}, is_typing=False)
    assert (full_matches(hits), hits.hint) == ({1}, lookup.NO_TEXTS_HINT)
    store.update(Source({}))
    hits = engine.search("wind OR text:energy", table, {}, is_typing=False)
    assert (full_matches(hits), hits.hint) == ({1}, lookup.NO_TEXTS_HINT)
    assert engine.search("wind", table, {}, is_typing=False).hint == ""


def test_damage_is_reported_once_and_repaired_by_the_next_update(engine, table, store, folder):
    source = Source(versions(TEXTS))
    store.update(source)
    names = [path.name for path in store_folder(folder).iterdir() if path.suffix != ".blocks"]
    assert len(names) > 5
    for name in sorted(names):
        other = SearchEngine(IndexStore(folder))
        other.search("text:river", table, {}, is_typing=False)
        path = next(each for each in store_folder(folder).iterdir() if same_part(each.name, name))
        path.write_bytes(bytes(byte ^ 0x55 for byte in path.read_bytes()))
        os.utime(path, ns=(1, 1))
        for opened in (other, SearchEngine(IndexStore(folder))):
            hints = [opened.search("wind OR text:energy", table, {}, is_typing=False).hint for _ in range(3)]
            assert hints[-1] in ("", lookup.NO_TEXTS_HINT), name
        fresh = TextIndexStore(store_folder(folder))
        if fresh.verify():
            assert opened.search("wind", table, {}, is_typing=False).full_matches == 1
            fresh.update(source, from_scratch=True)
        assert fresh.is_current(source) and not fresh.verify()
        assert full_matches(opened.search("text:energy", table, {}, is_typing=False)) == {0, 1}


def store_folder(folder):
    return folder.with_name(FOLDER_NAME)


def same_part(one, other):
    """Whether two files of an index have the same purpose: names of segments are random."""
    return one.partition(".")[2] == other.partition(".")[2] and one[:3] == other[:3]


def test_lost_text_of_a_paper_costs_only_its_sentence(search, store, folder):
    (path,) = store_folder(folder).glob(
        f"{next(iter(Source(versions({0: TEXTS[0]})).keys())).crc:08x}-*.blocks"
    )
    path.unlink()
    hits = search("text:energy")
    assert full_matches(hits) == {0, 1}
    assert (hits.texts.blocks(0), hits.texts.blocks(1)) == (None, TEXTS[1])
    assert len(store.verify()) == 1


def test_several_processes_write_one_after_the_other_and_others_see_it(engine, table, folder):
    states = [Source(versions({row: [f"amber word{row}"]})) for row in range(4)]

    def update(source):
        TextIndexStore(store_folder(folder)).update(source, lock_timeout=60)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(update, states))
    hits = engine.search("text:amber", table, {}, is_typing=False)
    assert hits.full_matches == 1  # the last of them
    TextIndexStore(store_folder(folder)).update(states[2])
    assert full_matches(engine.search("text:amber", table, {}, is_typing=False)) == {2}
