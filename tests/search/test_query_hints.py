"""Forms of values that are understood although they are not documented, and hints about those that are not."""

from __future__ import annotations

import pytest

from paperreader.text.query import RangeFilter, hints, parse_query
from paperreader.text.query.fields import FIELDS, find_field
from paperreader.text.query.values import parse_choice


def items(text):
    return parse_query(text).nodes


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stars>10", "stars:>10"),
        ("stars >= 10", "stars:>=10"),
        ("stars >10", "stars:>10"),
        ("stars: >10", "stars:>10"),
        ("stars:> 10", "stars:>10"),
        ("stars: 10", "stars:10"),
        ("Stars≥10", "stars:>=10"),
        ("stars=>10", "stars:>=10"),
        ("stars=<10", "stars:<=10"),
        ("stars:10+", "stars:>=10"),
        ("stars:10-50", "stars:10..50"),
        ("stars:>1k", "stars:>1000"),
        ("stars:1,000..2,000", "stars:1000..2000"),
        ("votes>5", "votes:>5"),
        ("votes<=5", "votes:<=5"),
        ("votes=5", "votes:5"),
        ("votes = 5", "votes:5"),
        ("votes==5", "votes:5"),
        ("comments < 3", "comments:<3"),
        ("-votes>5", "-votes:>5"),
        ("NOT votes > 5", "-votes:>5"),
        ("lamps (stars>10 OR votes>5) doors", "lamps (stars:>10 OR votes:>5) doors"),
        ("year>2023", "date:>2023"),
        ("year >= 2023", "date:>=2023"),
        ("date<2024-06", "date:<2024-06"),
        ("date:2024+", "date:>=2024"),
        ("date:2023-2024", "date:2023..2024"),
        ("added>2024", "added:>2024"),
        ("date:2weeks", "date:2w"),
        ("date:3-months", "date:3m"),
        ("date:1year", "date:1y"),
        ("date:7days", "date:7d"),
        ("added:now", "added:today"),
    ],
)
def test_comparisons_without_a_colon_and_other_forms_of_values(typed, meant):
    assert items(f"{typed} ") == items(f"{meant} ")
    assert parse_query(f"{typed} ").hint == ""


@pytest.mark.parametrize(
    "query",
    [
        "stars>",
        "stars > ",
        "votes >=",
        "date:2024-2",
        "date:2024-20",
        "date:2024-202",
        "date:2wee",
        "date:7-d",
    ],
)
def test_unfinished_comparison_is_no_error(query):
    assert parse_query(query).hint == ""
    assert all(isinstance(node, RangeFilter) for node in items(query))


@pytest.mark.parametrize(
    "query", ["loss<5", "p < 0.05", "superstars>10", "my-stars>10", "a stars b > c", "today > year", "x>=y"]
)
def test_other_comparisons_are_words(query):
    assert not any(isinstance(node, RangeFilter) for node in items(query))
    assert parse_query(query).hint == ""


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("is:starred", "is:starred is unknown: use is:bookmarked"),
        ("is:fav", "is:fav is unknown: use is:bookmarked"),
        ("-is:Favourite", "is:Favourite is unknown: use is:bookmarked"),
        ("is:read|seen", "is:read|seen is unknown: use is:read"),
        ("is:unseen", "is:unseen is unknown: use is:unread"),
        ("is:archived", "is:archived is unknown: use is:hidden or is:dismissed"),
        ("has:pdf", "has:pdf is unknown: use code, note, summary, text, project, model or data"),
        ("has:github", "has:github is unknown: use has:code"),
        ("has:tags", "has:tags is unknown: use tag: with the name of a tag"),
        ("sort:newest", "sort:newest is unknown: use sort:date"),
        ("sort:oldest", "sort:oldest is unknown: use sort:-date"),
        ("sort:upvotes", "sort:upvotes is unknown: use sort:votes"),
        ("date:lastweek", "date:lastweek is not a date: use date:7d"),
        ("date:last-week", "date:last-week is not a date: use date:7d"),
        ("added:this_month", "added:this_month is not a date: use added:1m"),
        ("date:lastyear", "date:lastyear is not a date: use date:1y"),
        ("date:week", "date:week is not a date: use date:7d"),
        ("date:2024-02-30", "date:2024-02-30 is not a date: use 2025-03, today, 7d or >=2025-01-01"),
        ("date:2023-02-29", "date:2023-02-29 is not a date: use 2025-03, today, 7d or >=2025-01-01"),
        ("date:>2024-13", "date:>2024-13 is not a date: use 2025-03, today, 7d or >=2025-01-01"),
        ("date:03/2024", "date:03/2024 is not a date: use 2025-03, today, 7d or >=2025-01-01"),
        ("year>lots", "date:>lots is not a date: use 2025-03, today, 7d or >=2025-01-01"),
        ("stars>many", "stars:>many is not a number: use 20, >20 or 10..50"),
        ("cat:.CLL", "cat:.CLL is not a category: use cat:cs.CL"),
        ("cat:cs.CLL", "cat:cs.CLL is not a category: use cat:cs.CL"),
        ("cat:csCL", "cat:csCL is not a category: use cat:cs.CL"),
        ("category:cs/CL", "cat:cs/CL is not a category: use cat:cs.CL"),
        ("cat:stat.LM", "cat:stat.LM is not a category: use cat:stat.ML"),
        ("cat:zzzzzz", "cat:zzzzzz is not a category: use cat:cs.CL, for example"),
        ("before:2024", "before: is not a field: use date:<2024"),
        ("after:2024-06", "after: is not a field: use date:>2024-06"),
        ("since:2023", "since: is not a field: use date:>=2023"),
        ("until:2023", "until: is not a field: use date:<=2023"),
        ("before:dawn", "before: is not a field, searched as words"),
        ("by:hinton", "by: is not a field (did you mean author:?), searched as words"),
        ("upvotes:>5", "upvotes: is not a field (did you mean votes:?), searched as words"),
        ("order:date", "order: is not a field (did you mean sort:?), searched as words"),
    ],
)
def test_hint_says_what_to_write(query, hint):
    assert parse_query(f"{query} ").hint == hint


@pytest.mark.parametrize(
    "query",
    [
        "cat:CL ",
        "cat:.cl ",
        "cat:cs ",
        "cat:cs.LG,cs.CL ",
        "cat:cmp-lg ",
        "cat:hep-th ",
        "cat:c",
        "cat:cs.",
        "cat:M",
    ],
)
def test_categories_that_exist_or_are_being_typed_have_no_hint(query):
    assert parse_query(query).hint == ""


def test_hints_name_what_exists():
    for field, meanings in hints._MEANT.items():
        for word, meant in meanings.items():
            assert parse_choice(FIELDS[field], word) is None, word
            for each in meant.split(" or "):
                if "with the name" not in each:
                    assert parse_query(f"{each} ").hint == "", each
    for name, field in hints._FIELDS_MEANT.items():
        assert find_field(name) is None
        assert field in FIELDS
