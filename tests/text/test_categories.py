"""Categories of arXiv."""

from __future__ import annotations

import pytest

from paperreader.models import Paper
from paperreader.text.categories import all_categories, find_categories, parse_subscription


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


@pytest.mark.parametrize("text", ["", " ", "cs.", "cs.CLL", "csx.CL", "cmp-lg.x", "a\x1bb", "x" * 301])
def test_subscriptions_that_are_not_valid(text):
    with pytest.raises(ValueError):
        parse_subscription(text)
