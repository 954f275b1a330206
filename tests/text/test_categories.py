"""Categories of arXiv."""

from __future__ import annotations

import pytest

from paperreader.models import Paper
from paperreader.text.categories import all_categories, find_categories
from paperreader.text.query.arxiv_subscription import parse_subscription


@pytest.mark.parametrize(
    ("texts", "categories"),
    [
        (["cs.CL cs.LG"], ("cs.CL", "cs.LG")),
        (["Machine Learning (stat.ML); Optics (physics.optics)"], ("stat.ML", "physics.optics")),
        (["hep-th", "cond-mat.mtrl-sci", "cs.CL", "cs.CL"], ("hep-th", "cond-mat.mtrl-sci", "cs.CL")),
        (["68T07; I.2.7", "e.g. cs and node.js", "CS.CL", "cs.", "math"], ()),
        (["[q-bio.NC]", "astro-ph,gr-qc"], ("q-bio.NC", "astro-ph", "gr-qc")),
    ],
)
def test_categories_in_texts(texts, categories):
    assert find_categories(texts) == categories


@pytest.mark.parametrize(
    ("fields", "categories"),
    [
        (
            {"categories": ("cs.CL", "cs.LG"), "keywords": ("lamps", "stat.ML", "cs.LG")},
            ("cs.CL", "cs.LG", "stat.ML"),
        ),
        ({"keywords": ("lamps",), "arxiv": "2401.00001"}, ()),
        ({"arxiv": "hep-th/9901001"}, ("hep-th",)),
        ({"arxiv": "cs/0112017", "categories": ("cs.CL",)}, ("cs.CL",)),
    ],
)
def test_categories_of_a_paper(fields, categories):
    assert all_categories(Paper("x", "T", **fields)) == categories


@pytest.mark.parametrize(
    ("text", "subscription"),
    [
        ("cs.CL", "cs.CL"),
        (" CS.cl ", "cs.CL"),
        ("cs.*", "cs"),
        ("Stat", "stat"),
        ("hep-th", "hep-th"),
        ("cond-mat.STR-EL", "cond-mat.str-el"),
        ("physics.optics", "physics.optics"),
        ("cat:cs.CL  AND abs:agents", "cat:cs.CL AND abs:agents"),
        ("agents", "agents"),
        ("cat:cs.CL", "cs.CL"),
        ("cat:cs.*", "cs"),
    ],
)
def test_subscriptions(text, subscription):
    assert parse_subscription(text) == subscription


@pytest.mark.parametrize("text", ["", " ", "cmp-lg.x", "a\x1bb", "x" * 301, "NL"])
def test_subscriptions_that_are_not_valid(text):
    with pytest.raises(ValueError):
        parse_subscription(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("CL", "cs.CL"),
        ("cl", "cs.CL"),
        (".CL", "cs.CL"),
        ("Cl.", "cs.CL"),
        (".CLL", "cs.CL"),
        ("cs.CLL", "cs.CL"),
        ("csx.CL", "cs.CL"),
        ("cs:CL", "cs.CL"),
        ("cs-CL", "cs.CL"),
        ("cs/CL", "cs.CL"),
        ("cs_CL", "cs.CL"),
        ("cs CL", "cs.CL"),
        ("csCL", "cs.CL"),
        ("cat:CL", "cs.CL"),
        ("cat: LG", "cs.LG"),
        ("LG", "cs.LG"),
        ("CV", "cs.CV"),
        ("ML", "stat.ML"),
        ("stat.LM", "stat.ML"),
        ("cs.", "cs"),
        ("cat:optics", "physics.optics"),
        ("cond-mat.str-ell", "cond-mat.str-el"),
    ],
)
def test_nearest_category_is_named(text, meant):
    with pytest.raises(ValueError, match=f'is not a category of arXiv; use "{meant}"'):
        parse_subscription(text)


@pytest.mark.parametrize(
    "text",
    ["agents", "state space", "ti:CL", "all:AI", "cat:cs.ZZ", "optics", "RAG", "cat:cs.CL OR cat:cs.LG"],
)
def test_queries_are_no_categories(text):
    assert parse_subscription(text) == text
