"""What could stand where the cursor is."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from paperreader.models import Mark, Paper, Source
from paperreader.text.query.completion import completion_request, field_completions


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
def complete(make_module_table, index):
    table = make_module_table(PAPERS)
    index.store.update(table)

    def at(text, cursor=None):
        return index.complete(text, len(text) if cursor is None else cursor, table, MARKS)

    return at


def applied(text, completion):
    return text[: completion.start] + completion.text + text[completion.end :]


def test_a_whole_word_is_no_beginning_of_a_rarer_one(make_module_table, index):
    common = [paper(f"c{each}", "Diffusion", "", "A", "2025-03-01", "one.txt") for each in range(3)]
    rare = paper("r", "DiffusionNFT trains", "", "A", "2025-03-01", "one.txt")
    more = [paper(f"m{each}", "Training", "", "A", "2025-03-01", "one.txt") for each in range(3)]
    table = make_module_table((*common, rare, *more, paper("t", "Train", "", "A", "2025-03-01", "one.txt")))
    index.store.update(table)
    assert index.complete("diffusion", 9, table, {}) == []
    assert [each.text for each in index.complete("train", 5, table, {})] == ["training"]
    assert "diffusionnft" in [each.text for each in index.complete("diffusionn", 10, table, {})]


@pytest.mark.parametrize(
    ("text", "becomes"),
    [
        ("diff", ["diffusion", "differs"]),
        ("data diffu", ["data diffusion"]),
        ("-diffu", ["-diffusion"]),
        ('"data diffu', ['"data diffusion']),
        ("title:diffu", ["title:diffusion"]),
        ("(diffu", ["(diffusion"]),
        ("vot", ["votes:"]),
        ("-vot", ["-votes:"]),
        ("is:", ["is:bookmarked", "is:read", "is:unread", "is:new"]),
        ("IS:B", ["IS:bookmarked"]),
        ("-is:un", ["-is:unread"]),
        ("has:code|n", ["has:code|note"]),
        ("sort:", [f"sort:{way}" for way in ("date", "votes", "title", "relevance", "marked")]),
        ("tag:", ["tag:rl", "tag:Robots", 'tag:"to read"']),
        ("tag:r", ["tag:rl", "tag:Robots"]),
        ('tag:"to', ['tag:"to read"']),
        ("source:", ["source:capture", "source:one.txt", 'source:"two parts.txt"']),
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
def test_what_completions_make_of_a_query(complete, text, becomes):
    assert [applied(text, each) for each in complete(text)] == becomes


def test_common_words_come_before_fields_and_fields_before_rare_words(complete):
    found = [each.text for each in complete("da")]
    assert found == ["data", "date:"]
    assert [each.text for each in complete("s")][:3] == ["sorting", "source:", "sort:"]
    assert [each.text for each in complete("sort")][:2] == ["sort:", "sorting"], "nearly a field's whole name"


def test_completions_say_how_much_they_stand_for(complete):
    assert [each.description for each in complete("tag:r")] == ["2 papers", "1 paper"]
    assert complete("vot")[0].description


def test_in_the_midst_of_a_query(complete):
    assert [applied("diff is:read", each) for each in complete("diff is:read", 4)] == [
        "diffusion is:read",
        "differs is:read",
    ]
    assert complete("diff is:read", 2) == []
    inside = 'author:"yann le" data'
    assert [applied(inside, each) for each in complete(inside, 15)] == ['author:"yann lecun" data']
    assert [applied("(is:b) x", each) for each in complete("(is:b) x", 5)] == ["(is:bookmarked) x"]


def test_taking_a_completion_never_leaves_nothing_where_something_was_found(make_module_table, index):
    table = make_module_table(PAPERS)
    index.store.update(table)
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
        assert index.search(text, table, MARKS).full_matches
        for each in index.complete(text, len(text), table, MARKS):
            assert index.search(applied(text, each), table, MARKS).full_matches, applied(text, each)
    assert [each.text for each in index.complete("title:d", 7, table, MARKS)] == ["data"]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.text(st.one_of(st.characters(), st.sampled_from('"-():|, tagis')), max_size=30), st.integers(-2, 40)
)
def test_any_text_and_cursor(complete, text, cursor):
    for each in complete(text, cursor):
        assert 0 <= each.start <= each.end <= len(text)


def test_fields_and_choices_need_no_index():
    assert [each.text for each in field_completions(completion_request("so", 2))] == ["source:", "sort:"]
    assert [each.text for each in field_completions(completion_request("is:", 3))] == [
        "bookmarked",
        "read",
        "unread",
        "new",
    ]
