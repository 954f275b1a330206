"""The engine under the index, against plain walks over all papers and against Whoosh itself."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from whoosh import query as whoosh_query
from whoosh.collectors import UnlimitedCollector
from whoosh.filedb.filestore import RamStorage
from whoosh.index import open_dir
from whoosh.scoring import BM25F

from paperreader import importers
from paperreader.errors import StorageError
from paperreader.models import ImportedEntry, Paper
from paperreader.search import IndexStore, SearchEngine
from paperreader.search.analysis.tokenizer import stem
from paperreader.search.index import schema, segment_builder
from paperreader.search.index.postings import PostingsReader
from paperreader.search.index.segment_merger import MAX_POSTINGS_IN_MEMORY
from paperreader.search.index.snapshot import open_snapshot
from paperreader.search.query.lazy_ranking import SCORES, SORTED_HEAD, LazyRanking
from paperreader.search.update import updater

WORDS = ("ka1", "ka12", "ka2", "lo1", "lo11", "mi9", "学习")
"""Words that are their own stems; some begin like others."""

TEXT = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
PAPER = st.one_of(st.none(), st.tuples(TEXT, TEXT))


def holds(paper, phrase, *, begins=False):
    """Whether title or abstract hold the words side by side; with `begins`, the last need only begin so."""
    for text in (paper.title, paper.abstract):
        found = text.replace("学习", "学习 习").split()
        for place in range(len(found) - len(phrase) + 1):
            run = found[place : place + len(phrase)]
            last = run[-1].startswith(phrase[-1]) if begins else run[-1] == phrase[-1]
            if run[:-1] == phrase[:-1] and last:
                return True
    return False


@st.composite
def questions(draw):
    """A query, and what tells whether a paper answers it."""
    wanted = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
    unwanted = draw(st.lists(st.sampled_from(WORDS), max_size=1))
    phrase = draw(st.lists(st.sampled_from(WORDS[:-1]), max_size=3))
    prefix = draw(st.sampled_from(("", "k", "ka", "ka1", "lo", "mi9", "学")))
    query = "".join(f"{word} " for word in wanted) + "".join(f"-{word} " for word in unwanted)
    query += f'"{" ".join(phrase)}" ' if phrase else ""
    if draw(st.booleans()) and len(wanted) > 1:
        query = f"({' OR '.join(wanted)}) " + query.partition(" ".join(wanted))[2].lstrip()
        any_of = True
    else:
        any_of = False

    def fits(paper):
        each = [holds(paper, [word]) for word in wanted]
        return (
            (any(each) if any_of else all(each))
            and not any(holds(paper, [word]) for word in unwanted)
            and (not phrase or holds(paper, phrase))
            and (not prefix or holds(paper, [prefix], begins=True))
        )

    return query + prefix, fits


def as_paper(number, texts):
    return texts and Paper(f"paper-{number}", *texts)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(st.dictionaries(st.integers(0, 12), PAPER, max_size=8), min_size=1, max_size=4),
    asked=st.lists(questions(), min_size=1, max_size=6),
)
def test_answers_are_those_of_a_walk_over_all_papers(make_table, tmp_path_factory, steps, asked):
    table = make_table(*["", "ka1 lo1 | mi9 ka1"] * 3)
    index = SearchEngine(IndexStore(tmp_path_factory.mktemp("walk") / "index"))
    index.store.update(table)
    for step in steps:
        changed = {}
        for row, texts in sorted(step.items()):
            row = min(row, len(table.papers) + sum(each >= len(table.papers) for each in changed))
            changed[row] = as_paper(row, texts)
        table = table.with_changes(changed)
        index.store.update(table)
    for turn in range(2):
        for query, fits in asked:
            hits = index.search(query, table, {})
            expected = [row for row in table.newest if fits(table.papers[row])]
            assert sorted(hits.rows[: hits.full_matches]) == sorted(expected), (turn, query)
        index.store.optimize()


@pytest.fixture(scope="module")
def real_table(real_data, make_module_table):
    found = [
        entry.records[0]
        for item in importers.expand_paths([str(real_data / "captures")])
        for entry in importers.read_entries(item, date=None, today=dt.date(2025, 9, 1))
        if isinstance(entry, ImportedEntry)
    ]
    return make_module_table(
        tuple(Paper(f"p{row}", each.title, each.abstract) for row, each in enumerate(found))
    )


def stock_index(table):
    """The same papers as Whoosh's own writer and codec keep them."""
    found = RamStorage().create_index(schema.whoosh_schema())
    add = found.writer()
    for row in sorted(table.newest):
        title, abstract = schema.indexed_words(table.papers[row])
        add.add_document(
            row=row,
            title=[stem(word) for word in title],
            abstract=[stem(word) for word in abstract],
            word=frozenset(title + abstract),
        )
    add.commit()
    return found


def whoosh_scores(opened, asked):
    """Row -> score, by Whoosh's own searcher."""
    with opened.searcher(weighting=BM25F()) as searcher:
        collector = UnlimitedCollector()
        searcher.search_with_collector(asked, collector)
        rows = searcher.reader().column_reader("row")
        return {rows[number]: score for score, number in collector.results().top_n}


def own_scores(index, words):
    """Row -> score, by the vectors that queries are answered with."""
    score = np.zeros(index.row_count)
    for field in schema.TEXT_FIELDS:
        for word in words:
            postings = index.postings(field, word)
            score[postings.rows] += index.bm25(
                field, index.idf(index.document_frequency(field, word)), postings
            )
    return {row: score[row] for row in np.flatnonzero(score).tolist()}


def either(words):
    return whoosh_query.Or(
        [whoosh_query.Term(field, word.encode()) for word in words for field in schema.TEXT_FIELDS]
    )


def opened(folder):
    return PostingsReader(open_snapshot(folder, preload=True))


def some_words(table, seed):
    chooser = random.Random(seed)
    texts = [schema.indexed_words(chooser.choice(table.papers)) for _ in range(25)]
    return [list({stem(word) for word in chooser.sample(title + abstract, 3)}) for title, abstract in texts]


def test_scores_are_those_of_whoosh_on_real_text(real_table, tmp_path):
    IndexStore(tmp_path / "index").update(real_table)
    ours, stock, face = (
        opened(tmp_path / "index"),
        stock_index(real_table),
        open_dir(tmp_path / "index", schema.INDEX_NAME),
    )
    for words in some_words(real_table, 1):
        own = own_scores(ours, words)
        assert own == pytest.approx(whoosh_scores(stock, either(words)), abs=1e-4), words
        assert own == pytest.approx(whoosh_scores(face, either(words)), abs=1e-4), words


def test_scores_over_several_segments_with_dead_papers_are_those_of_whoosh(real_table, tmp_path):
    index = SearchEngine(IndexStore(tmp_path / "index"))
    index.store.update(real_table)
    table = real_table
    for row in range(0, 60, 20):
        moved = {each: table.papers[each + 1] for each in range(row, row + 10)}
        table = table.with_changes({**moved, row + 15: None})
        index.store.update(table)
    ours, face = opened(tmp_path / "index"), open_dir(tmp_path / "index", schema.INDEX_NAME)
    for words in some_words(real_table, 2):
        assert own_scores(ours, words) == pytest.approx(whoosh_scores(face, either(words)), abs=1e-4)


def test_the_stock_searcher_finds_phrases_prefixes_and_terms(real_table, tmp_path):
    index = SearchEngine(IndexStore(tmp_path / "index"))
    index.store.update(real_table)
    face, stock = open_dir(tmp_path / "index", schema.INDEX_NAME), stock_index(real_table)
    for asked in (
        whoosh_query.Phrase("abstract", ["larg", "languag", "model"]),
        whoosh_query.Prefix("word", "diffu"),
        whoosh_query.And([whoosh_query.Term("title", "model"), whoosh_query.Term("abstract", "imag")]),
    ):
        found = whoosh_scores(face, asked)
        assert found
        assert set(found) == set(whoosh_scores(stock, asked))
    phrase = set(index.search('"large language model"', real_table, {}).rows)
    assert phrase >= set(whoosh_scores(stock, whoosh_query.Phrase("abstract", ["larg", "languag", "model"])))
    with face.reader() as ours, stock.reader() as theirs:
        assert list(ours.all_terms()) == list(theirs.all_terms())
        assert list(ours.terms("title"))[:50] == list(theirs.terms("title"))[:50]
        for word in ("model", "larg"):
            own, other = ours.term_info("abstract", word), theirs.term_info("abstract", word)
            assert (own.weight(), own.doc_frequency()) == (other.weight(), other.doc_frequency())
            assert (own.max_weight(), own.min_length()) == (other.max_weight(), other.min_length())


def segments(folder):
    return sorted(path.name for path in folder.glob("*.trm"))


def test_chunks_make_the_index_that_one_piece_makes(real_table, tmp_path, monkeypatch):
    whole = SearchEngine(IndexStore(tmp_path / "whole" / "index"))
    whole.store.update(real_table)
    monkeypatch.setattr(segment_builder, "MAX_TOKENS", 5_000)
    monkeypatch.setattr("paperreader.search.index.segment_merger.MAX_POSTINGS_IN_MEMORY", 700)
    parts = SearchEngine(IndexStore(tmp_path / "parts" / "index"))
    parts.store.update(real_table)
    assert MAX_POSTINGS_IN_MEMORY > 700
    assert len(segments(tmp_path / "parts" / "index")) == 1
    for query in ("diffusion model ", '"language model"', "lang", "-model ", "zzz model "):
        ours, theirs = (each.search(query, real_table, {}) for each in (parts, whole))
        assert list(ours.rows) == list(theirs.rows)
        assert list(ours.scores) == list(theirs.scores)


def test_small_additions_leave_the_large_segment_alone(make_table, index, folder):
    table = make_table(*["growth of many papers"] * 200)
    index.store.update(table)
    (large,) = segments(folder)
    for step in range(40):
        table = table.with_changes({200 + step: Paper(f"new-{step}", f"Addition number{step}")})
        index.store.update(table)
        assert large in segments(folder)
        assert len(segments(folder)) <= updater.MAX_SEGMENTS
    assert index.search("addition ", table, {}).full_matches == 40
    assert index.store.verify() == []


def test_optimising_makes_one_segment_without_the_dead(make_table, index, folder):
    table = make_table(*[f"paper number{row}" for row in range(30)])
    index.store.update(table)
    for row in range(0, 30, 3):
        table = table.with_changes({row: None, row + 1: Paper(f"again-{row}", "changed title")})
        index.store.update(table)
    before = {query: list(index.search(query, table, {}).rows) for query in ("paper ", "changed ", "num")}
    index.store.optimize()
    assert len(segments(folder)) == 1
    assert opened(folder).document_count == 20
    assert opened(folder).vocabulary.frequency("number0") == 0
    assert {query: list(index.search(query, table, {}).rows) for query in before} == before
    assert index.store.is_current(table.version)
    names = segments(folder)
    index.store.optimize()
    assert segments(folder) == names


def test_everything_removed_leaves_an_empty_index(make_table, index):
    table = make_table("alpha", "beta")
    index.store.update(table)
    table = table.with_changes({0: None, 1: None})
    index.store.update(table)
    assert list(index.search("alpha", table, {}).rows) == []
    index.store.optimize()
    table = table.with_changes({2: Paper("gamma", "gamma rays")})
    index.store.update(table)
    assert list(index.search("gam", table, {}).rows) == [2]


def test_damage_found_while_segments_are_made_one_costs_a_rebuild(make_table, index, folder):
    table = make_table("alpha particles", "beta decay")
    index.store.update(table)
    for path in folder.glob("*.pst"):
        path.write_bytes(bytes(path.stat().st_size))
    for step in range(updater.MAX_SEGMENTS + 2):
        table = table.with_changes({2 + step: Paper(f"new-{step}", f"number{step}")})
        index.store.update(table)
    assert index.store.verify() == []
    assert list(index.search("alpha particles ", table, {}).rows) == [0]


def test_damage_found_while_optimising_is_told_and_mended(make_table, index, folder):
    table = make_table("alpha particles")
    index.store.update(table)
    table = table.with_changes({1: Paper("beta", "beta decay")})
    index.store.update(table)
    for path in folder.glob("*.pst"):
        path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(StorageError, match="damaged"):
        index.store.optimize()
    assert not index.store.is_current(table.version)
    index.store.update(table)
    assert list(index.search("beta ", table, {}).rows) == [1]
    assert index.store.verify() == []


def test_a_word_said_hundreds_of_times_and_a_very_long_text(make_table, index):
    table = make_table(
        "rare | " + "word other " * 300 + "last",
        "long | " + "filling " * (schema.MAX_WORDS - 1) + "inside outside",
    )
    index.store.update(table)
    assert list(index.search('"word other"', table, {}).rows) == [0]
    assert list(index.search('"other last"', table, {}).rows) == []
    assert list(index.search("word last ", table, {}).rows[:1]) == [0]
    assert list(index.search('"filling inside"', table, {}).rows) == []
    assert list(index.search("inside ", table, {}).rows) == [1]
    assert list(index.search("outside ", table, {}).rows) == []


def test_the_newer_and_the_better_liked_come_first_among_equals(make_table, index):
    class Dated(type(make_table())):
        def day(self, row):
            return ["2020-01-01", "2025-01-01", "2020-01-01", "2019-05-05"][row]

        def votes(self, row):
            return [None, None, 90, None][row]

    papers = make_table("plain graph", "plain graph", "plain graph", "graph graph graph, plain graphs").papers
    table = Dated(papers)
    index.store.update(table)
    order = list(index.search("graph ", table, {}).rows)
    assert order.index(1) < order.index(0)
    assert order.index(2) < order.index(0)
    better = replace(papers[3], title="graph", abstract="graph")
    table = table.with_changes({3: better})
    index.store.update(table)
    assert index.search("graph ", Dated(table.papers, table.version, table.changes), {}).rows[0] == 3


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.5]), max_size=30), st.integers(1, 8))
def test_ranked_numbers_are_in_order_however_they_are_looked_at(scores, head):
    from unittest.mock import patch

    with patch("paperreader.search.query.lazy_ranking.SORTED_HEAD", head):
        count = len(scores)
        rows = np.arange(count, dtype=np.int32)[::-1].copy()
        places = np.roll(rows, 3)
        order = LazyRanking(rows, np.array(scores, np.float32), places)
        expected = [
            int(row) for _, _, row in sorted(zip([-score for score in scores], places, rows, strict=True))
        ]
        assert len(order.rows) == count
        assert list(order.rows[:head]) == expected[:head]
        assert order.rows[1:4] == expected[1:4]
        assert [order.rows[place] for place in range(count)] == expected
        assert order.rows == expected
        assert list(order.rows[::-1]) == expected[::-1]
        assert list(order.scores) == sorted(scores, reverse=True)
        assert (count in order.rows, 0 in order.rows) == (False, count > 0)
        with pytest.raises(IndexError):
            order.rows[count]
        assert len(order.top(SCORES, count)) == count


def test_a_long_list_is_sorted_to_its_end():
    rng = np.random.default_rng(1)
    rows = rng.permutation(5 * SORTED_HEAD).astype(np.int32)
    scores = rng.random(len(rows)).astype(np.float32)
    order = LazyRanking(rows, scores, rows)
    expected = rows[np.argsort(-scores)].tolist()
    assert list(order.rows[:SORTED_HEAD]) == expected[:SORTED_HEAD]
    assert list(order.rows[SORTED_HEAD - 2 : SORTED_HEAD + 2]) == expected[SORTED_HEAD - 2 : SORTED_HEAD + 2]
    assert list(order.rows) == expected
