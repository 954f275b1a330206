"""The query language: what a text means, at any moment of its being typed."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from paperreader.text.query import All, Days, Either, Has, Is, Not, Query, Text, Votes, parse, without_order
from paperreader.text.query.fields import ABOUT, ALIASES, FIELDS, FORMS, TEXT_FIELDS, VALUES, sections
from paperreader.text.query.parser import MOST_ITEMS, MOST_WIDE
from paperreader.text.query.values import EARLIEST, LATEST, MOST_VOTES


def items(text):
    return parse(text).items


def word(text, where="", **more):
    return Text(text, where, **more)


A, B, C, D = (word(letter) for letter in "abcd")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", ()),
        ("a b", (A, B)),
        ("a,b;c", (A, B, C)),
        ("gpt-4 state-of-the-art", (word("gpt-4"), word("state-of-the-art"))),
        ('"a b" c', (word("a b", quoted=True), C)),
        ("“a b” c", (word("a b", quoted=True), C)),
        ('a"b c', (A, word("b c", quoted=True))),
        ('""', ()),
        ("-a b", (Not(A), B)),
        ("--a - b", (Not(A), B)),
        ('-"a b"', (Not(word("a b", quoted=True)),)),
        ("-a,b", (Not(A), Not(B))),
        ("a OR b", (Either((A, B)),)),
        ("a OR b OR c d", (Either((A, B, C)), D)),
        ("a b OR c", (A, Either((B, C)))),
        ("a OR -b", (Either((A, Not(B))),)),
        ("OR a", (A,)),
        ("a OR", (A,)),
        ("a OR OR b", (Either((A, B)),)),
        ("a or b", (A, word("or"), B)),
        ("a AND b", (A, B)),
        ("(a b) c", (A, B, C)),
        ("(a b) OR c", (Either((All((A, B)), C)),)),
        ("(a OR b) (c OR d)", (Either((A, B)), Either((C, D)))),
        ("-(a b)", (Not(All((A, B))),)),
        ("(((a)))", (A,)),
        ("((a) OR (b", (Either((A, B)),)),
        (") a ()", (A,)),
        ("quant*", (word("quant", prefix=True),)),
        ("A* search", (word("A"), word("search"))),
        ("tranformer~ x~2", (word("tranformer", fuzzy=True), word("x", fuzzy=True))),
        ("~100 ab*cd", (word("100"), word("ab"), word("cd"))),
        ('"a quant*"', (word("a quant", quoted=True, prefix=True),)),
        ("title:a b", (word("a", "title"), B)),
        ("Title:a", (word("a", "title"),)),
        ('title:"a b"', (word("a b", "title", quoted=True),)),
        ("title:(a OR b) c", (Either((word("a", "title"), word("b", "title"))), C)),
        ("author:a,b", (word("a", "author"), word("b", "author"))),
        ("tag:c++ tag:a,b", (word("c++", "tag"), word("a,b", "tag"))),
        ("tag:rl*", (word("rl", "tag", prefix=True),)),
        ('-tag:"to read"', (Not(word("to read", "tag", quoted=True)),)),
        ("id:https://arxiv.org/abs/2403.01234", (word("https://arxiv.org/abs/2403.01234", "id"),)),
        ("arXiv:2403.01234v2", (word("2403.01234v2", "id"),)),
        ("title:", ()),
        ("title: a", (A,)),
        ("a tag: is: date: votes: sort: id:", (A,)),
        ("title:!!", ()),
        ("date:2025", (Days(20250000, 20259999),)),
        ("date:2025-03", (Days(20250300, 20250399),)),
        ("date:2025-3-9 a", (Days(20250309, 20250309), A)),
        ("date:2025/03/09", (Days(20250309, 20250309),)),
        ("date:20250309", (Days(20250309, 20250309),)),
        ("date:>=2025-03-09", (Days(20250309, LATEST),)),
        ("date:>=2025-03-01", (Days(20250300, LATEST),)),
        ("date:>=2025-01-01", (Days(20250000, LATEST),)),
        ("date:<2025-01-01", (Days(EARLIEST, 20249999),)),
        ("date:>2024-12-31", (Days(20241232, LATEST),)),
        ("date:2025-01-01", (Days(20250101, 20250101),)),
        ("date:2025-01-01..2025-02-01", (Days(20250000, 20250201),)),
        ("date:>2025-03", (Days(20250400, LATEST),)),
        ("date:<2025", (Days(EARLIEST, 20249999),)),
        ("date:<=2025", (Days(EARLIEST, 20259999),)),
        ("date:2024..2025", (Days(20240000, 20259999),)),
        ("date:2025..2024", (Days(20240000, 20259999),)),
        ("date:2024-06..", (Days(20240600, LATEST),)),
        ("date:..2024-06", (Days(EARLIEST, 20240699),)),
        ("year:2024", (Days(20240000, 20249999),)),
        ("-date:2024", (Not(Days(20240000, 20249999)),)),
        ("votes:>20", (Votes(21, MOST_VOTES),)),
        ("votes:>=20", (Votes(20, MOST_VOTES),)),
        ("votes:≥20", (Votes(20, MOST_VOTES),)),
        ("votes:<20", (Votes(0, 19),)),
        ("votes:<=20", (Votes(0, 20),)),
        ("votes:=20", (Votes(20, 20),)),
        ("votes:20", (Votes(20, 20),)),
        ("votes:5..10", (Votes(5, 10),)),
        ("votes:10..", (Votes(10, MOST_VOTES),)),
        ("votes:" + "9" * 5000, (Votes(MOST_VOTES, MOST_VOTES),)),
        ("has:code", (Has("code"),)),
        ("has:code|note", (Either((Has("code"), Has("note"))),)),
        ("has:code,notes", (Either((Has("code"), Has("note"))),)),
        ("-has:code", (Not(Has("code")),)),
        ("is:unread IS:Read", (Is("unread"), Is("read"))),
        ("is:book", (Is("bookmarked"),)),
        ("-is:read OR is:new", (Either((Not(Is("read")), Is("new"))),)),
        ("is:|", ()),
    ],
)
def test_what_a_query_means(query, wanted):
    assert items(query) == wanted
    assert parse(query).hint == ""


@pytest.mark.parametrize(
    ("query", "sort"),
    [("sort:date", "date"), ("a sort:v b", "votes"), ("sort:title sort:relevance", "relevance"), ("a", None)],
)
def test_the_last_order_asked_for_holds(query, sort):
    assert parse(query).sort == sort


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("date:", ()),
        ("date:>", ()),
        ("date:>=202", ()),
        ("date:2", (Days(20000000, 29999999),)),
        ("date:202", (Days(20200000, 20299999),)),
        ("date:2025-", (Days(20250000, 20259999),)),
        ("date:2025-0", (Days(20250000, 20259999),)),
        ("date:2025-1", (Days(20250000, 20259999),)),
        ("date:2025-03-", (Days(20250300, 20250399),)),
        ("date:2025-03-1", (Days(20250300, 20250399),)),
        ("date:2024.", (Days(20240000, 20249999),)),
        ("date:2024..", (Days(20240000, LATEST),)),
        ("date:2024..20", (Days(20240000, LATEST),)),
        ("votes:", ()),
        ("votes:>", ()),
        ("votes:5.", (Votes(5, 5),)),
        ("votes:5..", (Votes(5, MOST_VOTES),)),
        ("is:", ()),
        ("has:c", (Has("code"),)),
        ('title:"', ()),
        ('title:"a', (word("a", "title", quoted=True),)),
        ("-", ()),
        ("-(", ()),
    ],
)
def test_what_is_half_typed_is_no_error(query, wanted):
    assert items(query) == wanted
    assert parse(query).hint == ""


@pytest.mark.parametrize(
    ("query", "words", "hint"),
    [
        ("foo:bar", ["foo", "bar"], "foo: is no field, searched as words"),
        ("date:tomorrowish", ["date", "tomorrowish"], "date:tomorrowish is no date, searched as words"),
        ("date:2025-13 x", ["date", "2025-13", "x"], "date:2025-13 is no date, searched as words"),
        ("votes:many", ["votes", "many"], "votes:many is no number, searched as words"),
        (
            "is:purple",
            ["is", "purple"],
            "is:purple is unknown, searched as words",
        ),
        (
            "foo:bar has:wings",
            ["foo", "bar", "has", "wings"],
            "foo: is no field, searched as words; 1 more likewise",
        ),
        ("GPT: a title", ["GPT", "a", "title"], ""),
        ("http://arxiv.org", ["http", "//arxiv.org"], ""),
        ("x:y", ["x", "y"], ""),
    ],
)
def test_what_is_not_understood_is_searched_as_words(query, words, hint):
    parsed = parse(query)
    assert [item.text for item in parsed.items] == words
    assert parsed.hint == hint


def test_only_so_many_words_count():
    parsed = parse("word " * (MOST_ITEMS + 1))
    assert len(parsed.items) == MOST_ITEMS
    assert str(MOST_ITEMS) in parsed.hint
    assert parse("word " * MOST_ITEMS).hint == ""


def test_only_so_many_words_stand_for_many():
    parsed = parse("word* word~ " * MOST_WIDE)
    assert sum(item.prefix or item.fuzzy for item in parsed.items) == MOST_WIDE
    assert str(MOST_WIDE) in parsed.hint
    assert parse("word* " * MOST_WIDE).hint == ""


@pytest.mark.parametrize(
    ("query", "open"),
    [
        ("a b", [False, True]),
        ("a b ", [False, False]),
        ('"a b', [True]),
        ('"a b"', [False]),
        ("-a", [False]),
        ("(a", [True]),
        ("(a)", [False]),
        ("title:a", [True]),
        ("tag:a", [True]),
        ("quant*", [False]),
        ("a~", [False]),
    ],
)
def test_the_last_word_is_unfinished_until_something_follows(query, open):
    texts = [item.item if isinstance(item, Not) else item for item in items(query)]
    assert [text.open for text in texts] == open


def test_words_know_where_they_stand():
    query = 'one -"two three" title:(four OR five) V$^2$L'
    parsed = parse(query)

    def texts(items):
        for item in items:
            if isinstance(item, Text):
                yield item
            elif isinstance(item, Not):
                yield from texts([item.item])
            elif isinstance(item, All | Either):
                yield from texts(item.items)

    for text in texts(parsed.items):
        assert parsed.text[text.start : text.start + len(text.text)] == text.text


def test_the_parts_of_a_query_are_told_for_colouring():
    query = "-has:code foo:bar (a OR date:2024 tag:rl)"
    parsed = parse(query)
    told = [(query[part.start : part.end], part.role) for part in parsed.parts]
    assert told == [
        ("-", "operator"),
        ("has:", "field"),
        ("code", "value"),
        ("foo:", "unknown"),
        ("(", "operator"),
        ("OR", "operator"),
        ("date:", "field"),
        ("2024", "value"),
        ("tag:", "field"),
        ("rl", "value"),
        (")", "operator"),
    ]


WILD = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from('"-()[]*?~^\\$:|,.<>= \t\n\x00\x1b“”'),
        st.sampled_from("abOR"),
    ),
    max_size=60,
)
SYNTAX = ["-", "(", ")", '"', "OR", "*", "~", ">=", "..", "a", "b-c", "code", ","]
FIELD_NAMES = [f"{name}:" for name in (*FIELDS, *ALIASES, "foo")]
MORE = [" ", " OR ", "|", "2025", "2025-03", "read"]
PIECES = st.lists(st.sampled_from([*FIELD_NAMES, *SYNTAX, *MORE]), max_size=25).map("".join)


@given(st.one_of(WILD, PIECES))
def test_any_text_is_a_query(text):
    parsed = parse(text)
    end = 0
    for part in parsed.parts:
        assert end <= part.start < part.end <= len(parsed.text)
        end = part.end
    assert not any(isinstance(item, All) for item in parsed.items)
    assert "\n" not in parsed.hint
    assert len(parsed.hint) < 120


@given(PIECES)
def test_a_hint_comes_only_with_what_is_not_understood(text):
    hint = parse(text).hint
    assert bool(hint) == (any(part.role == "unknown" for part in parse(text).parts) or "stars" in hint)


def written(item):
    """A text that means the item."""
    if isinstance(item, Text):
        text = (
            f'"{item.text}{"*" * item.prefix}"'
            if item.quoted
            else f"{item.text}{'*' * item.prefix}{'~' * item.fuzzy}"
        )
        return f"{item.where}:{text}" if item.where else text
    if isinstance(item, Days | Votes):
        ends = (item.first, item.last) if isinstance(item, Days) else (item.least, item.most)
        if isinstance(item, Votes):
            return f"votes:{ends[0]}..{ends[1]}"
        parts = [(end // 10_000, end // 100 % 100 or 1, end % 100 or 1) for end in ends]
        return "date:" + "..".join(f"{year:04}-{month:02}-{day:02}" for year, month, day in parts)
    if isinstance(item, Has):
        return f"has:{item.kind}"
    if isinstance(item, Is):
        return f"is:{item.state}"
    if isinstance(item, Not):
        return f"-{written(item.item)}" if not isinstance(item.item, Not) else f"-({written(item.item)})"
    joint = " OR " if isinstance(item, Either) else " "
    return f"({joint.join(map(written, item.items))})"


def between(first, last):
    """The days from one to another, and what is known to be of a month or a year that begins with the first."""
    if first < last and first % 100 == 1:
        first -= 101 if first // 100 % 100 == 1 else 1
    return Days(first, last)


WORDS = st.from_regex(r"[a-zé][a-z0-9é]{1,5}(-[a-z0-9]{1,3})?", fullmatch=True).filter(str.isascii)
DAYS = st.dates().filter(lambda day: day.year >= 1000).map(lambda day: int(day.strftime("%Y%m%d")))
LEAVES = st.one_of(
    st.builds(
        lambda text, where, how: Text(text, where, prefix=how == 1, fuzzy=how == 2),
        WORDS,
        st.sampled_from(["", "", "title", "abstract", "author", "note"]),
        st.integers(0, 2),
    ),
    st.builds(
        lambda texts, where, prefix: Text(" ".join(texts), where, quoted=True, prefix=prefix),
        st.lists(WORDS, min_size=1, max_size=3),
        st.sampled_from(["", *TEXT_FIELDS]),
        st.booleans(),
    ),
    st.builds(Text, WORDS, st.sampled_from(["tag", "id", "source"])),
    st.tuples(DAYS, DAYS).map(lambda ends: between(*sorted(ends))),
    st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)).map(lambda ends: Votes(*sorted(ends))),
    st.sampled_from(VALUES["has"]).map(Has),
    st.sampled_from(VALUES["is"]).map(Is),
)
ITEMS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda each: Either(tuple(each))),
        st.lists(inner, min_size=2, max_size=3).map(lambda each: All(tuple(each))),
    ),
    max_leaves=8,
)


def tidy(item):
    """The item as a parser gives it: an OR within an OR, and an AND within an AND, are one."""
    if isinstance(item, Not):
        return Not(tidy(item.item))
    if not isinstance(item, All | Either):
        return item
    kind = type(item)
    inner = [tidy(each) for each in item.items]
    flat = [each for one in inner for each in (one.items if isinstance(one, kind) else (one,))]
    return kind(tuple(flat))


@given(st.lists(ITEMS, max_size=4), st.sampled_from([None, *VALUES["sort"]]))
def test_what_is_written_down_means_the_same_when_read(wanted, sort):
    text = " ".join([*map(written, wanted), *([f"sort:{sort}"] if sort else [])])
    assume("stars" not in parse(text).hint)
    flat = [each for item in map(tidy, wanted) for each in (item.items if isinstance(item, All) else (item,))]
    assert parse(f"{text} ") == Query(tuple(flat), sort)


def test_the_help_tells_of_every_field_and_no_more():
    told = {name for form in FORMS for name in re.findall(r"([a-z]+):", f"{form.form} {form.does}")}
    assert told == set(FIELDS) == set(ABOUT)
    assert all(not parse(f"{form.form} ").hint for form in FORMS)
    assert sum(len(lines) for _, lines in sections()) == len(FORMS)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("diffusion sort:votes", "diffusion"),
        ("sort:votes", ""),
        ("Sort:v (a OR b) sort:title -c", "(a OR b) -c"),
        ("a sort:votes b", "a b"),
        ("a sort:", "a sort:"),
        ("sort:purple a", "sort:purple a"),
        ('"sort:votes" a', '"sort:votes" a'),
        ("title:sort votes", "title:sort votes"),
        ("a (sort:votes b)", "a ( b)"),
    ],
)
def test_the_order_can_be_taken_out(text, left):
    assert without_order(text) == left
    assert parse(without_order(text)).sort is None
