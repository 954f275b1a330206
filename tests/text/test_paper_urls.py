"""Tests of the URLs of a paper."""

from __future__ import annotations

from paperreader.models import Link, Paper, Source
from paperreader.text import paper_urls
from tests.tui.fakes import code_link, make_paper

CODE, OTHER = "https://github.com/lab/tool", "https://github.com/lab/other"


def test_landing_pages():
    captured = (Source("capture", "a.txt", None, "k:0"),)
    assert paper_urls.landing_page(make_paper(1)) == "https://arxiv.org/abs/2510.00001"
    assert paper_urls.landing_page(Paper("x", "X", doi="10.1/x")) == "https://doi.org/10.1/x"
    assert paper_urls.landing_page(Paper("x", "X")) == ""
    hostile = Paper("x", "X", links=(Link("javascript:alert(1)", "other", "x"),))
    assert paper_urls.landing_page(hostile) == ""
    assert paper_urls.openable_urls(hostile) == []
    shown = [
        address.display_text
        for address in paper_urls.openable_urls(Paper("1", "X", arxiv="2401.00001", sources=captured))
    ]
    assert shown == [
        "arxiv.org/abs/2401.00001",
        "arxiv.org/pdf/2401.00001",
        "huggingface.co/papers/2401.00001",
    ]


def test_paper_without_landing_page_opens_its_repository():
    links = (
        code_link(CODE),
        Link("https://lab.org/x", "other", "lab.org"),
        Link("https://j.org", "paper", "j.org"),
    )
    opened = [
        (address.label, address.display_text)
        for address in paper_urls.openable_urls(Paper("x", "X", links=links[:2]))
    ]
    assert opened == [("code", "github.com/lab/tool"), ("link", "lab.org/x")]
    copied = [address.label for address in paper_urls.copyable_urls(Paper("x", "X", links=links[:2]))]
    assert copied == ["code", "link"]
    assert [address.label for address in paper_urls.openable_urls(Paper("x", "X", links=links))] == [
        "paper",
        "code",
        "link",
    ]


def test_named_repository_is_first_and_urls_are_unique():
    links = (
        Link("https://x.org", "project", "x.org"),
        code_link(OTHER),
        code_link(CODE),
        code_link(CODE + "/tree/main"),
    )
    paper = Paper("x", "X", links=links, repo=CODE)
    assert [address.url for address in paper_urls.copyable_urls(paper)] == [CODE, OTHER, "https://x.org"]
