"""Which records cannot describe one work."""

from __future__ import annotations

from typing import Any

import pytest

from paperreader.catalog.merge.contradictions import contradiction, is_preprint_doi, work_identity
from paperreader.catalog.merge.matching import with_keys
from tests.catalog.records import record

TITLE = "Deep learning"

LECUN = ("Yann LeCun", "Yoshua Bengio", "Geoffrey Hinton")
GOODFELLOW = ("Ian Goodfellow", "Yoshua Bengio", "Aaron Courville")


def reason(one: dict[str, Any], other: dict[str, Any]) -> str:
    first, second = (
        work_identity(with_keys(record(**{"title": TITLE, "key": "a:0", **fields})))
        for fields in (one, other)
    )
    found = contradiction(first, second)
    assert found == contradiction(second, first)
    assert contradiction(first, first) == contradiction(second, second) == ""
    return found


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({"arxiv": "2403.00001"}, {"arxiv": "2403.00002"}, "different arXiv ids"),
        (
            {"arxiv": "2403.00001", "doi": "10.1/x"},
            {"arxiv": "2403.00002", "doi": "10.1/x"},
            "different arXiv ids",
        ),
        ({"doi": "10.1/x"}, {"doi": "10.1/y"}, "different DOIs"),
        ({"authors": ("Tom M. Mitchell",)}, {"authors": ("Zhi-Hua Zhou",)}, "no author in common"),
        (
            {"authors": LECUN, "published": "2015"},
            {"authors": GOODFELLOW, "published": "2016-11-18"},
            "different first authors and years",
        ),
        ({"editors": ("Tom M. Mitchell",)}, {"editors": ("Zhi-Hua Zhou",)}, "no editor in common"),
        (
            {"editors": LECUN, "published": "2015"},
            {"editors": GOODFELLOW, "published": "2016-11-18"},
            "different first editors and years",
        ),
        (
            {"doi": "10.1/x", "editors": ("A. First",)},
            {"doi": "10.1/x", "title": "Another volume", "editors": ("B. Second",)},
            "different titles and authors",
        ),
        ({"entry_type": "book"}, {"entry_type": "article"}, "a book and a part of one"),
        ({"entry_type": "Book"}, {"entry_type": "incollection"}, "a book and a part of one"),
        (
            {"entry_type": "book", "published": "1998"},
            {"entry_type": "book", "published": "2018"},
            "different editions of a book",
        ),
        (
            {"entry_type": "book", "edition": "First"},
            {"entry_type": "book", "edition": "second"},
            "different editions of a book",
        ),
        (
            {"entry_type": "incollection"},
            {"entry_type": "inbook", "title": "Another chapter"},
            "different chapters",
        ),
        (
            {"doi": "10.1/x", "authors": ("A. First",)},
            {"doi": "10.1/x", "title": "Another chapter", "authors": ("B. Second",)},
            "different titles and authors",
        ),
        (
            {"doi": "10.1/x", "entry_type": "incollection", "authors": ("A. First",)},
            {"doi": "10.1/x", "entry_type": "incollection", "title": "Another", "authors": ("A. First",)},
            "different chapters",
        ),
        (
            {"doi": "10.1/x", "entry_type": "book"},
            {"doi": "10.1/x", "entry_type": "incollection", "title": "Another"},
            "a book and a part of one",
        ),
    ],
)
def test_contradictions(one: dict[str, Any], other: dict[str, Any], expected: str) -> None:
    assert reason(one, other) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {}),
        (
            {"arxiv": "2403.00001", "authors": ("A. First",)},
            {"arxiv": "2403.00001", "authors": ("B. Second",)},
        ),
        (
            {"arxiv": "1706.03762", "authors": LECUN, "published": "2015"},
            {"doi": "10.1/x", "authors": LECUN[:1], "published": "2019", "booktitle": "Proceedings"},
        ),
        ({"doi": "10.48550/arxiv.1706.03762"}, {"doi": "10.1/x"}),
        ({"doi": "10.1101/2020.01.02.892345"}, {"doi": "10.1/x"}),
        ({"doi": "10.1/x", "authors": ("A. First",)}, {"doi": "10.1/x", "authors": ("B. Second",)}),
        ({"doi": "10.1/x", "authors": LECUN}, {"doi": "10.1/x", "title": "Other", "authors": LECUN}),
        ({"doi": "10.1/x"}, {"doi": "10.1/x", "title": "Another title", "authors": LECUN}),
        ({"authors": LECUN, "published": "2015"}, {"authors": GOODFELLOW, "published": "2015"}),
        ({"authors": LECUN}, {"authors": GOODFELLOW, "published": "2015"}),
        ({"authors": LECUN, "published": "2015"}, {"published": "2016"}),
        ({"editors": LECUN, "published": "2015"}, {"editors": ("Y. Lecun",), "published": "2016"}),
        ({"editors": LECUN}, {"editors": GOODFELLOW, "published": "2015"}),
        ({"editors": ("A. First",)}, {"authors": ("B. Second",)}),
        ({"editors": ("A. First",)}, {}),
        ({"editors": ("A. First",), "authors": LECUN}, {"editors": ("B. Second",), "authors": LECUN}),
        ({"editors": ("A. First",), "authors": LECUN}, {"editors": ("B. Second",)}),
        ({"entry_type": "book"}, {"entry_type": "misc"}),
        ({"entry_type": "book", "published": "2018"}, {"entry_type": "book", "edition": "2"}),
        ({"entry_type": "inproceedings"}, {"entry_type": "article"}),
    ],
)
def test_records_of_one_work_do_not_contradict_each_other(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert reason(one, other) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yann LeCun", "LeCun, Yann"),
        ("Yann LeCun", "Y. Lecun"),
        ("Wei Zhang", "Zhang Wei"),
        ("Wei Zhang", "Wei Zhang 0001"),
        ("Martin Luther King Jr.", "King, Jr., Martin Luther"),
        ("Martin Luther King, Jr.", "Martin Luther King"),
        ('Jörg M\\"uller', "Joerg Mueller"),
        ("Ana García-Márquez", "A. Garcia Marquez"),
        ("Sinéad O'Connor", "Sinead O’Connor"),
        ("Ashish Vaswani et al.", "Ashish Vaswani"),
        ("OpenAI", "OpenAI"),
        ("张伟", "张伟"),
        ("", "Ashish Vaswani"),
        ("???", "Ashish Vaswani"),
    ],
)
def test_spellings_of_one_author_do_not_contradict_each_other(one: str, other: str) -> None:
    both = ({"authors": (one,), "published": "2015"}, {"authors": (other,), "published": "2016"})
    assert reason(*both) == ""


@pytest.mark.parametrize(
    ("doi", "expected"),
    [
        ("10.48550/arxiv.1706.03762", True),
        ("10.1101/2020.01.02.892345", True),
        ("10.1101/gr.213611.116", False),
        ("10.21203/rs.3.rs-1/v1", True),
        ("10.2139/ssrn.123", True),
        ("10.1038/nature14539", False),
        ("", False),
    ],
)
def test_dois_of_preprint_servers(doi: str, expected: bool) -> None:
    assert is_preprint_doi(doi) is expected
