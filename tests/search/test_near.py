"""Search by meaning: short lists are completed, `~`, `like:`, related papers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Mark, Paper
from paperreader.search import IndexStore, SearchEngine
from paperreader.search.index import loaded_vectors
from paperreader.search.query import near
from paperreader.search.query.ranking import MIN_FULL_MATCHES
from tests.examples import examples
from tests.search.conftest import MemoryTable
from tests.search.small_model import TOPICS, model_in, write_model

WORDS = [word for line in TOPICS for word in line.split()]


def topic_papers(count: int) -> tuple[Paper, ...]:
    """Return papers, each with words of two topics."""
    papers = []
    for number in range(count):
        first, second = (TOPICS[at % len(TOPICS)].split() for at in (number, number // len(TOPICS)))
        title = f"{first[number % len(first)]} and {first[(number + 2) % len(first)]}"
        abstract = f"Some {second[number % len(second)]} with {first[(number + 1) % len(first)]}. Also number{number}."
        papers.append(
            Paper(f"paper-{number}", title, abstract, published=f"2024-01-{number % 28 + 1:02}", votes=number)
        )
    return tuple(papers)


@pytest.fixture(scope="module", params=["few", "many"])
def world(request, tmp_path_factory):
    """An engine over 120 papers: with vectors in memory, and as in a library with very many."""
    folder = tmp_path_factory.mktemp("near")
    write_model(folder / "model.bin")
    with pytest.MonkeyPatch.context() as patch, model_in(folder / "model.bin"):
        if request.param == "many":
            patch.setattr(loaded_vectors, "MAX_IN_MEMORY", 0)
        table = MemoryTable(topic_papers(120))
        engine = SearchEngine(IndexStore(folder / "cache" / "index"))
        engine.store.update(table)
        yield engine, table


def search(world, query, marks=None, **options):
    engine, table = world
    return engine.search(query, table, marks or {}, **{"meaning": True, "is_typing": False, **options})


def topic_of(table, row):
    words = set(table.papers[row].title.split())
    return max(range(len(TOPICS)), key=lambda at: len(words & set(TOPICS[at].split())))


def test_short_lists_are_completed_by_papers_of_the_same_topic(world):
    hits = search(world, "footage motion unknownword")
    assert hits.full_matches == 0
    assert hits.near.count == len(hits.rows) > 10
    assert not hits.near.is_requested
    assert {topic_of(world[1], row) for row in hits.rows[:10]} == {0}
    assert not hits.can_be_completed
    assert search(world, "footage motion unknownword", meaning=False).can_be_completed


@pytest.mark.parametrize("condition", ["votes:>40", "-video", "date:2024-01-03", "votes:<9 date:2024-01-03"])
def test_a_description_of_filters_alone_filters(world, condition):
    filtered = search(world, condition)
    assert len(filtered.rows)
    assert list(search(world, f"~ {condition}").rows) == list(filtered.rows)


def test_rows_without_any_word_have_a_sentence_that_explains_them(world):
    hits = search(world, "movie movie unknownword")
    words = {"movie"}
    others = [row for row in hits.rows if not words & set(world[1].papers[row].abstract.lower().split())]
    assert others
    nearness = hits.near.nearness
    assert nearness("A clip and footage.") > nearness("Some protein here.")
    assert nearness("") == nearness("unknown only") == 0


QUERIES = st.lists(st.sampled_from([*WORDS, "number7", "unknownword"]), min_size=1, max_size=4)
CONDITIONS = st.lists(
    st.sampled_from(
        [
            "votes:>40",
            "date:2024-01-03..2024-01-20",
            "-video",
            "-graph",
            '"with grasp"',
            "title:and",
            "is:bookmarked",
        ]
    ),
    max_size=2,
)
MARKS = {row: Mark(bookmark=(True, 1)) for row in range(0, 120, 3)}


@examples(60)
@given(words=QUERIES, conditions=CONDITIONS)
def test_invariants(world, words, conditions):
    query = " ".join((*words, *conditions))
    by_words = search(world, query, MARKS, meaning=False)
    hits = search(world, query, MARKS)
    full = hits.full_matches
    assert full == by_words.full_matches, "the total is exact"
    assert list(hits.rows[:full]) == list(by_words.rows[:full]), "full matches are first, ranked as by words"
    assert list(hits.scores[:full]) == list(by_words.scores[:full])
    if full >= MIN_FULL_MATCHES:
        assert list(hits.rows) == list(by_words.rows)
        assert hits.near is None
    else:
        assert len(hits.rows) <= max(near.MAX_NEAR, len(by_words.rows))
    assert len(set(hits.rows)) == len(hits.rows)
    assert list(hits.scores[full:]) == sorted(hits.scores[full:], reverse=True)
    allowed = set(search(world, " ".join(conditions), MARKS).rows) if conditions else set(range(120))
    assert set(hits.rows) <= allowed, "filters, phrases and excluded words bind"
    by_meaning = search(world, f"~ {query}", MARKS)
    assert set(by_meaning.rows) <= allowed
    assert by_meaning.full_matches == 0
    assert by_meaning.near.count == len(by_meaning.rows)


def test_incremental_updates_give_the_same_results_as_a_rebuild(world, tmp_path):
    table = world[1]
    grown = SearchEngine(IndexStore(tmp_path / "grown" / "index"))
    partial = MemoryTable(table.papers[:100])
    grown.store.update(partial)
    later = partial.with_changes({100 + at: paper for at, paper in enumerate(table.papers[100:])})
    grown.store.update(later)
    for query in ("~ movie about an arm", "movie unknownword", "like:paper-7"):
        expected = search(world, query)
        found = grown.search(query, later, {}, meaning=True, is_typing=False)
        assert list(found.rows) == list(expected.rows)
        assert list(found.scores) == pytest.approx(list(expected.scores), rel=1e-3)


def test_removed_papers_never_appear(world, tmp_path):
    engine = SearchEngine(IndexStore(tmp_path / "cache" / "index"))
    table = MemoryTable(topic_papers(60))
    engine.store.update(table)
    nearest = list(engine.search("~ movie", table, {}).rows)[:5]
    later = table.with_changes(dict.fromkeys(nearest))
    for change in (lambda: None, lambda: engine.store.update(later), engine.store.optimize):
        change()
        assert not set(engine.search("~ movie", later, {}).rows) & set(nearest)
        assert not set(engine.related(nearest[0] + 1, later).rows) & set(nearest)


def test_query_by_meaning_ranks_papers_without_any_of_the_words(world):
    hits = search(world, "~ humanoid unknownword")
    assert hits.near.is_requested
    assert len(hits.rows) > 20
    papers = [world[1].papers[row] for row in hits.rows[:20]]
    of_topic = [set(f"{paper.title} {paper.abstract}".split()) & set(TOPICS[1].split()) for paper in papers]
    assert all(of_topic)
    assert any("humanoid" not in words for words in of_topic)
    assert list(search(world, "~humanoid unknownword").rows) == list(hits.rows)


@pytest.mark.parametrize("order", ["votes", "-votes", "date", "title"])
def test_query_by_meaning_can_be_sorted(world, order):
    hits = search(world, f"~ humanoid sort:{order}")
    assert set(hits.rows) == set(search(world, "~ humanoid").rows)
    assert hits.sorted_by == order.lstrip("-")
    if "votes" in order:
        votes = [world[1].votes(row) for row in hits.rows]
        assert votes == sorted(votes, reverse=order == "votes")


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("~ unknownword", "only words count"),
        ("like:nothing", "no paper is called nothing"),
        ("-like:paper-1 movie", "minus"),
        ("(like:paper-1 OR movie)", "parentheses"),
        ("~ movie", ""),
        ("~", ""),
        ("~ like:paper-3 movie", ""),
    ],
)
def test_hints(world, query, hint):
    hits = search(world, query)
    assert hint in hits.hint if hint else not hits.hint
    if query == "like:nothing":
        assert not len(hits.rows)


def test_like_finds_what_is_related_and_binds_other_conditions(world):
    engine, table = world
    hits = search(world, "like:paper-7")
    assert 7 not in hits.rows
    assert list(hits.rows[:50]) == list(engine.related(7, table).rows)
    assert list(search(world, 'like:"paper-7"').rows) == list(hits.rows)
    assert "no paper is called a b" in search(world, 'like:"a b"').hint
    some = search(world, "like:paper-7 votes:>60 film")
    assert 0 < len(some.rows) < len(hits.rows)
    assert all(row > 60 and "film" in str(table.papers[row]) for row in some.rows)
    both = search(world, "like:paper-7 like:paper-8")
    assert not {7, 8} & set(both.rows)
    assert {topic_of(table, row) for row in both.rows[:8]} == {0, 1}


def test_pasted_text_counts_as_a_whole(world):
    text = "Some unknown things about nothing. " * 30 + "The protein and the molecule are a drug."
    hits = search(world, text)
    assert {topic_of(world[1], row) for row in hits.rows[:5]} == {3}
    long = "word " * 1_000_000 + "protein"
    assert search(world, f"~ {long}").near is not None


def test_wild_queries(world):
    texts = ("模型 视频", "Видео о фильме", "\x00\x1b[31m video", "~ ~ ~", "~~video", "π0 C++", '~ "')
    for query in (*texts, "like:", "like:\x00", "~ like:"):
        hits = search(world, query)
        assert np.isfinite(list(hits.scores)).all()


def test_without_a_usable_model_only_words_count(world, tmp_path):
    with model_in(tmp_path / "missing.bin"):
        engine, table = world
        other = SearchEngine(IndexStore(engine.store.metadata_folder / "index"))
        plain = other.search("movie robot", table, {}, is_typing=False)
        hits = other.search("movie robot", table, {}, is_typing=False, meaning=True)
        assert list(hits.rows) == list(plain.rows)
        assert "missing" in hits.near.problem
        asked = other.search("~ movie robot", table, {})
        assert "missing" in asked.hint
        assert len(asked.rows)
        assert len(other.related(7, table).rows)


def test_reading_vectors_for_the_first_time_can_be_interrupted(world, monkeypatch):
    engine, table = world
    monkeypatch.setattr("paperreader.search.index.vector_file.BLOCK", 10)
    expected = list(search(world, "~ movie").rows)
    other = SearchEngine(IndexStore(engine.store.metadata_folder / "index"))
    steps = []

    def cancelled():
        steps.append(None)
        return len(steps) > 8

    assert not len(other.search("~ movie", table, {}, is_typing=False, cancelled=cancelled).rows)
    assert list(other.search("~ movie", table, {}, is_typing=False).rows) == expected
