"""Completion of queries at the cursor."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Mark, Paper, Source
from paperreader.text.query.completion import completion_request, field_completions
from paperreader.text.query.fields import FIELDS
from tests.examples import examples

STATES = (
    "bookmarked",
    "read",
    "unread",
    "new",
    "watched",
    "updated",
    "dismissed",
    "hidden",
    "deleted",
    "disliked",
)


def paper(id, title, abstract, author, day, source):
    return Paper(
        id, title, abstract, authors=(author,), listed=day, sources=(Source("capture", source, None, "0:0"),)
    )


PAPERS = (
    paper("a", "Diffusion data", "diffusion differs", "Yann LeCun", "2025-03-01", "one.txt"),
    paper("b", "Diffusion and data", "sorting", "Yao Ming", "2025-03-02", "two parts.txt"),
    paper("c", "Data", "", "Yann Other", "2024-12-31", "one.txt"),
)
MARKS = {
    0: Mark(tags={"rl": (True, 1), "to read": (True, 1), "gone": (False, 1)}),
    1: Mark(tags={"rl": (True, 1), "Robots": (True, 1)}),
}


@pytest.fixture
def complete(make_module_table, engine):
    table = make_module_table(PAPERS)
    engine.store.update(table)

    def at(text, cursor=None):
        return engine.complete(text, len(text) if cursor is None else cursor, table, MARKS)

    return at


def applied(text, completion):
    return text[: completion.start] + completion.text + text[completion.end :]


def test_complete_word_is_not_completed_to_rarer_words(make_module_table, engine):
    common = [paper(f"c{each}", "Diffusion", "", "A", "2025-03-01", "one.txt") for each in range(3)]
    rare = paper("r", "DiffusionNFT trains", "", "A", "2025-03-01", "one.txt")
    more = [paper(f"m{each}", "Training", "", "A", "2025-03-01", "one.txt") for each in range(3)]
    table = make_module_table((*common, rare, *more, paper("t", "Train", "", "A", "2025-03-01", "one.txt")))
    engine.store.update(table)
    assert engine.complete("diffusion", 9, table, {}) == []
    assert [each.text for each in engine.complete("train", 5, table, {})] == ["training"]
    assert "diffusionnft" in [each.text for each in engine.complete("diffusionn", 10, table, {})]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("diff", ["diffusion", "differs"]),
        ("data diffu", ["data diffusion"]),
        ("-diffu", ["-diffusion"]),
        ('"data diffu', ['"data diffusion']),
        ("title:diffu", ["title:diffusion"]),
        ("(diffu", ["(diffusion"]),
        ("vot", ["votes:"]),
        ("-vot", ["-votes:"]),
        ("is:", [f"is:{state}" for state in STATES]),
        ("IS:B", ["IS:bookmarked"]),
        ("-is:un", ["-is:unread"]),
        ("has:code|n", ["has:code|note"]),
        ("sort:", [f"sort:{way}" for way in FIELDS["sort"].choices]),
        ("tag:", ["tag:rl", "tag:Robots", 'tag:"to read"']),
        ("tag:r", ["tag:rl", "tag:Robots"]),
        ('tag:"to', ['tag:"to read"']),
        (
            "source:",
            ["source:capture", 'source:"daily papers"', "source:one.txt", 'source:"two parts.txt"'],
        ),
        ("author:yan", ['author:"yann lecun"', 'author:"yann other"']),
        ("author:yann", ['author:"yann lecun"', 'author:"yann other"']),
        ("author:YA", ['author:"yann lecun"', 'author:"yann other"', 'author:"yao ming"']),
        ("author:min", ["author:ming"]),
        ("author:ming", []),
        ('author:"yann le', ['author:"yann lecun"']),
        ('author:"Yann ', ['author:"yann lecun"', 'author:"yann other"']),
        ('author:"yann lecun', ['author:"yann lecun"']),
        ("data author:o", ["data author:other"]),
        ("differs author:y", ['differs author:"yann lecun"']),
        ("author:zzz", []),
        ("author:-", []),
        ("date:", ["date:2025-03", "date:2024-12"]),
        ("date:>=2024", ["date:>=2024-12"]),
        ("foo:diffu", ["foo:diffusion"]),
        ("", []),
        ("diff ", []),
        ("zebra", []),
        ("votes:", []),
        ("id:", []),
        ("note:", []),
    ],
)
def test_completions_applied_to_query(complete, text, expected):
    assert [applied(text, each) for each in complete(text)] == expected


def test_order_is_common_words_then_fields_then_rare_words(complete):
    found = [each.text for each in complete("da")]
    assert found == ["data", "date:"]
    assert [each.text for each in complete("so")][:3] == ["sorting", "source:", "sort:"]
    assert [each.text for each in complete("sort")][:2] == ["sort:", "sorting"], "nearly a field's whole name"


def test_completions_have_descriptions(complete):
    assert [each.description for each in complete("tag:r")] == ["2 papers", "1 paper"]
    assert complete("vot")[0].description


def test_completion_in_the_middle_of_query(complete):
    assert [applied("diff is:read", each) for each in complete("diff is:read", 4)] == [
        "diffusion is:read",
        "differs is:read",
    ]
    assert complete("diff is:read", 2) == []
    inside = 'author:"yann le" data'
    assert [applied(inside, each) for each in complete(inside, 15)] == ['author:"yann lecun" data']
    assert [applied("(is:b) x", each) for each in complete("(is:b) x", 5)] == ["(is:bookmarked) x"]


def test_completion_never_removes_all_matches(make_module_table, engine):
    table = make_module_table(PAPERS)
    engine.store.update(table)
    texts = [
        "sorting d",
        "title:d",
        "-diffusion d",
        '"diffusion d',
        "tag:rl author:y",
        "yao OR diff",
        "differs d",
        "data is:",
    ]
    for text in texts:
        assert engine.search(text, table, MARKS).full_matches
        for each in engine.complete(text, len(text), table, MARKS):
            assert engine.search(applied(text, each), table, MARKS).full_matches, applied(text, each)
    assert [each.text for each in engine.complete("title:d", 7, table, MARKS)] == ["data"]


@examples(40)
@given(
    st.text(st.one_of(st.characters(), st.sampled_from('"-():|, tagis')), max_size=30), st.integers(-2, 40)
)
def test_completion_spans_are_valid_for_any_text_and_cursor(complete, text, cursor):
    for each in complete(text, cursor):
        assert 0 <= each.start <= each.end <= len(text)


def test_fields_and_choices_complete_without_index():
    assert [each.text for each in field_completions(completion_request("so", 2))] == ["source:", "sort:"]
    assert [each.text for each in field_completions(completion_request("is:", 3))] == [*STATES]
