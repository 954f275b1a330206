"""Words are found in every spelling, and as typed before other forms."""

from __future__ import annotations

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from whoosh.lang import porter2 as whoosh_porter2

from paperreader.models import Mark
from paperreader.search.analysis import porter2
from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import tokenize

COMPOUNDS = (
    ("zeroshot", "zero-shot", "zero shot"),
    ("multiagent", "multi-agent", "multi agent"),
    ("FlashAttention", "flash-attention", "flash attention"),
    ("deepseek", "Deep-Seek", "deep seek"),
    ("Qwen3", "Qwen-3", "Qwen 3"),
    ("qwen2.5", "Qwen-2.5", "qwen 2.5"),
    ("GPT4", "GPT-4", "gpt 4"),
    ("text2image", "text-to-image", "text to image"),
    ("π0", "pi0", "pi-0", "π₀", "$\\pi_0$"),
    ("R1-Zero", "R1Zero", "r1 zero"),
)

SAME_STEM = (
    ("colour", "color", "colours"),
    ("behavioural", "behavioral"),
    ("optimise", "optimize", "optimisation", "optimization", "optimiser"),
    ("summarised", "summarized"),
    ("analyse", "analyze", "analysing"),
    ("analysis", "analyses"),
    ("modelling", "modeling", "modelled", "models"),
    ("labelled", "labeled", "labels"),
    ("centre", "center", "centred", "centered"),
    ("index", "indices"),
    ("matrix", "matrices"),
    ("vertex", "vertices"),
    ("hypothesis", "hypotheses"),
    ("corpus", "corpora"),
    ("criterion", "criteria"),
    ("c", "c++", "c#", "^C"),
)

DIFFERENT_STEMS = (
    ("all", "al"),
    ("promise", "prom"),
    ("exercise", "exert"),
    ("four", "for"),
    ("noise", "nose"),
)


@pytest.fixture
def search(make_table, engine):
    """Return a function that searches texts and returns the rows of full matches in order."""

    def search(texts, query, marks=None, *, is_typing=False):
        table = make_table(*texts)
        engine.store.update(table, from_scratch=True)
        hits = engine.search(query, table, marks or {}, is_typing=is_typing)
        return list(hits.rows[: hits.full_matches])

    return search


@pytest.mark.parametrize("spellings", COMPOUNDS, ids=lambda spellings: spellings[0])
def test_each_spelling_finds_all(spellings, make_table, engine):
    filler = [f"Zero deep flash to text {number} | pi image" for number in range(8)]
    table = make_table(*(f"A {spelling} method" for spelling in spellings), *filler)
    engine.store.update(table)
    for query in spellings:
        for is_typing in (False, True):
            hits = engine.search(query, table, {}, is_typing=is_typing)
            assert set(hits.rows[: len(spellings)]) == set(range(len(spellings))), query
            assert hits.full_matches >= len(spellings)
    assert hits.find_matches(f"about {spellings[0]}")[0][0] == len("about ")


@pytest.mark.parametrize("words", SAME_STEM, ids=lambda words: words[0])
def test_forms_have_one_stem(words):
    assert len(set(map(stem, words))) == 1


@pytest.mark.parametrize(("one", "other"), DIFFERENT_STEMS)
def test_other_words_have_other_stems(one, other):
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("C++ and C#", ["c++", "and", "c#"]),
        ("LoRA+, Q*: A* search", ["lora+", "q*", "a*", "search"]),
        ("LoRA⁺ Q∗ Q⋆", ["lora+", "q*", "q*"]),
        ("S4, R1-Zero", ["s4", "r1", "zero"]),
        ("1+1 a+b x*y foo# a** +", ["1", "1", "a", "b", "x", "y", "foo", "a"]),
        ("π0 π₀ β-VAE Δx ε", ["pi0", "pi0", "beta", "vae", "deltax", "epsilon"]),
        ("λόγος", ["λογοσ"]),
    ],
)
def test_signs_and_greek_letters(text, words):
    assert [word for word, _, _ in tokenize(text)] == words


@pytest.mark.parametrize(
    ("query", "found"),
    [("C++", [0]), ("C#", [1]), ("Q*", [3]), ("LoRA+", [5]), ("c++ ", [0]), ('"C++"', [0])],
)
def test_word_with_sign_is_a_word(search, query, found):
    texts = ("C++ code", "C# code", "C code", "Q* learning", "Q learning", "LoRA+ tuning", "LoRA tuning")
    assert search(texts, query) == found
    assert search(texts, query, is_typing=True) == found


def test_word_without_sign_finds_word_with_sign_last(search):
    assert search(("LoRA+ tuning", "LoRA tuning", "tuning"), "lora") == [1, 0]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("VAR", ["VAR next scale", "a var in it"]),
        ("MoD", ["MoD depths", "mod two"]),
        ("R", ["R packages"]),
        ("university", ["A university"]),
        ("indices", ["Two indices"]),
    ],
)
@pytest.mark.parametrize("is_typing", [False, True])
def test_word_as_typed_is_before_derived_words(search, query, first, is_typing):
    texts = (
        "a var in it",
        "Variance | variance and variances of variance, variable VARIANCE",
        "VAR next scale",
        "mod two",
        "Models | model modern modes of models",
        "MoD depths",
        "Robots | robot rather rare",
        "R packages",
        "Universal | universal universe universities of universal universes",
        "A university",
        "Index | index of an index, indexing indexes",
        "Two indices",
    )
    found = [texts[row] for row in search(texts, query, is_typing=is_typing)]
    assert found[: len(first)] == first


def test_quoted_word_is_that_word_alone(search):
    texts = ("Organs", "An organ", "Organization of it", "Something | else")
    assert search(texts, '"organ"') == [1]
    assert search(texts, 'title:"organ"') == [1]
    assert sorted(search(texts, '"organ"', {3: Mark(note=("an organ", 1)), 2: Mark(note=("organs", 1))})) == [
        1,
        3,
    ]


def test_finished_word_is_not_completed(search):
    texts = ("Transformers", "Transfer")
    assert sorted(search(texts, "transf", is_typing=True)) == [0, 1]
    assert search(texts, "transf") == []
    assert search(texts, "transfer") == [1]


@pytest.mark.parametrize("query", ["gpt 4", "flash attention"])
def test_adjacent_words_of_a_name_are_first(search, query):
    texts = (
        "Something else | four of 4, gpt models, 4 4 and gpt models",
        "Flash | flash of attention, attention and flash, flash",
        "Something else | as in FlashAttention or with flash attention, once, among many other words than these here",
        "Something else | as GPT-4 does, once, among many other words than these here are, and so on",
    )
    assert search(texts, query) == ([3, 0] if query == "gpt 4" else [2, 1])


def test_negation_excludes_every_spelling(search):
    assert search(("a zeroshot task", "a zero-shot task", "a task"), "task -zeroshot") == [2]


def test_notes_are_found_in_every_spelling(search):
    marks = {0: Mark(note=("a zero-shot idea", 1)), 1: Mark(note=("zeroshot", 1))}
    assert sorted(search(("One", "Two", "Three"), "zeroshot", marks)) == [0, 1]


def test_ordinary_words_are_not_split(search):
    assert 40 not in search((*["A network"] * 40, "The net | net work"), "network")


@pytest.mark.parametrize(
    "query", ["how do robots learn", "what is a robot that would learn?", "can robots learn"]
)
def test_function_words_of_a_question_are_not_required(search, query):
    assert sorted(search(("Robots learn", "How | do what is that would can"), query)) == [0]


def test_scores_do_not_depend_on_earlier_searches(make_table, engine):
    table = make_table(*(f"What robots {number}" for number in range(12)))
    engine.store.update(table)
    first, second, plain = (
        list(engine.search(query, table, {}, is_typing=False).scores)
        for query in ("what are robots", "what are robots", "robots")
    )
    assert first == second
    assert max(plain) < max(first)


SUFFIXES = """
a e i o u y b c d g l n r s t ies sses ied eed edly ing ingly ization fulness biliti ogi li ational ative alize ness
ement ion sion al ll e
"""


@given(st.lists(st.sampled_from(SUFFIXES.split()), max_size=6).map("".join))
@example("succeed")
@example("skies")
def test_stems_are_those_of_porter2(word):
    assume(len(word) > 2)
    assert porter2.stem(word) == whoosh_porter2.stem(word)
