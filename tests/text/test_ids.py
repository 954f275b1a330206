"""Paper ids, and the keys by which two records are one paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.models import Source, SourceRecord
from paperreader.text.ids import match_keys, parse_arxiv_id, parse_doi, slug_id

HERE = Source("capture", "page.txt", None, "0123456789abcdef:0")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2403.01234", "2403.01234"),
        ("2403.01234v12", "2403.01234"),
        (" arXiv:2403.01234v2 ", "2403.01234"),
        ("ARXIV: 2403.01234", "2403.01234"),
        ("0704.0001", "0704.0001"),
        ("hep-th/9901001v3", "hep-th/9901001"),
        ("math.GT/0309136", "math/0309136"),
        ("https://arxiv.org/abs/2403.01234v1", "2403.01234"),
        ("https://arxiv.org/abs/arXiv:2403.01234", "2403.01234"),
        ("http://www.arxiv.org/pdf/2403.01234v1.pdf", "2403.01234"),
        ("https://export.arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("arxiv.org/html/2403.01234v2#S1", "2403.01234"),
        ("https://huggingface.co/papers/2403.01234", "2403.01234"),
        ("https://hf.co/papers/2403.01234?x=1", "2403.01234"),
        ("https://www.alphaxiv.org/abs/2403.01234", "2403.01234"),
        ("10.48550/arXiv.2403.01234", "2403.01234"),
        ("https://doi.org/10.48550/ARXIV.2403.01234", "2403.01234"),
        ("oai:arXiv.org:2403.01234", "2403.01234"),
        ("2403.0123", ""),
        ("1412.01234", ""),
        ("2413.01234", ""),
        ("see 2403.01234", ""),
        ("2403.01234 and 2403.01235", ""),
        ("foo/9901001", ""),
        ("https://example.org/abs/2403.01234", ""),
        ("10.1000/182", ""),
        ("", ""),
        ("x" * 1000, ""),
    ],
)
def test_arxiv_id(text: str, expected: str) -> None:
    assert parse_arxiv_id(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1000/ABC.1", "10.1000/abc.1"),
        ("doi:10.1000/abc", "10.1000/abc"),
        ("https://doi.org/10.1000/abc.", "10.1000/abc"),
        ("http://dx.doi.org/10.1000/abc", "10.1000/abc"),
        ("10.1000", ""),
        ("see 10.1000/abc", ""),
        ("", ""),
    ],
)
def test_doi(text: str, expected: str) -> None:
    assert parse_doi(text) == expected


def test_slug_is_readable_and_stable() -> None:
    slug = slug_id("V$^2$L: Leveraging Vision, and Vision-Language Models for Large-Scale Retrieval")
    assert slug.startswith("v2l-leveraging-vision-and-vision-language-")
    assert slug == slug_id("v²l leveraging vision and  vision language models for large scale retrieval")
    assert slug != slug_id("V2L: Leveraging Vision")


def test_slug_of_a_short_title_needs_the_abstract() -> None:
    assert slug_id("Survey", "on cats") != slug_id("Survey", "on dogs")
    assert slug_id("A Survey of All Things", "on cats") == slug_id("A Survey of All Things", "on dogs")


@given(st.text(max_size=200), st.text(max_size=50))
def test_slug_of_any_title_is_plain_ascii(title: str, abstract: str) -> None:
    slug = slug_id(title, abstract)
    assert slug.isascii()
    assert slug.replace("-", "").isalnum()
    assert 10 <= len(slug) <= 60


def test_match_keys() -> None:
    paper = SourceRecord("A Title Long Enough", HERE, arxiv="2403.01234", doi="10.1000/x")
    assert match_keys(paper) == ("arxiv:2403.01234", "doi:10.1000/x", "title:atitlelongenough")


def test_short_titles_match_by_their_abstract_only() -> None:
    abstract = "An abstract that is long enough to tell two papers of one short name apart."
    first, again = (
        SourceRecord("Survey", HERE, abstract),
        SourceRecord("SURVEY!", HERE, f" {abstract.upper()}\n"),
    )
    other = SourceRecord("Survey", HERE, abstract + " And more.")
    assert match_keys(first) == match_keys(again) != match_keys(other)
    assert match_keys(first)[0].startswith("short:survey:")
    assert match_keys(SourceRecord("Survey", HERE, "Too short.")) == ()
    assert match_keys(SourceRecord("???", HERE, abstract)) == ()
