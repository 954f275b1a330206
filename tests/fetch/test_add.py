"""`paperreader add`, and parsing of ids and URLs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.fetch.paper_refs import PaperRef, find_refs, parse_ref
from tests.fetch.conftest import TODAY
from tests.fetch.server import ATOM, Reply, entry, feed, item

BENDS = item("2611.00001", "River Bends", TODAY)["paper"]


def test_paper_is_added_with_data_from_hugging_face(paperreader, service):
    service.respond("/api/papers/2611.00001", Reply(BENDS))
    result = paperreader("add", "arXiv:2611.00001v3")
    assert (result.code, result.out) == (0, "1 read, 1 new, 0 merged, 0 unchanged\n")
    (found,) = paperreader("show", "2611.00001", "--json").objects
    assert (found["title"], found["votes"], found["stars"], found["listed"]) == ("River Bends", 3, 12, TODAY)
    assert service.paths == ["/api/papers/2611.00001"]
    shown = paperreader("show", "2611.00001").out
    assert "· Hugging Face\n" in shown
    assert "/api/" not in shown, "the address of the service is of no use"


def test_papers_missing_on_hugging_face_come_from_arxiv_in_one_request(paperreader, service, titles):
    service.respond("/api/papers/2611.00001", Reply(BENDS))
    known = feed(entry("2611.00002", "Wells"), entry("hep-th/9901001", "Strings"))
    service.respond(
        "/api/query?id_list=2611.00002%2Chep-th%2F9901001%2C2611.00003&", Reply(known, content_type=ATOM)
    )
    result = paperreader(
        "add",
        "https://huggingface.co/papers/2611.00001",
        "https://arxiv.org/pdf/2611.00002v1",
        "hep-th/9901001",
        "2611.00003",
    )
    assert result.code == 1
    assert result.out == "3 read, 3 new, 0 merged, 0 unchanged\n"
    assert result.err == "paperreader: 2611.00003: not found on Hugging Face or arXiv\n"
    assert sorted(titles()) == ["River Bends", "Strings", "Wells"]


def test_arxiv_is_used_when_hugging_face_fails(paperreader, service):
    service.respond("/api/papers/", Reply(b"", status=500))
    service.respond("/api/query?", Reply(feed(entry("2611.00002", "Wells")), content_type=ATOM))
    result = paperreader("add", "2611.00002")
    assert (result.code, result.out) == (0, "1 read, 1 new, 0 merged, 0 unchanged\n")
    assert "internal error (500)" in result.err
    assert "Votes and comments are missing for now" in result.err


def test_failure_of_both_services_is_reported(paperreader, service):
    service.respond("/api/papers/", Reply(b"", status=500))
    service.respond("/api/query?", Reply("<html>", content_type="text/html"))
    result = paperreader("add", "2611.00002", "--json")
    (report,) = result.objects
    assert (result.code, report["left"], report["new"]) == (1, ["2611.00002"], 0)
    assert "internal error" in report["problems"][0]["message"]
    assert "web page" in report["problems"][0]["message"]


def test_single_paper_and_daily_page_merge_into_one_paper(paperreader, service, fake_time):
    service.respond_day(TODAY, [item("2611.00001", "River Bends", TODAY)])
    paperreader("fetch", "--date", TODAY)
    fake_time.advance(minutes=5)
    service.respond("/api/papers/2611.00001", Reply({**BENDS, "upvotes": 40}))
    assert paperreader("add", "2611.00001").out == "1 read, 0 new, 1 merged, 0 unchanged\n"
    fake_time.advance(minutes=5)
    assert paperreader("fetch", "--date", TODAY).out == "1 read, 0 new, 1 merged, 0 unchanged\n"
    (found,) = paperreader("show", "2611.00001", "--json").objects
    assert (found["votes"], found["comments"]) == (3, 2), "the day was asked for last"


def test_daily_papers_page_url_adds_its_papers(paperreader, service):
    service.respond_day(TODAY, [item("2611.00001", "River Bends", TODAY)])
    result = paperreader("add", f"https://huggingface.co/papers/date/{TODAY}")
    assert result.out == "1 read, 1 new, 0 merged, 0 unchanged\n"


def test_other_urls_are_usage_errors(paperreader, service):
    result = paperreader("add", "2611.00001", "https://example.org/paper.pdf")
    assert result.code == 2
    assert "https://example.org/paper.pdf is not an arXiv id" in result.err
    assert not service.requests


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("2403.01234", PaperRef("paper", "2403.01234")),
        (" arXiv:2403.01234v2\n", PaperRef("paper", "2403.01234")),
        ("https://arxiv.org/abs/hep-th/9901001", PaperRef("paper", "hep-th/9901001")),
        ("https://doi.org/10.48550/arXiv.2403.01234", PaperRef("paper", "2403.01234")),
        ("hf.co/papers/2403.01234", PaperRef("paper", "2403.01234")),
        ("https://huggingface.co/papers/date/2026-11-20?x=1", PaperRef("date", "2026-11-20")),
        ("https://huggingface.co/papers/week/2026-W47", PaperRef("week", "2026-W47")),
        ("https://huggingface.co/papers/month/2026-11/", PaperRef("month", "2026-11")),
        ("https://huggingface.co/papers/trending", PaperRef("trending", "")),
        ("https://huggingface.co/papers/date/2026-02-30", None),
        ("https://huggingface.co/papers/week/2026-W60", None),
        ("https://huggingface.co/papers", None),
        ("https://example.org/papers/date/2026-11-20", None),
        ("file:///etc/passwd", None),
        ("", None),
    ],
)
def test_parse_ref(text, what):
    assert parse_ref(text) == what


def test_find_refs_checks_every_word():
    pasted = "See <https://arxiv.org/abs/2403.01234>, (2403.01234v2)\nand hf.co/papers/2611.00001. Costs 12.5 a piece."
    assert [what.value for what in find_refs(pasted)] == ["2403.01234", "2611.00001"]


@given(st.text(max_size=400))
def test_arbitrary_text_is_parsed_without_error(text):
    assert parse_ref(text) is None or parse_ref(text).value.isascii()
    assert all(what.value.isascii() for what in find_refs(text))


def test_ids_inside_text_are_found_and_requested_once(paperreader, service):
    service.respond("/api/papers/2611.00001", Reply(BENDS))
    result = paperreader("add", "see https://arxiv.org/abs/2611.00001v2, please", "2611.00001")
    assert (result.code, result.out) == (0, "1 read, 1 new, 0 merged, 0 unchanged\n")
    assert service.paths == ["/api/papers/2611.00001"]
