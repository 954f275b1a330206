"""Authors in queries without a field: whole names, initials, inverted names, and words that are surnames."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Paper
from paperreader.search.metadata.person_names import is_name_of, is_ordered_name_of, names_with_any
from paperreader.search.metadata.tables import AUTHOR_SEPARATOR
from tests.search.conftest import MemoryTable


def by(title: str, *authors: str, abstract: str = "") -> Paper:
    return Paper(title, title, abstract, authors=authors)


PAPERS = (
    by("Residual lamps", "Kaiming He", "Jian Sun"),
    by("Initial doors", "Ming Li", abstract="He shows how long doors are."),
    by("Long lamps for long doors", "Ann Jay"),
    by("Windows", "Mingsheng Long", "Kaiming Yu"),
    by("Belief doors", "Geoffrey E. Hinton", "Yee-Whye Teh"),
    by("Capsule lamps", "G. E. Hinton"),
    by("Other windows", "Ana Hinton-Gray"),
    by("World lamps", "Yann LeCun", "José García"),
    by("Robot doors", "Sergey Levine"),
    *(by(f"Filler number {number}", f"Person{number} Filler") for number in range(30)),
)


@pytest.fixture
def search(engine):
    table = MemoryTable(PAPERS)
    engine.store.update(table)

    def titles(query: str) -> list[str]:
        hits = engine.search(query, table, {})
        return [table.papers[row].title for row in hits.rows[: hits.full_matches]]

    titles.engine, titles.table = engine, table
    return titles


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("kaiming he ", ["Residual lamps"]),
        ("he kaiming ", ["Residual lamps"]),
        ("kaiming h", ["Residual lamps"]),
        ("K. He ", ["Residual lamps"]),
        ('"He, Kaiming" ', ["Residual lamps"]),
        ('author:"He, Kaiming" ', ["Residual lamps"]),
        ("hinton g ", ["Belief doors", "Capsule lamps"]),
        ("g hinton ", ["Belief doors", "Capsule lamps"]),
        ("geoffrey hinton ", ["Belief doors", "Capsule lamps"]),
        ('"geoffrey hinton" ', ["Belief doors", "Capsule lamps"]),
        ('author:"geoffrey hinton" ', ["Belief doors", "Capsule lamps"]),
        ("geoffrey f hinton ", ["Belief doors"]),
        ('"Hinton, G. E." ', ["Belief doors", "Capsule lamps"]),
        ("yann lecun ", ["World lamps"]),
        ("yann lecun lamps ", ["World lamps"]),
        ("lamps lecun ", ["World lamps"]),
        ("lecu", ["World lamps"]),
        ("LECUN ", ["World lamps"]),
        ("jose garcia ", ["World lamps"]),
        ("García ", ["World lamps"]),
        ("levine ", ["Robot doors"]),
        ("yee-whye teh ", ["Belief doors"]),
        ("mingsheng long ", ["Windows"]),
    ],
)
def test_names_find_the_papers_of_their_authors(search, query, first):
    assert sorted(search(query)[: len(first)]) == first


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("long ", ["Long lamps for long doors", "Initial doors", "Windows"]),
        ("long doors ", ["Long lamps for long doors", "Initial doors"]),
        ("he ", ["Initial doors", "Residual lamps"]),
        ("title:long ", ["Long lamps for long doors"]),
        ("-levine robot ", []),
    ],
)
def test_words_of_texts_come_before_names(search, query, found):
    assert search(query) == found


def test_partial_matches_include_authors(search):
    hits = search.engine.search("levine zebra ", search.table, {})
    assert (hits.full_matches, [*hits.rows]) == (0, [8])


@pytest.mark.parametrize("query", ["levine ", "levin", "hinton ", "yann lecun ", "mingsheng "])
def test_names_are_neither_corrected_nor_replaced(search, make_table, query):
    # Similar words of texts are a hundred times as frequent.
    texts = [by(f"Divine {number}", "Ann Jay", abstract="The devine winton yarn.") for number in range(200)]
    table = MemoryTable((*PAPERS, *texts))
    search.engine.store.update(table, from_scratch=True)
    hits = search.engine.search(query, table, {})
    assert hits.suggestion == ""
    assert hits.full_matches
    completed = search.engine.complete(query.strip(), len(query.strip()), table, {})
    assert all(query.strip().rsplit()[-1] in each.text for each in completed)


def test_words_of_names_are_completed(search):
    completed = search.engine.complete("lecu", 4, search.table, {})
    assert [(each.text, each.description) for each in completed] == [("lecun", "1 paper")]


@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("Heath K", ["kern"]),
        ("heath k", ["kern"]),
        ("lamps heath k", ["kern"]),
        ("(heath k", ["kern"]),
        ("Yan L", ["ledwig"]),
        ("geoffrey h", ["hinton"]),
        ("kaiming h", ["he"]),
        ("kaiming he", []),
    ],
)
def test_names_are_completed_after_words_of_them(engine, typed, completed):
    others = [by(f"Kaplan {number}", "Ann Kaplan", "Heath Ledwith", "Yan Ledwig") for number in range(20)]
    table = MemoryTable(
        (*MISSPELT_PAPERS, *others, by("Lamps of Kent", "Heath Kern", "Yan Long", "Kim Kite"))
    )
    engine.store.update(table)
    found = engine.complete(typed, len(typed), table, {})
    assert [each.text for each in found] == completed


def test_changed_authors_are_found_before_and_after_the_update(search):
    table = search.table.with_changes(
        {8: by("Robot doors", "Cy Elm"), 9: by("Filler number 0", "Sergey Levine")}
    )
    for _ in range(2):
        hits = search.engine.search("sergey levine ", table, {})
        assert [*hits.rows[: hits.full_matches]] == [9]
        assert [*search.engine.search("cy elm ", table, {}).rows[:1]] == [8]
        search.engine.store.update(table)


@pytest.mark.parametrize(
    ("words", "name", "fits", "in_order"),
    [
        ("kaiming he", "kaiming he", True, True),
        ("he kaiming", "kaiming he", True, False),
        ("k he", "kaiming he", True, True),
        ("kaiming he", "k he", True, True),
        ("hinton g", "geoffrey e hinton", True, False),
        ("hinton e", "geoffrey e hinton", False, False),
        ("hinton g e", "geoffrey hinton", False, False),
        ("geoffrey e hinton", "geoffrey hinton", True, False),
        ("geoffrey hinton", "geoffrey e hinton", True, True),
        ("geoffrey hinton", "geoffrey everest hinton", True, False),
        ("he k", "he kaiming", True, True),
        ("g e", "geoffrey e hinton", False, False),
        ("long context", "l context", True, True),
        ("ann jay", "ann lee", False, False),
        ("michael kaiser", "michael k ng", False, False),
        ("kim ng", "michael k ng", False, False),
        ("michael ng", "michael k ng", True, True),
        ("kaiser m", "michael k ng", False, False),
        ("ng m", "michael k ng", True, False),
    ],
)
def test_names_in_other_spellings(words, name, fits, in_order):
    assert is_name_of(words.split(), name.split()) == fits
    if in_order is not None:
        assert is_ordered_name_of(words.split(), name.split()) == in_order


WORDS_OF_NAMES = st.lists(st.sampled_from(["g", "ge", "geo", "n", "ng", "hng"]), min_size=1, max_size=3)


@given(st.lists(WORDS_OF_NAMES, min_size=1, max_size=4), WORDS_OF_NAMES, st.booleans())
def test_names_without_a_whole_word_need_no_closer_look(names, words, is_prefix):
    authors = f" {AUTHOR_SEPARATOR.join(map(' '.join, names))} "
    looked_at = [name.split() for name in names_with_any(words, authors, is_prefix=is_prefix)]
    for name in names:
        if is_name_of(words, name, is_prefix=is_prefix):
            assert name in looked_at
    assert all(name in names for name in looked_at)


MISSPELT_PAPERS = (
    by("Residual lamps", "Kaiming He", "Jian Sun"),
    *(by(f"Deep doors {number}", "Yoshua Bengio", "Kyunghyun Cho") for number in range(3)),
    by("Entities", "Kristina Toutanova", "Ming-Wei Chang"),
    by("World lamps", "Yann LeCun", "José García"),
    by("Capsules", "Geoffrey E. Hinton"),
    by("Yards", "Yan Zheng"),
    by("Benches", "Heath Kern"),
    # Similar words of texts are much more frequent than the names.
    *(
        by(f"Gaming {number}", "Ann Jay", abstract="The gaming and the hint of a yarn, a lemur, a heath.")
        for number in range(200)
    ),
)


@pytest.mark.parametrize(
    ("query", "suggestion"),
    [
        ("benjio ", "bengio "),
        ("author:benjio ", "author:bengio "),
        ("author:benjio", "author:bengio"),
        ("toutanva ", "toutanova "),
        ("Toutanva", "Toutanova"),
        ("author:toutanva has:code ", ""),
        ("author:toutanva ", "author:toutanova "),
        ('author:"kristina toutanva" ', 'author:"kristina toutanova" '),
        ('author:"cristina toutanova" ', 'author:"kristina toutanova" '),
        ('author:"Toutanva, Kristina" ', 'author:"Toutanova, Kristina" '),
        ("authors:benjio doors ", "authors:bengio doors "),
        ("Kaming He", "Kaiming He"),
        ("kaming he ", "kaiming he "),
        ("He Kaming ", "He Kaiming "),
        ('"Kaming He" ', '"Kaiming He" '),
        ("K. Hee lamps ", "K. He lamps "),
        ("geofrey hintn ", "geoffrey hinton "),
        ("Geofrey Hinton", "Geoffrey Hinton"),
        ("yann lecunn", "yann lecun"),
        ("yoshua benjio doors ", "yoshua bengio doors "),
        ("kaming ", "gaming "),
        ("gamin he ", ""),
        # Known names stay, whatever is next to them.
        ("yan zheng lamps ", ""),
        # ... unless nearly all authors with the name next to it have a similar one.
        ("yan lecun ", "yann lecun "),
        ('author:"yan lecun" ', 'author:"yann lecun" '),
        ("yan lecun", ""),
        ("zheng kaiming ", ""),
        ("author:zheng title:lamps ", ""),
        ("title:toutanva ", ""),
        ("tag:benjio ", ""),
        ("-author:benjio lamps ", ""),
        ("author:benj* ", ""),
        ("author:benjio~ ", ""),
    ],
)
def test_misspelt_names_are_corrected(engine, query, suggestion):
    table = MemoryTable(MISSPELT_PAPERS)
    engine.store.update(table)
    assert engine.search(query, table, {}).suggestion == suggestion
