"""The query language, including incomplete queries."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from paperreader.text.query import (
    And,
    ChoiceFilter,
    Not,
    Or,
    Query,
    RangeFilter,
    TextTerm,
    parse_query,
    strip_sort,
)
from paperreader.text.query.fields import (
    FIELD_ALIASES,
    FIELDS,
    HELP_EXAMPLES,
    QUERY_FIELDS,
    TEXT_KINDS,
    help_sections,
)
from paperreader.text.query.parser import MAX_EXPANDED_TERMS, MAX_TERMS
from paperreader.text.query.values import MAX_DAY, MAX_NUMBER, MIN_DAY


def items(text):
    return parse_query(text).nodes


def word(text, where="", **more):
    return TextTerm(text, where, **more)


NO_DATE = "is not a date: use 2025-03, today, 7d or >=2025-01-01"
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
        ('a"b c"', (A, word("b c", quoted=True))),
        ('""', ()),
        ("-a b", (Not(A), B)),
        ("--a - b", (Not(A), B)),
        ('-"a b"', (Not(word("a b", quoted=True)),)),
        ("-a,b", (Not(A), Not(B))),
        ("a OR b", (Or((A, B)),)),
        ("a OR b OR c d", (Or((A, B, C)), D)),
        ("a b OR c", (A, Or((B, C)))),
        ("a OR -b", (Or((A, Not(B))),)),
        ("OR a", (A,)),
        ("a OR", (A,)),
        ("a OR OR b", (Or((A, B)),)),
        ("a or b", (A, word("or"), B)),
        ("a AND b", (A, B)),
        ("a && b", (A, B)),
        ("a || b", (Or((A, B)),)),
        ("NOT a", (Not(A),)),
        ("a NOT b c", (A, Not(B), C)),
        ("a OR NOT b", (Or((A, Not(B))),)),
        ("a NOT (b c)", (A, Not(And((B, C))))),
        ("a NOT title:b", (A, Not(word("b", "title")))),
        ("a NOT NOT b", (A, Not(B))),
        ("a NOT", (A,)),
        ("a not b", (A, word("not"), B)),
        ("!a !(b c) !tag:d ! e", (Not(A), Not(And((B, C))), Not(word("d", "tag")), word("e"))),
        ("wow! a!b", (word("wow"), A, B)),
        ("title=a tag=b k=5", (word("a", "title"), word("b", "tag"), word("k"), word("5"))),
        ("GPT OR BERT", (Or((word("GPT"), word("BERT"))),)),
        (
            "GPT OR BERT OR VAR OR DIT",
            (Or((word("GPT"), word("BERT"), word("VAR"), word("DIT"))),),
        ),
        ("TO SEE OR TO BE", tuple(map(word, ["TO", "SEE", "OR", "TO", "BE"]))),
        ("WORDS ARE NOT ALL YOU NEED", tuple(map(word, ["WORDS", "ARE", "NOT", "ALL", "YOU", "NEED"]))),
        (
            "SEEING NOT BELIEVING",
            (
                Or(
                    (
                        And((word("SEEING"), Not(word("BELIEVING")))),
                        word("SEEING NOT BELIEVING", quoted=True),
                    )
                ),
            ),
        ),
        (
            "Do Models NOT Reason Well",
            (
                Or(
                    (
                        And(
                            (
                                word("Do"),
                                word("Models"),
                                Not(word("Reason")),
                                word("Well"),
                            )
                        ),
                        word("Do Models NOT Reason Well", quoted=True),
                    )
                ),
            ),
        ),
        ("(a b) c", (A, B, C)),
        ("(a b) OR c", (Or((And((A, B)), C)),)),
        ("(a OR b) (c OR d)", (Or((A, B)), Or((C, D)))),
        ("-(a b)", (Not(And((A, B))),)),
        ("(((a)))", (A,)),
        ("((a) OR (b", (Or((A, B)),)),
        (") a ()", (A,)),
        ("quant*", (word("quant", prefix=True),)),
        ("A* search", (word("A*"), word("search"))),
        ("tranformer~ x~2", (word("tranformer", fuzzy=True), word("x", fuzzy=True))),
        ("~100 ab*cd", (word("100"), word("ab"), word("cd"))),
        ('"a quant*"', (word("a quant", quoted=True, prefix=True),)),
        ("title:a b", (word("a", "title"), B)),
        ("Title:a", (word("a", "title"),)),
        ('title:"a b"', (word("a b", "title", quoted=True),)),
        ("title:(a OR b) c", (Or((word("a", "title"), word("b", "title"))), C)),
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
        ("date:2025", (RangeFilter("date", 20250000, 20259999),)),
        ("date:2025-03", (RangeFilter("date", 20250300, 20250399),)),
        ("date:2025-3-9 a", (RangeFilter("date", 20250309, 20250309), A)),
        ("date:2025/03/09", (RangeFilter("date", 20250309, 20250309),)),
        ("date:20250309", (RangeFilter("date", 20250309, 20250309),)),
        ("date:>=2025-03-09", (RangeFilter("date", 20250309, MAX_DAY),)),
        ("date:>=2025-03-01", (RangeFilter("date", 20250300, MAX_DAY),)),
        ("date:>=2025-01-01", (RangeFilter("date", 20250000, MAX_DAY),)),
        ("date:<2025-01-01", (RangeFilter("date", MIN_DAY, 20249999),)),
        ("date:>2024-12-31", (RangeFilter("date", 20241232, MAX_DAY),)),
        ("date:2025-01-01", (RangeFilter("date", 20250101, 20250101),)),
        ("date:2025-01-01..2025-02-01", (RangeFilter("date", 20250000, 20250201),)),
        ("date:>2025-03", (RangeFilter("date", 20250400, MAX_DAY),)),
        ("date:<2025", (RangeFilter("date", MIN_DAY, 20249999),)),
        ("date:<=2025", (RangeFilter("date", MIN_DAY, 20259999),)),
        ("date:2024..2025", (RangeFilter("date", 20240000, 20259999),)),
        ("date:2025..2024", (RangeFilter("date", 20240000, 20259999),)),
        ("date:2024-06..", (RangeFilter("date", 20240600, MAX_DAY),)),
        ("date:..2024-06", (RangeFilter("date", MIN_DAY, 20240699),)),
        ("year:2024", (RangeFilter("date", 20240000, 20249999),)),
        ("-date:2024", (Not(RangeFilter("date", 20240000, 20249999)),)),
        ("votes:>20", (RangeFilter("votes", 21, MAX_NUMBER),)),
        ("stars:>100", (RangeFilter("stars", 101, MAX_NUMBER),)),
        ("comments:5..", (RangeFilter("comments", 5, MAX_NUMBER),)),
        ("votes:>=20", (RangeFilter("votes", 20, MAX_NUMBER),)),
        ("votes:≥20", (RangeFilter("votes", 20, MAX_NUMBER),)),
        ("votes:<20", (RangeFilter("votes", 0, 19),)),
        ("votes:<=20", (RangeFilter("votes", 0, 20),)),
        ("votes:=20", (RangeFilter("votes", 20, 20),)),
        ("votes:20", (RangeFilter("votes", 20, 20),)),
        ("votes:5..10", (RangeFilter("votes", 5, 10),)),
        ("votes:10..", (RangeFilter("votes", 10, MAX_NUMBER),)),
        ("votes:" + "9" * 5000, (RangeFilter("votes", MAX_NUMBER, MAX_NUMBER),)),
        ("has:code", (ChoiceFilter("has", "code"),)),
        ("has:code|note", (Or((ChoiceFilter("has", "code"), ChoiceFilter("has", "note"))),)),
        ("has:code,notes", (Or((ChoiceFilter("has", "code"), ChoiceFilter("has", "note"))),)),
        ("-has:code", (Not(ChoiceFilter("has", "code")),)),
        ("is:unread IS:Read", (ChoiceFilter("is", "unread"), ChoiceFilter("is", "read"))),
        ("is:book", (ChoiceFilter("is", "bookmarked"),)),
        ("-is:read OR is:new", (Or((Not(ChoiceFilter("is", "read")), ChoiceFilter("is", "new"))),)),
        ("is:|", ()),
    ],
)
def test_parsed_query(query, wanted):
    assert items(query) == wanted
    assert parse_query(query).hint == ""


@pytest.mark.parametrize(
    ("query", "sort", "is_reversed"),
    [
        ("sort:date", "date", False),
        ("a sort:v b", "votes", False),
        ("sort:-title sort:relevance", "relevance", False),
        ("a", None, False),
        ("sort:-date", "date", True),
        ("sort=-stars", "stars", True),
    ],
)
def test_last_sort_applies(query, sort, is_reversed):
    parsed = parse_query(query)
    assert (parsed.sort, parsed.is_reversed, parsed.hint) == (sort, is_reversed, "")


@pytest.mark.parametrize(
    ("query", "days_before"),
    [
        ("date:today", (0, 0)),
        ("date:Yesterday", (1, 1)),
        ("date:7d", (7, None)),
        ("date:2w", (14, None)),
        ("date:1M", (30, None)),
        ("date:1y", (365, None)),
        ("date:>=yesterday", (1, None)),
        ("date:<=yesterday", (None, 1)),
        ("date:yesterday..today", (1, 0)),
    ],
)
def test_dates_relative_to_today(query, days_before):
    def number(days, other):
        if days is None:
            return other
        return int((datetime.date.today() - datetime.timedelta(days)).strftime("%Y%m%d"))

    # A range that begins with the first day of a month includes papers of which only the month is known.
    (found,) = items(f"{query} ")
    first, last = number(days_before[0], MIN_DAY), number(days_before[1], MAX_DAY)
    assert found.minimum in (first, first - 1, first - 101)
    assert found.maximum == last


@pytest.mark.parametrize("value", ["t", "toda", "y", "yest", ">=tod", "7", "30", "365", "9999y"])
def test_relative_dates_while_typing(value):
    parsed = parse_query(f"date:{value}")
    assert parsed.hint == ""
    assert all(item.maximum == MAX_DAY for item in parsed.nodes)


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("date:", ()),
        ("date:>", ()),
        ("date:>=202", ()),
        ("date:2", (RangeFilter("date", 20000000, 29999999),)),
        ("date:202", (RangeFilter("date", 20200000, 20299999),)),
        ("date:2025-", (RangeFilter("date", 20250000, 20259999),)),
        ("date:2025-0", (RangeFilter("date", 20250000, 20259999),)),
        ("date:2025-1", (RangeFilter("date", 20250000, 20259999),)),
        ("date:2025-03-", (RangeFilter("date", 20250300, 20250399),)),
        ("date:2025-03-1", (RangeFilter("date", 20250300, 20250399),)),
        ("date:2024.", (RangeFilter("date", 20240000, 20249999),)),
        ("date:2024..", (RangeFilter("date", 20240000, MAX_DAY),)),
        ("date:2024..20", (RangeFilter("date", 20240000, MAX_DAY),)),
        ("votes:", ()),
        ("votes:>", ()),
        ("votes:5.", (RangeFilter("votes", 5, 5),)),
        ("votes:5..", (RangeFilter("votes", 5, MAX_NUMBER),)),
        ("is:", ()),
        ("has:c", (ChoiceFilter("has", "code"),)),
        ('title:"', ()),
        ("-", ()),
        ("-(", ()),
    ],
)
def test_incomplete_query_is_no_error(query, wanted):
    assert items(query) == wanted
    assert parse_query(query).hint == ""


@pytest.mark.parametrize(
    ("query", "words", "hint"),
    [
        ("foo:bar", ["foo", "bar"], "foo: is not a field, searched as words"),
        (
            "date:tomorrowish",
            ["date", "tomorrowish"],
            f"date:tomorrowish {NO_DATE}",
        ),
        (
            "date:2025-13 x",
            ["date", "2025-13", "x"],
            f"date:2025-13 {NO_DATE}",
        ),
        ("votes:many", ["votes", "many"], "votes:many is not a number: use 20, >20 or 10..50"),
        (
            "is:purple",
            ["is", "purple"],
            "is:purple is unknown: use bookmarked, read, unread, new, watched, updated, "
            "dismissed, hidden, deleted or disliked",
        ),
        (
            "foo:bar has:wings",
            ["foo", "bar", "has", "wings"],
            "foo: is not a field, searched as words; 1 more problem",
        ),
        ("GPT: a title", ["GPT", "a", "title"], ""),
        ("http://arxiv.org", ["http", "//arxiv.org"], ""),
        ("x:y", ["x", "y"], ""),
        ('a "b c', ["a", "b c"], "the quote is not closed"),
        ('title:"a', ["a"], "the quote is not closed"),
        ('a"b c" "d', ["a", "b c", "d"], "the quote is not closed"),
    ],
)
def test_unknown_syntax_is_searched_as_words(query, words, hint):
    parsed = parse_query(query)
    assert [item.text for item in parsed.nodes] == words
    assert parsed.hint == hint


def test_number_of_terms_is_limited():
    parsed = parse_query("word " * (MAX_TERMS + 1))
    assert len(parsed.nodes) == MAX_TERMS
    assert str(MAX_TERMS) in parsed.hint
    assert parse_query("word " * MAX_TERMS).hint == ""


def test_number_of_expanded_terms_is_limited():
    parsed = parse_query("word* word~ " * MAX_EXPANDED_TERMS)
    assert sum(item.prefix or item.fuzzy for item in parsed.nodes) == MAX_EXPANDED_TERMS
    assert str(MAX_EXPANDED_TERMS) in parsed.hint
    assert parse_query("word* " * MAX_EXPANDED_TERMS).hint == ""


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
def test_last_word_is_unfinished_until_something_follows(query, open):
    texts = [item.node if isinstance(item, Not) else item for item in items(query)]
    assert [text.unfinished for text in texts] == open


def test_terms_have_spans():
    query = 'one -"two three" title:(four OR five) V$^2$L'
    parsed = parse_query(query)

    def texts(items):
        for item in items:
            if isinstance(item, TextTerm):
                yield item
            elif isinstance(item, Not):
                yield from texts([item.node])
            elif isinstance(item, And | Or):
                yield from texts(item.nodes)

    for text in texts(parsed.nodes):
        assert parsed.text[text.start : text.start + len(text.text)] == text.text


def test_query_spans_for_coloring():
    query = "-has:code foo:bar (a OR date:2024 tag:rl)"
    parsed = parse_query(query)
    spans = [(query[part.start : part.end], part.role) for part in parsed.spans]
    assert spans == [
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
SYNTAX = ["-", "(", ")", '"', "OR", "NOT", "!", "=", "*", "~", ">=", "..", "a", "b-c", "code", ","]
FIELD_WORDS = [f"{name}:" for name in (*FIELDS, *FIELD_ALIASES, "foo")]
MORE = [" ", " OR ", "|", "2025", "2025-03", "read"]
PIECES = st.lists(st.sampled_from([*FIELD_WORDS, *SYNTAX, *MORE]), max_size=25).map("".join)


@given(st.one_of(WILD, PIECES))
def test_any_text_is_a_valid_query(text):
    parsed = parse_query(text)
    end = 0
    for part in parsed.spans:
        assert end <= part.start < part.end <= len(parsed.text)
        end = part.end
    assert not any(isinstance(item, And) for item in parsed.nodes)
    assert "\n" not in parsed.hint
    assert len(parsed.hint) < 140


@given(PIECES)
@example("-like:title:")
def test_hint_only_for_unknown_syntax(text):
    hint = parse_query(text).hint
    is_known = not any(part.role == "unknown" for part in parse_query(text).spans)
    assert bool(hint) == (
        not is_known or any(part in hint for part in ("stars", "quote", "category", "minus"))
    )


def written(item):
    """Format an item as query text."""
    if isinstance(item, TextTerm):
        text = (
            f'"{item.text}{"*" * item.prefix}"'
            if item.quoted
            else f"{item.text}{'*' * item.prefix}{'~' * item.fuzzy}"
        )
        return f"{item.field}:{text}" if item.field else text
    if isinstance(item, RangeFilter):
        ends = (item.minimum, item.maximum)
        if item.field != "date":
            return f"{item.field}:{ends[0]}..{ends[1]}"
        parts = [(end // 10_000, end // 100 % 100 or 1, end % 100 or 1) for end in ends]
        return "date:" + "..".join(f"{year:04}-{month:02}-{day:02}" for year, month, day in parts)
    if isinstance(item, ChoiceFilter):
        return f"{item.field}:{item.value}"
    if isinstance(item, Not):
        return f"-{written(item.node)}" if not isinstance(item.node, Not) else f"-({written(item.node)})"
    joint = " OR " if isinstance(item, Or) else " "
    return f"({joint.join(map(written, item.nodes))})"


def between(first, last):
    """Draw a date range, as a range or as the month or year that starts with its first day."""
    if first < last and first % 100 == 1:
        first -= 101 if first // 100 % 100 == 1 else 1
    return RangeFilter("date", first, last)


WORDS = st.from_regex(r"[a-zé][a-z0-9é]{1,5}(-[a-z0-9]{1,3})?", fullmatch=True).filter(str.isascii)
DAYS = st.dates().filter(lambda day: day.year >= 1000).map(lambda day: int(day.strftime("%Y%m%d")))
LEAVES = st.one_of(
    st.builds(
        lambda text, where, how: TextTerm(text, where, prefix=how == 1, fuzzy=how == 2),
        WORDS,
        st.sampled_from(["", "", "title", "abstract", "author", "note"]),
        st.integers(0, 2),
    ),
    st.builds(
        lambda texts, where, prefix: TextTerm(" ".join(texts), where, quoted=True, prefix=prefix),
        st.lists(WORDS, min_size=1, max_size=3),
        st.sampled_from(["", *(field.name for field in QUERY_FIELDS if field.kind in TEXT_KINDS)]),
        st.booleans(),
    ),
    st.builds(TextTerm, WORDS, st.sampled_from(["tag", "id", "source"])),
    st.tuples(DAYS, DAYS).map(lambda ends: between(*sorted(ends))),
    st.tuples(
        st.sampled_from(["votes", "stars", "comments"]), st.integers(0, 10**6), st.integers(0, 10**6)
    ).map(lambda drawn: RangeFilter(drawn[0], *sorted(drawn[1:]))),
    st.sampled_from(FIELDS["has"].choices).map(lambda value: ChoiceFilter("has", value)),
    st.sampled_from(FIELDS["is"].choices).map(lambda value: ChoiceFilter("is", value)),
)
ITEMS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda each: Or(tuple(each))),
        st.lists(inner, min_size=2, max_size=3).map(lambda each: And(tuple(each))),
    ),
    max_leaves=8,
)


def tidy(item):
    """Return the item as the parser does: nested ORs and nested ANDs are flattened."""
    if isinstance(item, Not):
        return Not(tidy(item.node))
    if not isinstance(item, And | Or):
        return item
    kind = type(item)
    inner = [tidy(each) for each in item.nodes]
    flat = [each for one in inner for each in (one.nodes if isinstance(one, kind) else (one,))]
    return kind(tuple(flat))


@given(st.lists(ITEMS, max_size=4), st.sampled_from([None, *FIELDS["sort"].choices]))
def test_formatted_query_parses_to_same_query(wanted, sort):
    text = " ".join([*map(written, wanted), *([f"sort:{sort}"] if sort else [])])
    assume("only the first" not in parse_query(text).hint)
    flat = [each for item in map(tidy, wanted) for each in (item.nodes if isinstance(item, And) else (item,))]
    assert parse_query(f"{text} ") == Query(tuple(flat), sort)


def test_help_covers_exactly_the_fields():
    documented = {
        name for form in HELP_EXAMPLES for name in re.findall(r"([a-z]+):", f"{form.example} {form.meaning}")
    }
    assert documented == set(FIELDS)
    assert all(not parse_query(f"{form.example} ").hint for form in HELP_EXAMPLES)
    assert sum(len(lines) for _, lines in help_sections()) == len(HELP_EXAMPLES)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("diffusion sort:votes", "diffusion"),
        ("sort:votes", ""),
        ("Sort:v (a OR b) sort:title -c", "(a OR b) -c"),
        ("a sort=-votes", "a"),
        ("a sort:votes b", "a b"),
        ("a sort:", "a sort:"),
        ("sort:purple a", "sort:purple a"),
        ('"sort:votes" a', '"sort:votes" a'),
        ("title:sort votes", "title:sort votes"),
        ("a (sort:votes b)", "a ( b)"),
    ],
)
def test_strip_sort(text, left):
    assert strip_sort(text) == left
    assert parse_query(strip_sort(text)).sort is None
