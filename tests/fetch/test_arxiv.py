"""`paperreader fetch arxiv`: categories, words, pages, caching, and errors of arXiv."""

from __future__ import annotations

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest

from paperreader.fetch.arxiv import last_daily_update, query_for
from paperreader.library import Library
from tests.fetch.server import ATOM, ERROR_FEED, Reply, entry, feed

API = "/api/query?"
TODAY = dt.date(2026, 11, 20)


def asked(service):
    """The parameters of all requests to arXiv, in order."""
    return [
        {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()} for path in service.paths
    ]


def pebbles(first, last, total):
    return Reply(
        feed(
            *(entry(f"2611.{n:05}", f"Pebble number {n}") for n in range(first, last)),
            total=total,
            start=first,
        ),
        content_type=ATOM,
    )


def test_category_since_day(paperreader, service, titles):
    service.respond(API, Reply(feed(entry("2611.01234", "Wells and Whispers")), content_type=ATOM))
    result = paperreader("fetch", "arxiv", "--category", "cs.CL", "--since", "2026-11-18")
    assert (result.code, result.out, result.err) == (0, "1 read, 1 new, 0 merged, 0 unchanged\n", "")
    assert asked(service) == [
        {
            "search_query": "cat:cs.CL AND submittedDate:[202611180000 TO 202611202359]",
            "start": "0",
            "max_results": "200",
            "sortBy": "submittedDate",
            "sortOrder": "descending",
        }
    ]
    assert titles() == ["Wells and Whispers"]
    paper = Library.open().paper(0)
    assert (paper.id, paper.published, paper.sources[0].name) == (
        "2611.01234",
        "2026-11-17",
        f"{service.host}/api/query",
    )


def test_all_pages_are_fetched(paperreader, service):
    service.respond(f"{API}search_query=cat%3Acs.CL&start=0", pebbles(0, 200, 430))
    service.respond(f"{API}search_query=cat%3Acs.CL&start=200", pebbles(200, 400, 430))
    service.respond(f"{API}search_query=cat%3Acs.CL&start=400", pebbles(400, 430, 430))
    assert paperreader("fetch", "arxiv", "--category", "cs.CL").out.startswith("430 read, 430 new")
    assert len(service.requests) == 3


def test_limit_bounds_requests_and_is_reported(paperreader, service):
    service.respond(API, pebbles(0, 30, 4321))
    result = paperreader("fetch", "arxiv", "--query", "pebbles", "--limit", "30")
    assert result.code == 0
    assert "arXiv has 4,321 matching papers; fetched the newest 30" in result.err
    assert [question["max_results"] for question in asked(service)] == ["30"]


def test_empty_page_in_the_middle_is_retried(paperreader, service):
    service.respond(f"{API}search_query=cat%3Acs.CL&start=0", pebbles(0, 200, 210))
    service.respond(
        f"{API}search_query=cat%3Acs.CL&start=200",
        Reply(feed(total=210), content_type=ATOM),
        pebbles(200, 210, 210),
    )
    assert paperreader("fetch", "arxiv", "--category", "cs.CL").out.startswith("210 read, 210 new")


def test_cached_responses_are_valid_until_daily_update(paperreader, service, fake_time):
    service.respond(API, Reply(feed(entry("2611.01234", "Wells and Whispers")), content_type=ATOM))
    fetch = ("fetch", "arxiv", "--category", "cs.CL")
    paperreader(*fetch)
    fake_time.advance(hours=14)
    assert paperreader(*fetch).out == "1 read, 0 new, 0 merged, 1 unchanged\n"
    assert len(service.requests) == 1
    fake_time.advance(hours=1)
    paperreader(*fetch)
    assert len(service.requests) == 2


def test_interrupted_fetch_continues_from_cache(paperreader, service):
    service.respond(f"{API}search_query=cat%3Acs.CL&start=0", pebbles(0, 200, 210))
    service.respond(f"{API}search_query=cat%3Acs.CL&start=200", Reply(b"", status=500))
    result = paperreader("fetch", "arxiv", "--category", "cs.CL")
    assert (result.code, result.out) == (1, "200 read, 200 new, 0 merged, 0 unchanged\n")
    service.respond(f"{API}search_query=cat%3Acs.CL&start=200", pebbles(200, 210, 210))
    service.requests.clear()
    result = paperreader("fetch", "arxiv", "--category", "cs.CL")
    assert result.out == "210 read, 10 new, 0 merged, 200 unchanged\n"
    assert [question["start"] for question in asked(service)] == ["200"]


def test_no_matches_is_no_failure(paperreader, service):
    service.respond(API, Reply(feed(), content_type=ATOM))
    result = paperreader("fetch", "arxiv", "--query", "xyzzy")
    assert (result.code, result.out, result.err) == (0, "0 read, 0 new, 0 merged, 0 unchanged\n", "")


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (Reply(ERROR_FEED, status=400, content_type=ATOM), "(400: malformed query near the river)"),
        (Reply(ERROR_FEED, content_type=ATOM), "rejected the query: malformed query near the river"),
        (Reply("<html><body>Rate exceeded.</body></html>", content_type="text/html"), "a web page"),
        (Reply(feed(entry("2611.01234", "Cut"))[:400], content_type=ATOM), "feed of 127.0.0.1"),
        (Reply("<rss/>", content_type="application/xml"), "not an Atom feed"),
        (
            Reply('<!DOCTYPE f [<!ENTITY a "b">]><feed>&a;</feed>', content_type=ATOM),
            "document type or entities",
        ),
        (Reply(feed(total=7), content_type=ATOM), "an empty page"),
        (Reply([], content_type="application/json"), "instead of an Atom feed"),
    ],
)
def test_invalid_responses_of_arxiv_are_reported(paperreader, service, reply, message):
    service.respond(API, reply)
    result = paperreader("fetch", "arxiv", "--category", "cs.CL")
    assert result.code == 1
    (line,) = result.err.splitlines()
    assert line.startswith("paperreader: cat:cs.CL: ")
    assert message in line


@pytest.mark.parametrize(
    ("categories", "words", "since", "query"),
    [
        (["cs.CL"], "", None, "cat:cs.CL"),
        (["cs.CL", "stat.ML"], "", None, "cat:cs.CL OR cat:stat.ML"),
        (["hep-th"], "rivers", None, "cat:hep-th AND all:rivers"),
        (
            ["cs.*", "math"],
            'state "space models"',
            None,
            '(cat:cs.* OR cat:math) AND (all:state AND all:"space models")',
        ),
        (
            [],
            "ti:river ANDNOT au:brook",
            "2026-01-02",
            "(ti:river ANDNOT au:brook) AND submittedDate:[202601020000 TO 202611202359]",
        ),
    ],
)
def test_query_for(categories, words, since, query):
    assert query_for(categories, words, since, TODAY) == query


def test_last_daily_update():
    def at(day, hour):
        return dt.datetime(2026, 11, day, hour, tzinfo=dt.UTC)

    assert last_daily_update(at(20, 5)) == at(19, 6)
    assert last_daily_update(at(20, 6)) == at(20, 6)
    assert last_daily_update(at(20, 23)) == at(20, 6)
