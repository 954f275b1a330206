"""Categories of arXiv."""

from __future__ import annotations

import pytest

from paperreader.models import Paper
from paperreader.text.categories import all_categories, find_categories


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
