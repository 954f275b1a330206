"""Matches of a query, their order and their highlights."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Mark
from tests.examples import examples

TEXTS = (
    "Diffusion models for video | We diffuse frames with a transformer and a policy gradient.",
    "Training transformers at scale | Attention, and nothing but attention.",
    "Bézier curves in robotics | The naïve gripper follows a curve. GPT-4 helps; state-of-the-art results.",
    "深度学习入门 | 数学 基础 and a 4 with GPT elsewhere.",
    "V$^2$L: vision to language | λόγος and Straße, the model's own data don't lie.",
    "Neural network pruning | We prune networks that are neural in name; a network of neurons.",
    "A network for neural fields | Fields everywhere.",
)


@pytest.fixture
def library(make_table, engine):
    table = make_table(*TEXTS)
    engine.store.update(table)
    return table


@pytest.fixture
def search(library, engine):
    """Return the rows of full matches and of partial matches of a query."""

    def search(query, marks=None):
        hits = engine.search(query, library, marks or {})
        assert len(hits.rows) == len(hits.scores)
        assert hits.generation == library.generation
        return hits.rows[: hits.full_matches], hits.rows[hits.full_matches :]

    return search


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("transformer", [0, 1]),
        ("diffusing ", [0]),
        ("transformers attention", [1]),
        ("TRANSFORMER ", [0, 1]),
        ("Bezier", [2]),
        ("naive", [2]),
        ("bézier ", [2]),
        ("V2L", [4]),
        ("V$^2$L", [4]),
        ("v²l ", [4]),
        ("strasse ", [4]),
        ("ΛΌΓΟΣ", [4]),
        ("λογος ", [4]),
        ("dont", [4]),
        ("don’t ", [4]),
        ("models ", [0, 4]),
        ("学习", [3]),
        ("深度学习", [3]),
        ("习", [3]),
        ("学", [3]),
        ("学度", []),
        ("gpt-4", [2]),
        ("state-of-the-art ", [2]),
        ('"neural network"', [5]),
        ('"neural networks', [5]),
        ('"neural networ', [5]),
        ('"network neural"', []),
        ("neural network ", [5, 6]),
        ("network -pruning", [6]),
        ('network -"neural network" ', [6]),
        ("network, fields", [6]),
        ("-network -attention", [4, 3, 2, 0]),
        ("zebra ", []),
    ],
)
def test_full_matches(search, query, rows):
    assert search(query)[0] == rows


def test_every_prefix_of_every_word_finds_paper(library, search):
    from paperreader.search.analysis.tokenizer import split_words
    from paperreader.text.tex_display import tex_to_unicode

    for row, paper in enumerate(library.papers):
        for word in split_words(tex_to_unicode(f"{paper.title} {paper.abstract}")):
            for length in range(1, len(word) + 1):
                assert row in search(word[:length])[0], word[:length]


def test_only_last_word_is_a_prefix(search):
    assert search("atten")[0] == [1]
    assert search("atten ")[0] == []
    assert search("atten transformers ")[0] == []


def test_partial_matches_fill_up_to_ten(search):
    full, some = search("transformers network ")
    assert full == []
    assert sorted(some) == [0, 1, 5, 6]


def test_titles_with_typo_are_found(search):
    assert search("Neural netwrok pruning ")[1][0] == 5


def test_parts_of_hyphenated_words_are_partial_matches(search):
    assert search("gpt-4 ") == ([2], [3])


def test_negation_and_phrases_apply_to_partial_matches(search):
    assert search('"neural network" fields ') == ([], [5])
    assert search("zebra network -pruning ") == ([], [6])
    assert search('zebra "network neural" ') == ([], [])


def test_phrase_cannot_start_before_the_first_word(make_table, engine):
    texts = ["seldom | often often", "often seldom | rarely"]
    texts += [f"often number {number} | number {number} often" for number in range(40)]
    table = make_table(*texts)
    engine.store.update(table)
    for query, rows in (('"often seldom"', [1]), ('"often often seldom"', []), ('"number often seldom"', [])):
        hits = engine.search(query, table, {})
        assert list(hits.rows[: hits.full_matches]) == rows


def test_no_partial_matches_with_ten_full_matches(make_table, engine):
    table = make_table(*["robot arm"] * 10, "robot leg")
    engine.store.update(table)
    hits = engine.search("robot arm", table, {})
    assert (list(hits.rows), hits.full_matches) == (list(range(9, -1, -1)), 10)
    ninth = table.with_changes({0: None})
    engine.store.update(ninth)
    hits = engine.search("robot arm", ninth, {})
    assert (list(hits.rows), hits.full_matches) == ([*range(9, 0, -1), 10], 9)


def test_matches_are_sorted_by_score(make_table, engine):
    table = make_table(
        "Speech | about graphs, in passing, among many other words that say something else entirely",
        "Graphs | graphs and graphs",
        "Graph learning | on graphs",
        "Nothing | of it",
    )
    engine.store.update(table)
    hits = engine.search("graph ", table, {})
    assert hits.rows[-1] == 0
    assert hits.full_matches == 3
    assert list(hits.scores) == sorted(hits.scores, reverse=True)
    assert hits.scores[-1] > 0


def test_exact_form_ranks_above_other_inflections(make_table, engine):
    table = make_table("Segmented images", "Segmenting images", "Segmented pictures")
    engine.store.update(table)
    for row, word in enumerate(["segmented images ", "segmenting images ", "segmented pictures "]):
        assert engine.search(word, table, {}).rows[0] == row


@pytest.mark.parametrize("query", ["", "  ", '"', "...", "- -", "()[]", "\x00\x1b", "🎉"])
def test_query_without_words_lists_all_papers_newest_first(search, query):
    assert search(query) == ([6, 5, 4, 3, 2, 1, 0], [])


def test_notes_and_tags_are_searched(search):
    marks = {
        1: Mark(
            note=("Read with the Bézier paper, quickly", 1), tags={"rl-theory": (True, 1), "gone": (False, 2)}
        ),
        6: Mark(bookmark=(True, 1)),
    }
    assert sorted(search("bezier ", marks)[0]) == [1, 2]
    assert search("attention quickly ", marks)[0] == [1]
    assert search("quick", marks)[0] == [1]
    assert search("rl-theory", marks)[0] == [1]
    assert search('"paper quickly"', marks)[0] == [1]
    assert search('"quickly paper"', marks)[0] == []
    assert search('"quickly rl"', marks)[0] == []
    assert search("gone ", marks)[0] == []
    assert search("attention -quickly ", marks)[0] == []


def test_note_index_follows_marks(search):
    first = {row: Mark(note=(f"thought{row}", 1)) for row in range(3)}
    assert search("thought2 ", first)[0] == [2]
    second = {**first, 2: Mark(note=("idea", 2)), 3: Mark(note=("thought2", 2))}
    assert search("thought2 ", second)[0] == [3]
    assert search("idea ", second)[0] == [2]
    third = {row: mark for row, mark in second.items() if row != 3}
    assert search("thought2 ", third)[0] == []
    assert search("thoug", third)[0] == [1, 0]
    assert search("thought2 ", {})[0] == []


@pytest.mark.parametrize(
    ("query", "text", "highlighted"),
    [
        ("Bezier", "A Bézier curve", ["Bézier"]),
        ("transformer ", "Transformers transform; TRANSFORMER", ["Transformers", "transform", "TRANSFORMER"]),
        ("netw", "Networks of the net", ["Networks"]),
        ("diffu", "To diffuse, the diffusion", ["diffuse", "diffusion"]),
        ("model ", "the model's and models’", ["model", "models"]),
        ('"neural network"', "neural nets, Neural Networks", ["Neural Networks"]),
        ("gpt-4", "GPT-4 and 4", ["GPT-4", "4"]),
        ("学习", "深度学习入门", ["学习"]),
        ("学", "深度学习", ["学"]),
        ("v2l", "V²L", ["V²L"]),
        ("transformer -attention", "transformer attention", ["transformer"]),
        ("zebra ", "zebras", ["zebras"]),
        ("strasse", "Die Straße", ["Straße"]),
        ("", "anything", []),
        ("network ", "", []),
    ],
)
def test_all_forms_of_matched_words_are_highlighted(library, engine, query, text, highlighted):
    spans = engine.search(query, library, {}).find_matches(text)
    assert [text[start:end] for start, end in spans] == highlighted


def test_cancelled_search_returns_no_hits(library, engine):
    calls = []

    def cancelled():
        calls.append(1)
        return len(calls) > 1

    assert list(engine.search("transformer network attention", library, {}, cancelled=cancelled)) == []
    assert len(calls) == 2
    assert list(engine.search("transformer ", library, {})) == [0, 1]


def test_threads_share_engine(library, engine):
    queries = ["transformer ", "network ", "bezier ", "gpt", "学习", "-network "]
    expected = {query: list(engine.search(query, library, {})) for query in queries}
    noted = {row: Mark(note=("zebra crossing", 1)) for row in range(3)}

    def ask_all(number):
        marks = noted if number % 2 else {}
        answers = {query: list(engine.search(query, library, marks)) for query in queries}
        return answers == expected and len(engine.search("zebra ", library, marks).rows) == len(marks)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask_all, range(24)))


def test_typing_gives_same_hits_as_new_engine(library, engine, folder):
    from paperreader.search import IndexStore, SearchEngine

    query = 'neural "network pruning" -fields gpt'
    for length in range(len(query) + 1):
        seen, fresh = (
            searcher.search(query[:length], library, {})
            for searcher in (engine, SearchEngine(IndexStore(folder)))
        )
        assert (list(seen.rows), seen.full_matches) == (list(fresh.rows), fresh.full_matches)
        assert seen.scores == pytest.approx(fresh.scores)


def test_related_papers_share_characteristic_words(library, engine):
    hits = engine.related(5, library)
    assert hits.rows[0] == 6
    assert 5 not in hits.rows
    assert hits.full_matches == len(hits.rows)
    assert len(engine.related(5, library, limit=1).rows) == 1


HARD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from('"-()[]*?~^\\$ \t\n\x00\x1b“”学が각é́ß²\u200d\u202e🎉'),
        st.sampled_from("abc net"),
    ),
    max_size=80,
)


@examples(50)
@given(query=HARD, text=HARD)
def test_any_query_and_any_text_are_accepted(library, engine, query, text):
    hits = engine.search(query, library, {1: Mark(note=(text, 1))})
    assert len(set(hits.rows)) == len(hits.rows) == len(hits.scores)
    assert 0 <= hits.full_matches <= len(hits.rows)
    end = 0
    for start, stop in hits.find_matches(text):
        assert end <= start < stop <= len(text)
        end = stop


@pytest.mark.parametrize(
    "query",
    [
        "a" * 10_000,
        '"' * 10_000,
        "(" * 10_000,
        '"a' * 5_000,
        "a-" * 5_000,
        "-" * 10_000,
        "a " * 5_000,
        "\\" * 10_000,
        "$" * 10_000,
        "学" * 10_000,
        "e\u0301" * 5_000,
        "a" + "\u0301" * 9_999,
        ".*" * 5_000,
        "\x00\x1b[2J" * 2_000,
        "\ud800" * 10_000,
    ],
    ids=lambda query: ascii(query[:3]),
)
def test_long_queries(search, query):
    search(query)


def test_pasted_abstract_finds_paper(make_table, engine):
    chooser = random.Random(5)
    syllables = ["ba", "ke", "li", "mo", "nu", "ra", "sy", "to"]
    texts = [" ".join("".join(chooser.choices(syllables, k=4)) for _ in range(300)) for _ in range(12)]
    table = make_table(*(f"title | {text}" for text in texts))
    engine.store.update(table)
    hits = engine.search(texts[7], table, {})
    assert (hits.rows[0], hits.full_matches) == (7, 1)
