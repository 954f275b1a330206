"""Filters, fields, groups and sort orders compared with a linear scan over all papers."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Link, Mark, Paper, Source, Summary
from paperreader.search import IndexStore, SearchEngine
from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import split_words
from paperreader.search.query.paper_filters import FIELD_FILTERS
from paperreader.text.query import (
    And,
    ChoiceFilter,
    Not,
    Or,
    RangeFilter,
    TextTerm,
    parse_query,
)
from paperreader.text.query.conditions import conditions
from paperreader.text.query.fields import FIELDS
from paperreader.text.sanitize import fold_for_search
from paperreader.text.urls import url_key
from tests.examples import examples

VOCABULARY = [
    "robot",
    "arm",
    "grasp",
    "neural",
    "network",
    "diffusion",
    "video",
    "attention",
    "Bézier",
    "curve",
]
AUTHORS = ("Yann LeCun", "Geoffrey Hinton", "Fei-Fei Li", "Ana Hintze")
SOURCES = (
    Source("capture", "Daily 2025-03-01.txt", "2025-03-01", "0:0"),
    Source("arxiv", "http://export.arxiv.org/api", None, "1:0"),
    Source("huggingface", "2024-05-27.json", "2024-05-27", "2:0"),
)
CATEGORIES = ("cs.CL", "cs.LG", "stat.ML", "hep-th")
KEYWORDS = ("World Models", "model", "Béziers", "video models")
VENUES = ("NeurIPS 2023", "Journal of Curves", "")
LABELS = {"capture": "Daily Papers 2025-03-01", "arxiv": "arXiv", "huggingface": "Hugging Face"}
TAGS = ("rl", "rl-theory", "to read", "Été")
NEW_FROM = 25
STORED_TEXTS = frozenset(range(0, 36, 3))
"""Rows of papers with a stored full text."""
COMPUTED = {
    "new": range(NEW_FROM, 36),
    "watched": frozenset(range(1, 60, 5)),
    "updated": frozenset((1, 8, 20)),
}
"""Rows of new and watched papers, of which some are no rows of the table yet."""


def some_papers():
    chooser = random.Random(7)
    kinds = ("code", "project", "model", "dataset", "data", "paper")
    papers: list[Paper | None] = [
        Paper(
            id=f"24{chooser.randrange(1, 13):02}.{row:05}",
            title=" ".join(chooser.choices(VOCABULARY, k=3)),
            abstract=" ".join(chooser.choices(VOCABULARY, k=6)),
            aliases=(f"slug-{row}",) if row % 5 == 0 else (),
            doi=f"10.1234/x{row}" if row % 4 == 0 else "",
            authors=tuple(chooser.sample(AUTHORS, chooser.randrange(3))),
            links=tuple(
                Link(f"https://x.org/{kind}", kind, "x.org")
                for kind in chooser.sample(kinds, chooser.randrange(3))
            ),
            published=chooser.choice(
                ["2023-12-31", "2024", "2024-05-27", "2025-03", "2025-03-01", "2025-03-14", None]
            ),
            votes=chooser.choice([None, 0, 5, 20, 21, 300]),
            comments=chooser.choice([None, 0, 3, 8]),
            stars=chooser.choice([None, 0, 100, 101, 9000]),
            sources=tuple(chooser.sample(SOURCES, chooser.randrange(1, 3))),
            categories=tuple(chooser.sample(CATEGORIES, chooser.randrange(3))),
            keywords=tuple(chooser.sample(KEYWORDS, chooser.randrange(3))),
            journal=chooser.choice(VENUES),
            added=chooser.choice(["2025-03-01", "2025-04-01", "2024-12-31"]),
        )
        for row in range(36)
    ]
    papers[11] = papers[30] = None
    return tuple(papers)


def some_marks():
    chooser = random.Random(3)
    return {
        row: Mark(
            bookmark=(chooser.random() < 0.5, 1),
            read=(chooser.random() < 0.5, 1),
            note=(chooser.choice(["", "a neural idea", "Bézier curves again"]), 1),
            tags={tag: (chooser.random() < 0.7, 1) for tag in chooser.sample(TAGS, 2)},
            dismissed=(row % 3 == 0, 1),
            hidden=(row % 7 == 0, 1),
            disliked=(row % 5 == 0, 1),
            deleted=(row % 9 == 0, 1),
            queue=(row % 4 / 2, 1),
            summaries={"tldr": (Summary("Robots grasp curves") if row % 4 else None, 1)},
        )
        for row in chooser.sample(range(36), 20)
    }


PAPERS, MARKS = some_papers(), some_marks()


@pytest.fixture(scope="module")
def built(tmp_path_factory, make_module_table):
    engine, table = (
        SearchEngine(IndexStore(tmp_path_factory.mktemp("cache") / "index"), lambda _: STORED_TEXTS),
        make_module_table(PAPERS),
    )
    engine.store.update(table)
    return engine, table


@pytest.fixture
def search(built):
    engine, table = built

    def search(query):
        return engine.search(query, table, MARKS, computed=COMPUTED)

    return search


def stems_of(text):
    return [stem(word) for word in split_words(text)]


def contains(text, wanted):
    """Whether the text contains the phrase."""
    found = stems_of(text)
    return any(found[at : at + len(wanted)] == wanted for at in range(len(found) - len(wanted) + 1))


def answers_text(item, paper, mark):
    wanted = stems_of(item.text)
    if item.field == "tag":
        return fold_for_search(item.text) in map(fold_for_search, mark.tag_names)
    if item.field == "id":
        return any(each.startswith(item.text) for each in (paper.id, *paper.aliases, paper.doi) if each)
    if item.field == "source":
        return any(
            fold_for_search(item.text) in fold_for_search(name)
            for one in paper.sources
            for name in (one.kind, one.name, LABELS[one.kind], f"{LABELS[one.kind]} ({one.name})")
        )
    if item.field == "cat":
        return any(f"{each}.".lower().startswith(f"{item.text}.".lower()) for each in paper.categories)
    if item.field == "repo":
        return any(
            f"{url_key(link.url)}/".startswith(f"{item.text.removeprefix('https://').strip('/')}/")
            for link in paper.links
        )
    if item.field in ("keyword", "venue"):
        plain = split_words(item.text)
        return any(
            split_words(name)[at : at + len(plain)] == plain
            for name in ([paper.journal] if item.field == "venue" else paper.keywords)
            for at in range(len(split_words(name)))
        )
    if item.field == "author":
        plain = split_words(item.text)
        return any(
            split_words(name)[at : at + len(plain)] == plain
            for name in paper.authors
            for at in range(len(split_words(name)))
        )
    texts = {
        "title": [paper.title],
        "abstract": [paper.abstract],
        "note": [mark.note_text],
        "summary": [each.text for each in mark.generated.values()],
        "": [paper.title, paper.abstract, mark.note_text, *mark.tag_names],
    }[item.field]
    return not wanted or any(contains(text, wanted) for text in texts)


def answers(item, row):
    """Whether the paper at a row matches, evaluated directly."""
    paper, mark = PAPERS[row], MARKS.get(row, Mark())
    if isinstance(item, Not):
        return not answers(item.node, row)
    if isinstance(item, And | Or):
        return (all if isinstance(item, And) else any)(answers(each, row) for each in item.nodes)
    if isinstance(item, TextTerm):
        return answers_text(item, paper, mark)
    if isinstance(item, RangeFilter):
        value = getattr(paper, item.field)
        if item.field in ("date", "added"):
            value = int(value.replace("-", "") or 0)
        return bool(value is not None and item.minimum <= value <= item.maximum)
    assert isinstance(item, ChoiceFilter)
    if item.field == "has":
        if item.value == "text":
            return row in STORED_TEXTS
        if item.value == "summary":
            return bool(mark.generated)
        kinds = {"data": ("data", "dataset")}.get(item.value, (item.value,))
        return bool(mark.note_text) if item.value == "note" else any(paper.has_link(kind) for kind in kinds)
    return {
        "bookmarked": mark.bookmarked,
        "read": mark.is_read,
        "unread": not mark.is_read,
        "new": row >= NEW_FROM and mark.may_be_new,
        "watched": row in COMPUTED["watched"],
        "updated": row in COMPUTED["updated"],
        "dismissed": mark.is_dismissed,
        "hidden": mark.is_hidden,
        "deleted": mark.is_deleted,
        "disliked": mark.is_disliked,
    }[item.value]


def expected(query):
    items = parse_query(query).nodes
    asked = {item.value for item in conditions(items) if isinstance(item, ChoiceFilter)}
    listed = [
        (
            mark.is_listed
            or ("hidden" in asked and not mark.is_deleted)
            or (mark.is_deleted and "deleted" in asked)
        )
        for mark in (MARKS.get(row, Mark()) for row in range(len(PAPERS)))
    ]
    return {
        row
        for row, paper in enumerate(PAPERS)
        if paper and listed[row] and all(answers(item, row) for item in items)
    }


EXAMPLES = [
    "title:robot ",
    "abstract:robot ",
    "title:bezier ",
    "note:curves ",
    "note:rl ",
    "summary:robot ",
    'summary:"grasp curves" ',
    "-summary:robot ",
    'title:"neural network" ',
    '"robot arm" ',
    "author:hinton ",
    "author:HINTON ",
    'author:"yann lecun" ',
    'author:"lecun yann" ',
    'author:"hinton fei" ',
    "author:fei-fei ",
    "tag:rl ",
    'tag:"TO READ" ',
    "tag:ete ",
    "id:2405 ",
    "id:slug-1 ",
    "id:10.1234/x2 ",
    "source:arxiv ",
    "source:capture ",
    "source:2024-05 ",
    'source:"daily papers 2025-03" ',
    'source:"Hugging face" ',
    'source:"Hugging Face (2024-05-27.json)" ',
    "cat:cs.CL ",
    "cat:CS ",
    "cat:hep-th ",
    "keyword:model ",
    "keyword:MODELS ",
    'keyword:"world models" ',
    "keyword:beziers ",
    "venue:neurips ",
    "repo:x.org ",
    "repo:x.org/code ",
    "repo:x.org/cod ",
    "repo:https://x.org/model/ ",
    'venue:"of curves" ',
    "added:2025 ",
    "added:<2025-04-01 ",
    "date:2025 ",
    "date:2025-03 ",
    "date:2025-03-14 ",
    "date:>=2024-05-27 ",
    "date:<2024-05-27 ",
    "date:>2024 ",
    "date:..2024 ",
    "date:2024..2025-03-01 ",
    "votes:>20 ",
    "votes:>=20 ",
    "votes:<20 ",
    "votes:0 ",
    "votes:5..21 ",
    "-votes:>20 ",
    "stars:>100 ",
    "-stars:0..100 ",
    "comments:>=3 ",
    "robot NOT arm ",
    "title=robot || !video ",
    *(
        f"{sign}has:{kind} "
        for kind in ("code", "note", "summary", "text", "project", "model", "data")
        for sign in ("", "-")
    ),
    *(f"{sign}is:{state} " for state in FIELDS["is"].choices for sign in ("", "-")),
    "robot is:hidden ",
    "is:disliked ",
    "is:updated OR robot ",
    "-is:disliked robot ",
    "is:hidden OR robot ",
    "-is:deleted tag:rl ",
    "is:deleted is:hidden ",
    "robot -arm ",
    "robot OR arm ",
    "(robot arm) OR video ",
    "robot (arm OR has:code) ",
    "-(robot arm) ",
    "-(robot OR is:read) ",
    "is:read OR tag:rl ",
    "robot -tag:rl -has:code -is:read ",
    "robot has:code votes:>0 date:2025 ",
    "robot OR -robot ",
]


@pytest.mark.parametrize("query", EXAMPLES)
def test_filter_matches_equal_linear_scan(search, query):
    hits = search(query)
    assert set(hits.rows[: hits.full_matches]) == expected(query)
    assert len(set(hits.rows)) == len(hits.rows) == len(hits.scores)


@examples(50)
@given(st.lists(st.sampled_from([each.strip() for each in EXAMPLES]), min_size=2, max_size=4), st.booleans())
def test_or_groups_match_any_operand(search, queries, either):
    query = (" OR " if either else " ").join(f"({each})" for each in queries) + " "
    hits = search(query)
    assert set(hits.rows[: hits.full_matches]) == expected(query)


@pytest.mark.parametrize(
    "query",
    ["has:code ", "-is:read ", '"robot arm" ', "author:hinton ", "title:robot ", "-(video OR has:code) "],
)
def test_filters_and_phrases_are_required_in_partial_matches(search, query):
    hits = search(f"zebra arm {query}")
    assert hits.full_matches == 0
    assert len(hits.rows)
    assert set(hits.rows) <= expected(query)


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("cat:CL ", "cat:cs.CL "),
        ("cat:CL", "cat:cs.CL "),
        ("cat:.cl ", "cat:cs.CL "),
        ("cat:*.CL ", "cat:cs.CL "),
        ("cat:TH ", "cat:none "),
        ("cat:cs.CL,hep-th ", "cat:cs.CL OR cat:hep-th "),
        ("cat:CL|hep-th ", "cat:cs.CL OR cat:hep-th "),
    ],
)
def test_subject_class_without_its_archive_is_found(search, query, same):
    assert {*search(query).rows} == {*search(same).rows}
    assert bool(len(search(same).rows)) == ("none" not in same)


@pytest.mark.parametrize(
    ("query", "same"),
    [
        ('is:"read" ', "is:read "),
        ('-has:"code" ', "-has:code "),
        ('date:">=2025" robot ', "date:>=2025 robot "),
        ('sort:"votes" ', "sort:votes "),
        ('foo:"robot arm" ', '"robot arm" '),
    ],
)
def test_values_may_be_in_quotes(search, query, same):
    assert list(search(query).rows) == list(search(same).rows) != []


def test_filters_add_no_partial_matches(search):
    assert list(search("zebra is:read ").rows) == []


@pytest.mark.parametrize(
    "query", ["has:code ", "is:unread -tag:rl ", "author:hinton ", "date:2025 sort:relevance "]
)
def test_filter_without_words_lists_matches_newest_first(search, built, query):
    hits = search(query)
    assert list(hits.rows) == [row for row in built[1].newest if row in expected(query)]
    assert hits.full_matches == len(hits.rows)
    assert hits.sorted_by == "date"


def queue_position(row):
    """The position of a row in the queue; -1 for none."""
    position = MARKS[row].queue_position if row in MARKS else None
    return -1 if position is None else position


def number(name):
    return lambda row: -1 if getattr(PAPERS[row], name) is None else getattr(PAPERS[row], name)


@pytest.mark.parametrize("what", ["", "robot ", "has:code "])
def test_sort_orders(search, built, what):
    newest = list(built[1].newest)
    rows = expected(what)
    by_date = [row for row in newest if row in rows]
    orders = {
        "date": by_date,
        **{name: sorted(by_date, key=number(name), reverse=True) for name in ("votes", "stars", "comments")},
        "title": sorted(by_date, key=lambda row: fold_for_search(PAPERS[row].title)),
        "marked": sorted(
            by_date, key=lambda row: MARKS[row].last_changed if row in MARKS else 0, reverse=True
        ),
        "queue": sorted(by_date, key=lambda row: (queue_position(row) < 0, queue_position(row))),
    }
    # sorted(reverse=True) preserves the order of equal elements
    for sort, wanted in orders.items():
        hits = search(f"{what}sort:{sort} ")
        assert list(hits.rows[: hits.full_matches]) == wanted
        assert (hits.sorted_by, hits.is_reversed) == (sort, False)
    oldest = by_date[::-1]
    reversed_orders = {
        "date": sorted(oldest, key=lambda row: not built[1].day(row)),
        "votes": sorted(by_date, key=lambda row: (PAPERS[row].votes is None, PAPERS[row].votes)),
        "title": sorted(oldest, key=lambda row: fold_for_search(PAPERS[row].title))[::-1],
        "marked": sorted(
            by_date, key=lambda row: (row not in MARKS, row in MARKS and MARKS[row].last_changed)
        ),
        "queue": sorted(by_date, key=queue_position, reverse=True),
    }
    for sort, wanted in reversed_orders.items():
        hits = search(f"{what}sort:-{sort} ")
        assert list(hits.rows[: hits.full_matches]) == wanted
        assert (hits.sorted_by, hits.is_reversed) == (sort, True)
    assert search("robot ").sorted_by == search("robot sort:relevance ").sorted_by == "relevance"
    assert list(search("robot sort:relevance ").rows) == list(search("robot ").rows)


def test_sorting_moves_scores_with_rows(search):
    ranked, sorted_ = search("robot arm "), search("robot arm sort:date ")
    assert dict(zip(ranked.rows, ranked.scores, strict=True)) == pytest.approx(
        dict(zip(sorted_.rows, sorted_.scores, strict=True))
    )


def test_tag_prefix_matches_unless_tag_exists(search):
    assert set(search("tag:r")) == {
        row
        for row, mark in MARKS.items()
        if PAPERS[row] and mark.is_listed and {"rl", "rl-theory"} & {*mark.tag_names}
    }
    assert set(search("tag:rl")) == expected("tag:rl ")
    assert set(search("tag:rl-*")) == expected("tag:rl-theory ")
    assert set(search("tag:#RL ")) == expected("tag:rl ")


@pytest.mark.parametrize(
    ("query", "tag"),
    [
        ("tag:to read ", 'tag:"to read" '),
        ("tag:TO  Read", 'tag:"to read" '),
        ("tags:#to read robot ", 'tag:"to read" robot '),
        ("-tag:to read robot ", '-tag:"to read" robot '),
        ("robot (tag:to read OR arm) ", 'robot (tag:"to read" OR arm) '),
        ("tag:to re", 'tag:"to read" '),
        ("tag:rl tag:to read ", 'tag:rl tag:"to read" '),
        ("tag:rl robot ", "tag:rl robot "),
    ],
)
def test_tags_of_several_words_need_no_quotes(search, query, tag):
    hits = search(query)
    assert set(hits.rows[: hits.full_matches]) == expected(tag)
    assert hits.query == query
    assert hits.hint == ""


def test_author_prefix_and_fuzzy_match(search):
    assert set(search("author:hin")) == expected("author:hinton OR author:hintze ")
    assert set(search("author:hintn~")) == expected("author:hinton ")


def test_fuzzy_words(search):
    assert set(search("difusoin~ ").rows[: search("difusoin~ ").full_matches]) == expected("diffusion ")
    assert set(search("robt~ ").rows[: search("robt~ ").full_matches]) == expected("robot ")
    spans = search("difusoin~ ").find_matches("Diffusion, and diffused")
    assert spans[0] == (0, 9)


def test_wildcard_matches_all_words_with_prefix(search):
    assert set(search("ne* ").rows[: search("ne* ").full_matches]) == expected("neural OR network ")
    assert search("ne* ").find_matches("Neural nets") == [(0, 6), (7, 11)]


def test_highlighter_covers_field_words_but_not_filters(search):
    assert search("title:robot has:code -arm is:read ").find_matches("robot arm code read") == [(0, 5)]
    assert search("robot (arm OR video) ").find_matches("robot arm video") == [(0, 5), (6, 9), (10, 15)]


def test_hits_have_hint(search):
    hits = search("robot is:purple ")
    assert hits.hint.startswith("is:purple is unknown")
    assert "robot" not in hits.hint
    assert search("robot ").hint == ""
    assert search("foo: ").hint == ""


def test_expensive_query_ignores_most_frequent_words(search, monkeypatch):
    from paperreader.search.query import cost_limit

    query = (
        "grasp -(curve robot) (video OR arm) "
        + " ".join(f'"{word} {word}" OR {word}' for word in VOCABULARY)
        + " "
    )
    whole = search(query)
    assert whole.hint == ""
    monkeypatch.setattr(cost_limit, "MAX_COST", 8_000)
    cut = search(query)
    assert cut.hint == cost_limit.COSTLY_QUERY_HINT
    assert cut.full_matches >= whole.full_matches
    monkeypatch.setattr(cost_limit, "MAX_COST", 0)
    rarest = search("robot vid* has:code ")
    assert rarest.hint == cost_limit.COSTLY_QUERY_HINT
    assert set(rarest.rows[: rarest.full_matches]) == expected("robot has:code ")
    assert search("robot ").hint == ""


def test_every_field_that_is_not_tokenized_has_a_filter():
    filtered = {
        name for name, field in FIELDS.items() if field.kind not in ("words", "sort", "scope", "paper")
    }
    assert set(FIELD_FILTERS) == filtered, "FIELD_FILTERS in search/query/paper_filters.py is not complete"
