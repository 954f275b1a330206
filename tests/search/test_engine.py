"""The search engine compared with linear scans over all papers and with Whoosh."""

from __future__ import annotations

import datetime as dt
import random
import shutil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from whoosh import query as whoosh_query
from whoosh.collectors import UnlimitedCollector
from whoosh.filedb.filestore import FileStorage
from whoosh.index import open_dir
from whoosh.scoring import BM25F

from paperreader import importers
from paperreader.errors import StorageError
from paperreader.models import ImportedEntry, Paper
from paperreader.search import IndexStore, SearchEngine
from paperreader.search.analysis.cased_words import capital_words
from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import split_words
from paperreader.search.index import schema, segment_builder
from paperreader.search.index.postings import PostingsReader
from paperreader.search.index.segment_merger import MAX_POSTINGS_IN_MEMORY
from paperreader.search.index.snapshot import open_snapshot
from paperreader.search.query.lazy_ranking import SCORES, SORTED_HEAD, LazyRanking
from paperreader.search.update import updater
from tests.examples import endurance, examples

WORDS = ("ka1", "ka12", "ka2", "lo1", "lo11", "mi9", "学习")
"""Words that are their own stems; some are prefixes of others."""

TEXT = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
PAPER = st.one_of(st.none(), st.tuples(TEXT, TEXT))


def contains(paper, phrase, *, is_prefix=False):
    """Whether title or abstract contain the phrase; with `is_prefix`, the last word is a prefix."""
    for text in (paper.title, paper.abstract):
        found = text.replace("学习", "学习 习").split()
        for place in range(len(found) - len(phrase) + 1):
            run = found[place : place + len(phrase)]
            last = run[-1].startswith(phrase[-1]) if is_prefix else run[-1] == phrase[-1]
            if run[:-1] == phrase[:-1] and last:
                return True
    return False


@st.composite
def search_queries(draw):
    """Draw a query and a predicate for the papers that match it."""
    required = draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
    excluded = draw(st.lists(st.sampled_from(WORDS), max_size=1))
    phrase = draw(st.lists(st.sampled_from(WORDS[:-1]), max_size=3))
    prefix = draw(st.sampled_from(("", "k", "ka", "ka1", "lo", "mi9", "学")))
    query = "".join(f"{word} " for word in required) + "".join(f"-{word} " for word in excluded)
    query += f'"{" ".join(phrase)}" ' if phrase else ""
    if draw(st.booleans()) and len(required) > 1:
        query = f"({' OR '.join(required)}) " + query.partition(" ".join(required))[2].lstrip()
        any_of = True
    else:
        any_of = False

    def matches(paper):
        each = [contains(paper, [word]) for word in required]
        return (
            (any(each) if any_of else all(each))
            and not any(contains(paper, [word]) for word in excluded)
            and (not phrase or contains(paper, phrase))
            and (not prefix or contains(paper, [prefix], is_prefix=True))
        )

    return query + prefix, matches


def make_paper(number, texts):
    return texts and Paper(f"paper-{number}", *texts)


@examples(20)
@given(
    steps=st.lists(st.dictionaries(st.integers(0, 12), PAPER, max_size=8), min_size=1, max_size=4),
    queries=st.lists(search_queries(), min_size=1, max_size=6),
)
def test_matches_equal_linear_scan(make_table, tmp_path_factory, steps, queries):
    table = make_table(*["", "ka1 lo1 | mi9 ka1"] * 3)
    engine = SearchEngine(IndexStore(tmp_path_factory.mktemp("walk") / "index"))
    engine.store.update(table)
    for step in steps:
        changed = {}
        for row, texts in sorted(step.items()):
            row = min(row, len(table.papers) + sum(each >= len(table.papers) for each in changed))
            changed[row] = make_paper(row, texts)
        table = table.with_changes(changed)
        engine.store.update(table)
    for repetition in range(2):
        for query, matches in queries:
            hits = engine.search(query, table, {})
            expected = [row for row in table.newest if matches(table.papers[row])]
            assert sorted(hits.rows[: hits.full_matches]) == sorted(expected), (repetition, query)
        engine.store.optimize()


@pytest.fixture(scope="module")
def real_table(real_data, make_module_table):
    found = [
        entry.records[0]
        for item in importers.expand_paths([str(real_data / "captures")])
        for entry in importers.read_entries(item, date=None, today=dt.date(2025, 9, 1))
        if isinstance(entry, ImportedEntry)
    ]
    return make_module_table(
        tuple(Paper(f"p{row}", each.title, each.abstract) for row, each in enumerate(found[::2]))
    )


@pytest.fixture(scope="module")
def real_index(real_table, tmp_path_factory):
    """A folder with the index of `real_table`, for tests that do not change it."""
    folder = tmp_path_factory.mktemp("real") / "index"
    IndexStore(folder).update(real_table)
    return folder


@pytest.fixture(scope="module")
def stock(real_table, tmp_path_factory):
    """The same papers indexed with Whoosh's own writer and codec."""
    table = real_table
    # Not in memory: Whoosh would write to one temporary folder that all processes share.
    found = FileStorage(str(tmp_path_factory.mktemp("stock"))).create_index(schema.whoosh_schema())
    add = found.writer()
    for row in sorted(table.newest):
        texts = schema.indexed_texts(table.papers[row])
        title, abstract = map(split_words, texts)
        capitals = set().union(*map(capital_words, texts))
        add.add_document(
            row=row,
            title=[stem(word) for word in title],
            abstract=[stem(word) for word in abstract],
            word=frozenset((*title, *abstract, *capitals)),
        )
    add.commit()
    return found


def whoosh_scores(open_postings, queries):
    """Return scores by row from Whoosh's own searcher."""
    with open_postings.searcher(weighting=BM25F()) as searcher:
        collector = UnlimitedCollector()
        searcher.search_with_collector(queries, collector)
        rows = searcher.reader().column_reader("row")
        return {rows[number]: score for score, number in collector.results().top_n}


def own_scores(reader, words):
    """Return scores by row from our postings."""
    score = np.zeros(reader.row_count)
    for field in schema.TEXT_FIELDS:
        for word in words:
            postings = reader.postings(field, word)
            score[postings.rows] += reader.bm25(
                field, reader.idf(reader.document_frequency(field, word)), postings
            )
    return {row: score[row] for row in np.flatnonzero(score).tolist()}


def either(words):
    return whoosh_query.Or(
        [whoosh_query.Term(field, word.encode()) for word in words for field in schema.TEXT_FIELDS]
    )


def open_postings(folder):
    return PostingsReader(open_snapshot(folder, preload=True))


def some_words(table, seed):
    chooser = random.Random(seed)
    texts = [schema.indexed_texts(chooser.choice(table.papers)) for _ in range(12)]
    return [list({stem(word) for word in chooser.sample(split_words(" ".join(each)), 3)}) for each in texts]


@pytest.mark.endurance
def test_scores_equal_whoosh_on_real_text(real_table, real_index, stock):
    ours, whoosh_index = open_postings(real_index), open_dir(real_index, schema.INDEX_NAME)
    for words in some_words(real_table, 1):
        own = own_scores(ours, words)
        assert own == pytest.approx(whoosh_scores(stock, either(words)), abs=1e-4), words
        assert own == pytest.approx(whoosh_scores(whoosh_index, either(words)), abs=1e-4), words


def test_scores_equal_whoosh_with_segments_and_deleted_papers(real_table, real_index, tmp_path):
    shutil.copytree(real_index, tmp_path / "index")
    engine = SearchEngine(IndexStore(tmp_path / "index"))
    table = real_table
    for row in range(0, 60, 20):
        moved = {each: table.papers[each + 1] for each in range(row, row + 10)}
        table = table.with_changes({**moved, row + 15: None})
        engine.store.update(table)
    ours, whoosh_index = open_postings(tmp_path / "index"), open_dir(tmp_path / "index", schema.INDEX_NAME)
    for words in some_words(real_table, 2):
        assert own_scores(ours, words) == pytest.approx(whoosh_scores(whoosh_index, either(words)), abs=1e-4)


def test_stock_whoosh_searcher_reads_index(real_table, real_index, stock):
    engine = SearchEngine(IndexStore(real_index))
    whoosh_index = open_dir(real_index, schema.INDEX_NAME)
    for queries in (
        whoosh_query.Phrase("abstract", ["larg", "languag", "model"]),
        whoosh_query.Prefix("word", "diffu"),
        whoosh_query.And([whoosh_query.Term("title", "model"), whoosh_query.Term("abstract", "imag")]),
    ):
        found = whoosh_scores(whoosh_index, queries)
        assert found
        assert set(found) == set(whoosh_scores(stock, queries))
    phrase = set(engine.search('"large language model"', real_table, {}).rows)
    assert phrase >= set(whoosh_scores(stock, whoosh_query.Phrase("abstract", ["larg", "languag", "model"])))
    with whoosh_index.reader() as ours, stock.reader() as theirs:
        assert list(ours.all_terms()) == list(theirs.all_terms())
        assert list(ours.lexicon("title"))[:50] == list(theirs.lexicon("title"))[:50]
        for word in ("model", "larg"):
            own, other = ours.term_info("abstract", word), theirs.term_info("abstract", word)
            assert (own.weight(), own.doc_frequency()) == (other.weight(), other.doc_frequency())
            assert (own.max_weight(), own.min_length()) == (other.max_weight(), other.min_length())


def segments(folder):
    return sorted(path.name for path in folder.glob("*.trm"))


@pytest.mark.parametrize("at_once", [endurance(32), 3])
def test_batch_size_does_not_change_index(at_once, real_table, real_index, tmp_path, monkeypatch):
    single = SearchEngine(IndexStore(real_index))
    monkeypatch.setattr(segment_builder, "MAX_TOKENS", 5_000)
    monkeypatch.setattr("paperreader.search.index.segment_merger.MAX_POSTINGS_IN_MEMORY", 700)
    monkeypatch.setattr("paperreader.search.update.segment_merging.MAX_MERGED_AT_ONCE", at_once)
    several = SearchEngine(IndexStore(tmp_path / "parts" / "index"))
    several.store.update(real_table)
    assert MAX_POSTINGS_IN_MEMORY > 700
    assert len(segments(tmp_path / "parts" / "index")) == 1
    assert several.store.verify() == []
    for query in ("diffusion model ", '"language model"', "lang", "-model ", "zzz model "):
        ours, theirs = (each.search(query, real_table, {}) for each in (several, single))
        assert list(ours.rows) == list(theirs.rows)
        assert list(ours.scores) == list(theirs.scores)


def test_small_updates_do_not_rewrite_large_segment(make_table, engine, folder):
    table = make_table(*["growth of many papers"] * 200)
    engine.store.update(table)
    (large,) = segments(folder)
    for step in range(40):
        table = table.with_changes({200 + step: Paper(f"new-{step}", f"Addition number{step}")})
        engine.store.update(table)
        assert large in segments(folder)
        assert len(segments(folder)) <= updater.MAX_SEGMENTS
    assert engine.search("addition ", table, {}).full_matches == 40
    assert engine.store.verify() == []


def test_optimize_makes_one_segment_without_deleted_papers(make_table, engine, folder):
    table = make_table(*[f"paper number{row}" for row in range(30)])
    engine.store.update(table)
    for row in range(0, 30, 3):
        table = table.with_changes({row: None, row + 1: Paper(f"again-{row}", "changed title")})
        engine.store.update(table)
    before = {query: list(engine.search(query, table, {}).rows) for query in ("paper ", "changed ", "num")}
    engine.store.optimize()
    assert len(segments(folder)) == 1
    assert open_postings(folder).document_count == 20
    assert open_postings(folder).vocabulary.frequency("number0") == 0
    assert {query: list(engine.search(query, table, {}).rows) for query in before} == before
    assert engine.store.is_current(table.version)
    names = segments(folder)
    engine.store.optimize()
    assert segments(folder) == names


def test_removing_all_papers_leaves_empty_index(make_table, engine):
    table = make_table("alpha", "beta")
    engine.store.update(table)
    table = table.with_changes({0: None, 1: None})
    engine.store.update(table)
    assert list(engine.search("alpha", table, {}).rows) == []
    engine.store.optimize()
    table = table.with_changes({2: Paper("gamma", "gamma rays")})
    engine.store.update(table)
    assert list(engine.search("gam", table, {}).rows) == [2]


def test_damage_found_during_merge_causes_rebuild(make_table, engine, folder):
    table = make_table("alpha particles", "beta decay")
    engine.store.update(table)
    for path in folder.glob("*.pst"):
        path.write_bytes(bytes(path.stat().st_size))
    for step in range(updater.MAX_SEGMENTS + 2):
        table = table.with_changes({2 + step: Paper(f"new-{step}", f"number{step}")})
        engine.store.update(table)
    assert engine.store.verify() == []
    assert list(engine.search("alpha particles ", table, {}).rows) == [0]


def test_damage_found_by_optimize_is_reported_and_repaired(make_table, engine, folder):
    table = make_table("alpha particles")
    engine.store.update(table)
    table = table.with_changes({1: Paper("beta", "beta decay")})
    engine.store.update(table)
    for path in folder.glob("*.pst"):
        path.write_bytes(bytes(path.stat().st_size))
    with pytest.raises(StorageError, match="damaged"):
        engine.store.optimize()
    assert not engine.store.is_current(table.version)
    engine.store.update(table)
    assert list(engine.search("beta ", table, {}).rows) == [1]
    assert engine.store.verify() == []


def test_very_frequent_word_and_very_long_text(make_table, engine):
    table = make_table(
        "rare | " + "word other " * 300 + "last",
        "long | " + "filling " * (schema.MAX_WORDS - 1) + "inside outside",
    )
    engine.store.update(table)
    assert list(engine.search('"word other"', table, {}).rows) == [0]
    assert list(engine.search('"other last"', table, {}).rows) == []
    assert list(engine.search("word last ", table, {}).rows[:1]) == [0]
    assert list(engine.search('"filling inside"', table, {}).rows) == []
    assert list(engine.search("inside ", table, {}).rows) == [1]
    assert list(engine.search("outside ", table, {}).rows) == []


def test_recency_and_votes_order_equal_matches(make_table, engine):
    class Dated(type(make_table())):
        def day(self, row):
            return ["2020-01-01", "2025-01-01", "2020-01-01", "2019-05-05"][row]

        def votes(self, row):
            return [None, None, 90, None][row]

    papers = make_table("plain graph", "plain graph", "plain graph", "graph graph graph, plain graphs").papers
    table = Dated(papers)
    engine.store.update(table)
    order = list(engine.search("graph ", table, {}).rows)
    assert order.index(1) < order.index(0)
    assert order.index(2) < order.index(0)
    better = replace(papers[3], title="graph", abstract="graph")
    table = table.with_changes({3: better})
    engine.store.update(table)
    assert engine.search("graph ", Dated(table.papers, table.version, table.changes), {}).rows[0] == 3


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.5]), max_size=30), st.integers(1, 8))
def test_lazy_ranking_is_sorted_for_any_access(scores, head):
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


def test_long_ranking_is_sorted_completely():
    rng = np.random.default_rng(1)
    rows = rng.permutation(5 * SORTED_HEAD).astype(np.int32)
    scores = rng.random(len(rows)).astype(np.float32)
    order = LazyRanking(rows, scores, rows)
    expected = rows[np.argsort(-scores)].tolist()
    assert list(order.rows[:SORTED_HEAD]) == expected[:SORTED_HEAD]
    assert list(order.rows[SORTED_HEAD - 2 : SORTED_HEAD + 2]) == expected[SORTED_HEAD - 2 : SORTED_HEAD + 2]
    assert list(order.rows) == expected
